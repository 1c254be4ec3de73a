// Holds the workspace to the table in arrows.ts. Three kinds of file are told apart, since `package.json` cannot:
// `src/` is what people install and obeys the arrows; tests and examples may also use their own further arrows; tools
// may use everything they declare. A finding names the file, the line and the rule.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname, join, relative, resolve, sep } from 'node:path';
import type { Layer } from './arrows.js';
import { findImports, findNonReExports, parseSource } from './imports.js';

export interface Finding {
  /** Relative to the repository, with `/`. */
  readonly file: string;
  /** Counted from 1; 0 where the whole file is meant. */
  readonly line: number;
  readonly rule:
    | 'arrow'
    | 'deep-import'
    | 'face'
    | 'leaves-package'
    | 'owned'
    | 'pure'
    | 'undeclared'
    | 'unknown-layer';
  readonly text: string;
}

export interface LayersInput {
  readonly root: string;
  readonly layers: readonly Layer[];
  readonly ownedExternals: Readonly<Record<string, string>>;
}

interface Manifest {
  readonly name?: string;
  readonly exports?: Readonly<Record<string, unknown>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

interface Workspace {
  readonly folder: string;
  readonly name: string;
  readonly manifest: Manifest;
  /** Undefined for tools. */
  readonly layer: Layer | undefined;
}

const GROUPS = ['packages', 'apps', 'tools'] as const;
const SOURCE_FOLDERS = ['src', 'test', 'examples'] as const;
const SOURCE_FILE = /\.[cm]?tsx?$/;

/** Reads the workspace and returns what breaks a rule, sorted by file and line; empty when all is well. */
export function checkLayers(input: LayersInput): Finding[] {
  const rootManifest = readManifest(input.root);
  const workspaces = readWorkspaces(input);
  const byName = new Map(workspaces.map((workspace) => [workspace.name, workspace]));
  const findings: Finding[] = [];
  for (const workspace of workspaces) {
    const check = new WorkspaceCheck(input, workspace, byName, rootManifest, findings);
    check.checkManifest();
    for (const path of sourceFiles(join(input.root, workspace.folder))) check.checkFile(path);
  }
  return findings.sort((a, b) => (a.file === b.file ? a.line - b.line : a.file < b.file ? -1 : 1));
}

class WorkspaceCheck {
  constructor(
    private readonly input: LayersInput,
    private readonly workspace: Workspace,
    private readonly byName: ReadonlyMap<string, Workspace>,
    private readonly rootManifest: Manifest,
    private readonly findings: Finding[],
  ) {}

