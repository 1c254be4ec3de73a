// The packed packages as a stranger has them: installed together into an empty project by npm, every entry point
// imported by plain Node, every binary asked for help. It finds what no look at a tarball can: a file that is not
// packed, a dependency that is only declared in the workspace, an import that only the sources satisfy.
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type PackedPackage, readPublished } from './tarball.js';

const INSTALL_DEADLINE_MS = 180_000;
const START_DEADLINE_MS = 20_000;

/** What went wrong, as texts to print; empty when everything can be used. `folder` must not exist yet. */
export function checkInstalled(packages: readonly PackedPackage[], folder: string): string[] {
  mkdirSync(folder);
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'stranger', private: true, type: 'module' }));
  const tarballs = packages.map(({ tarball }) => tarball);
  const install = runIn(folder, 'npm', ['install', '--no-audit', '--no-fund', ...tarballs], INSTALL_DEADLINE_MS);
  if (install !== undefined) return [install];
  const findings: string[] = [];
  for (const { folder: unpacked } of packages) {
    const { name, exports = {}, bin = {} } = readPublished(unpacked);
    for (const subpath of Object.keys(exports)) {
      const specifier = name + subpath.slice(1);
      const script = `await import(${JSON.stringify(specifier)})`;
      findings.push(runIn(folder, process.execPath, ['--input-type=module', '-e', script], START_DEADLINE_MS) ?? '');
    }
    for (const command of Object.keys(bin)) {
      const file = join(folder, 'node_modules', '.bin', command);
      findings.push(runIn(folder, file, ['--help'], START_DEADLINE_MS) ?? '');
    }
  }
  return findings.filter((text) => text !== '');
}

/** Undefined when it went well. */
function runIn(cwd: string, file: string, args: readonly string[], timeout: number): string | undefined {
  const { status, signal, stdout, stderr, error } = spawnSync(file, args, { cwd, encoding: 'utf8', timeout });
  if (status === 0) return undefined;
  const how = error?.message ?? (signal === null ? `exit code ${status}` : `signal ${signal}`);
  return `${[file, ...args].join(' ')}: ${how}\n${stdout ?? ''}${stderr ?? ''}`.trim();
}
