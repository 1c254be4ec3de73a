// The one table of who may import whom (ARCHITECTURE.md draws it). An arrow that is not listed here does not exist;
// the picture has no cycle, and a test says so.

/** A workspace package, by its folder, with the workspace packages that its `src/` may import. */
export interface Layer {
  readonly folder: string;
  readonly name: string;
  /** Arrows of the published code. */
  readonly imports: readonly string[];
  /** Further arrows of tests and examples only. They may run back, since nobody installs them. */
  readonly testImports: readonly string[];
  /** Pure: `src/` imports nothing at all from outside, not even `node:*`. */
  readonly pure: boolean;
}

interface LayerRow {
  readonly imports?: readonly string[];
  readonly testImports?: readonly string[];
  readonly pure?: boolean;
}

const ROWS: Readonly<Record<string, LayerRow>> = {
  'packages/raft-core': { pure: true },
  'packages/membership': { pure: true },
  'packages/store': {},
  'packages/protocol': {},
  'packages/raft-node': { imports: ['raft-core'], testImports: ['store', 'testbed', 'transport-ws', 'wal-level'] },
  'packages/wal-level': { imports: ['raft-core', 'raft-node', 'store'] },
  'packages/transport-ws': { imports: ['raft-core', 'raft-node'] },
  'packages/mvcc': { imports: ['store'], testImports: ['raft-node'] },
  'packages/client': { imports: ['protocol'], testImports: ['testbed'] },
  'apps/ctl': { imports: ['client', 'mvcc', 'protocol', 'server', 'wal-level'], testImports: ['testbed'] },
  'apps/server': {
    imports: ['membership', 'mvcc', 'protocol', 'raft-core', 'raft-node', 'store', 'transport-ws', 'wal-level'],
    testImports: ['client', 'ctl', 'testbed'],
  },
};

export const LAYERS: readonly Layer[] = Object.entries(ROWS).map(([folder, row]) => ({
  folder,
  name: `@understudy/${folder.slice(folder.indexOf('/') + 1)}`,
  imports: (row.imports ?? []).map((name) => `@understudy/${name}`),
  testImports: (row.testImports ?? []).map((name) => `@understudy/${name}`),
  pure: row.pure ?? false,
}));

/** Packages from outside that only one layer may touch: everybody else goes through that layer's interface. */
export const OWNED_EXTERNALS: Readonly<Record<string, string>> = {
  level: '@understudy/store',
  'classic-level': '@understudy/store',
  'abstract-level': '@understudy/store',
};
