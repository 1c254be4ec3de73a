import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import * as mvcc from '../src/index.js';
import * as store from '@understudy/store';
import { tell } from './harness.js';

test('the example of the README does what it says', async () => {
  const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8');
  const example = /```ts\n([\s\S]*?)```/.exec(readme)?.[1];
  if (example === undefined) throw new Error('no example');
  const directory = await mkdtemp(join(tmpdir(), 'mvcc-readme-'));
  try {
    const source = example
      .replace(/^import .*$/gm, '')
      .replace('(text: string)', '(text)')
      .replace('new Promise<Mvcc>', 'new Promise');
    const run = new Function('store_', 'mvcc_', 'directory', 'told', 'closed', asyncBody(source));
    const told: mvcc.Event[] = [];
    await new Promise<void>((resolve, reject) => {
      const closed = (error: Error | null): void => (error === null ? resolve() : reject(error));
      run(store, mvcc, directory, told, closed).catch(reject);
    });
    expect(told.map(tell)).toEqual(['put job/1=open@2', 'del job/1@3']);
  } finally {
    await rm(directory, { recursive: true });
  }
});

function asyncBody(source: string): string {
  return `return (async () => { const { openLevelStore } = store_; const { Mvcc } = mvcc_; ${source} })();`;
}
