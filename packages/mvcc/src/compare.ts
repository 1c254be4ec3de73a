/** Whether a comparison of a transaction holds, as etcd decides it. Reads values only where values are compared. */
import { endOf, keyOf } from './key-bytes.js';
import { KeyCursor } from './key-cursor.js';
import type { KeyEntry } from './key-entry.js';
import type { KvState } from './kv-state.js';
import { type Compare, CompareResult, CompareTarget } from './request.js';
import { valueBytesOf } from './version-record.js';

const noBytes = new Uint8Array(0);

/** Over a range it has to hold for every key; over none, for a key that has all zeros. */
export function holds(state: KvState, compare: Compare): boolean {
  const from = keyOf(compare.key);
  if (compare.rangeEnd.length === 0) {
    const entry = state.index.get(from);
    return entry?.live === true ? holdsFor(state, compare, entry) : holdsForNone(compare);
  }
  const cursor = new KeyCursor(state.index, from, endOf(compare.rangeEnd));
  let found = false;
  for (let entry = cursor.next(); entry !== null; entry = cursor.next()) {
    if (!entry.live) continue;
    found = true;
    if (!holdsFor(state, compare, entry)) return false;
  }
  return found || holdsForNone(compare);
}

function holdsFor(state: KvState, compare: Compare, entry: KeyEntry): boolean {
  switch (compare.target) {
    case CompareTarget.version:
      return matches(compare.result, order(entry.version, compare.version ?? 0));
    case CompareTarget.create:
      return matches(compare.result, order(entry.createRevision, compare.createRevision ?? 0));
    case CompareTarget.mod:
      return matches(compare.result, order(entry.main, compare.modRevision ?? 0));
    case CompareTarget.value:
      return matches(
        compare.result,
        Buffer.compare(valueBytesOf(state.reader.peek(entry, entry.newest)), compare.value ?? noBytes),
      );
    case CompareTarget.lease:
      return matches(compare.result, order(entry.lease === null ? 0n : entry.lease.id, compare.lease ?? 0n));
    default:
      return matches(compare.result, 0);
  }
}

function holdsForNone(compare: Compare): boolean {
  switch (compare.target) {
    case CompareTarget.version:
      return matches(compare.result, order(0, compare.version ?? 0));
    case CompareTarget.create:
      return matches(compare.result, order(0, compare.createRevision ?? 0));
    case CompareTarget.mod:
      return matches(compare.result, order(0, compare.modRevision ?? 0));
    case CompareTarget.value:
      // A missing value cannot be written down, so no comparison with it holds, not even "not equal".
      return false;
    case CompareTarget.lease:
      return matches(compare.result, order(0n, compare.lease ?? 0n));
    default:
      return matches(compare.result, 0);
  }
}

function order(stored: number | bigint, given: number | bigint): number {
  if (stored === given) return 0;
  return stored > given ? 1 : -1;
}

function matches(result: number, stored: number): boolean {
  switch (result) {
    case CompareResult.equal:
      return stored === 0;
    case CompareResult.greater:
      return stored > 0;
    case CompareResult.less:
      return stored < 0;
    case CompareResult.notEqual:
      return stored !== 0;
    default:
      return true;
  }
}
