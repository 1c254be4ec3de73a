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
}

/** What a peer said about itself. The cluster, and whom it meant, are already checked. */
export interface PeerHello {
  readonly memberId: number;
  readonly directoryId: string;
  readonly bootCount: number;
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
      readonly reason: 'unknown-member' | 'removed' | 'wiped' | 'busy';
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
  const bytes = Buffer.byteLength(identity.directoryId, 'utf8');
  if (bytes > MAX_DIRECTORY_ID_BYTES) {
    throw invalid(`identity.directoryId has ${bytes} bytes; at most ${MAX_DIRECTORY_ID_BYTES} are allowed`);
  }
}
