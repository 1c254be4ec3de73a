import { MemoryStore } from '@understudy/store/testing';
import { beforeEach, describe, expect, test } from 'vitest';
import type { Mvcc } from '../src/index.js';
import {
  deleteOf,
  drain,
  flush,
  fresh,
  ok,
  open,
  opDelete,
  opPut,
  prefix,
  putOf,
  Recorder,
  tell,
  text,
  watchOf,
} from './harness.js';

let mvcc: Mvcc;
let store: MemoryStore;

beforeEach(async () => {
  ({ mvcc, store } = await fresh({ catchUpRecords: 4 }));
});

function watch(...request: Parameters<typeof watchOf>) {
  const sink = new Recorder();
  return { sink, watch: ok(mvcc.watch(watchOf(...request), sink)).watch };
}

describe('from now on', () => {
  test('a key, a prefix and everything are told what concerns them, filtered as asked', () => {
    const key = watch('b').sink;
    const prefixed = watch('b', 'c').sink;
    const all = watch('', '\0').sink;
    const deletions = watch('a', 'z', { noPut: true }).sink;
    const puts = watch('a', 'z', { noDelete: true, prevKv: true }).sink;
    for (const name of ['a', 'b', 'ba', 'c']) mvcc.put(putOf(name, '1'));
    mvcc.deleteRange(deleteOf('b', 'c'));
    mvcc.put(putOf('b', '2'));
    mvcc.put(putOf('b', '3'));
    mvcc.endApply();
    expect(key.told).toEqual(['put b=1@3', 'del b@6', 'put b=2@7', 'put b=3@8']);
    expect(prefixed.told).toEqual(['put b=1@3', 'put ba=1@4', 'del b@6', 'del ba@6', 'put b=2@7', 'put b=3@8']);
    expect(all.told).toHaveLength(8);
    expect(deletions.told).toEqual(['del b@6', 'del ba@6']);
    expect(puts.told).toEqual(['put a=1@2', 'put b=1@3', 'put ba=1@4', 'put c=1@5', 'put b=2@7', 'put b=3@8 (was 2)']);
  });

  test('an event has what the wire has', () => {
    ok(mvcc.leaseGrant(3n, 10));
    const { sink } = watch('a', '', { prevKv: true });
    mvcc.put(putOf('a', 'x', { lease: 3n }));
    mvcc.deleteRange(deleteOf('a'));
    mvcc.endApply();
    const [put, deletion] = sink.all;
    expect(put).toMatchObject({ type: 0, prevKv: undefined });
    expect(put?.kv).toMatchObject({ createRevision: 2, modRevision: 2, version: 1, lease: 3n });
    expect(deletion?.type).toBe(1);
    expect(deletion?.kv).toMatchObject({ createRevision: 0, modRevision: 3, version: 0, lease: 0n });
    expect(deletion?.kv.value).toHaveLength(0);
    expect(deletion?.prevKv).toMatchObject({ createRevision: 2, modRevision: 2, version: 1, lease: 3n });
  });

  test('a key that is deleted and made again in one revision has nothing before it', () => {
    mvcc.put(putOf('a', '1'));
    const { sink } = watch('a', '', { prevKv: true });
    mvcc.txn({ compare: [], success: [opDelete('a', '\0'), opPut('a', '2')], failure: [] });
    mvcc.put(putOf('a', '3'));
    mvcc.endApply();
    expect(sink.told).toEqual(['del a@3 (was 1)', 'put a=2@3', 'put a=3@4 (was 2)']);
  });

  test('a run of requests is one batch, with each revision whole', () => {
    const { sink } = watch('a', 'z');
    mvcc.txn({ compare: [], success: [opPut('a'), opPut('b'), opDelete('x')], failure: [] });
    mvcc.put(putOf('c'));
    mvcc.endApply();
    mvcc.endApply();
    mvcc.put(putOf('d'));
    mvcc.endApply();
    expect(sink.batches.map(({ revision, events }) => [revision, events.length])).toEqual([
      [3, 3],
      [4, 1],
    ]);
  });

  test('a watch that is made between a change and the run’s end is not told of the change', () => {
    mvcc.put(putOf('a', '1'));
    const { sink } = watch('a');
    const first = watch('a', '', { startRevision: 2 }).sink;
    mvcc.put(putOf('a', '2'));
    mvcc.endApply();
    expect(sink.told).toEqual(['put a=2@3']);
    expect(first.told).toEqual(['put a=1@2', 'put a=2@3']);
  });

  test('a future revision is waited for', () => {
    const { sink, watch: handle } = watch('a', '', { startRevision: 4 });
    for (let i = 0; i < 5; i++) mvcc.put(putOf('a', String(i)));
    mvcc.endApply();
    expect(sink.told).toEqual(['put a=2@4', 'put a=3@5', 'put a=4@6']);
    expect(handle.progress()).toBe(6);
  });

  test('a cancelled watch is told nothing more, also when another one’s sink cancels it', () => {
    const second = watch('a');
    const first = new Recorder();
    first.events = () => {
      second.watch.cancel();
      return true;
    };
    const third = watch('a');
    mvcc.watch(watchOf('a'), first);
    third.watch.cancel();
    third.watch.cancel();
    third.watch.resume();
    mvcc.put(putOf('a'));
    mvcc.endApply();
    mvcc.put(putOf('a'));
    mvcc.endApply();
    expect(third.sink.told).toEqual([]);
    expect(second.sink.told.length).toBeLessThanOrEqual(1);
    expect(second.watch.active).toBe(false);
    expect(mvcc.stats().watches).toBe(1);
  });

  test('a range that ends before it begins is refused', () => {
    const refusal = { ok: false, reason: 'empty-watch-range' };
    expect(mvcc.watch(watchOf('b', 'a'), new Recorder())).toEqual(refusal);
    expect(mvcc.watch(watchOf('b', 'b'), new Recorder())).toEqual(refusal);
  });
});

