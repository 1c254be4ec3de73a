import { closeSync } from 'node:fs';
import { readdir, readFile, readlink, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { completed } from '@understudy/store/testing';
import { expect, test } from 'vitest';
import { SLOT_BYTES } from '../src/high-water.js';
import type { Scheduler } from '../src/high-water-device.js';
import { highWaterPath, openHighWaterFile } from '../src/high-water-file.js';
import { temporaryDirectory } from './wal-directory.js';

class ManualScheduler implements Scheduler {
  readonly tasks: { delayMs: number; run: () => void; cancelled: boolean }[] = [];

  now(): number {
    return 0;
  }

  defer(task: () => void): void {
    task();
  }

  after(delayMs: number, run: () => void): () => void {
    const task = { delayMs, run, cancelled: false };
    this.tasks.push(task);
    return () => {
      task.cancelled = true;
    };
  }
}

const bytes = Uint8Array.of(1, 2, 3);

async function openFile() {
  const scheduler = new ManualScheduler();
  const path = join(await temporaryDirectory(), 'high-water');
  const file = await openHighWaterFile({ scheduler }, { path, lagMs: 100, create: true });
  return { scheduler, path, file };
}

test('a write is in its slot at once, and one sync follows within the lag for all of them', async () => {
  const { scheduler, path, file } = await openFile();
  for (const slot of [0, 1] as const) await completed((done) => file.write(slot, bytes, false, done));
  let done = 0;
  for (const slot of [0, 1] as const) file.write(slot, bytes, false, () => done++);
  expect(done).toBe(2);
  for (const slot of [0, 1] as const) {
    const content = await readFile(highWaterPath(path, slot));
    expect([...content.subarray(0, 3)]).toEqual([1, 2, 3]);
    expect(content.length).toBe(SLOT_BYTES);
  }
  expect(scheduler.tasks.map(({ delayMs }) => delayMs)).toEqual([100]);
  scheduler.tasks[0]?.run();
  file.write(0, bytes, false, () => {});
  expect(scheduler.tasks.length).toBe(2);
  await completed((closed) => file.close(closed));
  expect(scheduler.tasks[1]?.cancelled).toBe(true);
});

test('a durable write is done only after its sync, and schedules none', async () => {
  const { scheduler, file } = await openFile();
  let done = false;
  const written = completed((callback) => file.write(0, bytes, true, callback)).then(() => {
    done = true;
  });
  expect(done).toBe(false);
  await written;
  expect(scheduler.tasks).toEqual([]);
  await completed((closed) => file.close(closed));
});

test.skipIf(process.platform !== 'linux')('a sync that fails behind the scenes is reported', async () => {
  const { scheduler, path, file } = await openFile();
  const reported = new Promise<Error>((resolve) => file.onFailure(resolve));
  await completed((done) => file.write(0, bytes, false, done));
  // As a disk that goes away: the descriptor is there no more.
  for (const fd of await readdir('/proc/self/fd')) {
    if ((await readlink(`/proc/self/fd/${fd}`).catch(() => '')) === highWaterPath(path, 0)) closeSync(Number(fd));
  }
  scheduler.tasks[0]?.run();
  expect(await reported).toMatchObject({ code: 'EBADF' });
});

test('a missing file is not made where its absence is evidence, but with the first record', async () => {
  const { scheduler, path, file } = await openFile();
  await completed((done) => file.close(done));
  for (const slot of [0, 1] as const) await rm(highWaterPath(path, slot));
  const missing = await openHighWaterFile({ scheduler }, { path, lagMs: 100, create: false });
  expect(missing.initial).toBeNull();
  await expect(readFile(highWaterPath(path, 0))).rejects.toMatchObject({ code: 'ENOENT' });
  await completed((done) => missing.write(1, bytes, true, done));
  await completed((done) => missing.close(done));
  const again = await openHighWaterFile({ scheduler }, { path, lagMs: 100, create: false });
  expect([...(again.initial?.subarray(SLOT_BYTES, SLOT_BYTES + 3) ?? [])]).toEqual([1, 2, 3]);
});
