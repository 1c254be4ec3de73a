/**
 * Which versions a range request means, and in what order, without reading more than that takes: the index knows
 * revisions and versions of every current key, so only values, and the older versions of keys, cost a read.
 */
import { bytesOf, endOf, keyOf } from './key-bytes.js';
import { KeyCursor } from './key-cursor.js';
import type { KeyEntry } from './key-entry.js';
import type { KeyValue } from './key-value.js';
import type { KvState } from './kv-state.js';
import type { Refusal } from './outcome.js';
import { type RangeRequest, SortOrder, SortTarget } from './request.js';
import { createRevisionOf, keyValueOf, valueBytesOf, versionOf } from './version-record.js';

const noBytes = new Uint8Array(0);

/** A version that a range found. */
export class Candidate {
  constructor(
    readonly key: string,
    readonly entry: KeyEntry,
    readonly position: number,
  ) {}

  get modRevision(): number {
    return this.entry.mainAt(this.position);
  }

  createRevision(state: KvState): number {
    if (this.entry.isNewest(this.position)) return this.entry.createRevision;
    return createRevisionOf(state.reader.peek(this.entry, this.position));
  }

  version(state: KvState): number {
    if (this.entry.isNewest(this.position)) return this.entry.version;
    return versionOf(state.reader.peek(this.entry, this.position));
  }

  value(state: KvState): Uint8Array {
    return valueBytesOf(state.reader.copy(this.entry, this.position));
  }

  keyValue(state: KvState, keysOnly: boolean): KeyValue {
    const { entry, position } = this;
    if (keysOnly && entry.isNewest(position)) return keyOnly(this.key, entry);
    return keyValueOf(state.reader.copy(entry, position), keysOnly);
  }
}

/** The current version of a live key, without its value. */
function keyOnly(key: string, entry: KeyEntry): KeyValue {
  return {
    key: bytesOf(key),
    createRevision: entry.createRevision,
    modRevision: entry.main,
    version: entry.version,
    value: noBytes,
    lease: entry.lease === null ? 0n : entry.lease.id,
  };
}

/** The revision that a request reads, or why it cannot. */
export function readRevision(state: KvState, requested: number): number | Refusal {
  const visible = state.visibleRevision;
  if (requested > visible) return { ok: false, reason: 'future-revision' };
  const revision = requested > 0 ? requested : visible;
  return revision < state.compacted ? { ok: false, reason: 'compacted' } : revision;
}

/** Keys in a range that is not a single key. */
export function countKeys(state: KvState, from: string, to: string, revision: number): number {
  if (from >= to) return 0;
  if (state.isIndexedAt(revision)) return state.index.liveBefore(to) - state.index.liveBefore(from);
  const cursor = new KeyCursor(state.index, from, to);
  let count = 0;
  for (let entry = cursor.next(); entry !== null; entry = cursor.next()) {
    const position = entry.positionAt(revision);
    if (position >= 0 && entry.liveAt(position)) count++;
  }
  return count;
}

/** The first `limit` keys of [from, to) at `revision`, in key order. */
export function firstKeys(state: KvState, from: string, to: string, revision: number, limit: number): Candidate[] {
  const found: Candidate[] = [];
  const cursor = new KeyCursor(state.index, from, to);
  for (let entry = cursor.next(); entry !== null && found.length < limit; entry = cursor.next()) {
    const position = entry.positionAt(revision);
    if (position >= 0 && entry.liveAt(position)) found.push(new Candidate(cursor.key, entry, position));
  }
  return found;
}

/** The version of a single key at `revision`, as a list of at most one. */
export function singleKey(state: KvState, key: string, revision: number): Candidate[] {
  const entry = state.index.get(key);
  if (entry === undefined) return [];
  const position = entry.positionAt(revision);
  return position >= 0 && entry.liveAt(position) ? [new Candidate(key, entry, position)] : [];
}

export interface Selection {
  /** Keys in the range at the revision. */
  readonly count: number;
  readonly more: boolean;
  readonly candidates: Candidate[];
}

/** A range that wants its keys in their own order, and all of them up to a limit: it can be read piece by piece. */
export function isPlain(request: RangeRequest): boolean {
  if (request.rangeEnd.length === 0 || request.countOnly || isBounded(request)) return false;
  return isOfKeyOrder(request);
}

function isOfKeyOrder({ sortTarget, sortOrder }: RangeRequest): boolean {
  return sortTarget === SortTarget.key && sortOrder !== SortOrder.descend;
}

/** Carries out all of a range request but the reading of the results. */
export function select(state: KvState, request: RangeRequest, revision: number): Selection {
  const from = keyOf(request.key);
  if (request.rangeEnd.length === 0) {
    const found = singleKey(state, from, revision);
    return limited(found.length, request.countOnly ? [] : refine(state, request, found), request);
  }
  const to = endOf(request.rangeEnd);
  const count = countKeys(state, from, to, revision);
  if (request.countOnly || count === 0) return { count, more: false, candidates: [] };
  if (request.limit > 0 && isLastKeys(request) && state.isIndexedAt(revision)) {
    return lastKeys(state, from, to, revision, count, request.limit);
  }
  // As etcd: without an explicit order or a bound only one key more than the limit is fetched, and what is fetched is
  // sorted, even where the sort target is not the key.
  return limited(count, refine(state, request, firstKeys(state, from, to, revision, walkLimit(request))), request);
}

