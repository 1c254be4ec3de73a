/**
 * Automatic compaction, by the leader: history older than a time, or than a number of revisions, is forgotten. etcd's
 * modes: `periodic` looks ten times a retention, and at least every six minutes; `revision` every five minutes.
 */
import type { Mvcc } from '@understudy/mvcc';
import { CompactionRequest } from '@understudy/protocol';
import type { AutoCompaction as Policy } from './config/config.js';
import type { Member } from './services/member.js';
import { CommandKind } from './state/command.js';
import type { Logger } from './telemetry/logger.js';

const REVISION_INTERVAL_MS = 5 * 60 * 1000;
const MAX_PERIODIC_INTERVAL_MS = 6 * 60 * 1000;
const MIN_PERIODIC_INTERVAL_MS = 10;
const PERIODIC_SAMPLES = 10;

export class AutoCompaction {
  readonly #member: Member;
  readonly #policy: Exclude<Policy, { mode: 'off' }>;
  readonly #logger: Logger;
  readonly #timer: NodeJS.Timeout;
  /** Periodic mode: the revision at each look, oldest first, one retention long. */
  readonly #seen: { readonly atMs: number; readonly revision: number }[] = [];

  constructor(member: Member, policy: Exclude<Policy, { mode: 'off' }>, logger: Logger) {
    this.#member = member;
    this.#policy = policy;
    this.#logger = logger;
    const interval =
      policy.mode === 'revision'
        ? REVISION_INTERVAL_MS
        : clamp(policy.retentionMs / PERIODIC_SAMPLES, MIN_PERIODIC_INTERVAL_MS, MAX_PERIODIC_INTERVAL_MS);
    this.#timer = setInterval(() => this.#look(), interval);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    const target = this.#target(performance.now());
    const { node, state } = this.#member;
    if (target === null || !node.isLeader || target <= state.mvcc.compactedRevision || target < 1) return;
    const request = CompactionRequest.encode({ revision: target, physical: false });
    this.#member.proposeOwn<ReturnType<Mvcc['compact']>>(CommandKind.CompactByPolicy, request).then(
      (result) => {
        // Refused where somebody else has compacted as far meanwhile.
        if (result.ok) this.#logger.info({ revision: target }, 'compacted automatically');
      },
      (error: unknown) => this.#logger.warn({ err: error, revision: target }, 'automatic compaction failed'),
    );
  }

  /** The revision to compact to; null where there is none yet. */
  #target(nowMs: number): number | null {
    const { revision } = this.#member.state.mvcc;
    if (this.#policy.mode === 'revision') return revision - this.#policy.retentionRevisions;
    this.#seen.push({ atMs: nowMs, revision });
    const { retentionMs } = this.#policy;
    const young = this.#seen.findIndex(({ atMs }) => nowMs - atMs < retentionMs);
    const due = young === -1 ? this.#seen.length : young;
    if (due === 0) return null;
    const [last] = this.#seen.splice(0, due).slice(-1);
    return last?.revision ?? null;
  }
}

function clamp(value: number, min: number, max: number): number {
  return Math.min(Math.max(value, min), max);
}