describe('from the past', () => {
  const happened: string[] = [];
  beforeEach(async () => {
    const all = watch('', '\0').sink;
    for (let i = 0; i < 12; i++) mvcc.put(putOf(`k${i % 3}`, String(i)));
    mvcc.deleteRange(deleteOf('k', 'l'));
    await flush(mvcc, store);
    for (let i = 0; i < 12; i++) mvcc.put(putOf(`k${i % 3}`, String(i)));
    mvcc.endApply();
    happened.length = 0;
    for (const event of all.all) happened.push(tell(event));
  });

  test('history comes from the store and from memory, in pieces, whole revisions only', () => {
    const ranged = watch('k', 'l', { startRevision: 2 });
    const single = watch('k1', '', { startRevision: 2 });
    expect(ranged.watch.progress()).toBeNull();
    drain(mvcc);
    expect(ranged.sink.told).toEqual(happened);
    expect(single.sink.told).toEqual(happened.filter((one) => one.includes('k1')));
    expect(ranged.sink.batches.length).toBeGreaterThan(4);
    for (const { events } of ranged.sink.batches) {
      const deletions = events.filter((event) => event.type === 1).length;
      expect([0, 3]).toContain(deletions);
    }
    expect([ranged.watch.progress(), single.watch.progress()]).toEqual([26, 26]);
  });

  test('where flushes have cut history, no batch is cut', async () => {
    const { mvcc: roomy, store: medium } = await fresh();
    const told: number[][] = [];
    for (const flushed of [3, 8, 9]) {
      while (roomy.revision < flushed) roomy.put(putOf('a', String(roomy.revision)));
      await flush(roomy, medium);
      if (roomy.revision < 9) roomy.put(putOf('a', 'unflushed'));
      roomy.endApply();
      const sink = new Recorder();
      roomy.watch(watchOf('a', 'b', { startRevision: 2 }), sink);
      drain(roomy);
      told.push(...sink.batches.map(({ revision, events }) => [revision, events.length]));
    }
    expect(told).toEqual([
      [4, 3],
      [9, 8],
      [9, 8],
    ]);
  });

  test('a compaction while the store is read takes nothing out of the middle', async () => {
    const held: (() => void)[] = [];
    const later = new MemoryStore({ dispatch: (task) => held.push(task) });
    const run = (): void => {
      for (let task = held.shift(); task !== undefined; task = held.shift()) task();
    };
    const opened = open(later, null);
    while (held.length > 0) {
      run();
      await null;
    }
    const state = await opened;
    for (const value of ['1', '2', '3']) state.put(putOf('a', value));
    state.endApply();
    const written = flush(state, later);
    run();
    await written;
    for (const value of ['4', '5', '6']) state.put(putOf('a', value));
    state.endApply();
    const sink = new Recorder();
    state.watch(watchOf('a', 'b', { startRevision: 2 }), sink);
    state.step();
    ok(state.compact(7));
    drain(state);
    run();
    drain(state);
    expect(sink.told).toEqual(['put a=1@2', 'put a=2@3', 'put a=3@4']);
    expect(sink.compactedAt).toBe(7);
  });

  test('versions before are told from history too', () => {
    const { sink } = watch('k1', 'k2', { startRevision: 6, prevKv: true });
    drain(mvcc);
    expect(sink.told.slice(0, 4)).toEqual([
      'put k1=4@6 (was 1)',
      'put k1=7@9 (was 4)',
      'put k1=10@12 (was 7)',
      'del k1@14 (was 10)',
    ]);
  });

  test('who is far behind does not hold up who is nearly there', () => {
    const far = watch('k', 'l', { startRevision: 2 });
    const near = watch('k', 'l', { startRevision: 25 });
    mvcc.step();
    mvcc.step();
    expect(near.sink.told).toEqual(happened.slice(-2));
    expect(far.sink.told.length).toBeLessThan(happened.length);
    drain(mvcc);
    expect(far.sink.told).toEqual(happened);
  });

  test('a compaction ends those who need what it took, and nobody else', () => {
    const early = watch('k', 'l', { startRevision: 2 });
    const exact = watch('k', '', { startRevision: 15 });
    const late = watch('k', 'l', { startRevision: 16 });
    ok(mvcc.compact(16));
    drain(mvcc);
    expect([early.sink.compactedAt, early.watch.active, early.sink.told.length]).toEqual([16, false, 0]);
    expect(exact.sink.compactedAt).toBe(16);
    expect([late.sink.compactedAt, late.watch.active]).toEqual([null, true]);
    expect(late.sink.told).toEqual(happened.slice(-11));
    expect(mvcc.stats()).toMatchObject({ watches: 2, watchesBehind: 0 });
  });

  test('the version before is left out where it is compacted', () => {
    ok(mvcc.compact(20));
    const { sink } = watch('k', 'l', { startRevision: 20, prevKv: true });
    drain(mvcc);
    expect(sink.told[0]).toBe('put k2=5@20');
    expect(sink.told[1]).toMatch(/@21 \(was 3\)/);
  });
});

