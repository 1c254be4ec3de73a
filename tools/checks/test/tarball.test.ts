import { describe, expect, it } from 'vitest';
import { manifestFindings, type PublishedManifest } from '../src/tarball.js';

const GOOD: PublishedManifest = {
  name: '@understudy/x',
  license: 'Apache-2.0',
  engines: { node: '>=20.19' },
  exports: { '.': { types: './dist/index.d.ts', default: './dist/index.js' } },
  dependencies: { '@understudy/y': '0.1.0', ws: '8.23.0' },
};

describe('published manifest', () => {
  it('passes when publishing has rewritten it', () => {
    expect(manifestFindings(GOOD)).toEqual([]);
  });

  it('fails when a workspace range was not replaced', () => {
    const manifest = { ...GOOD, dependencies: { '@understudy/y': 'workspace:*', ws: 'catalog:' } };
    expect(manifestFindings(manifest)).toEqual([
      '@understudy/y is asked for as workspace:*',
      'ws is asked for as catalog:',
    ]);
  });

  it('fails when the source condition would be published', () => {
    const manifest = { ...GOOD, exports: { '.': { '@understudy/source': './src/index.ts', default: './d.js' } } };
    expect(manifestFindings(manifest)).toHaveLength(1);
  });

  it('fails without a licence or engines', () => {
    expect(manifestFindings({ name: '@understudy/x' })).toHaveLength(2);
  });
});
