/**
 * What the leader remembers of each member from look to look. A member that begins to lead goes on from what its
 * predecessor has put into the log; what changed since is told to the log again, seldom enough to cost nothing.
 */
import {
  isTrackNews,
  type MemberSighting,
  type MemberTrack,
  restoreTrack,
  saveTrack,
  trackMember,
} from '@understudy/membership';
import type { TrackContext } from '@understudy/membership';
import type { Silence } from '../state/ladder-command.js';

/** Ages grow by themselves, but a leader that dies takes those with it that it never told. */
const TELL_AGAIN_MS = 60_000;
const TELL_AT_MOST_MS = 2_000;
/** Of an election timeout: so long a new leader waits for the first answers, which take no longer than a round trip. */
const SETTLING = 0.2;

export interface Sighting extends MemberSighting {
  readonly id: number;
  /** Since it answered last; null when it never was by this leader. */
  readonly silentMs: number | null;
  /** It lost entries, and counts in no quorum until it has them again. */
  readonly recovering: boolean;
}

export class MemberTracks {
  readonly #electionTimeoutMs: number;
  readonly #tracks = new Map<number, MemberTrack>();
  /** Those that were recovering at the last look. */
  readonly #recovering = new Set<number>();
  /** As the log has them, on our clock. */
  readonly #saved = new Map<number, MemberTrack>();
  #toldAtMs = Number.NEGATIVE_INFINITY;
  #begunAtMs = Number.NEGATIVE_INFINITY;
  #looked = false;
  #restored: readonly Silence[] = [];

  constructor(electionTimeoutMs: number) {
    this.#electionTimeoutMs = electionTimeoutMs;
  }

  get(id: number): MemberTrack | undefined {
    return this.#tracks.get(id);
  }

  /** This member begins to lead: what it saw before is old, and nobody has had the time to answer it. */
  restart(nowMs: number): void {
    this.#begunAtMs = nowMs;
    this.#looked = false;
    this.#tracks.clear();
    this.#toldAtMs = Number.NEGATIVE_INFINITY;
    for (const [id, track] of this.#saved) this.#tracks.set(id, track);
  }

  /** The log has told how long members were silent. The same list again is no news: its ages are those of then. */
  restore(silences: readonly Silence[], appliedAtMs: number): void {
    if (silences === this.#restored) return;
    this.#restored = silences;
    this.#saved.clear();
    for (const { id, ...record } of silences) this.#saved.set(id, restoreTrack(record, appliedAtMs));
  }

  /** Members were looked at since this one leads: before, who is silent has only not been heard yet. */
  get looked(): boolean {
    return this.#looked;
  }

  /**
   * One look at all members. True when one of them has changed in a way that a plan may depend on. Too soon after `restart`
   * it does nothing; who has not answered at the first look was silent from the beginning.
   */
  look(sightings: readonly Sighting[], context: TrackContext, nowMs: number): boolean {
    const leadsForMs = nowMs - this.#begunAtMs;
    if (leadsForMs < SETTLING * this.#electionTimeoutMs) return false;
    const unheardMs = this.#looked || !Number.isFinite(leadsForMs) ? null : leadsForMs;
    this.#looked = true;
    let changed = sightings.length !== this.#tracks.size;
    const seen = new Set(sightings.map(({ id }) => id));
    for (const id of this.#tracks.keys()) if (!seen.has(id)) this.#tracks.delete(id);
    for (const sighting of sightings) {
      const { id, silentMs, recovering } = sighting;
      const before = this.#tracks.get(id);
      const after = sinceHeard(trackMember(before, sighting, context, nowMs), silentMs ?? unheardMs, nowMs);
      changed ||=
        before === undefined || this.#gist(before) !== this.#gist(after) || this.#recovering.has(id) !== recovering;
      if (recovering) this.#recovering.add(id);
      else this.#recovering.delete(id);
      this.#tracks.set(id, after);
    }
    return changed;
  }

  /** What the log should be told now; null when nothing, or not yet. */
  news(nowMs: number): Silence[] | null {
    if (nowMs - this.#toldAtMs < TELL_AT_MOST_MS) return null;
    const due = nowMs - this.#toldAtMs >= TELL_AGAIN_MS;
    let news = [...this.#saved.keys()].some((id) => !this.#tracks.has(id));
    for (const [id, track] of this.#tracks) {
      news ||= isTrackNews(this.#saved.get(id), track) || (due && track.silentSinceMs !== null);
    }
    if (!news) return null;
    this.#toldAtMs = nowMs;
    const worth = [...this.#tracks].filter(([, track]) => track.silentSinceMs !== null || track.falls.length > 0);
    return worth.map(([id, track]) => ({ id, ...saveTrack(track, nowMs) }));
  }

  /** All of a track that time alone does not change: of how long things took, only which side of the limit they are. */
  #gist(track: MemberTrack): string {
    const { answersSinceMs, quietSinceMs, silentSinceMs, closeSinceMs, lastRoundMs, catchUp } = track;
    const known = [answersSinceMs, quietSinceMs, silentSinceMs, closeSinceMs, lastRoundMs].map((at) => at === null);
    return `${known.join()},${catchUp.replication},${(lastRoundMs ?? 0) > this.#electionTimeoutMs}`;
  }
}

/**
 * A silence that this look noticed began when the member was heard last. The first look of a leader may notice one too,
 * of a member that it has heard in the turn before and not since: that is a silence, and no fall.
 */
function sinceHeard(track: MemberTrack, silentMs: number | null, nowMs: number): MemberTrack {
  if (track.quietSinceMs !== nowMs || silentMs === null) return track;
  const heardAtMs = nowMs - silentMs;
  const silentSinceMs = track.silentSinceMs === nowMs ? heardAtMs : track.silentSinceMs;
  const falls = track.falls.at(-1) === nowMs ? track.falls.with(-1, heardAtMs) : track.falls;
  return { ...track, quietSinceMs: heardAtMs, silentSinceMs, falls };
}