describe('a slow receiver', () => {
  test('gets the batch that it refused, and what came since, after it has resumed', async () => {
    const { sink, watch: handle } = watch('a', 'z');
    const other = watch('a', 'z');
    mvcc.put(putOf('a', '1'));
    mvcc.endApply();
    sink.accepting = false;
    mvcc.put(putOf('a', '2'));
    mvcc.endApply();
    await flush(mvcc, store);
    mvcc.put(putOf('b', '3'));
    mvcc.endApply();
    expect(mvcc.stats().watchesBlocked).toBe(1);
    expect(handle.progress()).toBeNull();
    sink.accepting = true;
    drain(mvcc);
    expect(sink.told).toEqual(['put a=1@2']);
    handle.resume();
    drain(mvcc);
    expect(sink.told).toEqual(['put a=1@2', 'put a=2@3', 'put b=3@4']);
    expect(other.sink.told).toEqual(sink.told);
    expect(handle.progress()).toBe(4);
  });

  test('is told that compaction was faster', () => {
    const { sink, watch: handle } = watch('a');
    sink.accepting = false;
    mvcc.put(putOf('a', '1'));
    mvcc.put(putOf('a', '2'));
    mvcc.put(putOf('a', '3'));
    mvcc.endApply();
    ok(mvcc.compact(4));
    drain(mvcc);
    expect(sink.compactedAt).toBeNull();
    handle.resume();
    drain(mvcc);
    expect([sink.compactedAt, handle.active]).toEqual([4, false]);
  });
});

