import { closeSync, openSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { completed } from '@understudy/store/testing';
import { expect, test } from 'vitest';
import { SLOT_BYTES } from '../src/high-water.js';
import type { Scheduler } from '../src/high-water-device.js';
import { HighWaterFile, openHighWaterFile } from '../src/high-water-file.js';
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

test('a write is in the file at once, and one sync follows within the lag for all of them', async () => {
  const { scheduler, path, file } = await openFile();
  let done = 0;
  for (const slot of [0, 1] as const) file.write(slot, bytes, false, () => done++);
  expect(done).toBe(2);
  const content = await readFile(path);
  expect([...content.subarray(SLOT_BYTES, SLOT_BYTES + 3)]).toEqual([1, 2, 3]);
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

test('a sync that fails behind the scenes is reported', async () => {
  const scheduler = new ManualScheduler();
  const fd = openSync(join(await temporaryDirectory(), 'x'), 'w+');
  const file = new HighWaterFile(scheduler, fd, 100, null);
  const reported = new Promise<Error>((resolve) => file.onFailure(resolve));
  file.write(0, bytes, false, () => {});
  closeSync(fd);
  scheduler.tasks[0]?.run();
  expect(await reported).toMatchObject({ code: 'EBADF' });
});

test('a missing file is not made where its absence is evidence, and cannot be written', async () => {
  const { scheduler, path, file } = await openFile();
  await completed((closed) => file.close(closed));
  await rm(path);
  const missing = await openHighWaterFile({ scheduler }, { path, lagMs: 100, create: false });
  expect(missing.initial).toBeNull();
  await expect(completed((callback) => missing.write(0, bytes, false, callback))).rejects.toThrow('missing');
  await completed((closed) => missing.close(closed));
});
