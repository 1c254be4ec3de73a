import type { LogWrite } from '@understudy/raft-node';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BatchPlan } from '../src/batch-plan.js';
import { appendOf, entriesFrom, hardStateOf, snapshotAt, writeOf } from './memory-log.js';

const terms = (plan: BatchPlan) => plan.entries.map(({ index, term }) => [index, term]);

test('writes that follow each other become one run', () => {
  const plan = new BatchPlan(0, 4);
  plan.write(appendOf(5, 2));
  plan.write(appendOf(7, 1));
  expect(terms(plan)).toEqual([
    [5, 1],
    [6, 1],
    [7, 1],
  ]);
});

test('a later write that overlaps replaces the earlier one from there on', () => {
  const plan = new BatchPlan(0, 4);
  plan.write(appendOf(5, 4, 1));
  plan.write(appendOf(6, 1, 2));
  expect(terms(plan)).toEqual([
    [5, 1],
    [6, 2],
  ]);
  plan.write(appendOf(3, 1, 3));
  expect(terms(plan)).toEqual([[3, 3]]);
  expect(plan.lastIndex).toBe(3);
});

test('a snapshot drops what was planned before it and ends the install', () => {
  const plan = new BatchPlan(0, 4);
  plan.beginInstall({ ...snapshotAt(9, 2), hash: 'x' });
  plan.write(appendOf(5, 3));
  plan.write(writeOf({ snapshot: snapshotAt(9, 2), entries: entriesFrom(10, 1, 2), hardState: hardStateOf(2, 0, 9) }));
  expect(terms(plan)).toEqual([[10, 2]]);
  expect(plan.snapshot?.index).toBe(9);
  expect(plan.install).toEqual({ kind: 'end' });
  expect(plan.hardState?.commit).toBe(9);
});

test('a gap, an entry at or below the beginning, and a compaction of what is not durable stop the process', () => {
  expect(() => new BatchPlan(0, 4).write(appendOf(6, 1))).toThrow('entry 6 to append, but the log ends at 4');
  expect(() => new BatchPlan(3, 4).write(appendOf(3, 1))).toThrow('entry 3 to append, but the log begins after 3');
  expect(() => new BatchPlan(3, 4).write(writeOf({ snapshot: snapshotAt(2, 1) }))).toThrow('snapshot at 2');
  const plan = new BatchPlan(0, 4);
  plan.write(appendOf(3, 2));
  expect(() => plan.compact(3)).toThrow('compaction at 3, but entries from 3 on are not durable yet');
  plan.compact(2);
  expect(() => plan.write(appendOf(2, 1))).toThrow('entry 2 to append, but the log begins after 2');
});

test('compaction keeps the highest index and ignores what is gone already', () => {
  const plan = new BatchPlan(3, 9);
  plan.compact(2);
  expect(plan.compactThrough).toBe(0);
  plan.compact(7);
  plan.compact(5);
  expect(plan.compactThrough).toBe(7);
});

test('a plan of many writes holds what the writes done one by one would leave', () => {
  const step = fc.record({ back: fc.nat(6), count: fc.integer({ min: 0, max: 5 }), restart: fc.nat(9) });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
      const plan = new BatchPlan(0, 10);
      let base = 10;
      let floor = 0;
      let model = new Map<number, number>();
      let last = 10;
      steps.forEach(({ back, count, restart }, i) => {
        const term = i + 1;
        let write: LogWrite;
        if (restart === 0) {
          floor = last + back;
          base = floor;
          last = floor;
          model = new Map();
          write = writeOf({ snapshot: snapshotAt(floor, term) });
        } else {
          const first = Math.max(floor + 1, last + 1 - back);
          write = appendOf(first, count, term);
          if (count > 0) {
            model = new Map([...model].filter(([index]) => index < first));
            for (const { index } of write.entries) model.set(index, term);
            if (model.size === count) base = first - 1;
            last = first + count - 1;
          }
        }
        plan.write(write);
      });
      expect(terms(plan)).toEqual([...model].sort(([a], [b]) => a - b));
      expect(plan.lastIndex).toBe(model.size > 0 ? last : base);
    }),
  );
});
