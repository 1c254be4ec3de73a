/** Who this member is, who the others say they are, and what the owner thinks of them. */
import { invalid } from './options.js';
import { MAX_DIRECTORY_ID_BYTES, type RefusalReason, type StreamKind } from './protocol.js';

export interface Identity {
  readonly clusterId: number;
  readonly memberId: number;
  /** The random id of the data directory, at most 64 bytes of UTF-8. */
  readonly directoryId: string;
  /** How often the data directory was opened. */
  readonly bootCount: number;
  /** What this run began with; absent where nobody judges it. */
  readonly life?: LifeClaim;
}

/** What a member says of the run of its process: with what it opened its log, before it took anything new. */
export interface LifeClaim {
  /** Random, another one in each run; 0 is unknown. */
  readonly lifeId: number;
  /** The term that its log opened with. */
  readonly openedTerm: number;
  /** The last index that its log opened with. */
  readonly openedIndex: number;
  /** It knows that it lost entries. */
  readonly recovering: boolean;
  /** It knows that it may have forgotten a vote, and votes no more. */
  readonly voteLost: boolean;
}

export const UNKNOWN_LIFE: LifeClaim = Object.freeze({
  lifeId: 0,
  openedTerm: 0,
  openedIndex: 0,
  recovering: false,
  voteLost: false,
});

/** What a peer said about itself. The cluster, and whom it meant, are already checked. */
export interface PeerHello {
  readonly memberId: number;
  readonly directoryId: string;
  readonly bootCount: number;
  readonly life: LifeClaim;
  readonly stream: StreamKind;
  /** The protocol version settled on. */
  readonly protocol: number;
  readonly dialledBy: 'peer' | 'us';
}

/** The owner's answer about membership. `configIndex`, with `removed`, is the index of the config that removed it. */
export type Verdict =
  | { readonly ok: true }
  | {
      readonly ok: false;
      readonly reason: 'unknown-member' | 'removed' | 'wiped' | 'busy' | 'rolled-back';
      readonly configIndex?: number;
    };

export interface Refusal {
  /** The member that was dialled, or that said hello. */
  readonly peer: number;
  readonly reason: RefusalReason;
  /** Who refused. */
  readonly by: 'peer' | 'us';
  /** With `removed`: the index of the configuration that removed the member. Else 0. */
  readonly configIndex: number;
}

export function checkIdentity(identity: Identity): void {
  for (const field of ['clusterId', 'memberId', 'bootCount'] as const) {
    const value = identity[field];
    const min = field === 'bootCount' ? 0 : 1;
    if (!Number.isSafeInteger(value) || value < min) throw invalid(`identity.${field} is ${value}`);
  }
  for (const field of ['lifeId', 'openedTerm', 'openedIndex'] as const) {
    const value = identity.life?.[field] ?? 0;
    if (!Number.isSafeInteger(value) || value < 0) throw invalid(`identity.life.${field} is ${value}`);
  }
  const bytes = Buffer.byteLength(identity.directoryId, 'utf8');
  if (bytes > MAX_DIRECTORY_ID_BYTES) {
    throw invalid(`identity.directoryId has ${bytes} bytes; at most ${MAX_DIRECTORY_ID_BYTES} are allowed`);
  }
}
