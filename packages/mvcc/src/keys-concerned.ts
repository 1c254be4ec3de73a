/**
 * How many keys an operation has to look at, told by the counts of the index without a walk: what decides whether it is
 * carried out in steps.
 */
import { endOf, keyOf } from './key-bytes.js';
import type { KvState } from './kv-state.js';
import { longKeys } from './long-change.js';
import type { RangeRequest } from './request.js';
import { isPlain, needsWalk } from './selection.js';
import type { Decision } from './txn.js';

/** Keys that exist in the span of a request: a descent of the index, not a walk. */
export function keysInSpan(state: KvState, { key, rangeEnd }: { key: Uint8Array; rangeEnd: Uint8Array }): number {
  if (rangeEnd.length === 0) return 1;
  return Math.max(0, state.index.liveBefore(endOf(rangeEnd)) - state.index.liveBefore(keyOf(key)));
}

/** The branch that is taken reads or deletes very many keys. */
export function isLongDecision(state: KvState, decision: Decision): boolean {
  return keysOfDecision(state, decision) > longKeys;
}

function keysOfDecision(state: KvState, { ops, nested }: Decision): number {
  let keys = 0;
  for (const { requestDeleteRange, requestRange } of ops) {
    if (requestDeleteRange !== undefined) keys += keysInSpan(state, requestDeleteRange);
    else if (requestRange !== undefined) keys += keysRead(state, requestRange);
  }
  for (const inner of nested) keys += keysOfDecision(state, inner);
  return keys;
}

/** Of a page, and of a count, no more than it gives. */
function keysRead(state: KvState, request: RangeRequest): number {
  const keys = keysInSpan(state, request);
  const revision = request.revision > 0 ? request.revision : state.visibleRevision;
  const isPage = isPlain(request) && state.isIndexedAt(revision);
  if (!isPage && needsWalk(state, request, revision)) return keys;
  if (request.countOnly) return 0;
  return request.limit > 0 ? Math.min(request.limit, keys) : keys;
}
