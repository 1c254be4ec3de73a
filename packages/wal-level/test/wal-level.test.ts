import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { WalLevel } from '../src/index.js';
import { EMPTY_MODEL, type ModelLog, outline, perform, someWork } from './log-model.js';
import { appendOf, entriesFrom, hardStateOf, MEMBER, snapshotAt, writeOf } from './memory-log.js';
import { append, close, compact, imageOf, openLog, readWholeLog, temporaryDirectory } from './wal-directory.js';

const plain = (entries: readonly { data: Uint8Array; index: number; term: number }[]) =>
  entries.map(({ index, term, data }) => `${index}/${term}/${Buffer.from(data).toString('hex')}`);

async function outlineOf(log: WalLevel): Promise<string> {
  const anchorIndex = log.firstIndex() - 1;
  const anchorTerm = Number(log.term(anchorIndex));
  return outline({ anchorIndex, anchorTerm, entries: await readWholeLog(log), hardState: log.hardState });
}

test('what was acknowledged is there after a restart', async () => {
  const directory = await temporaryDirectory();
  const first = await openLog(directory);
  await append(first, writeOf({ entries: entriesFrom(1, 100, 2), hardState: hardStateOf(2, 5, 90) }));
  await close(first);
  const second = await openLog(directory);
  expect([second.verdict, second.bootCount, second.hardState]).toEqual(['clean', 2, hardStateOf(2, 5, 90)]);
  expect(plain(await readWholeLog(second))).toEqual(plain(entriesFrom(1, 100, 2)));
});

test('truncations, compactions and snapshots are there after a restart', async () => {
  const directory = await temporaryDirectory();
  let log = await openLog(directory);
  await append(log, appendOf(1, 100, 1));
  await append(log, appendOf(61, 5, 2));
  await close(log);
  log = await openLog(directory);
  expect([log.lastIndex(), log.term(60), log.term(61)]).toEqual([65, 1, 2]);
  await compact(log, 62);
  await close(log);
  log = await openLog(directory);
  expect([log.firstIndex(), log.lastIndex(), log.term(62), log.term(61)]).toEqual([63, 65, 2, 'compacted']);
  await append(log, writeOf({ snapshot: snapshotAt(2 ** 31 + 7, 3), hardState: hardStateOf(3, 0, 2 ** 31 + 7) }));
  await append(log, appendOf(2 ** 31 + 8, 3, 3));
  await close(log);
  log = await openLog(directory);
  expect([log.firstIndex(), log.lastIndex(), log.snapshot]).toEqual([
    2 ** 31 + 8,
    2 ** 31 + 10,
    snapshotAt(2 ** 31 + 7, 3),
  ]);
});

test('an image of the directory at any moment opens as a log at or after what was acknowledged', async () => {
  const directory = await temporaryDirectory();
  const log = await openLog(directory);
  let acknowledged = 0;
  let stopped = false;
  const writer = (async () => {
    for (let next = 1; !stopped; next += 3) {
      await append(log, writeOf({ entries: entriesFrom(next, 3, 1, 500), hardState: hardStateOf(1, 5, next) }));
      acknowledged = next + 2;
      if (next % 30 === 1) await compact(log, next);
    }
  })();
  for (let round = 0; round < 8; round++) {
    const before = acknowledged;
    const copy = await openLog(await imageOf(directory));
    expect(copy.verdict).toBe('clean');
    expect(copy.lastIndex()).toBeGreaterThanOrEqual(before);
    expect(plain(await readWholeLog(copy))).toEqual(
      plain(entriesFrom(copy.firstIndex(), copy.lastIndex() - copy.firstIndex() + 1, 1, 500)),
    );
    await close(copy);
  }
  stopped = true;
  await writer;
});

