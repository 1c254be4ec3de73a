import { describe, expect, test } from 'vitest';
import { LongChange, type Mvcc, SortOrder, SortTarget } from '../src/index.js';
import {
  bytes,
  compareOf,
  deleteOf,
  flush,
  fresh,
  ok,
  opDelete,
  open,
  opPut,
  opRange,
  opTxn,
  putOf,
  rangeOf,
  Recorder,
  watchOf,
} from './harness.js';

const KEYS = 7000;
const keyOf = (i: number): string => `k/${String(i).padStart(6, '0')}`;

/** Two states of the same calls: some keys older than others, some dead, a third of them on a lease. */
async function twins(): Promise<[Mvcc, Mvcc]> {
  const made: Mvcc[] = [];
  for (let twin = 0; twin < 2; twin++) {
    const { mvcc } = await fresh();
    ok(mvcc.leaseGrant(7n, 600));
    for (let i = 0; i < KEYS; i++) mvcc.put(putOf(keyOf(i), `v${i}`, { lease: i % 3 === 0 ? 7n : 0n }));
    for (let i = 0; i < KEYS; i += 10) mvcc.put(putOf(keyOf(i), `w${KEYS - i}`, { ignoreLease: true }));
    for (let i = 5; i < KEYS; i += 50) mvcc.deleteRange(deleteOf(keyOf(i)));
    mvcc.put(putOf('other', 'stays'));
    mvcc.endApply();
    made.push(mvcc);
  }
  return made as [Mvcc, Mvcc];
}

/** Carries it out, with a look at the state between any two steps. */
function finish<Result>(begun: Result | LongChange<Result>, between: () => void = () => {}): Result {
  if (!(begun instanceof LongChange)) throw new Error('it was short');
  let steps = 0;
  for (let done = begun.step(); ; done = begun.step()) {
    steps++;
    if (done === null) between();
    else {
      expect(steps).toBeGreaterThan(2);
      return done.result;
    }
  }
}

/** What the next flush would write, with the sum that goes with it. */
const unflushed = (mvcc: Mvcc): string => asText(mvcc.collectFlush());

/** For long answers, which are dear to compare part by part. */
function asText(value: object): string {
  return JSON.stringify(value, (_, part: unknown) => {
    if (part instanceof Uint8Array) return Buffer.from(part).toString('hex');
    return typeof part === 'bigint' ? `${part}n` : part;
  });
}

const whole = { compare: [compareOf('other', { target: 3, result: 0, value: bytes('stays') })], failure: [] };

describe('a change in steps does what it does at once', () => {
  test('a deletion, with the keys before it', async () => {
    const [long, short] = await twins();
    const told = [new Recorder(), new Recorder()] as const;
    ok(long.watch(watchOf('k', 'l', { prevKv: true }), told[0]));
    ok(short.watch(watchOf('k', 'l', { prevKv: true }), told[1]));
    const outcome = finish(long.startDeleteRange(deleteOf('k/', 'k0', true)), () => long.endApply());
    expect(asText(outcome)).toBe(asText(short.deleteRange(deleteOf('k/', 'k0', true))));
    long.endApply();
    short.endApply();
    expect(asText(told[0].batches)).toBe(asText(told[1].batches));
    expect(told[0].batches).toHaveLength(1);
    expect(long.stats()).toEqual(short.stats());
    expect(unflushed(long)).toBe(unflushed(short));
  });

  test('a transaction that reads and deletes, also in one within it, and sees its own changes', async () => {
    const [long, short] = await twins();
    const request = {
      ...whole,
      success: [
        opPut(keyOf(3), 'of the transaction'),
        opRange('k/', 'k0', { sortOrder: SortOrder.descend, sortTarget: SortTarget.value, limit: 100 }),
        opTxn([], [opRange('a', '\0', { keysOnly: true }), opDelete('k/0045', 'k/0046', true)]),
        opDelete(keyOf(5000), 'k/006'),
        opRange('k/', 'k0'),
        opRange('k/', 'k0', { countOnly: true }),
      ],
    };
    expect(asText(finish(long.startTxn(request)))).toBe(asText(short.txn(request)));
    expect(unflushed(long)).toBe(unflushed(short));
  });

  test('a transaction of deletions each of which is short', async () => {
    const [long, short] = await twins();
    const parts = ['0', '1', '2', '3', '4', '5', '6'];
    const success = parts.map((n) => opDelete(`k/00${n}`, `k/00${n}a`));
    let looks = 0;
    const outcome = finish(long.startTxn({ ...whole, success }), () => looks++);
    expect(asText(outcome)).toBe(asText(short.txn({ ...whole, success })));
    expect(looks).toBe(parts.length);
    expect(unflushed(long)).toBe(unflushed(short));
  });

  test('the end of a lease with many keys', async () => {
    const grow = (mvcc: Mvcc): void => {
      for (let i = KEYS - 1; i >= 0; i--) mvcc.put(putOf(keyOf(i), 'leased', { lease: 7n }));
    };
    const [long, short] = await twins();
    grow(long);
    grow(short);
    expect(finish(long.startLeaseRevoke(7n))).toEqual(short.leaseRevoke(7n));
    expect(long.lease(7n)).toBeUndefined();
    expect(unflushed(long)).toBe(unflushed(short));
  });

  test('short work is done at once, and what is refused is refused', async () => {
    const [mvcc] = await twins();
    expect(mvcc.startDeleteRange(deleteOf(keyOf(1)))).toMatchObject({ ok: true, deleted: 1 });
    expect(mvcc.startDeleteRange(deleteOf('', 'z'))).toEqual({ ok: false, reason: 'empty-key' });
    const pages = [opRange('k/', 'k0', { limit: 10 }), opRange('k/', 'k0', { limit: 10, sortOrder: 2 })];
    const page = { ...whole, success: [...pages, opRange('k/', 'k0', { countOnly: true }), opPut('page')] };
    expect(mvcc.startTxn(page)).toMatchObject({ ok: true, succeeded: true });
    expect(mvcc.startLeaseRevoke(8n)).toEqual({ ok: false, reason: 'lease-not-found' });
    const future = { ...whole, success: [opRange('k/', 'k0', { revision: 1e9 })] };
    expect(mvcc.startTxn(future)).toEqual({ ok: false, reason: 'future-revision' });
  });
});

