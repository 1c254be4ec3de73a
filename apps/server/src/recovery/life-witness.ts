/**
 * What this member has seen of the runs of the others: by their greetings, as long as it lives itself; by what they
 * published, for ever; and where it leads, by what they acknowledged. It must not take a greeting for seen before the
 * stream is open: a copy that is refused does not count against the original.
 */
import type { PeerHello } from '@understudy/transport-ws';
import { laterLife, type PublishedLife as Life } from '../state/member-record.js';
import { type Acknowledged, whatIsForgotten } from './judge-life.js';

export interface LifeWitnessDeps {
  /** The run that the replicated state has of this member; null for none. */
  readonly published: (id: number) => Life | null;
  /** What the member acknowledged to this one in its term; null where this one does not lead. */
  readonly acknowledged: (id: number) => Acknowledged | null;
}

interface Met {
  readonly directoryId: string;
  readonly highest: Life;
  /** The run that has, or had, streams to here; nobody else can have acknowledged anything since. */
  readonly lastLifeId: number;
}

export class LifeWitness {
  readonly #deps: LifeWitnessDeps;
  readonly #met = new Map<number, Met>();

  constructor(deps: LifeWitnessDeps) {
    this.#deps = deps;
  }

  /** What the peer has forgotten, in words; null where nothing speaks against it. */
  judge({ memberId, directoryId, bootCount, life }: PeerHello): string | null {
    const met = this.#met.get(memberId);
    const here = met?.directoryId === directoryId ? met : null;
    // Its own acknowledgements are no evidence against a run: it made them after it opened.
    const another = here !== null && here.lastLifeId !== 0 && here.lastLifeId !== life.lifeId;
    return whatIsForgotten(
      { ...life, bootCount },
      {
        life: laterLife(here?.highest ?? null, this.#deps.published(memberId)),
        acknowledged: another ? this.#deps.acknowledged(memberId) : null,
      },
    );
  }

  /** A stream with it is open. */
  greeted({ memberId, directoryId, bootCount, life }: PeerHello): void {
    const met = this.#met.get(memberId);
    const before = met?.directoryId === directoryId ? met.highest : null;
    const highest = laterLife(before, { bootCount, lifeId: life.lifeId }) as Life;
    this.#met.set(memberId, { directoryId, highest, lastLifeId: life.lifeId });
  }
}
