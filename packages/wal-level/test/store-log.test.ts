import type { Entry } from '@understudy/raft-core';
import { type Store, StoreError } from '@understudy/store';
import { describe, expect, test } from 'vitest';
import { CHAIN_START, RollingChain } from '../src/chain.js';
import { decodeHighWater, SLOT_BYTES } from '../src/high-water.js';
import { entryKey } from '../src/keys.js';
import { ENTRY_HEADER_BYTES, writeEntry } from '../src/record.js';
import {
  appendOf,
  entriesFrom,
  entryAt,
  hardStateOf,
  MemoryDisk,
  MemoryProcess,
  readWhole,
  snapshotAt,
  writeOf,
} from './memory-log.js';

function opened(options: Parameters<MemoryProcess['open']>[0] = {}) {
  const disk = new MemoryDisk();
  const process = new MemoryProcess(disk).open(options);
  return { disk, process, log: process.log };
}

/** The log as the next process finds it. */
function reopened(disk: MemoryDisk, before: MemoryProcess, options: Parameters<MemoryProcess['open']>[0] = {}) {
  before.kill();
  return new MemoryProcess(disk).open(options);
}

describe('a new log', () => {
  test('is empty, with term 0 at index 0', () => {
    const { log } = opened();
    expect([log.firstIndex(), log.lastIndex(), log.term(0), log.term(1)]).toEqual([1, 0, 0, 'unavailable']);
    expect(log.hardState).toEqual(hardStateOf(0, 0, 0));
    expect(log.entries(1, 2, 100)).toBe('unavailable');
    expect([log.pendingInstall, log.snapshot, log.bootCount]).toEqual([null, null, 1]);
  });
});

describe('group commit', () => {
  test('what is appended in one turn is one batch', () => {
    const { process, log } = opened();
    const order: number[] = [];
    for (let i = 0; i < 10; i++) log.append(appendOf(i + 1, 1), () => order.push(i));
    process.queue.drain();
    expect(order).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(log.statistics()).toMatchObject({ batches: 1, writes: 10, entries: 10 });
  });

  test('what is appended while a batch syncs is the next batch, and is not shown before', () => {
    const { process, log } = opened();
    log.append(appendOf(1, 2), () => {});
    process.queue.step();
    for (let i = 0; i < 5; i++) log.append(appendOf(3 + i, 1), () => {});
    while (log.lastIndex() === 0) expect(process.queue.step()).toBe(true);
    expect([log.lastIndex(), log.statistics().batches, log.term(3)]).toEqual([2, 1, 'unavailable']);
    process.queue.drain();
    expect([log.lastIndex(), log.statistics().batches]).toEqual([7, 2]);
  });

  test('what callbacks append goes together', () => {
    const { process, log } = opened();
    for (let i = 0; i < 3; i++) {
      log.append(appendOf(i + 1, 1), () => log.append(appendOf(i + 4, 1), () => {}));
    }
    process.queue.drain();
    expect([log.lastIndex(), log.statistics().batches]).toEqual([6, 2]);
  });

  test('a batch is bounded in bytes', () => {
    const { process, log } = opened({ maxBatchBytes: 64 * 1024 });
    for (let i = 0; i < 8; i++) log.append(writeOf({ entries: [entryAt(i + 1, 1, 30_000)] }), () => {});
    process.queue.drain();
    expect([log.lastIndex(), log.statistics().batches]).toEqual([8, 4]);
  });

  test('no callback is made before its call returns', () => {
    const { process, log } = opened();
    let returned = false;
    const check = () => expect(returned).toBe(true);
    log.append(writeOf({ mustSync: false }), check);
    log.compact(0, check);
    log.fetch(1, 1, 1, check);
    returned = true;
    process.queue.drain();
  });
});