test('a killed process keeps what it acknowledged, and its lock blocks nobody', async () => {
  const directory = await temporaryDirectory();
  const script = join(import.meta.dirname, 'append-forever.ts');
  const child = spawn(
    process.execPath,
    ['--import', import.meta.resolve('tsx'), '--conditions=@understudy/source', script, directory],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  let acknowledged = 0;
  for await (const line of createInterface(child.stdout)) {
    acknowledged = Number(line);
    if (acknowledged === 30) {
      await expect(WalLevel.open({ directory }, { identity: MEMBER })).rejects.toMatchObject({
        code: 'locked',
        message: `${directory} is open in process ${child.pid}`,
      });
    }
    if (acknowledged === 300) child.kill('SIGKILL');
  }
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  const log = await openLog(directory);
  expect(log.verdict).toBe('clean');
  expect(log.lastIndex()).toBeGreaterThanOrEqual(acknowledged);
});

test('a directory that is open here is locked, and free after close', async () => {
  const directory = await temporaryDirectory();
  const log = await openLog(directory);
  await expect(openLog(directory)).rejects.toMatchObject({
    name: 'WalError',
    code: 'locked',
    message: `${directory} is open in this process (${process.pid})`,
  });
  await close(log);
  expect((await openLog(directory)).bootCount).toBe(2);
});

test('writes that come together are synced together', async () => {
  const log = await openLog(await temporaryDirectory());
  const writes = Array.from({ length: 500 }, (_, i) => append(log, appendOf(i + 1, 1)));
  await Promise.all(writes);
  const { batches, entries } = log.statistics();
  expect(entries).toBe(500);
  expect(batches).toBe(1);
  let next = 501;
  const streams = Array.from({ length: 50 }, async () => {
    for (let i = 0; i < 10; i++) await append(log, appendOf(next++, 1));
  });
  await Promise.all(streams);
  expect(log.statistics().batches - batches).toBeLessThan(50);
  expect(log.lastIndex()).toBe(1000);
});

test('the host is told of every sync and how long it took', async () => {
  const told: number[] = [];
  const directory = await temporaryDirectory();
  const log = await WalLevel.open({ directory, onSync: (ms) => told.push(ms) }, { identity: MEMBER });
  await append(log, appendOf(1, 1));
  await append(log, appendOf(2, 1));
  const { batches, totalSyncMs } = log.statistics();
  expect(told).toHaveLength(batches);
  expect(told.reduce((sum, ms) => sum + ms, 0)).toBeCloseTo(totalSyncMs);
  expect(totalSyncMs).toBeGreaterThan(0);
  await close(log);
});

test('a log larger than its memory reads back whole', async () => {
  const directory = await temporaryDirectory();
  const options = { tailBytes: 64 * 1024, readCacheBytes: 64 * 1024 };
  const log = await openLog(directory, options);
  for (let first = 1; first <= 3000; first += 300) {
    await append(log, writeOf({ entries: entriesFrom(first, 300, 1, 300) }));
  }
  expect(log.entries(1, 2, 100)).toBe('pending');
  expect(plain(await readWholeLog(log))).toEqual(plain(entriesFrom(1, 3000, 1, 300)));
  const { tailBytes, readCacheBytes } = log.statistics();
  expect(Math.max(tailBytes, readCacheBytes)).toBeLessThanOrEqual(64 * 1024);
});

test('compaction gives space back on disk behind the scenes', async () => {
  const directory = await temporaryDirectory();
  const log = await openLog(directory, { reclaimStepEntries: 64 });
  await append(log, writeOf({ entries: entriesFrom(1, 1000) }));
  await compact(log, 900);
  expect(log.statistics().unreclaimedEntries).toBeGreaterThan(0);
  await expect.poll(() => log.statistics().unreclaimedEntries).toBe(0);
});

test('paranoid or not, random work leaves what the model has, across restarts', async () => {
  const lives = fc.array(fc.array(someWork, { minLength: 1, maxLength: 25 }), { minLength: 1, maxLength: 4 });
  const options = { tailBytes: 64 * 1024, readCacheBytes: 64 * 1024, reclaimStepEntries: 16 };
  await fc.assert(
    fc.asyncProperty(lives, fc.boolean(), async (all, paranoid) => {
      const directory = await temporaryDirectory();
      let model: ModelLog = EMPTY_MODEL;
      for (const work of all) {
        const log = await openLog(directory, { ...options, paranoid });
        expect(await outlineOf(log)).toBe(outline(model));
        expect(log.hardState).toEqual(model.hardState);
        const outcomes: Promise<void>[] = [];
        for (const [i, step] of work.entries()) {
          outcomes.push(
            new Promise((resolve, reject) => {
              model = perform(log, model, step, (error) => (error === null ? resolve() : reject(error)));
            }),
          );
          if (i % 4 === 0) await Promise.all(outcomes);
        }
        await Promise.all(outcomes);
        expect(await outlineOf(log)).toBe(outline(model));
        await close(log);
      }
    }),
    { numRuns: 12 },
  );
});

test('an option out of range is refused by name, before anything is made', async () => {
  const directory = join(await temporaryDirectory(), 'wal');
  await expect(openLog(directory, { tailBytes: 1 })).rejects.toMatchObject({
    code: 'invalid-argument',
    message: 'tailBytes is 1; it must be an integer from 65536 to 1073741824',
  });
  const identity = { memberId: 0, clusterId: 1 };
  await expect(openLog(directory, { identity })).rejects.toThrow('identity.memberId is 0');
  await expect(readdir(directory)).rejects.toMatchObject({ code: 'ENOENT' });
});
