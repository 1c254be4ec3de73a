/**
 * etcd's rule that no key is written twice by one transaction: a put may meet neither another put nor a deletion of
 * the same or an enclosing level. The branches of one nested transaction exclude each other, so they may share keys.
 */
import { keyOf } from './key-bytes.js';
import type { RequestOp, TxnRequest } from './request.js';

interface Writes {
  readonly puts: Set<string>;
  /** [from, to) pairs; a single key is the interval up to its successor. */
  readonly deletions: string[];
}

export function findsDuplicateKey(request: TxnRequest): boolean {
  return collect(request.success) === null || collect(request.failure) === null;
}

/** What a list of operations may write; null where it may write a key twice. */
function collect(ops: readonly RequestOp[]): Writes | null {
  const writes: Writes = { puts: new Set(), deletions: [] };
  for (const { requestDeleteRange: request } of ops) {
    if (request === undefined) continue;
    const from = keyOf(request.key);
    // An unbounded deletion is not seen by etcd's rule either: it takes the end `\0` literally. Such a transaction may
    // write a key twice; both versions are then of one revision, in order.
    writes.deletions.push(from, request.rangeEnd.length === 0 ? `${from}\0` : keyOf(request.rangeEnd));
  }
  for (const { requestTxn: nested } of ops) {
    if (nested !== undefined && !addNested(writes, nested)) return null;
  }
  for (const { requestPut: request } of ops) {
    if (request === undefined) continue;
    const key = keyOf(request.key);
    if (writes.puts.has(key) || isDeleted(writes.deletions, key)) return null;
    writes.puts.add(key);
  }
  return writes;
}

function addNested(writes: Writes, nested: TxnRequest): boolean {
  const success = collect(nested.success);
  const failure = collect(nested.failure);
  if (success === null || failure === null) return false;
  for (const key of success.puts) {
    if (writes.puts.has(key) || isDeleted(writes.deletions, key)) return false;
  }
  for (const key of failure.puts) {
    if (writes.puts.has(key) || isDeleted(writes.deletions, key)) return false;
  }
  for (const key of success.puts) writes.puts.add(key);
  for (const key of failure.puts) writes.puts.add(key);
  for (const bound of success.deletions) writes.deletions.push(bound);
  for (const bound of failure.deletions) writes.deletions.push(bound);
  return true;
}

function isDeleted(deletions: readonly string[], key: string): boolean {
  for (let i = 0; i < deletions.length; i += 2) {
    if (key >= (deletions[i] as string) && key < (deletions[i + 1] as string)) return true;
  }
  return false;
}
