// Packs every publishable package as `pnpm publish` would and judges the tarball: publint, attw, and what neither of
// them knows. Exits with 1 when one of them complains.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkTarball, type PackedPackage, packPackage, publishablePackages } from './src/tarball.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'understudy-publish-'));
let complaints = 0;
try {
  for (const path of publishablePackages(root)) {
    const packed: PackedPackage = packPackage(root, path, folder);
    const findings = checkTarball(root, packed);
    complaints += findings.length;
    console.log(`${findings.length === 0 ? '✔' : '✘'} ${packed.name} (${Math.ceil(packed.sizeBytes / 1024)} KiB)`);
    for (const finding of findings) console.log(`  ${finding.replaceAll('\n', '\n  ')}`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
if (complaints > 0) process.exitCode = 1;