describe('a write that needs no sync', () => {
  test('is acknowledged without a batch, and shown', () => {
    const { process, log } = opened();
    process.append(appendOf(1, 3));
    expect(process.append(writeOf({ hardState: hardStateOf(0, 0, 2), mustSync: false }))).toBeNull();
    expect([log.statistics().batches, log.hardState.commit]).toEqual([1, 2]);
  });

  test('waits for the writes before it: what it allows to be said rests on them', () => {
    const { process, log } = opened();
    const order: string[] = [];
    log.append(appendOf(1, 1), () => order.push('entries'));
    process.queue.step();
    log.append(writeOf({ hardState: hardStateOf(0, 0, 1), mustSync: false }), () => order.push('commit'));
    process.queue.drain();
    expect(order).toEqual(['entries', 'commit']);
  });

  test('rides with the next batch, or is written at close', () => {
    const { disk, process, log } = opened();
    process.append(appendOf(1, 3));
    process.append(writeOf({ hardState: hardStateOf(0, 0, 2), mustSync: false }));
    process.append(appendOf(4, 1));
    const second = reopened(disk, process);
    expect(second.log.hardState.commit).toBe(2);
    second.append(writeOf({ hardState: hardStateOf(0, 0, 4), mustSync: false }));
    second.log.close(() => {});
    second.queue.drain();
    expect(reopened(disk, second).log.hardState.commit).toBe(4);
    expect(log.statistics().batches).toBe(2);
  });

  test('but is synced all the same when a term or a vote is in it', () => {
    const { disk, process, log } = opened();
    process.append(writeOf({ hardState: hardStateOf(3, 5, 0), mustSync: false }));
    expect(log.statistics().batches).toBe(1);
    expect(reopened(disk, process).log.hardState).toEqual(hardStateOf(3, 5, 0));
  });
});

test('hard states take effect in order, and the last one is kept', () => {
  const { disk, process, log } = opened();
  for (let term = 1; term <= 5; term++) log.append(writeOf({ hardState: hardStateOf(term, term, 0) }), () => {});
  process.queue.drain();
  expect(log.statistics().batches).toBe(1);
  expect(reopened(disk, process).log.hardState).toEqual(hardStateOf(5, 5, 0));
});

test('entries that overlap replace the end of the log, also after a restart', () => {
  const { disk, process, log } = opened();
  process.append(appendOf(1, 9, 1));
  process.append(appendOf(5, 2, 2));
  expect([log.lastIndex(), log.term(4), log.term(5), log.term(7)]).toEqual([6, 1, 2, 'unavailable']);
  const second = reopened(disk, process);
  expect(second.loaded?.verdict).toBe('clean');
  expect(readWhole(second).map(({ term }) => term)).toEqual([1, 1, 1, 1, 2, 2]);
  expect(readWhole(second)[5]).toEqual(entryAt(6, 2));
});

