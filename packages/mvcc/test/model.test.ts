import { MemoryMedium, MemoryStore, StepQueue } from '@understudy/store/testing';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type KeyValue, Mvcc, type RecordsSum, type Watch } from '../src/index.js';
import { bytes, deleteOf, ok, opDelete, opPut, prefix, putOf, Recorder, rangeOf, text, watchOf } from './harness.js';
import { Model, type ModelChange } from './model.js';

const keys = ['a', 'b', 'ba', 'c', 'd\0', 'ÿ'];
const hostKey = bytes('applied');
const options = { compactionStepKeys: 2, maxPendingDeletes: 4, catchUpRecords: 3, openRecords: 5, cacheBytes: 900 };

type Command =
  | { readonly do: 'put'; readonly key: number; readonly value: number; readonly lease: boolean }
  | { readonly do: 'delete'; readonly key: number; readonly to: number | null }
  | { readonly do: 'txn'; readonly puts: readonly number[]; readonly deleted: number }
  | { readonly do: 'grant' | 'revoke' | 'endApply' | 'step' | 'flush' | 'crash' | 'refuse' | 'resume' | 'cancel' }
  | { readonly do: 'compact' | 'read' | 'storeSteps'; readonly back: number }
  | { readonly do: 'watch'; readonly key: number; readonly to: number | null; readonly back: number | null };

const key = fc.nat(keys.length - 1);
const to = fc.option(fc.nat(keys.length), { nil: null });
const small = fc.nat(12);
const command: fc.Arbitrary<Command> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ do: fc.constant('put' as const), key, value: small, lease: fc.boolean() }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('delete' as const), key, to }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('txn' as const),
      puts: fc.uniqueArray(key, { minLength: 1, maxLength: 3 }),
      deleted: key,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('watch' as const), key, to, back: fc.option(small, { nil: null }) }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('read' as const), back: small }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('compact' as const), back: small }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('storeSteps' as const), back: small }) },
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constantFrom('grant', 'revoke', 'endApply', 'step', 'flush', 'refuse', 'resume', 'cancel'),
    }) as fc.Arbitrary<Command>,
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('crash' as const) }) },
);

interface Observed {
  readonly watch: Watch;
  readonly sink: Recorder;
  readonly from: string;
  readonly to: string | null;
  readonly first: number;
}

/** The real thing and the model, side by side, with a host that flushes and crashes. */
class Pair {
  private readonly queue = new StepQueue();
  private store: MemoryStore;
  private readonly medium = new MemoryMedium();
  private readonly saved: Model[] = [];
  private flushing = false;
  private observed: Observed[] = [];
  private mvcc!: Mvcc;
  private model = new Model();

  constructor() {
    this.store = new MemoryStore({ medium: this.medium, dispatch: this.queue.dispatch });
    this.reopen(null);
  }

