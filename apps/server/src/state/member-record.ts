/**
 * A member as the cluster knows it, apart from its role, which is the Raft configuration's alone. Travels in the
 * context of a configuration change and in PublishMember, and is kept in the state.
 */
import { readVersioned, withVersion } from './versioned-json.js';

/** What makes the leader promote a learner by itself: see `autoPromote` of the policy. */
export const PROMOTION_TRIGGERS = ['join', 'size', 'failover'] as const;
export type PromotionTrigger = (typeof PROMOTION_TRIGGERS)[number];

/** Who made it a member. */
export type MemberOrigin = 'bootstrap' | 'operator' | 'automation';

/** The versions of the peers' protocol that a member speaks. */
export interface ProtocolRange {
  readonly min: number;
  readonly max: number;
}

export interface MemberRecord {
  readonly id: number;
  /** Empty until the member has started and published itself. */
  readonly name: string;
  readonly peerUrls: readonly string[];
  /** Empty until published. */
  readonly clientUrls: readonly string[];
  /** The data directory it was first seen with; empty until published. Another one means that it was wiped. */
  readonly directoryId: string;
  /** Machines of one zone may fail together; empty where nobody says. */
  readonly zone: string;
  /** Null until published. */
  readonly protocol: ProtocolRange | null;
  readonly origin: MemberOrigin;
  /** While it does not vote: a learner that serves reads and is never promoted. */
  readonly reader: boolean;
  /** While it does not vote: what promotes it without a command; empty for nothing. */
  readonly promotion: readonly PromotionTrigger[];
  /** The registration of the standby that was activated as this member; empty for a member that was none. */
  readonly registration: string;
  /** The member whose place it is to take; 0 for none. */
  readonly replaces: number;
}

const RECORD_VERSION = 1;

const DEFAULTS: Omit<MemberRecord, 'id' | 'peerUrls'> = {
  name: '',
  clientUrls: [],
  directoryId: '',
  zone: '',
  protocol: null,
  origin: 'bootstrap',
  reader: false,
  promotion: [],
  registration: '',
  replaces: 0,
};

/** A member that has not started yet. */
export function newMemberRecord(given: Pick<MemberRecord, 'id' | 'peerUrls'> & Partial<MemberRecord>): MemberRecord {
  return { ...DEFAULTS, ...given };
}

export function encodeMemberRecord(record: MemberRecord): Uint8Array {
  return withVersion(RECORD_VERSION, record);
}

export function decodeMemberRecord(bytes: Uint8Array): MemberRecord {
  return readVersioned(bytes, RECORD_VERSION, 'member record') as MemberRecord;
}