function limited(count: number, candidates: Candidate[], request: RangeRequest): Selection {
  const more = request.limit > 0 && candidates.length > request.limit;
  return { count, more, candidates: more ? candidates.slice(0, request.limit) : candidates };
}

/** A range whose order or bounds need every key of it looked at. */
export function needsWalk(state: KvState, request: RangeRequest, revision: number): boolean {
  if (request.rangeEnd.length === 0) return false;
  if (request.countOnly) return !state.isIndexedAt(revision);
  return !(request.limit > 0 && isLastKeys(request) && state.isIndexedAt(revision));
}

function isLastKeys(request: RangeRequest): boolean {
  return request.sortOrder === SortOrder.descend && request.sortTarget === SortTarget.key && !isBounded(request);
}

/** The last keys of a range, largest first, by rank: what a walk would find at the very end. */
function lastKeys(state: KvState, from: string, to: string, revision: number, count: number, limit: number): Selection {
  const more = count > limit;
  const start = more ? state.index.liveKeyAt(state.index.liveBefore(from) + count - limit) : from;
  return { count, more, candidates: firstKeys(state, start, to, revision, count).reverse() };
}

function isBounded(request: RangeRequest): boolean {
  return (
    request.minModRevision !== 0 ||
    request.maxModRevision !== 0 ||
    request.minCreateRevision !== 0 ||
    request.maxCreateRevision !== 0
  );
}

/** A version that a walk found, and what puts it in order: null where that is the key. */
export interface Ordered {
  readonly candidate: Candidate;
  readonly by: number | Uint8Array | null;
}

/** Of the walk's keys, those within the bounds. */
export function orderedOf(state: KvState, request: RangeRequest, found: readonly Candidate[]): Ordered[] {
  const { sortTarget } = request;
  const bounded = isBounded(request);
  const kept: Ordered[] = [];
  for (const candidate of found) {
    if (bounded && !isWithin(state, request, candidate)) continue;
    if (sortTarget === SortTarget.value) kept.push({ candidate, by: candidate.value(state) });
    else if (sortsByNumber(sortTarget)) kept.push({ candidate, by: sortNumber(state, candidate, sortTarget) });
    else kept.push({ candidate, by: null });
  }
  return kept;
}

/** Equal ones stay in key order, whatever the direction. */
export function orderOf(request: RangeRequest): (a: Ordered, b: Ordered) => number {
  const { sortTarget, sortOrder } = request;
  const sign = sortOrder === SortOrder.descend ? -1 : 1;
  if (sortTarget === SortTarget.value) {
    return (a, b) => sign * Buffer.compare(a.by as Uint8Array, b.by as Uint8Array);
  }
  if (sortsByNumber(sortTarget)) return (a, b) => sign * ((a.by as number) - (b.by as number));
  const reversed = sortOrder === SortOrder.descend && sortTarget === SortTarget.key;
  if (!reversed) return () => 0;
  return (a, b) => (a.candidate.key < b.candidate.key ? 1 : -1);
}

function sortsByNumber(sortTarget: number): boolean {
  return sortTarget > SortTarget.key && sortTarget < SortTarget.value;
}

/** How many keys of a walk are wanted: as etcd, one more than the limit where nothing else is asked for. */
export function walkLimit(request: RangeRequest): number {
  const cut = request.limit > 0 && request.sortOrder === SortOrder.none && !isBounded(request);
  return cut ? request.limit + 1 : Number.POSITIVE_INFINITY;
}

/** Applies the bounds, then the order. */
function refine(state: KvState, request: RangeRequest, found: Candidate[]): Candidate[] {
  if (isOfKeyOrder(request) && !isBounded(request)) return found;
  const ordered = orderedOf(state, request, found).sort(orderOf(request));
  return ordered.map(({ candidate }) => candidate);
}

function isWithin(state: KvState, request: RangeRequest, candidate: Candidate): boolean {
  const mod = candidate.modRevision;
  if (request.maxModRevision !== 0 && mod > request.maxModRevision) return false;
  if (request.minModRevision !== 0 && mod < request.minModRevision) return false;
  if (request.maxCreateRevision === 0 && request.minCreateRevision === 0) return true;
  const create = candidate.createRevision(state);
  if (request.maxCreateRevision !== 0 && create > request.maxCreateRevision) return false;
  return request.minCreateRevision === 0 || create >= request.minCreateRevision;
}

function sortNumber(state: KvState, candidate: Candidate, target: number): number {
  if (target === SortTarget.version) return candidate.version(state);
  if (target === SortTarget.create) return candidate.createRevision(state);
  return candidate.modRevision;
}
