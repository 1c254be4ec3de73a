/** Mistakes in the runtime and in the log: what is made durable, when, and what is concluded from it. */
import type { Mutant } from './mutant.js';

const NODE = 'packages/raft-node/src';
const WAL = 'packages/wal-level/src';

export const RUNTIME_MUTANTS: readonly Mutant[] = [
  {
    name: 'term-not-persisted',
    mistake: 'a new term without a vote is not written',
    edits: [
      {
        file: `${NODE}/log-writer.ts`,
        find: 'hardState: hasHardState ? { term, vote, commit } : null,',
        replace: 'hardState: hasHardState && vote !== 0 ? { term, vote, commit } : null,',
      },
    ],
  },
  {
    name: 'vote-forgotten-at-start',
    mistake: 'a restarted member forgets whom it voted for',
    edits: [
      {
        file: `${NODE}/start-state.ts`,
        find: 'hardState: { term, vote, commit: Math.max(commit, applied.index) },',
        replace: 'hardState: { term, vote: 0, commit: Math.max(commit, applied.index) },',
      },
    ],
  },
  {
    name: 'commit-behind-state-at-start',
    mistake: 'a restarted member begins at the persisted commit although its state is ahead',
    edits: [
      {
        file: `${NODE}/start-state.ts`,
        find: 'hardState: { term, vote, commit: Math.max(commit, applied.index) },',
        replace: 'hardState: { term, vote, commit },',
      },
    ],
  },
  {
    name: 'read-joins-asked-round',
    mistake: 'a read joins a round that was asked before it began, and is answered by that context',
    edits: [
      {
        file: `${NODE}/pending-reads.ts`,
        find: '    this.#waiting.push(read);\n',
        replace:
          '    const asked = this.#asked.values().next().value;\n    if (asked === undefined) this.#waiting.push(read);\n    else asked.readers.push(read);\n',
      },
    ],
  },
  {
    name: 'read-before-apply',
    mistake: 'a confirmed read is answered before the state has reached its index',
    edits: [
      {
        file: `${NODE}/pending-reads.ts`,
        find: 'if (index <= applied) this.#resolve(round.readers, applied);',
        replace: 'if (index > 0) this.#resolve(round.readers, applied);',
      },
    ],
  },
  {
    name: 'proposal-sent-twice',
    mistake: 'a proposal that was not answered yet is proposed again, as if it had been lost',
    edits: [
      {
        file: `${NODE}/pending-proposals.ts`,
        find: '  takeQueue(): PendingProposal<Result, Local>[] {\n',
        replace:
          '  takeQueue(): PendingProposal<Result, Local>[] {\n    for (const old of this.#bySequence.values()) if (old.submitted && old.deadline - this.wheel.now === 12) this.#queue.push(old);\n',
      },
    ],
  },
  {
    name: 'lost-is-not-applied',
    mistake: 'a proposal that ran out of time is reported as certainly not applied',
    edits: [
      {
        file: `${NODE}/pending-proposals.ts`,
        find: "const outcome = proposal.submitted ? 'unknown' : 'not-applied';",
        replace: "const outcome = proposal.submitted && cause !== undefined ? 'unknown' : 'not-applied';",
      },
    ],
  },
  {
    name: 'overwritten-too-early',
    mistake: 'a proposal is taken for overwritten when another term is seen, not when its entries are applied',
    edits: [
      {
        file: `${NODE}/pending-proposals.ts`,
        find: 'if (proposal.term !== 0 && proposal.term < term) {',
        replace: 'if (proposal.term < term) {',
      },
    ],
  },
  {
    name: 'log-compacted-past-state',
    mistake: 'the log is compacted up to what is committed, not to what the state has made durable',
    edits: [
      {
        file: `${NODE}/log-upkeep.ts`,
        find: 'const index = this.deps.stateMachine.durable.index - keepEntries;',
        replace: 'const index = this.deps.log.hardState.commit - keepEntries;',
      },
    ],
  },
  {
    name: 'snapshot-in-two-steps',
    mistake: 'a snapshot replaces the log before the state, with no record that ties the two',
    edits: [
      {
        file: `${NODE}/snapshot-receiver.ts`,
        find: `      log.beginInstall(
        { index, term, confState, hash: staged.hash },
        step(() =>
          stateMachine.installSnapshot(
            staged,
            step(() =>
              log.append(
                write,
                step(() => {`,
        replace: `      log.append(
        write,
        step(() =>
          stateMachine.installSnapshot(
            staged,
            step(() =>
              log.abandonInstall(
                step(() => {`,
      },
    ],
  },
  {
    name: 'install-not-finished-at-start',
    mistake: 'a start takes a half-done install for never begun, though the state is the snapshot already',
    edits: [
      {
        file: `${NODE}/start-state.ts`,
        find: 'if (durable.index === intent.index && durable.term === intent.term) {',
        replace: 'if (durable.index < 0) {',
      },
    ],
  },
  {
    name: 'batch-without-sync',
    mistake: 'the log acknowledges what is only in the cache of the system',
    edits: [
      {
        file: `${WAL}/store-log.ts`,
        find: 'this.#store.batch(batch.writes, { sync: true }, (error) => {',
        replace: 'this.#store.batch(batch.writes, { sync: false }, (error) => {',
      },
    ],
  },
  {
    name: 'vote-without-sync',
    mistake: 'a write with only a term and a vote rides with the next one',
    edits: [
      {
        file: `${WAL}/store-log.ts`,
        find: 'const needsSync = write.mustSync || binding || first !== undefined || snapshot !== null;',
        replace: 'const needsSync = (binding && first !== undefined) || first !== undefined || snapshot !== null;',
      },
    ],
  },
  {
    name: 'truncated-entries-left',
    mistake: 'entries that were replaced by fewer ones stay in the log',
    edits: [
      {
        file: `${WAL}/batch-encoder.ts`,
        find: 'for (let index = last.index + 1; index <= state.last.index; index++) {',
        replace: 'for (let index = state.last.index + 1; index <= state.last.index; index++) {',
      },
    ],
  },
  {
    name: 'corrupt-tail-truncated',
    mistake: 'a log with a damaged record is cut off before it and used',
    edits: [
      {
        file: `${WAL}/inspect.ts`,
        find: 'if (!neverAcknowledged || last === null) {',
        replace:
          "const cut = this.#intact;\n    if (cut.index > 0) {\n      const { hardState } = this.#state;\n      const commit = Math.min(hardState.commit, cut.index);\n      const droppedThrough = Math.max(this.#highestIndex, this.#state.last.index);\n      return { kind: 'torn-tail-dropped', state: { ...this.#state, last: cut, hardState: { ...hardState, commit } }, droppedThrough };\n    }\n    if (!neverAcknowledged || last === null) {",
      },
    ],
  },
  {
    name: 'failed-write-acknowledged',
    mistake: 'a failed sync is taken for a success',
    edits: [
      {
        file: `${WAL}/store-log.ts`,
        find: '      if (error !== null) this.#fail(error);\n      else if (this.#failure === null) this.#writeHighWater(plan, batch);',
        replace: '      if (error === null || this.#failure === null) this.#writeHighWater(plan, batch);',
      },
    ],
  },
  {
    name: 'lagging-learner-promoted',
    mistake: 'a learner is promoted however far behind it is',
    edits: [
      {
        file: 'packages/membership/src/promote-check.ts',
        find: 'if (lag > policy.promoteMaxLag) {',
        replace: 'if (lag < 0) {',
      },
      {
        file: 'packages/membership/src/promote-check.ts',
        find: "if (member.replication === 'snapshot') {",
        replace: "if (member.replication === 'replicate' && lagOf(view, member) < 0) {",
      },
      {
        file: 'packages/membership/src/promote-check.ts',
        find: "if (member.replication === 'probe') return",
        replace: "if (member.replication === 'replicate' && lagOf(view, member) < 0) return",
      },
    ],
  },
];