describe('memory', () => {
  test('older entries are pending until fetched, and terms are known without', () => {
    const { process, log } = opened({ tailBytes: 64 * 1024 });
    for (let first = 1; first < 2000; first += 100)
      process.append(writeOf({ entries: entriesFrom(first, 100, 1, 100) }));
    expect(log.statistics().tailBytes).toBeLessThanOrEqual(64 * 1024);
    expect(log.entries(10, 20, 1 << 20)).toBe('pending');
    expect(log.term(10)).toBe(1);
    expect(readWhole(process)).toEqual(entriesFrom(1, 2000, 1, 100));
  });

  test('a fetch is bounded in bytes, reads at least one entry, and serves the next read', () => {
    const { process, log } = opened({ tailBytes: 64 * 1024 });
    for (let first = 1; first < 2000; first += 100)
      process.append(writeOf({ entries: entriesFrom(first, 100, 1, 100) }));
    log.fetch(10, 1000, 1, () => {});
    process.queue.drain();
    expect(log.entries(10, 1000, 1 << 20)).toEqual([entryAt(10, 1, 100)]);
    log.fetch(11, 1000, 1000, () => {});
    process.queue.drain();
    expect(log.entries(11, 1000, 1 << 20).length).toBeLessThan(12);
    expect(log.entries(12, 1000, 150)).toEqual([entryAt(12, 1, 100)]);
  });

  test('many readers of a log far larger than the memory for it fetch hardly an entry twice', () => {
    const own = new MemoryProcess(new MemoryDisk()).open({ tailBytes: 64 * 1024, readCacheBytes: 64 * 1024 });
    for (let first = 1; first <= 4000; first += 500) {
      own.log.append(writeOf({ entries: entriesFrom(first, 500, 1, 200) }), () => {});
    }
    own.queue.drain();
    // Beside the applier, as many followers as the cache has room for runs, and more: each at a place of its own.
    const readBytes = 16 * 1024;
    let read = 0;
    const reader = (lo: number, hi: number): void => {
      if (lo >= hi) return;
      const found = own.log.entries(lo, hi, readBytes);
      if (found === 'pending') own.log.fetch(lo, hi, readBytes, () => reader(lo, hi));
      else if (typeof found !== 'string') {
        read += found.length;
        // In a turn of its own, as an answer comes from a peer.
        own.queue.dispatch(() => reader(lo + found.length, hi));
      }
    };
    for (let i = 0; i < 9; i++) reader(1 + i * 300, 1 + (i + 1) * 300);
    own.queue.drain();
    expect(read).toBe(2700);
    // The end of a run may be gone before it is read.
    expect(own.log.statistics().fetchedEntries).toBeLessThan(1.05 * 2700);
  });

  test('a fetched entry that was replaced meanwhile is not served', () => {
    const { process, log } = opened({ tailBytes: 64 * 1024 });
    for (let first = 1; first < 2000; first += 100)
      process.append(writeOf({ entries: entriesFrom(first, 100, 1, 100) }));
    const outcomes: unknown[] = [];
    log.fetch(10, 100, 1 << 20, (error) => outcomes.push(error));
    log.append(appendOf(20, 1, 2), () => {});
    process.queue.drain();
    expect(outcomes).toEqual([null]);
    expect(log.entries(10, 21, 1 << 20)).toBe('pending');
    log.fetch(10, 20, 1 << 20, () => {});
    process.queue.drain();
    expect((log.entries(10, 21, 1 << 20) as readonly Entry[]).at(-1)?.index).toBe(19);
    expect(log.entries(20, 21, 1 << 20)).toEqual([entryAt(20, 2)]);
  });

  test('a fetch across a truncation that is on its way to disk is no damage', () => {
    const { disk, process, log } = opened({ tailBytes: 64 * 1024 });
    for (let first = 1; first < 2000; first += 100)
      process.append(writeOf({ entries: entriesFrom(first, 100, 1, 100) }));
    const records = () => disk.medium.view().length;
    const before = records();
    log.append(appendOf(500, 1, 2), () => {});
    while (records() === before) process.queue.step();
    expect(log.lastIndex()).toBe(2000);
    const outcomes: unknown[] = [];
    log.fetch(1, 1200, 1 << 20, (error) => outcomes.push(error));
    process.queue.drain();
    expect([outcomes, log.lastIndex()]).toEqual([[null], 500]);
    expect(readWhole(process).length).toBe(500);
  });

  test('a record that went bad on disk is found by the fetch', () => {
    const { disk, process, log } = opened({ tailBytes: 64 * 1024 });
    for (let first = 1; first < 2000; first += 100)
      process.append(writeOf({ entries: entriesFrom(first, 100, 1, 100) }));
    const record = disk.medium.view()[30];
    const value = record?.value.slice() ?? new Uint8Array();
    value[60] = (value[60] ?? 0) ^ 1;
    disk.medium.damage(record?.key ?? value, value);
    let error: Error | null = null;
    log.fetch(10, 100, 1 << 20, (failure) => {
      error = failure;
    });
    process.queue.drain();
    expect(error).toMatchObject({ code: 'damaged', damage: { what: 'unreadable', where: 'entry', index: 31 } });
  });
});

test('an intact record of another history is found by the fetch', () => {
  const { disk, process, log } = opened({ tailBytes: 64 * 1024 });
  for (let first = 1; first < 2000; first += 100) process.append(writeOf({ entries: entriesFrom(first, 100, 1, 100) }));
  const foreign = new Uint8Array(ENTRY_HEADER_BYTES + 100);
  writeEntry(foreign, 0, entryAt(31, 1, 100), new RollingChain(CHAIN_START));
  disk.medium.damage(entryKey(31), foreign);
  let error: Error | null = null;
  log.fetch(10, 100, 1 << 20, (failure) => {
    error = failure;
  });
  process.queue.drain();
  expect(error).toMatchObject({ code: 'damaged', damage: { what: 'broken-chain', where: 'entry', index: 31 } });
});

