/** The end of a lease: its keys are deleted in key order, then the lease, all in one revision. */
import type { KvState } from './kv-state.js';
import type { Lease } from './lease-table.js';
import { stepKeys, type Steps } from './long-change.js';
import type { Outcome } from './outcome.js';
import { SortedRuns } from './sorted-runs.js';

export function* revokeInSteps(state: KvState, lease: Lease): Steps<Outcome<{ readonly revision: number }>> {
  const keys = yield* inOrder(lease);
  let deleted = 0;
  for (let key = keys.next(); key !== undefined; key = keys.next()) {
    state.deleteLeased(key);
    if (++deleted % stepKeys === 0) yield;
  }
  state.leases.remove(lease);
  return { ok: true, revision: state.endRevision() };
}

function* inOrder(lease: Lease): Steps<SortedRuns<string>> {
  const keys = new SortedRuns<string>((a, b) => (a === b ? 0 : a < b ? -1 : 1));
  let part: string[] = [];
  for (const key of lease.keys) {
    part.push(key);
    if (part.length < stepKeys) continue;
    keys.add(part);
    part = [];
    yield;
  }
  keys.add(part);
  return keys;
}
