/** Mistakes in the key-value state: revisions, watches, leases, compaction and what is flushed. */
import type { Mutant } from './mutant.js';

const MVCC = 'packages/mvcc/src';

export const STATE_MUTANTS: readonly Mutant[] = [
  {
    name: 'revision-without-change',
    mistake: 'a request that changes nothing makes a revision',
    edits: [
      { file: `${MVCC}/kv-state.ts`, find: '    if (this.changes > 0) {', replace: '    if (this.changes >= 0) {' },
    ],
  },
  {
    name: 'revision-for-each-key',
    mistake: 'a transaction makes a revision for each key that it changes',
    edits: [
      {
        file: `${MVCC}/kv-state.ts`,
        find: '      this.revision++;\n',
        replace: '      this.revision += this.changes;\n',
      },
    ],
  },
  {
    name: 'watch-skips-compacted',
    mistake: 'a watch whose history was compacted goes on after the gap, and says nothing',
    edits: [
      {
        file: `${MVCC}/watch-hub.ts`,
        find: '    this.cancel(watcher);\n    watcher.sink.compacted(this.state.compacted);\n    return true;',
        replace: '    watcher.minRevision = this.state.compacted + 1;\n    return false;',
      },
    ],
  },
  {
    name: 'watch-loses-refused-batch',
    mistake: 'what a slow receiver did not take is not told again',
    edits: [
      {
        file: `${MVCC}/watch-hub.ts`,
        find: "if (watcher.status === 'synced') watcher.minRevision = (events[0] as Event).kv.modRevision;",
        replace: "if (watcher.status === 'synced') watcher.minRevision = revision + 1;",
      },
    ],
  },
  {
    name: 'watch-lost-at-install',
    mistake: 'a watch that moves to an installed snapshot starts at what is new there',
    edits: [
      {
        file: `${MVCC}/watch-hub.ts`,
        find: "if (watcher.status === 'synced') watcher.minRevision = Math.max(watcher.minRevision, this.notified + 1);",
        replace: "if (watcher.status === 'synced') watcher.minRevision = next.notified + 1;",
      },
    ],
  },
  {
    name: 'watch-repeats',
    mistake: 'a watch that caught up is told its last revision again',
    edits: [
      {
        file: `${MVCC}/watch-hub.ts`,
        find: '      watcher.minRevision = revision + 1;\n      return;',
        replace: '      watcher.minRevision = revision;\n      return;',
      },
    ],
  },
  {
    name: 'lease-not-extended',
    mistake: 'a new leader takes what is left of a lease from nowhere, and ends it at once',
    edits: [
      {
        file: `${MVCC}/lessor.ts`,
        find: 'for (const lease of all) lease.expiryMs = nowMs + extendMs + lease.effectiveTtl * 1_000;',
        replace: 'for (const lease of all) lease.expiryMs = nowMs + extendMs;',
      },
    ],
  },
  {
    name: 'lease-renewal-lost',
    mistake: 'a renewed lease ends when it would have ended without',
    edits: [
      {
        file: `${MVCC}/lessor.ts`,
        find: '      lease.expiryMs = nowMs + lease.ttl * 1_000;\n',
        replace: '',
      },
    ],
  },
  {
    name: 'lease-revoked-by-stale-leader',
    mistake: 'a leader that was replaced still ends leases',
    edits: [
      {
        file: 'tools/simulator/src/state/simulated-state.ts',
        find: 'return operation.term === term\n',
        replace: 'return operation.term <= term\n',
      },
    ],
  },
  {
    name: 'compaction-drops-live',
    mistake: 'compaction drops the version that is live at its revision',
    edits: [
      {
        file: `${MVCC}/compaction.ts`,
        find: 'const dropped = entry.countDroppedBy(this.target);',
        replace: 'const dropped = Math.min(entry.count, entry.countDroppedBy(this.target) + (entry.live ? 0 : 1));',
      },
    ],
  },
  {
    name: 'flush-loses-deletes',
    mistake: 'what compaction removed stays in the store',
    edits: [
      {
        file: `${MVCC}/flush.ts`,
        find: '    const deletes = this.compaction.takeDeletes();\n',
        replace: '    const deletes = this.compaction.takeDeletes().slice(3);\n',
      },
    ],
  },
  {
    name: 'transaction-sees-itself',
    mistake: 'a comparison of a transaction is decided on another revision than the one before it',
    edits: [
      {
        file: `${MVCC}/compare.ts`,
        find: 'return matches(compare.result, order(entry.main, compare.modRevision ?? 0));',
        replace: 'return matches(compare.result, order(entry.createRevision, compare.modRevision ?? 0));',
      },
    ],
  },
  {
    name: 'state-sum-ignored',
    mistake: 'a state of sound records is opened although some of them are missing or old',
    edits: [
      {
        file: `${MVCC}/open-scan.ts`,
        find: 'if (equalSums(found, expected)) return null;',
        replace: 'if (equalSums(found, expected) || found.records > 0) return null;',
      },
    ],
  },
  {
    name: 'state-record-unchecked',
    mistake: 'a record of the state is taken as it is read, without its checksum',
    edits: [
      {
        file: `${MVCC}/version-record.ts`,
        find: "return crc32c(record, 0, bodyAt) === readUint32(record, checksumAt) ? null : 'bad-record';",
        replace: 'return null;',
      },
    ],
  },
];