describe('compaction', () => {
  test('moves the beginning, keeps the term before it, and deletes the records behind it', () => {
    const { disk, process, log } = opened({ reclaimStepEntries: 16 });
    process.append(appendOf(1, 100));
    log.compact(70, () => {});
    process.queue.drain();
    expect([log.firstIndex(), log.term(70), log.term(69)]).toEqual([71, 1, 'compacted']);
    expect(log.entries(70, 72, 100)).toBe('compacted');
    expect(disk.medium.view().filter(({ key }) => key[0] === 0x10).length).toBe(30);
    const second = reopened(disk, process);
    expect(second.loaded?.verdict).toBe('clean');
    expect(readWhole(second)).toEqual(entriesFrom(71, 30));
    expect(second.log.term(70)).toBe(1);
  });

  test('up to the last index leaves an empty log that goes on', () => {
    const { disk, process, log } = opened();
    process.append(appendOf(1, 10, 4));
    log.compact(10, () => {});
    process.queue.drain();
    expect([log.firstIndex(), log.lastIndex(), log.term(10)]).toEqual([11, 10, 4]);
    const second = reopened(disk, process);
    second.append(appendOf(11, 1, 4));
    expect(reopened(disk, second).log.lastIndex()).toBe(11);
  });

  test('of what is compacted already is done without a batch; beyond the log it stops the process', () => {
    const { process, log } = opened();
    process.append(appendOf(1, 10));
    log.compact(5, () => {});
    process.queue.drain();
    const { batches } = log.statistics();
    let done = false;
    log.compact(3, () => {
      done = true;
    });
    process.queue.drain();
    expect([done, log.statistics().batches]).toEqual([true, batches]);
    expect(() => log.compact(11, () => {})).toThrow('compaction at 11, but the log ends at 10');
  });

  test('deletes in steps of bounded size', () => {
    const disk = new MemoryDisk();
    const spans: number[] = [];
    const process = new MemoryProcess(disk, (store) => ({
      getSync: (key) => store.getSync(key),
      batch: (writes, options, done) => store.batch(writes, options, done),
      startBatch: () => store.startBatch(),
      cursor: (range) => store.cursor(range),
      snapshot: () => store.snapshot(),
      clear: (range, done) => {
        spans.push((range.lt?.[7] ?? 0) - (range.gte?.[7] ?? 0));
        store.clear(range, done);
      },
      reclaim: (range, done) => store.reclaim(range, done),
      close: (done) => store.close(done),
    })).open({ reclaimStepEntries: 16 });
    process.append(appendOf(1, 100));
    process.log.compact(60, () => {});
    process.queue.drain();
    expect(spans).toEqual([16, 16, 16, 12]);
  });

  test('a crash between its steps leaves a clean log, and the rest is deleted at the next start', () => {
    const { disk, process, log } = opened({ reclaimStepEntries: 16 });
    process.append(appendOf(1, 100));
    log.compact(90, () => {});
    const entryRecords = () => disk.medium.view().filter(({ key }) => key[0] === 0x10).length;
    while (entryRecords() === 100) process.queue.step();
    expect(entryRecords()).toBe(84);
    process.kill();
    disk.medium.crash();
    expect(entryRecords()).toBe(100);
    const second = new MemoryProcess(disk).open();
    expect([second.loaded?.verdict, second.log.firstIndex(), entryRecords()]).toEqual(['clean', 91, 10]);
  });
});

describe('a snapshot', () => {
  const intent = { ...snapshotAt(2 ** 33, 7), hash: 'beef' };

  test('replaces the log, ends the announced install, and survives restarts', () => {
    const { disk, process, log } = opened();
    process.append(appendOf(1, 20));
    log.beginInstall(intent, () => {});
    process.queue.drain();
    expect(log.pendingInstall).toEqual(intent);
    const second = reopened(disk, process);
    expect(second.log.pendingInstall).toEqual(intent);
    const snapshot = snapshotAt(2 ** 33, 7);
    second.append(
      writeOf({ snapshot, hardState: hardStateOf(7, 0, 2 ** 33), entries: entriesFrom(2 ** 33 + 1, 2, 7) }),
    );
    const third = reopened(disk, second);
    for (const { log } of [second, third]) {
      expect([log.firstIndex(), log.lastIndex(), log.term(2 ** 33)]).toEqual([2 ** 33 + 1, 2 ** 33 + 2, 7]);
      expect([log.pendingInstall, log.snapshot]).toEqual([null, snapshot]);
      expect(log.term(20)).toBe('compacted');
    }
    expect(third.loaded?.verdict).toBe('clean');
    expect(readWhole(third)).toEqual(entriesFrom(2 ** 33 + 1, 2, 7));
    expect(disk.medium.view().filter(({ key }) => key[0] === 0x10).length).toBe(2);
  });

  test('below the end of the log drops what is beyond it too', () => {
    const { disk, process } = opened();
    process.append(appendOf(1, 20));
    process.append(writeOf({ snapshot: snapshotAt(12, 2) }));
    const second = reopened(disk, process);
    expect([second.loaded?.verdict, second.log.firstIndex(), second.log.lastIndex()]).toEqual(['clean', 13, 12]);
  });

  test('that was announced and abandoned leaves nothing', () => {
    const { disk, process, log } = opened();
    log.beginInstall(intent, () => {});
    log.abandonInstall(() => {});
    process.queue.drain();
    expect(log.pendingInstall).toBeNull();
    expect(reopened(disk, process).log.pendingInstall).toBeNull();
  });

  test.each([
    ['snapshot', 0x21],
    ['install', 0x22],
  ])('whose %s record is lost, or damaged, is damage', (where, key) => {
    const { disk, process, log } = opened();
    process.append(writeOf({ snapshot: snapshotAt(12, 2) }));
    log.beginInstall(intent, () => {});
    process.queue.drain();
    const record = disk.medium.get(Uint8Array.of(key))?.slice() ?? new Uint8Array();
    record[20] = (record[20] ?? 0) ^ 1;
    disk.medium.damage(Uint8Array.of(key), record);
    const second = reopened(disk, process);
    expect(second.error).toMatchObject({ code: 'damaged', damage: { what: 'unreadable', where } });
    disk.medium.damage(Uint8Array.of(key), null);
    const third = reopened(disk, second);
    expect(third.error).toMatchObject({ code: 'damaged', damage: { what: 'missing', where } });
  });
});

