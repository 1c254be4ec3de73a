/**
 * What is remembered of a member from one look to the next: since when it answers, since when it is close enough to be
 * promoted, and how long its last round of catching up took (dissertation, section 4.2.1: a round replicates what the
 * leader's log held when the round began; a member whose round takes longer than an election timeout would stall the
 * cluster as a voter). The leader looks at a fixed pace, well below the election timeout, and keeps one track a member.
 */
import type { ReplicationState } from './cluster-view.js';

export interface MemberTrack {
  /** Start of the unbroken run of looks at which it answered; null while it is silent. */
  readonly answersSinceMs: number | null;
  /**
   * Start of its down-time; null when it has none. Answers end a down-time only after they lasted the stabilization
   * time, so that a member that flickers does not look young.
   */
  readonly silentSinceMs: number | null;
  /** Since when it answers, replicates and is within `promoteMaxLag`, without a break; null when one of them fails. */
  readonly closeSinceMs: number | null;
  /** How long the last finished round took; null before the first one. */
  readonly lastRoundMs: number | null;
  /** The round that is running: it is over when `match` reaches the target. */
  readonly roundTarget: number;
  readonly roundStartedAtMs: number;
}

/** What is seen of a member at one look. */
export interface MemberSighting {
  readonly answers: boolean;
  readonly replication: ReplicationState;
  readonly match: number;
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
  const close =
    sighting.answers &&
    sighting.replication === 'replicate' &&
    context.lastIndex - sighting.match <= context.promoteMaxLag;
  const round = trackRound(previous, sighting, context.lastIndex, nowMs);
  return {
    answersSinceMs,
    silentSinceMs: trackSilence(previous, answersSinceMs, context.stabilizationTimeMs, nowMs),
    closeSinceMs: close ? (previous?.closeSinceMs ?? nowMs) : null,
    ...round,
  };
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