function inPieces(mvcc: Mvcc): number[] {
  const { cursor } = ok(mvcc.openRange(rangeOf('k/', 'k0')));
  let read = 0;
  for (let piece = cursor.next(500, 1e9); piece.length > 0; piece = cursor.next(500, 1e9)) read += piece.length;
  cursor.close();
  return [read, cursor.count];
}

test('between two steps every reader sees the revision before the change', async () => {
  const [mvcc] = await twins();
  const reads = () => {
    const { revision } = mvcc;
    const cursor = ok(mvcc.openRange(rangeOf('k/', 'k0', { sortOrder: 2, sortTarget: 3, limit: 50 }))).cursor;
    const sorted = cursor.next(1000, 1e9);
    cursor.close();
    const { kvs, count } = ok(mvcc.range(rangeOf('k/', 'k0')));
    return {
      revision,
      count,
      kvs: kvs.length,
      sorted,
      pieces: inPieces(mvcc),
      counted: ok(mvcc.range(rangeOf('k/', 'k0', { countOnly: true }))).count,
      last: ok(mvcc.range(rangeOf('k/', 'k0', { limit: 3, sortOrder: 2, sortTarget: 0 }))),
      first: ok(mvcc.range(rangeOf(keyOf(0)))),
      hash: ok(mvcc.hashKv(0)),
      refused: mvcc.range(rangeOf('k/', 'k0', { revision: revision + 1 })),
    };
  };
  const before = reads();
  expect(before.counted).toBe(KEYS - KEYS / 50);
  let looks = 0;
  finish(mvcc.startDeleteRange(deleteOf('k/', 'k0')), () => {
    expect(reads()).toEqual(before);
    looks++;
  });
  expect(looks).toBeGreaterThan(2);
  expect(ok(mvcc.range(rangeOf('k/', 'k0', { countOnly: true }))).count).toBe(0);
});

test('nothing else is applied or flushed before the last step', async () => {
  const [mvcc] = await twins();
  const misuse = { code: 'misuse' };
  finish(mvcc.startDeleteRange(deleteOf('k/', 'k0')), () => {
    expect(() => mvcc.put(putOf('a'))).toThrow(expect.objectContaining(misuse));
    expect(() => mvcc.deleteRange(deleteOf('a'))).toThrow(expect.objectContaining(misuse));
    expect(() => mvcc.startDeleteRange(deleteOf('k/', 'k0'))).toThrow(expect.objectContaining(misuse));
    expect(() => mvcc.txn({ ...whole, success: [] })).toThrow(expect.objectContaining(misuse));
    expect(() => mvcc.leaseRevoke(7n)).toThrow(expect.objectContaining(misuse));
    expect(() => mvcc.compact(2)).toThrow(expect.objectContaining(misuse));
    expect(() => mvcc.collectFlush()).toThrow(expect.objectContaining(misuse));
  });
  expect(mvcc.put(putOf('a'))).toMatchObject({ ok: true });
});

test('compaction waits for the last step', async () => {
  const [mvcc] = await twins();
  ok(mvcc.compact(mvcc.revision));
  mvcc.step();
  const { records } = mvcc.stats();
  finish(mvcc.startDeleteRange(deleteOf('k/', 'k0')), () => {
    const now = mvcc.stats().records;
    mvcc.step();
    expect(mvcc.stats().records).toBe(now);
  });
  while (mvcc.step());
  expect(mvcc.stats().records).toBeLessThan(records + KEYS);
});

test('a flush in pieces writes what one at once does, whatever is applied in between', async () => {
  const [pieces, once] = await twins();
  const walk = pieces.beginFlush();
  const writes: object[] = [];
  for (let piece = walk.next(100); piece.length > 0; piece = walk.next(100)) {
    expect(piece.length).toBeLessThan(110);
    for (const write of piece) writes.push(write);
    pieces.put(putOf('later', String(writes.length)));
  }
  const { writes: expected, sum, revision } = once.collectFlush();
  expect(asText(writes)).toBe(asText(expected));
  expect({ sum: walk.sum, revision: walk.revision }).toEqual({ sum, revision });
  let released = 1;
  while (!pieces.flushed(1000)) released++;
  expect(released).toBeGreaterThan(5);
  expect(pieces.flushedRevision).toBe(revision);
});

test('what a flush in pieces wrote opens again', async () => {
  const { mvcc, store } = await fresh();
  for (let i = 0; i < KEYS; i++) mvcc.put(putOf(keyOf(i), `v${i}`));
  finish(mvcc.startDeleteRange(deleteOf(keyOf(10), 'k0')));
  const sum = await flush(mvcc, store);
  const opened = await open(store, sum);
  expect(ok(opened.range(rangeOf('a', '\0'))).kvs).toHaveLength(10);
  expect(ok(opened.hashKv(0))).toEqual(ok(mvcc.hashKv(0)));
});
