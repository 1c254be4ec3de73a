/**
 * The last resort when a quorum is lost for ever: one survivor's directory becomes a cluster of one, with a new id, so
 * that no member of the old one can ever talk to it. Everything in its log is kept and committed: what the old cluster
 * had acknowledged and this member had received stays, and so may writes that were never acknowledged. The changes that
 * remove the others are written behind it as ordinary entries, which the next start applies.
 */
import { randomInt } from 'node:crypto';
import {
  type ConfChange,
  ConfChangeTransition,
  ConfChangeType,
  type ConfState,
  decodeConfChange,
  encodeConfChange,
  type Entry,
  EntryType,
  isConfChange,
  isJoint,
  LEAVE_JOINT,
  memberIds,
  nextConfState,
} from '@understudy/raft-core';
import type { LogWrite } from '@understudy/raft-node';
import type { WalLevel } from '@understudy/wal-level';
import { encodeConfChangeContext } from '../state/conf-change-context.js';
import type { ReplicatedState } from '../state/replicated-state.js';

const READ_BYTES = 4 * 1024 * 1024;
/** `randomInt` takes ranges below 2^48. */
const ID_LIMIT = 2 ** 48 - 1;

export interface ForcedCluster {
  readonly memberId: number;
  readonly clusterId: number;
  readonly formerClusterId: number;
  /** Of what is kept. */
  readonly lastIndex: number;
  readonly lastTerm: number;
  /** What was known to be committed; entries after it are kept, and may never have been acknowledged. */
  readonly knownCommitted: number;
  /** Members that are no more. */
  readonly removed: readonly number[];
}

export function newClusterId(): number {
  return randomInt(1, ID_LIMIT);
}

/** `log` was opened with a new cluster id, and nothing runs on it yet. Resolves once all is durable. */
export async function forceNewCluster(log: WalLevel, state: ReplicatedState): Promise<ForcedCluster> {
  const { memberId, clusterId, formerClusterId } = log.identity;
  const { durable } = state;
  if (durable.index > log.lastIndex()) {
    // All that the state holds is committed: the log goes on behind it.
    const { term, vote } = log.hardState;
    const hardState = { term: Math.max(term, durable.term), vote, commit: durable.index };
    await appended(log, { hardState, entries: [], snapshot: durable, mustSync: true });
  }
  const lastIndex = log.lastIndex();
  const knownCommitted = Math.max(log.hardState.commit, durable.index);
  const confState = await confStateAtEnd(log, durable.confState, durable.index);
  const term = log.hardState.term + 1;
  const changes = changesToAlone(confState, memberId);
  const entries = changes.map((change, position): Entry => {
    const leaves = change === LEAVE_JOINT;
    const type = leaves ? EntryType.ConfChangeV2 : EntryType.ConfChange;
    return { term, index: lastIndex + 1 + position, type, data: encodeConfChange(change, leaves ? 'v2' : 'v1') };
  });
  const commit = lastIndex + entries.length;
  await appended(log, { hardState: { term, vote: memberId, commit }, entries, snapshot: null, mustSync: true });
  const lastTerm = Number(log.term(lastIndex));
  const removed = memberIds(confState).filter((id) => id !== memberId);
  return { memberId, clusterId, formerClusterId, lastIndex, lastTerm, knownCommitted, removed };
}

/** One after the other: out of a joint configuration, in as a voter, and then everybody else out. */
function changesToAlone(confState: ConfState, self: number): ConfChange[] {
  const single = (type: ConfChangeType, nodeId: number): ConfChange => ({
    transition: ConfChangeTransition.Auto,
    changes: [{ type, nodeId }],
    context: encodeConfChangeContext({ members: [] }),
  });
  const changes = isJoint(confState) ? [LEAVE_JOINT] : [];
  // A voter that was on its way out to be a learner, and a learner, are voters from now on.
  if (!confState.voters.includes(self)) changes.push(single(ConfChangeType.AddNode, self));
  const others = memberIds(confState).filter((id) => id !== self);
  return [...changes, ...others.map((id) => single(ConfChangeType.RemoveNode, id))];
}

/** The configuration once everything in the log is applied. */
async function confStateAtEnd(log: WalLevel, from: ConfState, appliedIndex: number): Promise<ConfState> {
  let confState = from;
  for (let next = appliedIndex + 1; next <= log.lastIndex(); ) {
    const entries = log.entries(next, log.lastIndex() + 1, READ_BYTES);
    if (entries === 'pending') {
      await fetched(log, next);
      continue;
    }
    if (typeof entries === 'string') throw new Error(`entry ${next} is ${entries}`);
    for (const entry of entries) {
      if (!isConfChange(entry)) continue;
      // What cannot be carried out is refused when it is applied, too.
      const outcome = nextConfState(confState, decodeConfChange(entry));
      if (outcome.ok) confState = outcome.confState;
    }
    next += entries.length;
  }
  return confState;
}

function fetched(log: WalLevel, from: number): Promise<void> {
  return new Promise((resolve, reject) => {
    log.fetch(from, log.lastIndex() + 1, READ_BYTES, (error) => (error === null ? resolve() : reject(error)));
  });
}

function appended(log: WalLevel, write: LogWrite): Promise<void> {
  return new Promise((resolve, reject) => {
    log.append(write, (error) => (error === null ? resolve() : reject(error)));
  });
}
