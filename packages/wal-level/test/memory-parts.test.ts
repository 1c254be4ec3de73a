import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { memoryBytes } from '../src/entry-run.js';
import { ReadCache } from '../src/read-cache.js';
import { Tail } from '../src/tail.js';
import { TermTable } from '../src/term-table.js';
import { WriteQueue } from '../src/write-queue.js';
import { entriesFrom, entryAt } from './memory-log.js';

const ENTRY_BYTES = memoryBytes(entryAt(1));

describe('the tail', () => {
  test('holds the newest entries that fit', () => {
    const tail = new Tail(10 * ENTRY_BYTES);
    for (const entry of entriesFrom(1, 5000)) tail.append(entry);
    expect([tail.firstIndex, tail.length, tail.bytes]).toEqual([4991, 10, 10 * ENTRY_BYTES]);
    expect(tail.slice(4991, 5001, 1 << 20).map(({ index }) => index)).toEqual([
      4991, 4992, 4993, 4994, 4995, 4996, 4997, 4998, 4999, 5000,
    ]);
  });

  test('keeps an entry that is larger than the bound, alone', () => {
    const tail = new Tail(100);
    for (const entry of entriesFrom(1, 3, 1, 4000)) tail.append(entry);
    expect([tail.firstIndex, tail.length]).toEqual([3, 1]);
  });

  test('forgets both ends and goes on', () => {
    const tail = new Tail(1 << 20);
    for (const entry of entriesFrom(1, 10)) tail.append(entry);
    tail.dropThrough(3);
    tail.truncateFrom(8);
    expect([tail.firstIndex, tail.length]).toEqual([4, 4]);
    tail.append(entryAt(8, 2));
    expect(tail.slice(7, 9, 1 << 20).map(({ term }) => term)).toEqual([1, 2]);
    tail.truncateFrom(1);
    expect([tail.firstIndex, tail.bytes]).toEqual([Number.POSITIVE_INFINITY, 0]);
    tail.append(entryAt(100));
    expect(tail.firstIndex).toBe(100);
  });

  test('cuts by size, with at least one entry', () => {
    const tail = new Tail(1 << 20);
    for (const entry of entriesFrom(1, 10, 1, 1000)) tail.append(entry);
    expect(tail.slice(1, 11, 0).length).toBe(1);
    expect(tail.slice(1, 11, 2500).length).toBe(2);
    expect(tail.slice(4, 6, 1 << 20).length).toBe(2);
  });
});

test('the term table answers as a plain list does, through appends, truncations and drops', () => {
  const step = fc.record({
    back: fc.nat(8),
    count: fc.integer({ min: 1, max: 6 }),
    newTerm: fc.boolean(),
    drop: fc.nat(6),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      const table = new TermTable();
      const model = new Map<number, number>();
      let [first, last, term] = [1, 0, 1];
      for (const { back, count, newTerm, drop } of steps) {
        const from = Math.max(first, last + 1 - (newTerm ? back : 0));
        if (newTerm) term += 1;
        table.truncateFrom(from);
        for (let index = from; index <= last; index++) model.delete(index);
        for (let index = from; index < from + count; index++) {
          table.append(index, term);
          model.set(index, term);
        }
        last = from + count - 1;
        const through = Math.min(last, first - 1 + drop);
        table.dropThrough(through);
        first = through + 1;
        for (let index = first; index <= last; index++) expect(table.at(index)).toBe(model.get(index));
      }
      expect(table.ranges).toBeLessThanOrEqual(steps.length);
    }),
  );
});

describe('the read cache', () => {
  test('gives a run back from any index in it, cut where it ends', () => {
    const cache = new ReadCache(1 << 20);
    cache.add(entriesFrom(10, 5));
    expect(cache.slice(12, 20, 1 << 20).map(({ index }) => index)).toEqual([12, 13, 14]);
    expect(cache.slice(9, 20, 1 << 20)).toEqual([]);
    expect(cache.has(14) && !cache.has(15)).toBe(true);
  });

  test('makes room by what was not used for longest, and never drops the newest run', () => {
    const cache = new ReadCache(25 * ENTRY_BYTES);
    cache.add(entriesFrom(10, 10));
    cache.add(entriesFrom(30, 10));
    cache.slice(10, 11, 1);
    cache.add(entriesFrom(50, 10));
    expect([cache.has(10), cache.has(30), cache.has(50)]).toEqual([true, false, true]);
    cache.add(entriesFrom(100, 60));
    expect([cache.has(10), cache.has(50), cache.has(100)]).toEqual([false, false, true]);
  });

  test('forgets runs that reach a truncation and runs that a compaction passed', () => {
    const cache = new ReadCache(1 << 20);
    for (const first of [10, 20, 30]) cache.add(entriesFrom(first, 10));
    cache.truncateFrom(35);
    cache.dropThrough(19);
    expect([cache.has(10), cache.has(20), cache.has(30)]).toEqual([false, true, false]);
    cache.dropThrough(28);
    expect(cache.has(29)).toBe(true);
  });
});

test('a queue gives batches up to its size, in order, and a larger write alone', () => {
  const queue = new WriteQueue(100);
  const push = (bytes: number, needsSync = true) =>
    queue.push({ work: { kind: 'flush' }, needsSync, bytes, queuedAtMs: bytes, done: () => {} });
  for (const bytes of [0, 60, 30, 20, 500, 1]) push(bytes, bytes !== 0);
  expect(queue.oldestSyncAtMs()).toBe(60);
  const taken: number[][] = [];
  while (queue.length > 0) taken.push(queue.take().map(({ bytes }) => bytes));
  expect(taken).toEqual([[0, 60, 30], [20], [500], [1]]);
  expect([queue.bytes, queue.take().length, queue.oldestSyncAtMs()]).toEqual([0, 0, null]);
});
