/**
 * The part of a track that outlives its leader: the server replicates it, so that a new leader goes on counting a
 * down-time instead of starting it anew. It holds ages, not moments: clocks of two machines say different things. Every
 * member notes on its own clock when it applied the record, and from that moment restores the track.
 */
import type { MemberTrack } from './member-track.js';

export interface TrackRecord {
  /** How long it had not answered, without a break; null where it answered. Milliseconds, as all here. */
  readonly quietForMs: number | null;
  /** How long its down-time was; null where it had none. */
  readonly silentForMs: number | null;
  /** How long ago it fell silent, each time, the oldest first. */
  readonly fallsAgoMs: readonly number[];
}

export function saveTrack(track: MemberTrack, nowMs: number): TrackRecord {
  const age = (sinceMs: number | null): number | null => (sinceMs === null ? null : Math.max(0, nowMs - sinceMs));
  return {
    quietForMs: age(track.quietSinceMs),
    silentForMs: age(track.silentSinceMs),
    fallsAgoMs: track.falls.map((fallMs) => Math.max(0, nowMs - fallMs)),
  };
}

/** `appliedAtMs` is when this member applied the record, on the clock that gives every other time here. */
export function restoreTrack(record: TrackRecord, appliedAtMs: number): MemberTrack {
  const since = (forMs: number | null): number | null => (forMs === null ? null : appliedAtMs - forMs);
  return {
    lookedAtMs: appliedAtMs,
    answersSinceMs: null,
    quietSinceMs: since(record.quietForMs),
    silentSinceMs: since(record.silentForMs),
    falls: record.fallsAgoMs.map((agoMs) => appliedAtMs - agoMs),
    closeSinceMs: null,
    progressAtMs: appliedAtMs,
    lastRoundMs: null,
    roundTarget: 0,
    roundStartedAtMs: appliedAtMs,
    catchUp: { replication: 'probe', sinceMs: appliedAtMs, lag: 0, sentBytes: 0 },
    match: 0,
    snapshotSentBytes: 0,
  };
}

/** Whether the record must be written anew: a silence or a down-time began or ended. Ages grow by themselves. */
export function isTrackNews(saved: MemberTrack | undefined, track: MemberTrack): boolean {
  if (saved === undefined) return track.silentSinceMs !== null;
  return (
    (saved.quietSinceMs === null) !== (track.quietSinceMs === null) ||
    (saved.silentSinceMs === null) !== (track.silentSinceMs === null) ||
    saved.falls.at(-1) !== track.falls.at(-1)
  );
}
