/** Mistakes in how a member that lost a part of its log comes back. */
import type { Mutant } from './mutant.js';

const CORE = 'packages/raft-core/src';
const WAL = 'packages/wal-level/src';

export const RECOVERY_MUTANTS: readonly Mutant[] = [
  {
    name: 'session-reused',
    mistake: 'a member that lost entries goes on in its replication session: late answers of its former life count',
    edits: [
      {
        file: `${CORE}/progress-tracker.ts`,
        find: 'return this.options.replicationSessions ? ++this.lastSession : 0;',
        replace: 'return this.options.replicationSessions ? 1 : 0;',
      },
    ],
  },
  {
    name: 'recovering-member-votes',
    mistake: 'a member that lost entries votes before it has them again',
    edits: [
      {
        file: `${CORE}/election.ts`,
        find: '  if (raft.recovery !== null) return false;\n  return (',
        replace: '  return (',
      },
    ],
  },
  {
    name: 'recovering-member-counts',
    mistake: 'what a member refetches counts as committed before it has everything again',
    edits: [
      {
        file: `${CORE}/progress-tracker.ts`,
        find: 'this.scratch[i] = voter.recovering ? 0 : voter.match;',
        replace: 'this.scratch[i] = voter.match;',
      },
    ],
  },
  {
    name: 'recovery-forgotten',
    mistake: 'a log that lost entries is an ordinary one again after its first write',
    edits: [
      {
        file: `${WAL}/batch-encoder.ts`,
        find: 'recovery: plan.recovery === undefined ? state.recovery : plan.recovery,',
        replace: 'recovery: plan.recovery ?? null,',
      },
    ],
  },
  {
    name: 'vote-proof-assumed',
    mistake: 'a log that lost entries takes the term and the vote that it finds for the last ones',
    edits: [
      {
        file: `${WAL}/recovery.ts`,
        find: 'const voteProven = promise !== null && earlier?.voteProven !== false && acknowledged?.voteLost !== true;',
        replace: 'const voteProven = true;',
      },
      {
        file: `${WAL}/recovery.ts`,
        find: 'const { term, vote } = promise ?? highestPromise(state.hardState, acknowledged);',
        replace: 'const { term, vote } = found?.hardState ?? promise ?? highestPromise(state.hardState, acknowledged);',
      },
    ],
  },
];
