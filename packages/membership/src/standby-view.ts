/**
 * A standby as its leader knows it from the replicated registry and from its connection. A standby counts in nothing and
 * decides nothing: the leader picks who is activated.
 */
import type { ProtocolRange } from './cluster-view.js';

/** What a standby is kept, or activated, for. */
export type StandbyPurpose =
  /** There are fewer voters than `activeSize`. */
  | 'size'
  /** A voter is silent. */
  | 'failover'
  /** A voter is being drained. */
  | 'drain';

/** A standby that is spoken for. It is replicated; the entry that activates it must name its token. */
export interface Reservation {
  /** The fencing token, made by the executor at the reservation and never used twice. */
  readonly token: number;
  /** The leader's term at the reservation. A later leader releases it: only the committed activation lasts. */
  readonly term: number;
  readonly purpose: StandbyPurpose;
  /** The voter in whose place it would come; 0 for `size`. */
  readonly forMemberId: number;
}

export interface StandbyView {
  /** A safe integer, never 0. It is not a member id: an activation makes a fresh one. */
  readonly registrationId: number;
  readonly name: string;
  readonly peerUrls: readonly string[];
  readonly clientUrls: readonly string[];
  /** Empty when it was not said. */
  readonly zone: string;
  /** `--role=standby-only`: it forwards requests and is never activated. */
  readonly standbyOnly: boolean;
  /** An operator drained or removed this machine: the automation never brings it back. */
  readonly drained: boolean;
  /** Its connection to this leader is up. */
  readonly connected: boolean;
  /** When it was last heard of; for a new leader, at the earliest when it began to lead. */
  readonly lastSeenMs: number;
  /** Null until it has said it. */
  readonly protocol: ProtocolRange | null;
  /** How often it was activated and never became a voter: the others go first. */
  readonly failedActivations: number;
  readonly reservation: Reservation | null;
}

/** A standby in texts. */
export function describeStandby(standby: StandbyView): string {
  const id = standby.registrationId.toString(16).padStart(16, '0');
  return standby.name === '' ? `standby ${id}` : `standby ${standby.name} (${id})`;
}
