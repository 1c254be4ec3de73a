// Packs every publishable package as `pnpm publish` would and judges the tarball: publint, attw, what neither of
// them knows, and whether all of them can be installed and used together. Exits with 1 when one of them complains.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkInstalled } from './src/installed-packages.js';
import { checkTarball, type PackedPackage, packPackage, publishablePackages } from './src/tarball.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'understudy-publish-'));
let complaints = 0;

function report(what: string, findings: readonly string[]): void {
  complaints += findings.length;
  console.log(`${findings.length === 0 ? '✔' : '✘'} ${what}`);
  for (const finding of findings) console.log(`  ${finding.replaceAll('\n', '\n  ')}`);
}

try {
  const packages: PackedPackage[] = [];
  for (const path of publishablePackages(root)) {
    const packed = packPackage(root, path, folder);
    report(`${packed.name} (${Math.ceil(packed.sizeBytes / 1024)} KiB)`, checkTarball(root, packed));
    packages.push(packed);
  }
  report('all of them installed in an empty project', checkInstalled(packages, join(folder, 'stranger')));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
if (complaints > 0) process.exitCode = 1;