  checkManifest(): void {
    const { folder, layer, manifest } = this.workspace;
    const file = `${folder}/package.json`;
    if (layer === undefined) {
      if (!folder.startsWith('tools/')) this.add(file, 0, 'unknown-layer', `${folder} is not in the table of layers`);
      return;
    }
    for (const name of Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies })) {
      if (layer.pure) this.add(file, 0, 'pure', `a pure package depends on nothing, not on ${name}`);
      else if (this.byName.has(name) && !layer.imports.includes(name)) {
        this.add(file, 0, 'arrow', `${layer.name} may not depend on ${name}`);
      }
    }
    for (const name of Object.keys(manifest.devDependencies ?? {})) {
      if (this.byName.has(name) && !layer.imports.includes(name) && !layer.testImports.includes(name)) {
        this.add(file, 0, 'arrow', `not even the tests of ${layer.name} may depend on ${name}`);
      }
    }
  }

  checkFile(path: string): void {
    const file = relative(this.input.root, path).split(sep).join('/');
    const inSource = file.startsWith(`${this.workspace.folder}/src/`);
    const source = parseSource(path, readFileSync(path, 'utf8'));
    if (inSource && this.workspace.layer !== undefined && file.endsWith('/index.ts')) {
      for (const { line, text } of findNonReExports(source)) {
        this.add(file, line, 'face', `index.ts only re-exports, by name: ${text}`);
      }
    }
    for (const { specifier, line } of findImports(source)) {
      if (specifier.startsWith('.')) this.checkRelative(path, file, line, specifier, inSource);
      else if (isBuiltin(specifier)) this.checkBuiltin(file, line, specifier, inSource);
      else this.checkPackage(file, line, specifier, inSource);
    }
  }

  private checkRelative(path: string, file: string, line: number, specifier: string, inSource: boolean): void {
    const home = join(this.input.root, this.workspace.folder, inSource ? 'src' : '');
    const target = resolve(dirname(path), specifier);
    if (target === home || target.startsWith(home + sep)) return;
    // A tool reaches its own folder's other files; published code stays in src, since only dist is published.
    if (inSource && this.workspace.layer === undefined && target.startsWith(dirname(home) + sep)) return;
    if (!inSource && this.isSharedFake(target)) return;
    this.add(file, line, 'leaves-package', `${specifier} leaves ${relative(this.input.root, home) || '.'}`);
  }

  /** Tests may use the fakes in the `test/` folder of a package that they may import: fakes are not published. */
  private isSharedFake(target: string): boolean {
    const { layer } = this.workspace;
    const allowed = [...(layer?.imports ?? []), ...(layer?.testImports ?? [])];
    return allowed.some((name) => {
      const folder = this.byName.get(name)?.folder;
      return folder !== undefined && target.startsWith(join(this.input.root, folder, 'test') + sep);
    });
  }

  private checkBuiltin(file: string, line: number, specifier: string, inSource: boolean): void {
    if (inSource && this.workspace.layer?.pure)
      this.add(file, line, 'pure', `a pure package may not import ${specifier}`);
  }

  private checkPackage(file: string, line: number, specifier: string, inSource: boolean): void {
    const { layer, manifest } = this.workspace;
    const name = packageName(specifier);
    const target = this.byName.get(name);
    if (target !== undefined) this.checkDeepImport(file, line, specifier, target);
    if (name === this.workspace.name) {
      if (inSource) this.add(file, line, 'arrow', 'a package imports its own files by relative path');
      return;
    }
    if (inSource && layer?.pure) {
      this.add(file, line, 'pure', `a pure package may not import ${specifier}`);
      return;
    }
    if (target !== undefined && layer !== undefined) this.checkArrow(file, line, layer, name, inSource);
    const owner = this.input.ownedExternals[name];
    if (inSource && layer !== undefined && owner !== undefined && owner !== layer.name) {
      this.add(file, line, 'owned', `only ${owner} may import ${name}`);
    }
    const runtime = { ...manifest.dependencies, ...manifest.peerDependencies };
    const declared =
      inSource && layer !== undefined
        ? runtime
        : { ...this.rootManifest.devDependencies, ...runtime, ...manifest.devDependencies };
    if (declared[name] === undefined) this.add(file, line, 'undeclared', `${name} is not declared in package.json`);
  }

  private checkArrow(file: string, line: number, layer: Layer, name: string, inSource: boolean): void {
    if (layer.imports.includes(name)) return;
    if (!inSource && layer.testImports.includes(name)) return;
    this.add(file, line, 'arrow', `${layer.name} may not import ${name}${inSource ? '' : ', not even in tests'}`);
  }

  private checkDeepImport(file: string, line: number, specifier: string, target: Workspace): void {
    const subpath = `.${specifier.slice(target.name.length)}`;
    if (target.manifest.exports?.[subpath] !== undefined) return;
    this.add(file, line, 'deep-import', `${target.name} does not export ${subpath}`);
  }

  private add(file: string, line: number, rule: Finding['rule'], text: string): void {
    this.findings.push({ file, line, rule, text });
  }
}

function readWorkspaces(input: LayersInput): Workspace[] {
  const found: Workspace[] = [];
  for (const group of GROUPS) {
    const base = join(input.root, group);
    if (!existsSync(base)) continue;
    for (const entry of readdirSync(base).sort()) {
      if (!existsSync(join(base, entry, 'package.json'))) continue;
      const folder = `${group}/${entry}`;
      const manifest = readManifest(join(base, entry));
      const layer = input.layers.find((row) => row.folder === folder);
      found.push({ folder, name: manifest.name ?? folder, manifest, layer });
    }
  }
  return found;
}

function readManifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
}

function sourceFiles(folder: string): string[] {
  const found: string[] = [];
  for (const name of SOURCE_FOLDERS) {
    const base = join(folder, name);
    if (!existsSync(base)) continue;
    for (const entry of readdirSync(base, { recursive: true, withFileTypes: true })) {
      const path = join(entry.parentPath, entry.name);
      if (!entry.isFile() || !SOURCE_FILE.test(entry.name)) continue;
      // Generated code obeys its generator; fixtures are input of tests, not code.
      if (/[\\/](gen|fixtures|node_modules)[\\/]/.test(path)) continue;
      found.push(path);
    }
  }
  return found.sort();
}

function packageName(specifier: string): string {
  const parts = specifier.split('/');
  return specifier.startsWith('@') ? parts.slice(0, 2).join('/') : (parts[0] ?? specifier);
}
