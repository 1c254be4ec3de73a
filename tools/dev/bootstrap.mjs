#!/usr/bin/env node
// What every root script of package.json goes through. A fresh clone has nothing but Node and npm, so this file and
// what it imports use Node alone until the install is done. It checks the Node version, installs when the lockfile
// changed, builds when sources changed, and then runs the command. It never asks a question.
import { spawn } from 'node:child_process';
import { delimiter, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { CommandFailed } from './src/captured-command.mjs';
import { installWhenNeeded } from './src/install.mjs';
import { checkNodeVersion } from './src/node-version.mjs';
import { endWithParent } from './src/orphan.mjs';
import { ROOT } from './src/root.mjs';
import { buildWhenNeeded } from './src/turbo-build.mjs';

/**
 * `bin` runs a tool of node_modules/.bin; `module` is imported and its `main(args)` awaited in this very process, so
 * that Ctrl-C has one process to reach and not a chain of wrappers.
 */
const COMMANDS = {
  start: { build: true, module: 'tools/dev/cluster.ts' },
  test: { build: true, module: 'tools/dev/tiers.ts', args: ['quick'] },
  'test:full': { build: true, module: 'tools/dev/tiers.ts', args: ['full'] },
  build: { build: true },
  bench: { build: true, bin: 'pnpm', args: ['--silent', '--filter', '@understudy/bench', 'run', 'bench'] },
  sim: { bin: 'pnpm', args: ['--silent', '--filter', '@understudy/simulator', 'run', 'sim'] },
  'sim:mutants': { bin: 'pnpm', args: ['--silent', '--filter', '@understudy/simulator', 'run', 'sim:mutants'] },
  layers: { bin: 'tsx', args: ['tools/checks/layers.ts'] },
  lint: { bin: 'biome', args: ['check', '.'], followedBy: 'layers' },
  format: { bin: 'biome', args: ['format', '--write', '.'] },
  typecheck: { bin: 'turbo', args: ['run', 'typecheck', '--output-logs=errors-only'] },
  knip: { bin: 'knip', args: [] },
  'check:publish': { build: true, bin: 'tsx', args: ['tools/checks/publish.ts'] },
};

async function main(name, extraArgs) {
  const command = COMMANDS[name];
  if (command === undefined) {
    console.error(`unknown command '${name}'; one of: ${Object.keys(COMMANDS).join(', ')}`);
    return 2;
  }
  const version = checkNodeVersion(process.versions.node);
  if (!version.ok) {
    console.error(version.text);
    return 1;
  }
  prepareEnvironment();
  await installWhenNeeded(ROOT);
  if (command.build) await buildWhenNeeded(ROOT);
  const args = [...(command.args ?? []), ...extraArgs];
  if (command.module !== undefined) return runModule(command.module, args);
  if (command.bin !== undefined) {
    const code = await runBin(command.bin, args);
    if (code !== 0 || command.followedBy === undefined) return code;
    return main(command.followedBy, []);
  }
  return 0;
}

/** Tools are found in node_modules/.bin (turbo looks for pnpm on PATH), and nothing phones home. */
function prepareEnvironment() {
  const bin = join(ROOT, 'node_modules', '.bin');
  process.env['PATH'] = `${bin}${delimiter}${process.env['PATH'] ?? ''}`;
  process.env['TURBO_TELEMETRY_DISABLED'] = '1';
  process.env['DO_NOT_TRACK'] = '1';
  process.env['npm_config_update_notifier'] = 'false';
  process.chdir(ROOT);
}

async function runModule(path, args) {
  const { register } = await import('tsx/esm/api');
  register();
  const module = await import(pathToFileURL(join(ROOT, path)).href);
  return module.main(args);
}

function runBin(name, args) {
  const windows = process.platform === 'win32';
  const file = join(ROOT, 'node_modules', '.bin', windows ? `${name}.cmd` : name);
  const child = spawn(file, args, { cwd: ROOT, stdio: 'inherit', shell: windows });
  const stop = () => child.kill('SIGTERM');
  process.on('SIGTERM', stop);
  return new Promise((resolve) => {
    child.on('error', (error) => {
      console.error(`${name} could not be started: ${error.message}`);
      resolve(1);
    });
    child.on('close', (code) => {
      process.off('SIGTERM', stop);
      resolve(code ?? 1);
    });
  });
}

endWithParent();
try {
  process.exitCode = await main(process.argv[2] ?? '', process.argv.slice(3));
} catch (error) {
  if (!(error instanceof CommandFailed)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
