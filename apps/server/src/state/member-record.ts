/**
 * A member as the cluster knows it, apart from its role, which is the Raft configuration's alone. Travels in the
 * context of a configuration change and in PublishMember, and is kept in the state.
 */
import { readVersioned, withVersion } from './versioned-json.js';

/** What a learner is there for: `PromotionKind` of `membership`. */
export type MemberPromotion = 'join' | 'manual' | 'auto' | 'failover';

/** When the leader promotes an `auto` learner by itself; what is not said here, the policy says. */
export interface MemberTriggers {
  readonly join?: boolean;
  readonly size?: boolean;
  readonly failover?: boolean;
}

/** The versions of the peers' protocol that a member speaks. */
export interface ProtocolRange {
  readonly min: number;
  readonly max: number;
}

/** One run of a process on its data directory: a member that comes back with less than this has forgotten some of it. */
export interface PublishedLife {
  /** How often the directory was opened, that time included. */
  readonly bootCount: number;
  /** Random. */
  readonly lifeId: number;
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
  /** The run with the highest count that published itself; null until published. */
  readonly life: PublishedLife | null;
  /** Machines of one zone may fail together; empty where nobody says. */
  readonly zone: string;
  /** Null until published. */
  readonly protocol: ProtocolRange | null;
  /** Whose decision it was that it is a member. */
  readonly origin: 'operator' | 'automation';
  /** When it was added, milliseconds since 1970 by the clock of the leader that added it; 0 for the first members. */
  readonly addedAtMs: number;
  /** While it does not vote: a learner that serves reads and is never promoted. */
  readonly reader: boolean;
  /** While it does not vote. */
  readonly promotion: MemberPromotion;
  readonly triggers: MemberTriggers;
  /** The registration of the standby that was activated as this member; empty for a member that was none. */
  readonly registration: string;
  /** The member whose place it is to take; 0 for none. */
  readonly replaces: number;
  /**
   * The version of the policy under which an operator made it a voter by command; null where none did. While
   * `activeSize` was not set since, the automation leaves it alone.
   */
  readonly pinnedAtVersion: number | null;
}

const RECORD_VERSION = 1;

const DEFAULTS: Omit<MemberRecord, 'id' | 'peerUrls'> = {
  name: '',
  clientUrls: [],
  directoryId: '',
  life: null,
  zone: '',
  protocol: null,
  origin: 'operator',
  addedAtMs: 0,
  reader: false,
  promotion: 'manual',
  triggers: {},
  registration: '',
  replaces: 0,
  pinnedAtVersion: null,
};

/** A member that has not started yet. */
export function newMemberRecord(given: Pick<MemberRecord, 'id' | 'peerUrls'> & Partial<MemberRecord>): MemberRecord {
  return { ...DEFAULTS, ...given };
}

/** Never back: of two runs with one count the first one stays, since the other is the one that forgot. */
export function laterLife(known: PublishedLife | null, told: PublishedLife | null): PublishedLife | null {
  if (known === null || told === null) return known ?? told;
  return told.bootCount > known.bootCount ? told : known;
}

export function encodeMemberRecord(record: MemberRecord): Uint8Array {
  return withVersion(RECORD_VERSION, record);
}

export function decodeMemberRecord(bytes: Uint8Array): MemberRecord {
  return { ...DEFAULTS, ...(readVersioned(bytes, RECORD_VERSION, 'member record') as MemberRecord) };
}
