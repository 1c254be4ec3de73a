/**
 * What this member has seen of the runs of the others: by their greetings, as long as it lives itself; by what they
 * published, for ever; and where it leads, by what they acknowledged. It must not take a greeting for seen before the
 * stream is open: a copy that is refused does not count against the original.
 */
import type { PeerHello } from '@understudy/transport-ws';
import { formatId } from '../bootstrap/member-id.js';
import { laterLife, type PublishedLife as Life } from '../state/member-record.js';
import type { Logger } from '../telemetry/logger.js';
import { type Acknowledged, whatIsForgotten } from './judge-life.js';

export interface LifeWitnessDeps {
  /** The run that the replicated state has of this member; null for none. */
  readonly published: (id: number) => Life | null;
  /** What the member acknowledged to this one in its term; null where this one does not lead. */
  readonly acknowledged: (id: number) => Acknowledged | null;
  readonly logger: Pick<Logger, 'warn'>;
}

interface Met {
  readonly directoryId: string;
  readonly highest: Life;
  /** The run that has, or had, streams to here; nobody else can have acknowledged anything since. */
  readonly lastLifeId: number;
  /** What had been acknowledged to here when a stream ended: by then this one may lead no more, or again. */
  readonly acknowledged: Acknowledged | null;
}

export class LifeWitness {
  readonly #deps: LifeWitnessDeps;
  readonly #met = new Map<number, Met>();

  constructor(deps: LifeWitnessDeps) {
    this.#deps = deps;
  }

  /** Whether anything that was seen speaks against it. */
  admits(hello: PeerHello): boolean {
    const forgotten = this.judge(hello);
    if (forgotten === null) return true;
    const member = formatId(hello.memberId);
    this.#deps.logger.warn(
      { member, forgotten },
      'a member is refused, whose data directory is older than what was seen of it',
    );
    return false;
  }

  /** What the peer has forgotten, in words; null where nothing speaks against it. */
  judge({ memberId, directoryId, bootCount, life }: PeerHello): string | null {
    const met = this.#met.get(memberId);
    const here = met?.directoryId === directoryId ? met : null;
    // Its own acknowledgements are no evidence against a run: it made them after it opened.
    const another = here !== null && here.lastLifeId !== 0 && here.lastLifeId !== life.lifeId;
    const claim = { ...life, bootCount };
    const seen = laterLife(here?.highest ?? null, this.#deps.published(memberId));
    const now = another ? this.#deps.acknowledged(memberId) : null;
    const before = another ? here.acknowledged : null;
    return (
      whatIsForgotten(claim, { life: seen, acknowledged: now }) ??
      whatIsForgotten(claim, { life: seen, acknowledged: before })
    );
  }

  /** A stream with it is open. */
  greeted({ memberId, directoryId, bootCount, life }: PeerHello): void {
    const met = this.#met.get(memberId);
    const here = met?.directoryId === directoryId ? met : null;
    const highest = laterLife(here?.highest ?? null, { bootCount, lifeId: life.lifeId }) as Life;
    // A run that was let in has all that, or knows that it has not.
    const acknowledged = here?.lastLifeId === life.lifeId ? here.acknowledged : null;
    this.#met.set(memberId, { directoryId, highest, lastLifeId: life.lifeId, acknowledged });
  }

  /** A stream with it has ended. */
  parted({ memberId, life }: PeerHello): void {
    const met = this.#met.get(memberId);
    const acknowledged = this.#deps.acknowledged(memberId);
    if (met === undefined || met.lastLifeId !== life.lifeId || acknowledged === null) return;
    this.#met.set(memberId, { ...met, acknowledged });
  }
}
