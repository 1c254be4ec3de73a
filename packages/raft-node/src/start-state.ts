/**
 * What a start does before the core exists: finish or undo an interrupted snapshot install, write the first entries of
 * a new cluster, put the log of a recovering member behind its state, and refuse to run on a log and a state that do not
 * belong together (design, sections 5 and 6).
 */
import {
  ConfChangeTransition,
  ConfChangeType,
  encodeConfChange,
  type Entry,
  EntryType,
  type HardState,
  type SnapshotMeta,
} from '@understudy/raft-core';
import { RaftNodeError } from './errors.js';
import type { BootstrapMember } from './options.js';
import type { InstallIntent, LogRecovery, RaftLog } from './raft-log.js';
import type { StateMachine } from './state-machine.js';

export interface StartState {
  /** commit >= the flushed state's index. */
  readonly hardState: HardState;
  /** Where applying begins. */
  readonly applied: SnapshotMeta;
  /** What the log lost; null where it is whole. */
  readonly recovering: LogRecovery | null;
  /** There is no state, and the log does not go back to where one could begin: a peer must send a snapshot. */
  readonly stateLost: boolean;
}

type StartDone = (error: Error | null, start: StartState | null) => void;

interface StartDeps {
  readonly log: RaftLog;
  readonly stateMachine: Pick<StateMachine, 'durable' | 'stagedSnapshot' | 'installSnapshot' | 'discardStaged'>;
}

export function prepareStart(deps: StartDeps, bootstrap: readonly BootstrapMember[] | null, done: StartDone): void {
  finishInstall(deps, (error) => {
    if (error !== null) return done(error, null);
    const { log, stateMachine } = deps;
    const empty = log.lastIndex() === 0 && log.hardState.term === 0 && stateMachine.durable.index === 0;
    if (!empty || bootstrap === null) return finish(deps, log.hardState, done);
    const first = bootstrapWrite(bootstrap);
    log.append({ ...first, snapshot: null, mustSync: true }, (failure) =>
      failure === null ? finish(deps, first.hardState, done) : done(failure, null),
    );
  });
}

/** Identical on every bootstrap member, so that their logs agree before they have ever met. */
function bootstrapWrite(members: readonly BootstrapMember[]): { hardState: HardState; entries: Entry[] } {
  const entries = members.map((member, position): Entry => {
    const change = {
      transition: ConfChangeTransition.Auto,
      changes: [{ type: ConfChangeType.AddNode, nodeId: member.id }],
      context: member.context ?? new Uint8Array(0),
    };
    return { term: 1, index: position + 1, type: EntryType.ConfChange, data: encodeConfChange(change, 'v1') };
  });
  return { hardState: { term: 1, vote: 0, commit: entries.length }, entries };
}

function finishInstall(deps: StartDeps, done: (error: Error | null) => void): void {
  const { log, stateMachine } = deps;
  const intent = log.pendingInstall;
  const staged = stateMachine.stagedSnapshot();
  if (intent === null) {
    // Staged, but the core never took it.
    if (staged !== null) stateMachine.discardStaged();
    done(null);
    return;
  }
  if (staged !== null && staged.meta.index === intent.index && staged.hash === intent.hash) {
    stateMachine.installSnapshot(staged, (error) => (error === null ? beginAfter(log, intent, done) : done(error)));
    return;
  }
  if (staged !== null) stateMachine.discardStaged();
  const { durable } = stateMachine;
  if (durable.index === intent.index && durable.term === intent.term) {
    beginAfter(log, intent, done);
    return;
  }
  // Neither staged nor in place: the old state and the old log are both whole.
  log.abandonInstall(done);
}

/** The state is the snapshot's; now the log begins after it. */
function beginAfter(log: RaftLog, intent: InstallIntent, done: (error: Error | null) => void): void {
  const { term, vote, commit } = log.hardState;
  const { index, confState } = intent;
  const hardState = {
    term: Math.max(term, intent.term),
    vote: term < intent.term ? 0 : vote,
    commit: Math.max(commit, index),
  };
  log.append({ hardState, entries: [], snapshot: { index, term: intent.term, confState }, mustSync: true }, done);
}

function finish(deps: StartDeps, hardState: HardState, done: StartDone): void {
  const { log } = deps;
  const applied = deps.stateMachine.durable;
  if (log.recovering !== null && applied.index > log.lastIndex()) {
    // Everything that the state holds is committed, so the log may go on behind it; what lies between is lost.
    const { index, term, confState } = applied;
    const promised = { term: Math.max(hardState.term, term), vote: hardState.vote, commit: index };
    const restart = { index, term, confState };
    log.append({ hardState: promised, entries: [], snapshot: restart, mustSync: true }, (error) =>
      error === null ? judge(deps, promised, done) : done(error, null),
    );
    return;
  }
  judge(deps, hardState, done);
}

function judge(deps: StartDeps, hardState: HardState, done: StartDone): void {
  const { log } = deps;
  const applied = deps.stateMachine.durable;
  const stateLost = applied.index === 0 && log.firstIndex() > 1;
  const damage = damageOf(log, applied, hardState.commit, stateLost);
  if (damage !== null) {
    done(new RaftNodeError('damaged', `${damage}: this member cannot start from what it has on disk`), null);
    return;
  }
  const { term, vote, commit } = hardState;
  const { recovering } = log;
  done(null, {
    hardState: { term, vote, commit: Math.max(commit, applied.index) },
    applied,
    recovering,
    stateLost,
  });
}

/** Why the log and the state cannot be a healthy member's; null when they can. */
function damageOf(log: RaftLog, applied: SnapshotMeta, commit: number, stateLost: boolean): string | null {
  const first = log.firstIndex();
  const last = log.lastIndex();
  if (applied.index > last) return `the state is at ${applied.index}; the log ends at ${last}`;
  if (applied.index < first - 1 && !stateLost) return `the state is at ${applied.index}; the log begins at ${first}`;
  const term = log.term(applied.index);
  if (applied.index > 0 && term !== applied.term) {
    return `the state at ${applied.index} has term ${applied.term}; the log has ${term}`;
  }
  return commit > last ? `the log is committed to ${commit}; it ends at ${last}` : null;
}
