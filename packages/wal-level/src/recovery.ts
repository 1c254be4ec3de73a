/**
 * What a damaged log goes on with: the entries that passed every check, the term and the vote where they are proven, and
 * the mark that the member is recovering (design, section 5). Pure.
 *
 * The proof of term and vote is the high-water record, which is on disk before a new term or vote is acknowledged. With
 * both of its slots intact, either the state record is as new, or the high-water record is the newer and says it itself.
 */
import type { HardState } from '@understudy/raft-core';
import type { HighWater, HighWaterRead } from './high-water.js';
import type { LogEvidence } from './inspect.js';
import { type LogPoint, type LogState, NEW_LOG_STATE, type StoredRecovery } from './log-state.js';

/** The state of the log once it is cut after `intact`, of the same batch counter as the damaged one. */
export function planRecovery(evidence: Pick<LogEvidence, 'state' | 'highWater'>, intact: LogPoint): LogState {
  const found = evidence.state?.ok === true ? evidence.state.value : null;
  const state = found ?? NEW_LOG_STATE;
  const acknowledged = evidence.highWater.kind === 'read' ? evidence.highWater.highWater : null;
  const promise = provenPromise(found, evidence.highWater);
  const last = found === null ? NEW_LOG_STATE.last : intact;
  const { term, vote } = promise ?? highestPromise(state.hardState, acknowledged);
  const earlier = state.recovery;
  const highWaterIndex = Math.max(state.last.index, earlier?.highWaterIndex ?? 0, acknowledged?.lastIndex ?? 0);
  const highWaterTerm = Math.max(term, earlier?.highWaterTerm ?? 0);
  const voteProven = promise !== null && earlier?.voteProven !== false && acknowledged?.voteLost !== true;
  return {
    counter: Math.max(state.counter, acknowledged?.counter ?? 0),
    hardState: { term, vote, commit: Math.min(state.hardState.commit, last.index) },
    anchor: state.anchor,
    last,
    // What they speak of may be gone with the rest; a state that is ahead of its log is not taken back.
    snapshotIndex: 0,
    installIndex: 0,
    recovery: { highWaterIndex, highWaterTerm, voteProven },
  };
}

type PromiseMade = Pick<HardState, 'term' | 'vote'>;

/** The newest term and vote that were acknowledged; null where a newer one may be lost. */
function provenPromise(state: LogState | null, read: HighWaterRead): PromiseMade | null {
  if (read.kind !== 'read') return null;
  const { highWater, complete } = read;
  if (state === null || state.counter < highWater.counter) return complete ? highWater : null;
  // The lost slot may be one batch newer than the one that is left.
  if (!complete && state.counter === highWater.counter) return null;
  const { term, vote } = state.hardState;
  const kept = term > highWater.term || (term === highWater.term && (vote === highWater.vote || highWater.vote === 0));
  return kept ? state.hardState : null;
}

/** Not proven: nothing below it is taken back. */
function highestPromise(found: PromiseMade, acknowledged: HighWater | null): PromiseMade {
  return acknowledged !== null && acknowledged.term > found.term ? acknowledged : found;
}

/** The higher index and term of the two, and the weaker proof. */
export function weaker(a: StoredRecovery, b: StoredRecovery | null): StoredRecovery {
  return {
    highWaterIndex: Math.max(a.highWaterIndex, b?.highWaterIndex ?? 0),
    highWaterTerm: Math.max(a.highWaterTerm, b?.highWaterTerm ?? 0),
    voteProven: a.voteProven && b?.voteProven !== false,
  };
}
