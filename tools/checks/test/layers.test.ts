import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LAYERS, type Layer } from '../src/arrows.js';
import { checkLayers } from '../src/layers.js';

const layer = (name: string, rest: Partial<Layer> = {}): Layer => ({
  folder: `packages/${name}`,
  name: `@understudy/${name}`,
  imports: [],
  testImports: [],
  pure: false,
  ...rest,
});

const TABLE: readonly Layer[] = [
  layer('base', { pure: true }),
  layer('store'),
  layer('upper', { imports: ['@understudy/base'], testImports: ['@understudy/top'] }),
  layer('top', { imports: ['@understudy/upper', '@understudy/base'] }),
];

let root: string;

function write(path: string, text: string): void {
  const full = join(root, path);
  mkdirSync(dirname(full), { recursive: true });
  writeFileSync(full, text);
}

function manifest(name: string, rest: object = {}): void {
  write(
    `packages/${name}/package.json`,
    JSON.stringify({ name: `@understudy/${name}`, exports: { '.': './src/index.ts' }, ...rest }),
  );
}

function rules(): string[] {
  return checkLayers({ root, layers: TABLE, ownedExternals: { level: '@understudy/store' } }).map(
    ({ file, line, rule }) => `${file}:${line} ${rule}`,
  );
}

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'understudy-layers-'));
  write('package.json', JSON.stringify({ devDependencies: { vitest: '1' } }));
  manifest('base');
  manifest('store', { dependencies: { level: '1' } });
  manifest('upper', {
    dependencies: { '@understudy/base': 'workspace:*' },
    devDependencies: { '@understudy/top': 'workspace:*' },
  });
  manifest('top', { dependencies: { '@understudy/upper': 'workspace:*', '@understudy/base': 'workspace:*' } });
  write('packages/upper/src/index.ts', `export { play } from './play.js';\nexport type { Play } from './play.js';\n`);
  write('packages/upper/src/play.ts', `import { x } from '@understudy/base';\nexport const play = x;\n`);
  write('packages/store/src/level.ts', `import { Level } from 'level';\nexport const l = Level;\n`);
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

describe('layers', () => {
  it('finds nothing in a workspace that keeps to its arrows', () => {
    expect(rules()).toEqual([]);
  });

  it('refuses an arrow that runs back in src', () => {
    write('packages/upper/src/back.ts', `\nimport { t } from '@understudy/top';\nexport const b = t;\n`);
    expect(rules()).toContain('packages/upper/src/back.ts:2 arrow');
  });

  it('sees arrows in re-exports, dynamic imports and type imports', () => {
    write('packages/upper/src/a.ts', `export { t } from '@understudy/top';\n`);
    write('packages/upper/src/b.ts', `export const b = () => import('@understudy/top');\n`);
    write('packages/upper/src/c.ts', `export type C = import('@understudy/top').T;\n`);
    expect(rules().filter((text) => text.endsWith('arrow'))).toEqual([
      'packages/upper/src/a.ts:1 arrow',
      'packages/upper/src/b.ts:1 arrow',
      'packages/upper/src/c.ts:1 arrow',
    ]);
  });

  it('lets a test use an arrow that is listed for tests', () => {
    write(
      'packages/upper/test/a.test.ts',
      `import { t } from '@understudy/top';\nimport { it } from 'vitest';\nit(t);\n`,
    );
    expect(rules()).toEqual([]);
  });

  it('refuses an arrow that even tests do not have', () => {
    write('packages/upper/test/a.test.ts', `import { s } from '@understudy/store';\nexport { s };\n`);
    expect(rules()).toContain('packages/upper/test/a.test.ts:1 arrow');
  });

  it('refuses a back arrow in the manifest before any code uses it', () => {
    manifest('upper', { dependencies: { '@understudy/top': 'workspace:*' } });
    expect(rules()).toContain('packages/upper/package.json:0 arrow');
  });

  it('refuses everything from outside in a pure package', () => {
    write('packages/base/src/a.ts', `import 'node:fs';\nimport 'ws';\nimport './b.js';\n`);
    expect(rules()).toEqual(['packages/base/src/a.ts:1 pure', 'packages/base/src/a.ts:2 pure']);
  });

  it('refuses a deep path into another package', () => {
    write('packages/top/src/a.ts', `import { p } from '@understudy/upper/src/play.js';\nexport const a = p;\n`);
    expect(rules()).toEqual(['packages/top/src/a.ts:1 deep-import']);
  });

  it('refuses a relative path that leaves the package', () => {
    write('packages/top/src/a.ts', `import { p } from '../../upper/src/play.js';\nexport const a = p;\n`);
    expect(rules()).toEqual(['packages/top/src/a.ts:1 leaves-package']);
  });

  it('lets tests use the fakes of a package that they may import, and no other files of it', () => {
    write('packages/top/test/a.test.ts', `import '../../upper/test/fake.js';\nimport '../../upper/src/play.js';\n`);
    write('packages/top/test/b.test.ts', `import '../../store/test/fake.js';\n`);
    write('packages/top/src/c.ts', `import '../../upper/test/fake.js';\n`);
    expect(rules()).toEqual([
      'packages/top/src/c.ts:1 leaves-package',
      'packages/top/test/a.test.ts:2 leaves-package',
      'packages/top/test/b.test.ts:1 leaves-package',
    ]);
  });

  it('refuses a package that the manifest does not declare', () => {
    write('packages/top/src/a.ts', `import ws from 'ws';\nexport const a = ws;\n`);
    expect(rules()).toEqual(['packages/top/src/a.ts:1 undeclared']);
  });

  it('refuses a development dependency in src', () => {
    write('packages/top/src/a.ts', `import { it } from 'vitest';\nexport const a = it;\n`);
    expect(rules()).toEqual(['packages/top/src/a.ts:1 undeclared']);
  });

  it('keeps a package from outside behind the layer that owns it', () => {
    manifest('top', { dependencies: { level: '1' } });
    write('packages/top/src/a.ts', `import { Level } from 'level';\nexport const a = Level;\n`);
    expect(rules()).toEqual(['packages/top/src/a.ts:1 owned']);
  });

  it('refuses code and stars in a face', () => {
    write('packages/top/src/index.ts', `export * from './a.js';\nexport const a = 1;\nexport { b } from './b.js';\n`);
    expect(rules()).toEqual(['packages/top/src/index.ts:1 face', 'packages/top/src/index.ts:2 face']);
  });

  it('lets a face re-export generated code whole', () => {
    write('packages/top/src/index.ts', `export * from './gen/index.js';\nexport * from './generous.js';\n`);
    expect(rules()).toEqual(['packages/top/src/index.ts:2 face']);
  });

  it('refuses a package that the table does not know', () => {
    manifest('stranger');
    expect(rules()).toEqual(['packages/stranger/package.json:0 unknown-layer']);
  });

  it('has a table without cycles', () => {
    const imports = new Map(LAYERS.map(({ name, imports: targets }) => [name, targets]));
    const visit = (name: string, path: readonly string[]): void => {
      expect(path, `${[...path, name].join(' -> ')} is a cycle`).not.toContain(name);
      for (const target of imports.get(name) ?? []) visit(target, [...path, name]);
    };
    for (const name of imports.keys()) visit(name, []);
  });
});
