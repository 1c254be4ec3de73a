import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openLevelStore } from '../src/index.js';
import { toStoreError } from '../src/level-errors.js';
import { completed, readRange, writeBatch } from '../src/testing/index.js';
import { temporaryDirectory } from './temporary-directory.js';

const key = (i: number) => Uint8Array.of(1, i);

test('what was synced is there after a reopen', async () => {
  const directory = await temporaryDirectory();
  const first = await openLevelStore(directory);
  await writeBatch(first, [{ type: 'put', key: key(1), value: key(2) }], true);
  await completed((done) => first.close(done));
  const second = await openLevelStore(directory, { createIfMissing: false });
  expect((await readRange(second)).length).toBe(1);
  await completed((done) => second.close(done));
});

test('a store that this process has open is locked', async () => {
  const directory = await temporaryDirectory();
  const store = await openLevelStore(directory);
  await expect(openLevelStore(directory)).rejects.toMatchObject({ name: 'StoreError', code: 'locked' });
  await completed((done) => store.close(done));
});

test('a store that another process has open is locked, and free once that process is killed', async () => {
  const directory = await temporaryDirectory();
  const level = createRequire(import.meta.url).resolve('level');
  const script = `const { Level } = require(${JSON.stringify(level)});
    new Level(${JSON.stringify(directory)}).open().then(() => { console.log('open'); setInterval(() => {}, 1000); });`;
  const holder = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(holder.stdout, 'data');
  await expect(openLevelStore(directory)).rejects.toMatchObject({ code: 'locked' });
  holder.kill('SIGKILL');
  await once(holder, 'exit');
  const store = await openLevelStore(directory);
  await completed((done) => store.close(done));
});

test('a store with a damaged manifest is corrupted, and its files are left as they were', async () => {
  const directory = await temporaryDirectory();
  const store = await openLevelStore(directory);
  await writeBatch(store, [{ type: 'put', key: key(1), value: key(2) }], true);
  await completed((done) => store.close(done));
  const manifest = (await readdir(directory)).find((name) => name.startsWith('MANIFEST'));
  const file = join(directory, manifest ?? '');
  const damaged = (await readFile(file)).fill(0xff, 0, 20);
  await writeFile(file, damaged);
  const before = await readdir(directory);
  await expect(openLevelStore(directory)).rejects.toMatchObject({ code: 'corrupted' });
  expect(await readFile(file)).toEqual(damaged);
  expect((await readdir(directory)).filter((name) => !name.startsWith('LOG'))).toEqual(
    before.filter((name) => !name.startsWith('LOG')),
  );
});

test('a store whose manifest is gone is corrupted', async () => {
  const directory = await temporaryDirectory();
  const store = await openLevelStore(directory);
  await completed((done) => store.close(done));
  const manifest = (await readdir(directory)).find((name) => name.startsWith('MANIFEST'));
  await rm(join(directory, manifest ?? ''));
  await expect(openLevelStore(directory)).rejects.toMatchObject({ code: 'corrupted' });
});

test('a missing store is not made when that is refused', async () => {
  const directory = join(await temporaryDirectory(), 'absent');
  await expect(openLevelStore(directory, { createIfMissing: false })).rejects.toMatchObject({ code: 'io' });
});

test.skipIf(process.getuid?.() === 0)('a directory without permission is an io error', async () => {
  const directory = await temporaryDirectory();
  await chmod(directory, 0o000);
  await expect(openLevelStore(join(directory, 'db'))).rejects.toMatchObject({ code: 'io' });
  await chmod(directory, 0o700);
});

test('an option out of range is refused by name', async () => {
  const directory = await temporaryDirectory();
  await expect(openLevelStore(directory, { cacheBytes: -1 })).rejects.toMatchObject({
    code: 'invalid-argument',
    message: 'cacheBytes is -1; it must be an integer from 0 to 4293918720',
  });
  await expect(openLevelStore(directory, { maxOpenFiles: 10 })).rejects.toThrow(/maxOpenFiles is 10/);
});

test('a full disk is told from other failures, and the cause is kept', () => {
  const failure = Object.assign(new Error('IO error: /d/000003.log: No space left on device'), {
    code: 'LEVEL_IO_ERROR',
  });
  const error = toStoreError(failure, 'batch of 1 writes to /d');
  expect(error).toMatchObject({ code: 'full', cause: failure });
  expect(error.message).toBe('batch of 1 writes to /d: IO error: /d/000003.log: No space left on device');
  expect(toStoreError(new Error('IO error: /d/000003.log: Input/output error'), 'x').code).toBe('io');
});