test('watches go on in a state that was received as a snapshot', async () => {
  const { sink, watch: handle } = watch('a', 'z');
  const slow = watch('a');
  slow.sink.accepting = false;
  mvcc.put(putOf('a', '1'));
  mvcc.endApply();
  const ahead = await fresh();
  for (let i = 1; i < 6; i++) ahead.mvcc.put(putOf('a', String(i)));
  const sum = await flush(ahead.mvcc, ahead.store);
  const next = await open(new MemoryStore({ medium: ahead.medium.clone() }), sum);
  mvcc.moveWatchesTo(next);
  slow.sink.accepting = true;
  slow.watch.resume();
  drain(next);
  next.put(putOf('b', '9'));
  next.endApply();
  const told = [1, 2, 3, 4, 5].map((i) => `put a=${i}@${i + 1}`);
  expect(sink.told).toEqual([...told, 'put b=9@7']);
  expect(slow.sink.told).toEqual(told);
  expect(handle.progress()).toBe(7);
  expect([mvcc.stats().watches, next.stats().watches]).toEqual([0, 2]);
});

test('the host is called when there is work, once, and not while it works', async () => {
  let calls = 0;
  const state = await open(new MemoryStore(), null, { onWork: () => calls++, options: { catchUpRecords: 2 } });
  for (let i = 0; i < 10; i++) state.put(putOf('a', String(i)));
  state.endApply();
  expect(calls).toBe(0);
  const sink = new Recorder();
  state.watch(watchOf('a', '', { startRevision: 2 }), sink);
  state.watch(watchOf('a', 'b', { startRevision: 2 }), sink);
  expect(calls).toBe(1);
  drain(state);
  expect(calls).toBe(1);
  expect(sink.all).toHaveLength(20);
  state.compact(5);
  expect(calls).toBe(2);
});

test('history that the store has damaged is an error, never a gap', async () => {
  const failures: Error[] = [];
  for (const fault of ['lost', 'flipped'] as const) {
    const { mvcc: writer, medium, store: first } = await fresh();
    for (let i = 0; i < 4; i++) writer.put(putOf('a', text(new Uint8Array([65 + i]))));
    const sum = await flush(writer, first);
    first.close(() => {});
    const state = await open(new MemoryStore({ medium }), sum, { onFailure: (error) => failures.push(error) });
    const key = Buffer.from([prefix, 3, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0]);
    const record = Buffer.from(medium.get(key) as Uint8Array);
    record[record.length - 1] = 0;
    medium.damage(key, fault === 'lost' ? null : record);
    const sink = new Recorder();
    state.watch(watchOf('a', 'b', { startRevision: 2 }), sink);
    drain(state);
    expect(sink.told).toEqual([]);
  }
  expect(failures.map((error) => error.message)).toEqual([
    'history has a gap before version 4.0',
    'a version in the store is not what was written',
  ]);
});

test('a watch that is behind is told large values a bounded number of bytes at a time', async () => {
  const large = 'v'.repeat(1000);
  for (const range of ['', 'z']) {
    for (const flushed of [false, true]) {
      const { mvcc, store } = await fresh({ catchUpBytes: 5_000 });
      for (let i = 0; i < 40; i++) mvcc.put(putOf('a', large));
      if (flushed) await flush(mvcc, store);
      mvcc.endApply();
      const told = new Recorder();
      mvcc.watch(watchOf('a', range, { startRevision: 1 }), told);
      drain(mvcc);
      expect(told.all).toHaveLength(40);
      const longest = Math.max(...told.batches.map(({ events }) => events.length));
      // Flushed history of a range comes in the portions that the store reads.
      if (range === '' || !flushed) expect([range, flushed, longest]).toEqual([range, flushed, 5]);
    }
  }
});
