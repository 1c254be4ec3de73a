/**
 * The three plain operations, on a state that may be in the middle of a transaction: they see its earlier changes, and
 * make theirs without ending the revision. Requests are checked and cannot be refused here; only a range can, for its
 * revision, which a transaction has checked beforehand.
 */
import { endOf, keyOf } from './key-bytes.js';
import type { KeyEntry } from './key-entry.js';
import type { KeyValue } from './key-value.js';
import type { KvState } from './kv-state.js';
import type { Refusal } from './outcome.js';
import type { DeleteRangeRequest, PutRequest, RangeRequest } from './request.js';
import { type Candidate, firstKeys, readRevision, select, singleKey } from './selection.js';
import { keyValueOf, valueBytesOf } from './version-record.js';

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

export function runDeleteRange(state: KvState, request: DeleteRangeRequest): Deleted {
  const from = keyOf(request.key);
  const visible = state.visibleRevision;
  const found =
    request.rangeEnd.length === 0
      ? singleKey(state, from, visible)
      : firstKeys(state, from, endOf(request.rangeEnd), visible, Number.POSITIVE_INFINITY);
  const prevKvs: KeyValue[] = [];
  if (request.prevKv) for (const candidate of found) prevKvs.push(candidate.keyValue(state, false));
  for (const candidate of found) state.delete(candidate.key, candidate.entry);
  return { deleted: found.length, prevKvs };
}

function liveEntry(state: KvState, key: Uint8Array): KeyEntry | undefined {
  const entry = state.index.get(keyOf(key));
  return entry?.live === true ? entry : undefined;
}
