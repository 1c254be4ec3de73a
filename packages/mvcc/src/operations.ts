/**
 * The three plain operations, on a state that may be in the middle of a transaction: they see its earlier changes, and
 * make theirs without ending the revision. Requests are checked and cannot be refused here; only a range can, for its
 * revision, which a transaction has checked beforehand.
 */
import { endOf, keyOf } from './key-bytes.js';
import { KeyCursor } from './key-cursor.js';
import type { KeyEntry } from './key-entry.js';
import type { KeyValue } from './key-value.js';
import type { KvState } from './kv-state.js';
import { stepKeys, type Steps } from './long-change.js';
import type { Outcome, Refusal } from './outcome.js';
import { RangeCursor } from './range-cursor.js';
import type { DeleteRangeRequest, PutRequest, RangeRequest } from './request.js';
import type { DeleteRangeResponse } from './response.js';
import { type Candidate, readRevision, select } from './selection.js';
import { keyValueOf, valueBytesOf } from './version-record.js';

const stepBytes = 4 * 1024 * 1024;

export interface RangeFound {
  readonly kvs: KeyValue[];
  readonly more: boolean;
  readonly count: number;
}

export function runRange(state: KvState, request: RangeRequest): RangeFound | Refusal {
  const revision = readRevision(state, request.revision);
  if (typeof revision !== 'number') return revision;
  const { candidates, count, more } = select(state, request, revision);
  const kvs = new Array<KeyValue>(candidates.length);
  for (let i = 0; i < kvs.length; i++) kvs[i] = (candidates[i] as Candidate).keyValue(state, request.keysOnly);
  return { kvs, more, count };
}

/** The same in steps, of a range that is not a single key. */
export function* readKeys(state: KvState, request: RangeRequest): Steps<RangeFound> {
  const revision = request.revision > 0 ? request.revision : state.visibleRevision;
  const cursor = new RangeCursor(state, request, revision, () => {});
  const kvs: KeyValue[] = [];
  try {
    while (!cursor.prepare(stepKeys)) yield;
    for (let piece = cursor.next(stepKeys, stepBytes); piece.length > 0; piece = cursor.next(stepKeys, stepBytes)) {
      for (const kv of piece) kvs.push(kv);
      yield;
    }
    return { kvs, more: cursor.more, count: cursor.count };
  } finally {
    cursor.close();
  }
}

export function lacksLease(state: KvState, request: PutRequest): boolean {
  return request.lease !== 0n && state.leases.get(request.lease) === undefined;
}

/** The put keeps something of a version before, and there is none. */
export function lacksPrevious(state: KvState, request: PutRequest): boolean {
  return (request.ignoreValue || request.ignoreLease) && liveEntry(state, request.key) === undefined;
}

/** Returns the version before, where the request asks for it. */
export function runPut(state: KvState, request: PutRequest): KeyValue | undefined {
  let value = request.value;
  let lease = request.lease === 0n ? null : (state.leases.get(request.lease) ?? null);
  let prevKv: KeyValue | undefined;
  if (request.prevKv || request.ignoreValue || request.ignoreLease) {
    const entry = liveEntry(state, request.key);
    if (entry !== undefined) {
      if (request.ignoreLease) lease = entry.lease;
      if (request.ignoreValue || request.prevKv) {
        const record = state.reader.copy(entry, entry.newest);
        if (request.ignoreValue) value = valueBytesOf(record);
        if (request.prevKv) prevKv = keyValueOf(record, false);
      }
    }
  }
  state.put(request.key, value, lease);
  return prevKv;
}

export interface Deleted {
  readonly deleted: number;
  readonly prevKvs: KeyValue[];
}

/** Of a single key. */
export function deleteKey(state: KvState, request: DeleteRangeRequest): Deleted {
  const prevKvs: KeyValue[] = [];
  const entry = liveEntry(state, request.key);
  if (entry === undefined) return { deleted: 0, prevKvs };
  if (request.prevKv) prevKvs.push(keyValueOf(state.reader.copy(entry, entry.newest), false));
  state.delete(keyOf(request.key), entry);
  return { deleted: 1, prevKvs };
}

/** Of a range that is not a single key. */
export function* deleteKeys(state: KvState, request: DeleteRangeRequest): Steps<Deleted> {
  const prevKvs: KeyValue[] = [];
  let deleted = 0;
  let visited = 0;
  // Good for all steps: deletions neither add keys to the index nor take any out.
  const cursor = new KeyCursor(state.index, keyOf(request.key), endOf(request.rangeEnd));
  for (let entry = cursor.next(); entry !== null; entry = cursor.next()) {
    // Before the first key too: many short ranges in one transaction are as long as one.
    if (visited++ % stepKeys === 0) yield;
    if (!entry.live) continue;
    if (request.prevKv) prevKvs.push(keyValueOf(state.reader.copy(entry, entry.newest), false));
    state.delete(cursor.key, entry);
    deleted++;
  }
  return { deleted, prevKvs };
}

/** The whole request, of a range that is not a single key. */
export function* deleteRangeInSteps(state: KvState, request: DeleteRangeRequest): Steps<Outcome<DeleteRangeResponse>> {
  return endDeletion(state, yield* deleteKeys(state, request));
}

/** Ends the revision that it makes. */
export function endDeletion(state: KvState, { deleted, prevKvs }: Deleted): Outcome<DeleteRangeResponse> {
  return { ok: true, header: undefined, revision: state.endRevision(), deleted, prevKvs };
}

function liveEntry(state: KvState, key: Uint8Array): KeyEntry | undefined {
  const entry = state.index.get(keyOf(key));
  return entry?.live === true ? entry : undefined;
}
