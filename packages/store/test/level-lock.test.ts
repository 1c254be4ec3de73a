import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { lockLevel, openLevelStore } from '../src/index.js';
import { completed } from '../src/testing/index.js';
import { temporaryDirectory } from './temporary-directory.js';

async function contentOf(directory: string): Promise<Record<string, string>> {
  const names = await readdir(directory);
  const files = names.map(async (name) => [name, (await readFile(join(directory, name))).toString('hex')] as const);
  return Object.fromEntries(await Promise.all(files));
}

test('a store that another process has open cannot be locked, and can once that process is gone', async () => {
  const directory = await temporaryDirectory();
  const script = join(import.meta.dirname, 'hold-store.ts');
  const args = ['--import', import.meta.resolve('tsx'), '--conditions=@understudy/source', script, directory];
  const holder = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(holder.stdout, 'data');
  await expect(lockLevel(directory)).rejects.toMatchObject({ name: 'StoreError', code: 'locked' });
  holder.kill('SIGKILL');
  await once(holder, 'close');
  const release = await lockLevel(directory);
  await release();
  const again = await lockLevel(directory);
  await again();
});

test('a lock changes nothing in the store', async () => {
  const directory = await temporaryDirectory();
  const store = await openLevelStore(directory);
  const put = { type: 'put', key: Uint8Array.of(1), value: Uint8Array.of(2) } as const;
  await completed((done) => store.batch([put], { sync: true }, done));
  await completed((done) => store.close(done));
  const before = await contentOf(directory);
  const release = await lockLevel(directory);
  expect(await contentOf(directory)).toEqual(before);
  await release();
  expect(await contentOf(directory)).toEqual(before);
});

test('where there is no directory there is nothing to lock', async () => {
  const directory = await temporaryDirectory();
  await mkdir(join(directory, 'empty'));
  await expect(lockLevel(join(directory, 'absent'))).rejects.toMatchObject({ code: 'io' });
  await (await lockLevel(join(directory, 'empty')))();
});
