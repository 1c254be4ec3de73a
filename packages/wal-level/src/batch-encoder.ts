/**
 * Turns a plan into one batch of store writes. Keys and records of a batch are laid out in one reused piece of memory,
 * of which the writes are views: the store copies them before its `batch` returns.
 */
import type { StoreWrite } from '@understudy/store';
import type { BatchPlan } from './batch-plan.js';
import { CHAIN_START, chainAfterSnapshot, RollingChain } from './chain.js';
import { ENTRY_KEY_BYTES, entryKey, INSTALL_KEY, SNAPSHOT_KEY, STATE_KEY, writeEntryKey } from './keys.js';
import { encodeState, type LogPoint, type LogState } from './log-state.js';
import { ENTRY_HEADER_BYTES, writeEntry } from './record.js';
import { encodeInstall, encodeSnapshot } from './snapshot-record.js';

/** Memory for larger batches is not kept. */
const MAX_KEPT_BYTES = 1024 * 1024;

export interface EncodedBatch {
  /** Valid until the next `encode`. */
  readonly writes: readonly StoreWrite[];
  /** The log once the batch is durable. */
  readonly state: LogState;
  readonly bytes: number;
}

export class BatchEncoder {
  #memory = new Uint8Array(64 * 1024);

  /** `pointAt` finds a durable entry's point; it is asked where the log is cut or compacted, not for appends. */
  encode(plan: BatchPlan, state: LogState, pointAt: (index: number) => LogPoint): EncodedBatch {
    const writes: StoreWrite[] = [];
    const anchor = plan.snapshot === null ? state.anchor : pointOf(plan.snapshot.index, plan.snapshot.term);
    const base = plan.snapshot === null ? state.last : anchor;
    const last = this.#writeEntries(plan, anchor, base, pointAt, writes);
    for (let index = last.index + 1; index <= state.last.index; index++) {
      writes.push({ type: 'del', key: entryKey(index) });
    }
    if (plan.snapshot !== null) writes.push({ type: 'put', key: SNAPSHOT_KEY, value: encodeSnapshot(plan.snapshot) });
    if (plan.install.kind === 'begin') {
      writes.push({ type: 'put', key: INSTALL_KEY, value: encodeInstall(plan.install.intent) });
    } else if (plan.install.kind === 'end') {
      writes.push({ type: 'del', key: INSTALL_KEY });
    }
    const next = nextState(plan, state, plan.compactThrough > 0 ? pointAt(plan.compactThrough) : anchor, last);
    const record = encodeState(next);
    writes.push({ type: 'put', key: STATE_KEY, value: record });
    return { writes, state: next, bytes: recordBytes(plan) + record.length };
  }

  #writeEntries(
    plan: BatchPlan,
    anchor: LogPoint,
    base: LogPoint,
    pointAt: (index: number) => LogPoint,
    writes: StoreWrite[],
  ): LogPoint {
    const first = plan.entries[0];
    if (first === undefined) return base;
    const before = first.index - 1;
    const previous = before === base.index ? base : before === anchor.index ? anchor : pointAt(before);
    const chain = new RollingChain(previous.chain);
    const memory = this.#reserve(recordBytes(plan));
    let at = 0;
    for (const entry of plan.entries) {
      const keyAt = at;
      writeEntryKey(memory, keyAt, entry.index);
      const valueAt = keyAt + ENTRY_KEY_BYTES;
      at = writeEntry(memory, valueAt, entry, chain);
      writes.push({ type: 'put', key: memory.subarray(keyAt, valueAt), value: memory.subarray(valueAt, at) });
    }
    const last = plan.entries[plan.entries.length - 1] ?? first;
    return { index: last.index, term: last.term, chain: chain.value() };
  }

  #reserve(bytes: number): Uint8Array {
    if (bytes <= this.#memory.length) return this.#memory;
    if (bytes > MAX_KEPT_BYTES) return new Uint8Array(bytes);
    this.#memory = new Uint8Array(Math.min(MAX_KEPT_BYTES, 2 * bytes));
    return this.#memory;
  }
}

function recordBytes(plan: BatchPlan): number {
  let bytes = 0;
  for (const { data } of plan.entries) bytes += ENTRY_KEY_BYTES + ENTRY_HEADER_BYTES + data.length;
  return bytes;
}

/** A log that begins at nothing has the chain's own start. */
function pointOf(index: number, term: number): LogPoint {
  return { index, term, chain: index === 0 ? CHAIN_START : chainAfterSnapshot(index, term) };
}

function nextState(plan: BatchPlan, state: LogState, anchor: LogPoint, last: LogPoint): LogState {
  const { term, vote, commit } = plan.hardState ?? state.hardState;
  return {
    counter: state.counter + 1,
    // A commit index beyond the log is true of the cluster, and not yet of this disk.
    hardState: { term, vote, commit: Math.min(commit, last.index) },
    anchor,
    last,
    snapshotIndex: plan.snapshot?.index ?? state.snapshotIndex,
    installIndex:
      plan.install.kind === 'none' ? state.installIndex : plan.install.kind === 'begin' ? plan.install.intent.index : 0,
    recovery: plan.recovery === undefined ? state.recovery : plan.recovery,
  };
}
