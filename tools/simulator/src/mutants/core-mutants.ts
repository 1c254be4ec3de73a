/** Mistakes in the rules of Raft themselves. */
import type { Mutant } from './mutant.js';

const CORE = 'packages/raft-core/src';

export const CORE_MUTANTS: readonly Mutant[] = [
  {
    name: 'vote-before-fsync',
    mistake: 'a vote leaves before it is durable',
    edits: [
      {
        file: `${CORE}/election.ts`,
        find: '  answer.reject = !granted;\n  raft.sendAfterAppend(answer);',
        replace: '  answer.reject = !granted;\n  raft.send(answer);',
      },
    ],
  },
  {
    name: 'double-vote',
    mistake: 'a member votes for whoever asks, also when it has voted in this term',
    edits: [
      {
        file: `${CORE}/election.ts`,
        find: 'raft.vote === from || (raft.vote === 0 && raft.lead === 0) ||',
        replace: 'raft.term >= 0 ||',
      },
    ],
  },
  {
    name: 'vote-by-index',
    mistake: 'logs are compared by their last index alone',
    edits: [
      {
        file: `${CORE}/raft-log.ts`,
        find: 'return lastTerm > ours || (lastTerm === ours && lastIndex >= this.lastIndex());',
        replace: 'return lastTerm > ours || lastIndex >= this.lastIndex();',
      },
    ],
  },
  {
    name: 'vote-without-log-check',
    mistake: 'a candidate with an older log gets votes',
    edits: [
      {
        file: `${CORE}/election.ts`,
        find: 'free && raft.log.isUpToDate(message.index, message.logTerm)',
        replace: 'free',
      },
    ],
  },
  {
    name: 'learner-votes-count',
    mistake: 'the votes of learners count in an election',
    edits: [
      {
        file: `${CORE}/progress-tracker.ts`,
        find: 'return jointVote(this.voteIn(this.incoming), this.voteIn(this.outgoing));',
        replace: 'return jointVote(this.voteIn(this.members), this.voteIn(this.outgoing));',
      },
      {
        file: `${CORE}/election.ts`,
        find: '  for (const { id } of raft.tracker.voters) {\n    if (id === raft.id) {',
        replace: '  for (const { id } of raft.tracker.members) {\n    if (id === raft.id) {',
      },
    ],
  },
  {
    name: 'learner-counts-in-quorum',
    mistake: 'what learners have counts as committed',
    edits: [
      {
        file: `${CORE}/progress-tracker.ts`,
        find: 'return Math.min(this.matchedBy(this.incoming), this.matchedBy(this.outgoing));',
        replace: 'return Math.min(this.matchedBy(this.members), this.matchedBy(this.outgoing));',
      },
    ],
  },
  {
    name: 'learner-campaigns',
    mistake: 'a learner stands for election',
    edits: [
      {
        file: `${CORE}/raft.ts`,
        find: 'return self !== undefined && !self.isLearner && this.log.unstable.snapshot === null;',
        replace: 'return self !== undefined && this.log.unstable.snapshot === null;',
      },
    ],
  },
  {
    name: 'learner-refuses-vote',
    mistake: 'a member that believes itself a learner gives no vote, though the candidate knows it was promoted',
    edits: [
      {
        file: `${CORE}/election.ts`,
        find: 'const granted = free &&',
        replace: 'const granted = raft.tracker.isVoter(raft.id) && free &&',
      },
    ],
  },
  {
    name: 'commit-old-term',
    mistake: 'an entry of an earlier term commits by counting',
    edits: [
      {
        file: `${CORE}/replication.ts`,
        find: 'if (index <= log.committed || !log.matches(index, raft.term)) return false;',
        replace: 'if (index <= log.committed) return false;',
      },
    ],
  },
  {
    name: 'commit-without-outgoing',
    mistake: 'in a joint configuration the new majority alone commits',
    edits: [
      {
        file: `${CORE}/progress-tracker.ts`,
        find: 'return Math.min(this.matchedBy(this.incoming), this.matchedBy(this.outgoing));',
        replace: 'return this.matchedBy(this.incoming);',
      },
    ],
  },
  {
    name: 'commit-beyond-match',
    mistake: 'heartbeats carry the commit index to members that may not have the entry',
    edits: [
      {
        file: `${CORE}/replication.ts`,
        find: 'const commit = Math.min(progress.match, raft.log.committed);',
        replace: 'const commit = raft.log.committed;',
      },
    ],
  },
  {
    name: 'commit-beyond-append',
    mistake: 'a follower commits what the leader has committed, not what this append proved',
    edits: [
      {
        file: `${CORE}/raft-log.ts`,
        find: 'this.commitTo(Math.min(commit, index + entries.length));',
        replace: 'this.commitTo(commit);',
      },
    ],
  },
  {
    name: 'append-without-check',
    mistake: 'entries are appended although the one before them differs',
    edits: [
      {
        file: `${CORE}/raft-log.ts`,
        find: 'if (!this.matches(index, term)) return false;\n    for',
        replace: 'if (index > this.lastIndex()) return false;\n    for',
      },
    ],
  },
  {
    name: 'append-ack-before-fsync',
    mistake: 'an append is acknowledged before it is durable',
    edits: [
      {
        file: `${CORE}/receiving.ts`,
        find: '    answer.logTerm = hintTerm === UNKNOWN_TERM ? 0 : hintTerm;\n  }\n  raft.sendAfterAppend(answer);',
        replace: '    answer.logTerm = hintTerm === UNKNOWN_TERM ? 0 : hintTerm;\n  }\n  raft.send(answer);',
      },
    ],
  },
  {
    name: 'append-ack-by-older-write',
    mistake: 'the end of an older write acknowledges entries that replaced those of that write',
    edits: [
      {
        file: `${CORE}/unstable-tail.ts`,
        find: ' || this.entry(index).term !== term) return;',
        replace: ') return;',
      },
      {
        file: `${CORE}/step.ts`,
        find: 'handleOldTerm(raft, message);',
        replace:
          'if (type === MessageType.StorageAppendResp) handleAppendDone(raft, message);\n      else handleOldTerm(raft, message);',
      },
    ],
  },
  {
    name: 'leader-counts-itself-early',
    mistake: 'a leader counts its own entries before they are durable',
    edits: [
      {
        file: `${CORE}/own-append.ts`,
        find: '  raft.sendAfterAppend(ack);',
        replace:
          '  if (raft.tracker.get(raft.id)?.maybeUpdate(ack.index)) maybeCommit(raft);\n  raft.sendAfterAppend(ack);',
      },
      {
        file: `${CORE}/own-append.ts`,
        find: "import type { Raft } from './raft.js';",
        replace: "import type { Raft } from './raft.js';\nimport { maybeCommit } from './replication.js';",
      },
    ],
  },
  {
    name: 'term-of-leader-ignored',
    mistake: 'appends of a leader of an earlier term are taken',
    edits: [
      {
        file: `${CORE}/step.ts`,
        find: '    if (term < raft.term) {\n',
        replace:
          '    if (term < raft.term && type === MessageType.App && raft.state === StateType.Follower) {\n      handleAppend(raft, message);\n      return OK;\n    }\n    if (term < raft.term) {\n',
      },
    ],
  },
  {
    name: 'read-without-quorum',
    mistake: 'a leader answers linearizable reads without asking whether it still leads',
    edits: [
      {
        file: `${CORE}/read-index.ts`,
        find: 'raft.tracker.isOnlyVoter(raft.id) || holdsLease(raft)',
        replace: 'raft.id > 0',
      },
    ],
  },
  {
    name: 'read-before-own-commit',
    mistake: 'a new leader answers reads at a commit index that may be old',
    edits: [
      {
        file: `${CORE}/read-index.ts`,
        find: 'raft.reads.hasUnsent() && raft.state === StateType.Leader && raft.committedInTerm();',
        replace: 'raft.reads.hasUnsent() && raft.state === StateType.Leader;',
      },
      {
        file: `${CORE}/read-index.ts`,
        find: 'raft.state !== StateType.Leader || !raft.committedInTerm()) return;',
        replace: 'raft.state !== StateType.Leader) return;',
      },
    ],
  },
  {
    name: 'read-confirmed-by-old-round',
    mistake: 'an answer to an earlier heartbeat confirms the read round of now',
    edits: [
      {
        file: `${CORE}/answers.ts`,
        find: '  if (message.context > progress.readAck) {\n    progress.readAck = message.context;',
        replace:
          '  if (raft.reads.newestWaiting() > progress.readAck) {\n    progress.readAck = raft.reads.newestWaiting();',
      },
    ],
  },
  {
    name: 'conf-change-without-own-commit',
    mistake: 'a new leader changes the configuration before it has committed anything',
    edits: [
      {
        file: `${CORE}/conf-change-check.ts`,
        find: 'if (raft.options.requireOwnTermCommit && !raft.committedInTerm())',
        replace: 'if (raft.options.requireOwnTermCommit && raft.term === 0)',
      },
      {
        file: 'packages/raft-node/src/leader-requests.ts',
        find: 'if (this.deps.appliedTerm() !== raw.term) return',
        replace: 'if (this.deps.appliedTerm() > raw.term) return',
      },
    ],
  },
  {
    name: 'two-conf-changes',
    mistake: 'a change of the configuration is proposed while another is not applied',
    edits: [
      {
        file: `${CORE}/conf-change-check.ts`,
        find: "if (raft.pendingConfIndex > raft.log.applied) return 'conf-change-pending';",
        replace: '',
      },
    ],
  },
  {
    name: 'vote-kept-over-terms',
    mistake: 'the vote of a former term binds in the next one',
    edits: [{ file: `${CORE}/role.ts`, find: '    raft.vote = 0;\n', replace: '' }],
  },
];
