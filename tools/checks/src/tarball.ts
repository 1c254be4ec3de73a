// One package as it would be published: packed, unpacked and judged. What people install is the tarball, so nothing is
// taken from the working copy but the command to pack it.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';

export interface PackedPackage {
  readonly name: string;
  readonly tarball: string;
  readonly sizeBytes: number;
  /** The unpacked `package/` folder. */
  readonly folder: string;
}

/** The parts of a published package.json that are looked at here. */
export interface PublishedManifest {
  readonly name: string;
  readonly license?: string;
  readonly engines?: { readonly node?: string };
  readonly exports?: Readonly<Record<string, unknown>>;
  readonly bin?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

/** Folders of the packages and apps that are not private, sorted. */
export function publishablePackages(root: string): string[] {
  const found: string[] = [];
  for (const group of ['packages', 'apps']) {
    for (const entry of readdirSync(join(root, group)).sort()) {
      const path = join(root, group, entry);
      if (!existsSync(join(path, 'package.json'))) continue;
      const manifest = JSON.parse(readFileSync(join(path, 'package.json'), 'utf8')) as { private?: boolean };
      if (manifest.private !== true) found.push(path);
    }
  }
  return found;
}

export function packPackage(root: string, path: string, destination: string): PackedPackage {
  const folder = mkdtempSync(join(destination, `${basename(path)}-`));
  run(join(root, 'node_modules', '.bin', 'pnpm'), ['pack', '--pack-destination', folder], path);
  const file = readdirSync(folder).find((name) => name.endsWith('.tgz'));
  if (file === undefined) throw new Error(`packing ${path} made no tarball`);
  const tarball = join(folder, file);
  run('tar', ['-xzf', tarball, '-C', folder], folder);
  const unpacked = join(folder, 'package');
  return {
    name: readPublished(unpacked).name,
    tarball,
    sizeBytes: statSync(tarball).size,
    folder: unpacked,
  };
}

/** Everything that is wrong with the tarball, as texts to print. */
export function checkTarball(root: string, packed: PackedPackage): string[] {
  const bin = join(root, 'node_modules', '.bin');
  const findings = manifestFindings(readPublished(packed.folder));
  for (const name of ['README.md', 'LICENSE']) {
    if (!existsSync(join(packed.folder, name))) findings.push(`${name} is missing from the tarball`);
  }
  if (existsSync(join(packed.folder, 'src'))) findings.push('src/ is in the tarball');
  findings.push(...judge(join(bin, 'publint'), ['run', packed.tarball, '--strict'], packed.folder));
  findings.push(...judge(join(bin, 'attw'), [packed.tarball, '--profile', 'esm-only', '--no-emoji'], packed.folder));
  return findings;
}

/** What publishing must have rewritten, and what every package of ours says. */
export function manifestFindings(manifest: PublishedManifest): string[] {
  const findings: string[] = [];
  const dependencies = { ...manifest.dependencies, ...manifest.peerDependencies };
  for (const [name, range] of Object.entries(dependencies)) {
    if (/^(workspace|catalog|file|link):/.test(range)) findings.push(`${name} is asked for as ${range}`);
  }
  if (JSON.stringify(manifest.exports ?? {}).includes('@understudy/source')) {
    findings.push('exports still has the source condition: publishConfig.exports must leave it out');
  }
  if (manifest.license !== 'Apache-2.0') findings.push(`license is ${manifest.license ?? 'missing'}`);
  if (manifest.engines?.node === undefined) findings.push('engines.node is missing');
  return findings;
}

export function readPublished(folder: string): PublishedManifest {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as PublishedManifest;
}

function run(file: string, args: readonly string[], cwd: string): void {
  const { status, stdout, stderr } = spawnSync(file, args, { cwd, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${file} ${args.join(' ')} failed in ${cwd}:\n${stdout}${stderr}`);
}

function judge(file: string, args: readonly string[], cwd: string): string[] {
  const { status, stdout, stderr } = spawnSync(file, args, {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1' },
  });
  return status === 0 ? [] : [`${basename(file)}:\n${stdout.trim()}\n${stderr.trim()}`.trim()];
}