describe('a failed write', () => {
  function failing() {
    const disk = new MemoryDisk();
    let fail = false;
    const cause = new StoreError('io', 'batch: Input/output error');
    const process = new MemoryProcess(disk, (store: Store) => ({
      getSync: (key) => store.getSync(key),
      batch: (writes, options, done) => {
        if (fail) process.queue.dispatch(() => done(cause));
        else store.batch(writes, options, done);
      },
      startBatch: () => store.startBatch(),
      cursor: (range) => store.cursor(range),
      snapshot: () => store.snapshot(),
      clear: (range, done) => store.clear(range, done),
      reclaim: (range, done) => store.reclaim(range, done),
      close: (done) => store.close(done),
    })).open();
    return {
      process,
      log: process.log,
      break: () => {
        fail = true;
      },
    };
  }

  test('fails everything that waits and everything after it, and shows nothing of it', () => {
    const { process, log, break: breakDisk } = failing();
    process.append(appendOf(1, 2));
    breakDisk();
    const codes: unknown[] = [];
    const collect = (error: Error | null) => codes.push((error as { code?: string } | null)?.code);
    log.append(appendOf(3, 1), collect);
    process.queue.step();
    log.append(appendOf(4, 1), collect);
    process.queue.drain();
    log.append(writeOf({ mustSync: false }), collect);
    log.compact(1, collect);
    log.beginInstall({ ...snapshotAt(9, 1), hash: '' }, collect);
    log.fetch(1, 2, 1, collect);
    process.queue.drain();
    expect(codes).toEqual(['failed', 'failed', 'failed', 'failed', 'failed', 'failed']);
    expect([log.lastIndex(), log.failure?.code]).toEqual([2, 'failed']);
    expect(log.failure?.message).toContain('Input/output error');
  });

  test('lets the log be closed, which reports it', () => {
    const { process, log, break: breakDisk } = failing();
    breakDisk();
    process.append(appendOf(1, 1));
    let outcome: unknown;
    log.close((error) => {
      outcome = error;
    });
    process.queue.drain();
    expect(outcome).toMatchObject({ code: 'failed' });
  });
});

describe('a broken last batch that was never acknowledged', () => {
  function tornAfter(first: number) {
    const { disk, process, log } = opened();
    process.append(appendOf(1, 5));
    const before = disk.medium.view().length;
    log.append(writeOf({ entries: entriesFrom(first, 4, 2), hardState: hardStateOf(2, 5, 5) }), () => {});
    while (disk.medium.view().length === before) process.queue.step();
    process.kill();
    disk.medium.damage(entryKey(7), null);
    return disk;
  }

  test('is dropped at the next start, and the log goes on without a trace of it', () => {
    const disk = tornAfter(6);
    const process = new MemoryProcess(disk).open();
    expect([process.loaded?.verdict, process.log.lastIndex()]).toEqual(['torn-tail-dropped', 5]);
    expect(process.log.hardState).toEqual(hardStateOf(2, 5, 5));
    expect(readWhole(process)).toEqual(entriesFrom(1, 5));
    process.append(appendOf(6, 1, 3));
    const next = reopened(disk, process);
    expect([next.loaded?.verdict, next.log.lastIndex()]).toEqual(['clean', 6]);
  });

  test('is damage where it replaced what was acknowledged', () => {
    expect(new MemoryProcess(tornAfter(4)).open().error).toMatchObject({ code: 'damaged' });
  });
});

