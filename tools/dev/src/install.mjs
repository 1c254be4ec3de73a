// Installs the workspace's dependencies when the lockfile is not the one that was installed last. A stamp in
// node_modules remembers that one; deleting node_modules is therefore always a way back to a clean install.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCaptured } from './captured-command.mjs';

/** @param {string} root */
export async function installWhenNeeded(root) {
  const stampPath = join(root, 'node_modules', '.understudy-install');
  const wanted = installStamp(root);
  if (existsSync(stampPath) && readFileSync(stampPath, 'utf8') === wanted) return;
  const [file, prefix] = pnpmCommand(root);
  const args = [...prefix, 'install', '--frozen-lockfile', '--reporter=append-only'];
  await runCaptured('installing dependencies', file, args, { cwd: root });
  writeFileSync(stampPath, wanted);
}

/**
 * What decides whether an install is current: the lockfile, the build scripts that are allowed to run, and what
 * prebuilt native code depends on.
 *
 * @param {string} root
 */
export function installStamp(root) {
  const hash = createHash('sha256');
  for (const name of ['pnpm-lock.yaml', 'pnpm-workspace.yaml']) hash.update(readFileSync(join(root, name)));
  hash.update(`${process.platform} ${process.arch} ${process.versions.modules}`);
  return `${hash.digest('hex')}\n`;
}

/** The pnpm of an earlier install, if it is the right one: it needs no network. Else npx fetches it. */
function pnpmCommand(root) {
  const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const installed = join(root, 'node_modules', 'pnpm', 'package.json');
  if (existsSync(installed) && `pnpm@${JSON.parse(readFileSync(installed, 'utf8')).version}` === packageManager) {
    return [process.execPath, [join(root, 'node_modules', 'pnpm', 'bin', 'pnpm.cjs')]];
  }
  return ['npx', ['--yes', packageManager]];
}