  run(command: Command): void {
    switch (command.do) {
      case 'put': {
        const lease = command.lease && this.model.leases.has(7n) ? 7n : 0n;
        const { revision } = ok(this.mvcc.put(putOf(keyAt(command.key), `v${command.value}`, { lease })));
        this.model.put(keyAt(command.key), `v${command.value}`, lease);
        this.model.end();
        expect(revision).toBe(this.model.revision);
        return;
      }
      case 'delete': {
        const end = endAt(command.to);
        const { deleted, revision } = ok(this.mvcc.deleteRange(deleteOf(keyAt(command.key), end ?? '')));
        expect(deleted).toBe(this.model.delete(keyAt(command.key), end));
        this.model.end();
        expect(revision).toBe(this.model.revision);
        return;
      }
      case 'txn': {
        const deletes = command.puts.includes(command.deleted) ? [] : [command.deleted];
        const success = [
          ...command.puts.map((at) => opPut(keyAt(at), 'txn')),
          ...deletes.map((at) => opDelete(keyAt(at))),
        ];
        ok(this.mvcc.txn({ compare: [], success, failure: [] }));
        for (const at of command.puts) this.model.put(keyAt(at), 'txn', 0n);
        for (const at of deletes) this.model.delete(keyAt(at), null);
        this.model.end();
        return;
      }
      case 'grant':
        expect(this.mvcc.leaseGrant(7n, 60).ok).toBe(!this.model.leases.has(7n));
        this.model.leases.set(7n, 60);
        return;
      case 'revoke':
        expect(this.mvcc.leaseRevoke(7n).ok).toBe(this.model.leases.has(7n));
        this.model.revoke(7n);
        this.model.end();
        return;
      case 'compact': {
        const revision = this.model.revision - command.back;
        const done = this.mvcc.compact(revision).ok;
        expect(done).toBe(revision > this.model.compacted);
        if (done) this.model.compacted = revision;
        return;
      }
      case 'read':
        this.readAt(this.model.revision - command.back);
        return;
      case 'endApply':
        this.mvcc.endApply();
        return;
      case 'step':
        this.mvcc.step();
        return;
      case 'storeSteps':
        for (let i = 0; i < command.back; i++) this.queue.step();
        return;
      case 'flush':
        this.flush();
        return;
      case 'crash':
        this.crash();
        return;
      case 'watch':
        this.watch(keyAt(command.key), endAt(command.to), command.back);
        return;
      case 'refuse':
        for (const { sink } of this.observed.slice(0, 2)) sink.accepting = false;
        return;
      case 'resume':
        this.acceptAll();
        return;
      case 'cancel':
        this.observed.shift()?.watch.cancel();
    }
  }

  /** Lets everything finish, then looks at everything. */
  settle(): void {
    this.acceptAll();
    for (let i = 0; i < 10_000; i++) {
      const more = this.mvcc.step();
      const stepped = this.queue.step();
      if (!more && !stepped) {
        if (!this.mvcc.stats().compacting) break;
        this.flush();
      }
    }
    expect(this.mvcc.stats()).toMatchObject({ compacting: false, watchesBehind: 0, watchesBlocked: 0 });
    for (const observed of this.observed) this.judge(observed, true);
    for (let revision = 0; revision <= this.model.revision + 1; revision++) this.readAt(revision);
  }

  /** A second member that applied the same and compacted the same has the same hash. */
  hashes(): unknown[] {
    return [this.mvcc.hashKv(0), this.mvcc.hashKv(Math.max(1, this.model.revision - 2))];
  }

  restart(): void {
    this.flush();
    this.queue.drain();
    this.crash();
  }

  private readAt(revision: number): void {
    const outcome = this.mvcc.range(rangeOf('\0', '\0', { revision }));
    const count = this.mvcc.range(rangeOf('\0', '\0', { revision, countOnly: true }));
    if (revision > this.model.revision) {
      expect(outcome).toEqual({ ok: false, reason: 'future-revision' });
      return;
    }
    if (revision > 0 && revision < this.model.compacted) {
      expect(outcome).toEqual({ ok: false, reason: 'compacted' });
      return;
    }
    const expected = this.model.range('', '\u0100', revision > 0 ? revision : this.model.revision);
    expect(ok(outcome).kvs.map(plain)).toEqual(expected.map(plainModel));
    expect(ok(count).count).toBe(expected.length);
  }

  private watch(from: string, end: string | null, back: number | null): void {
    if (end !== null && end <= from) return;
    const startRevision = back === null ? 0 : Math.max(1, this.model.revision - back + 3);
    const sink = new Recorder();
    const { watch } = ok(this.mvcc.watch(watchOf(from, end ?? '', { startRevision }), sink));
    const first = startRevision === 0 ? this.model.revision + 1 : startRevision;
    this.observed.push({ watch, sink, from, to: end, first });
  }

  /** What was told is the beginning of what happened: in order, once, without gaps, no revision split. */
  private judge({ sink, from, to: end, first, watch }: Observed, complete: boolean): void {
    const expected = this.model.told(from, end, first).map(plainModel);
    const told = sink.all.map((event) => ({ ...plain(event.kv), deletion: event.type === 1 }));
    expect(told).toEqual(expected.slice(0, told.length));
    let last = 0;
    for (const { events, revision } of sink.batches) {
      expect(events[0]?.kv.modRevision).toBeGreaterThan(last);
      expect(events.at(-1)?.kv.modRevision).toBeLessThanOrEqual(revision);
      last = revision;
    }
    if (sink.compactedAt !== null) {
      expect(watch.active).toBe(false);
      const next = expected[told.length]?.modRevision ?? this.model.revision + 1;
      expect(Math.max(first, last + 1)).toBeLessThan(sink.compactedAt);
      expect(next).toBeGreaterThan(last);
    } else if (complete) {
      expect(told).toEqual(expected);
      expect(watch.progress()).toBe(this.model.revision);
    }
  }