test('the high-water slot that is not being written always holds the batch before', () => {
  const { disk, process } = opened();
  for (let index = 1; index <= 4; index++) {
    process.append(appendOf(index, 1));
    const counters = [0, SLOT_BYTES].map((at) => {
      const slot = decodeHighWater(disk.highWater.content?.subarray(at, at + SLOT_BYTES) ?? new Uint8Array());
      return slot.ok ? slot.value.counter : 0;
    });
    expect(counters.sort()).toEqual([index, index + 1]);
  }
});

describe('a power cut that takes the last acknowledged batch from the store', () => {
  /** The store is as it was one batch before; the high-water record is what was synced of it. */
  function afterPowerCut(paranoid: boolean): MemoryProcess {
    const { disk, process } = opened({ paranoid });
    process.append(appendOf(1, 5));
    const medium = disk.medium.clone();
    process.append(appendOf(6, 1));
    disk.highWater.crash();
    return new MemoryProcess({ medium, highWater: disk.highWater }).open({ rebooted: true });
  }

  test('is noticed by a paranoid log', () => {
    expect(afterPowerCut(true).error).toMatchObject({ code: 'damaged', damage: { what: 'lost-tail', index: 6 } });
  });

  test('is hidden from another while its high-water record lags', () => {
    const { error, log } = afterPowerCut(false);
    expect([error, log.lastIndex()]).toEqual([null, 5]);
  });
});

describe('close', () => {
  test('finishes what is queued, refuses what comes after, and may be called again', () => {
    const { disk, process, log } = opened();
    const outcomes: unknown[] = [];
    const collect = (error: Error | null) => outcomes.push((error as { code?: string } | null)?.code ?? 'done');
    log.append(appendOf(1, 5), collect);
    process.queue.step();
    log.append(appendOf(6, 1), collect);
    log.close(collect);
    log.close(collect);
    log.append(appendOf(7, 1), collect);
    process.queue.drain();
    expect(outcomes.sort()).toEqual(['closed', 'done', 'done', 'done', 'done']);
    expect(new MemoryProcess(disk).open().log.lastIndex()).toBe(6);
  });
});

test('the age of the oldest unfinished append grows until it is done, and commits alone have none', () => {
  const { process, log } = opened();
  expect(log.appendAgeMs()).toBe(0);
  log.append(writeOf({ hardState: hardStateOf(0, 0, 0), mustSync: false }), () => {});
  process.nowMs += 100;
  expect(log.appendAgeMs()).toBe(0);
  log.append(appendOf(1, 1), () => {});
  process.nowMs += 40;
  expect(log.appendAgeMs()).toBe(40);
  process.queue.step();
  log.append(appendOf(2, 1), () => {});
  process.nowMs += 60;
  expect(log.appendAgeMs()).toBe(100);
  process.queue.drain();
  expect(log.appendAgeMs()).toBe(0);
});

test('indexes, terms and votes above 2^32 work everywhere', () => {
  const { disk, process, log } = opened({ tailBytes: 64 * 1024 });
  const base = 2 ** 32 - 3;
  process.append(writeOf({ snapshot: snapshotAt(base, 2 ** 40), hardState: hardStateOf(2 ** 40, 2 ** 52, base) }));
  process.append(writeOf({ entries: entriesFrom(base + 1, 1000, 2 ** 40, 100) }));
  log.compact(base + 2, () => {});
  process.queue.drain();
  process.append(appendOf(base + 999, 3, 2 ** 40 + 1));
  const second = reopened(disk, process, { tailBytes: 64 * 1024 });
  expect(second.loaded?.verdict).toBe('clean');
  expect(readWhole(second).map(({ index }) => index)).toEqual(Array.from({ length: 999 }, (_, i) => base + 3 + i));
  expect(second.log.hardState).toEqual(hardStateOf(2 ** 40, 2 ** 52, base));
  expect([second.log.term(base + 2), second.log.term(base + 1001)]).toEqual([2 ** 40, 2 ** 40 + 1]);
});

test('entries that do not follow stop the process', () => {
  const { process, log } = opened();
  process.append(appendOf(1, 3));
  expect(() => log.append(appendOf(5, 1), () => {})).toThrow('entry 5 to append, but the log ends at 3');
  expect(() => log.append(writeOf({ entries: [entryAt(4), entryAt(6)] }), () => {})).toThrow(
    'entry 6 in the place of 5',
  );
});
