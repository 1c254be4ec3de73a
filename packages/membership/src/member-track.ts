/**
 * What is remembered of a member from one look to the next: since when it answers, since when it is close enough to be
 * promoted, how fast it catches up, how often it fell silent, and how long its last round of catching up took
 * (dissertation, section 4.2.1: a round replicates what the leader's log held when the round began; a member whose round
 * takes longer than an election timeout would stall the cluster as a voter). The leader looks at a fixed pace, well below
 * the election timeout, and keeps one track a member. What must outlive the leader is in `track-record.ts`.
 */
import type { ReplicationState, SnapshotProgress } from './cluster-view.js';

/** So many times of falling silent are remembered. */
const FALLS_KEPT = 8;

export interface MemberTrack {
  /** The moment of the last look. */
  readonly lookedAtMs: number;
  /** Start of the unbroken run of looks at which it answered; null while it is silent. */
  readonly answersSinceMs: number | null;
  /** Start of the unbroken run of looks at which it did not answer; null while it answers. A swap is judged by it. */
  readonly quietSinceMs: number | null;
  /**
   * Start of its down-time; null when it has none. Answers end a down-time only after they lasted the stabilization
   * time, so that a member that flickers does not look young. A removal is judged by it.
   */
  readonly silentSinceMs: number | null;
  /** When it fell silent after it had answered, ascending; the last eight. */
  readonly falls: readonly number[];
  /** Since when it answers, replicates and is within `promoteMaxLag`, without a break; null when one of them fails. */
  readonly closeSinceMs: number | null;
  /** The last look at which it had come nearer, or was close. A learner without progress is stalled. */
  readonly progressAtMs: number;
  /** How long the last finished round took; null before the first one. */
  readonly lastRoundMs: number | null;
  /** The round that is running: it is over when `match` reaches the target. */
  readonly roundTarget: number;
  readonly roundStartedAtMs: number;
  /** How far it was when the present way of catching up began; what is left is estimated from it. */
  readonly catchUp: CatchUpStart;
  /** The match and the snapshot bytes of the last look. */
  readonly match: number;
  readonly snapshotSentBytes: number;
}

/** The start of an unbroken run of looks at a member that is behind, in one replication state. */
export interface CatchUpStart {
  readonly replication: ReplicationState;
  readonly sinceMs: number;
  /** Entries that it lacked then. */
  readonly lag: number;
  /** Bytes of its snapshot that were sent then. */
  readonly sentBytes: number;
}

/** What is seen of a member at one look. */
export interface MemberSighting {
  readonly answers: boolean;
  readonly replication: ReplicationState;
  readonly match: number;
  readonly snapshot?: SnapshotProgress | null;
}

export interface TrackContext {
  /** The last index of the leader's log. */
  readonly lastIndex: number;
  readonly promoteMaxLag: number;
  readonly stabilizationTimeMs: number;
}

/** The track after one more look; `previous` is undefined at the first one. */
export function trackMember(
  previous: MemberTrack | undefined,
  sighting: MemberSighting,
  context: TrackContext,
  nowMs: number,
): MemberTrack {
  const answersSinceMs = sighting.answers ? (previous?.answersSinceMs ?? nowMs) : null;
  const close = isClose(sighting, context);
  return {
    lookedAtMs: nowMs,
    answersSinceMs,
    quietSinceMs: sighting.answers ? null : (previous?.quietSinceMs ?? nowMs),
    silentSinceMs: trackSilence(previous, answersSinceMs, context.stabilizationTimeMs, nowMs),
    falls: trackFalls(previous, sighting.answers, nowMs),
    closeSinceMs: close ? (previous?.closeSinceMs ?? nowMs) : null,
    progressAtMs: close || hasProgress(previous, sighting) ? nowMs : (previous?.progressAtMs ?? nowMs),
    ...trackRound(previous, sighting, context.lastIndex, nowMs),
    catchUp: trackCatchUp(previous, sighting, context, nowMs),
    match: sighting.match,
    snapshotSentBytes: sighting.snapshot?.sentBytes ?? 0,
  };
}

function isClose(sighting: MemberSighting, context: TrackContext): boolean {
  const lag = context.lastIndex - sighting.match;
  return sighting.answers && sighting.replication === 'replicate' && lag <= context.promoteMaxLag;
}

function hasProgress(previous: MemberTrack | undefined, sighting: MemberSighting): boolean {
  if (previous === undefined || !sighting.answers) return false;
  return sighting.match > previous.match || (sighting.snapshot?.sentBytes ?? 0) > previous.snapshotSentBytes;
}

function trackSilence(
  previous: MemberTrack | undefined,
  answersSinceMs: number | null,
  stabilizationTimeMs: number,
  nowMs: number,
): number | null {
  const before = previous?.silentSinceMs ?? null;
  if (answersSinceMs === null) return before ?? nowMs;
  return nowMs - answersSinceMs >= stabilizationTimeMs ? null : before;
}

function trackFalls(previous: MemberTrack | undefined, answers: boolean, nowMs: number): readonly number[] {
  if (previous === undefined) return [];
  const fell = previous.answersSinceMs !== null && !answers;
  return fell ? [...previous.falls, nowMs].slice(-FALLS_KEPT) : previous.falls;
}

function trackRound(
  previous: MemberTrack | undefined,
  sighting: MemberSighting,
  lastIndex: number,
  nowMs: number,
): Pick<MemberTrack, 'lastRoundMs' | 'roundTarget' | 'roundStartedAtMs'> {
  if (previous === undefined || !sighting.answers) {
    // What a silent member managed before it fell silent says nothing about now.
    return { lastRoundMs: null, roundTarget: lastIndex, roundStartedAtMs: nowMs };
  }
  const { lastRoundMs, roundTarget, roundStartedAtMs } = previous;
  if (sighting.match < roundTarget) return { lastRoundMs, roundTarget, roundStartedAtMs };
  return { lastRoundMs: nowMs - roundStartedAtMs, roundTarget: lastIndex, roundStartedAtMs: nowMs };
}

function trackCatchUp(
  previous: MemberTrack | undefined,
  sighting: MemberSighting,
  context: TrackContext,
  nowMs: number,
): CatchUpStart {
  const { replication } = sighting;
  // An estimate from before a silence, or from a time when it was close, would be of another catch-up.
  const same = previous?.catchUp.replication === replication && sighting.answers && !isClose(sighting, context);
  if (previous !== undefined && same) return previous.catchUp;
  const lag = Math.max(0, context.lastIndex - sighting.match);
  return { replication, sinceMs: nowMs, lag, sentBytes: sighting.snapshot?.sentBytes ?? 0 };
}