  private acceptAll(): void {
    for (const { sink, watch } of this.observed) {
      sink.accepting = true;
      watch.resume();
    }
  }

  private flush(): void {
    if (this.flushing) return;
    this.flushing = true;
    const { writes, sum } = this.mvcc.collectFlush();
    this.saved.push(this.model.clone());
    const value = bytes(JSON.stringify({ sum, saved: this.saved.length - 1 }));
    this.store.batch([...writes, { type: 'put', key: hostKey, value }], { sync: true }, () => {
      this.flushing = false;
      this.mvcc.flushed();
    });
  }

  private crash(): void {
    for (const observed of this.observed) this.judge(observed, false);
    this.observed = [];
    this.flushing = false;
    this.queue.clear();
    this.medium.crash();
    this.store = new MemoryStore({ medium: this.medium, dispatch: this.queue.dispatch });
    const applied = this.store.getSync(hostKey);
    const { sum, saved } = applied === undefined ? { sum: null, saved: -1 } : JSON.parse(text(applied));
    this.model = this.saved[saved]?.clone() ?? new Model();
    this.reopen(sum);
  }

  private reopen(expectedSum: RecordsSum | null): void {
    let opened: Mvcc | null = null;
    Mvcc.open({ store: this.store, prefix, expectedSum }, options, (error, outcome) => {
      expect(error).toBeNull();
      expect(outcome).toMatchObject({ ok: true });
      if (outcome?.ok) opened = outcome.mvcc;
    });
    this.queue.drain();
    if (opened === null) throw new Error('not opened');
    this.mvcc = opened;
    expect(this.mvcc.revision).toBe(this.model.revision);
    expect(this.mvcc.compactedRevision).toBe(this.model.compacted);
    expect(this.mvcc.leaseIds()).toEqual([...this.model.leases.keys()]);
  }
}

const keyAt = (at: number): string => keys[at] as string;
const endAt = (at: number | null): string | null => (at === null ? null : (keys[at] ?? 'ÿÿ'));

function plain(kv: KeyValue): object {
  return {
    key: text(kv.key),
    value: text(kv.value),
    createRevision: kv.createRevision,
    modRevision: kv.modRevision,
    version: kv.version,
    lease: kv.lease,
    deletion: kv.version === 0,
  };
}

function plainModel(change: ModelChange): { readonly modRevision: number } {
  const { key: name, value, create: createRevision, main: modRevision, version, lease, deletion } = change;
  return { key: name, value, createRevision, modRevision, version, lease, deletion } as {
    readonly modRevision: number;
  };
}

test('whatever is written, compacted, flushed, lost, read and watched, it is what the model says', () => {
  fc.assert(
    fc.property(fc.array(command, { minLength: 1, maxLength: 120, size: 'max' }), (commands) => {
      const pair = new Pair();
      for (const one of commands) pair.run(one);
      pair.settle();
      pair.restart();
      pair.settle();
    }),
    { numRuns: 600 },
  );
});

test('the hash of the live history does not depend on flushes, restarts or how far scrubbing is', () => {
  fc.assert(
    fc.property(fc.array(command, { minLength: 1, maxLength: 60, size: 'max' }), (commands) => {
      const applied = commands.filter((one) => ['put', 'delete', 'txn', 'grant', 'revoke', 'compact'].includes(one.do));
      const busy = new Pair();
      const idle = new Pair();
      for (const one of applied) {
        busy.run(one);
        busy.run({ do: 'step' });
        idle.run(one);
      }
      busy.settle();
      busy.restart();
      expect(busy.hashes()).toEqual(idle.hashes());
    }),
    { numRuns: 200 },
  );
});
