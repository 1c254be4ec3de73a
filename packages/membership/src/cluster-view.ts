/**
 * The cluster as its leader sees it at one moment, as a plain value: everything that the checks and the planner decide
 * from. Nothing here is asked for a second time, so that one view always gives one answer. All times are of one clock,
 * the one that gives the planner its `nowMs`.
 */
import type { RaisedAlarm } from './alarm.js';
import type { MemberTrack } from './member-track.js';
import type { StandbyView } from './standby-view.js';

/** The rungs of the ladder. Only voters count in a quorum and can lead. */
export const MemberRole = { Standby: 'standby', Learner: 'learner', Reader: 'reader', Voter: 'voter' } as const;
export type MemberRole = (typeof MemberRole)[keyof typeof MemberRole];

/** How the leader sends to a member; etcd-io/raft's progress states. */
export type ReplicationState = 'probe' | 'replicate' | 'snapshot';

/** The range of protocol versions that a member speaks. */
export interface ProtocolRange {
  readonly min: number;
  readonly max: number;
}

/** How far the sending of a snapshot is. */
export interface SnapshotProgress {
  readonly sentBytes: number;
  /** Null while it is not known. */
  readonly totalBytes: number | null;
}

/**
 * What a learner is there for.
 * `join`: it was added to vote (`is_learner=false`), and is promoted as soon as it is in sync.
 * `manual`: by an operator's command only (`--learner`). `auto`: by its triggers. `failover`: in the place of a voter that
 * fell silent, and for nothing else.
 */
export type PromotionKind = 'join' | 'manual' | 'auto' | 'failover';

/** When the leader promotes an `auto` learner by itself. */
export interface PromoteTriggers {
  /** As soon as it is in sync and stable, where the size allows it. */
  readonly join: boolean;
  /** When there are fewer voters than `activeSize`. */
  readonly size: boolean;
  /** When a voter has been silent for `failoverAfterMs`. */
  readonly failover: boolean;
}

/** Whose decision it was that a member is here. */
export type Origin = 'operator' | 'automation';

export interface MemberView {
  /** A safe integer, never 0. */
  readonly id: number;
  /** Empty until the member has started for the first time. */
  readonly name: string;
  readonly role: MemberRole;
  readonly peerUrls: readonly string[];
  /** Where it stands, for `spreadBy`; empty when it was not said. */
  readonly zone: string;
  /** It has started once and published itself; etcd's strict checks count these. */
  readonly started: boolean;
  /** It answered the leader within the last election timeout. The leader answers itself. */
  readonly answers: boolean;
  /** Its log lost something: until it has proven itself it does not vote and its match counts for nothing. */
  readonly recovering: boolean;
  readonly replication: ReplicationState;
  /** The last index known to be durable there; at most `lastIndex` of the view. */
  readonly match: number;
  /** The snapshot that it is being sent; null when there is none or nothing is known of it. */
  readonly snapshot: SnapshotProgress | null;
  /** Null until the member has said it. */
  readonly protocol: ProtocolRange | null;
  /** What it is there for as a learner. Without meaning for voters and readers; a voter keeps it for when it is demoted. */
  readonly promotion: PromotionKind;
  /** The member's own triggers; those that are not given here are the policy's. Only an `auto` learner has a use for them. */
  readonly triggers: Partial<PromoteTriggers>;
  readonly origin: Origin;
  /** When it was added to the configuration. */
  readonly addedAtMs: number;
  /** An operator wants it away: it is replaced, if there is by whom, and removed. */
  readonly draining: boolean;
  /** The voter in whose place it comes (`member replace`); 0 for none. It keeps this until that one is removed. */
  readonly replaces: number;
  /**
   * An operator made it a voter by command after `activeSize` was last set: it is never removed as over-size, and does
   * not make another one so.
   */
  readonly pinned: boolean;
  /** Its machine, by its peer URLs, stands by without the data of this member, which will never answer again. */
  readonly lost: boolean;
  /** What was seen of it over time: see `trackMember`. */
  readonly track: MemberTrack;
}

/** What is true of a member about which nothing else was said. */
export const MEMBER_DEFAULTS = {
  zone: '',
  recovering: false,
  snapshot: null,
  promotion: 'manual',
  triggers: {},
  origin: 'operator',
  addedAtMs: 0,
  draining: false,
  replaces: 0,
  pinned: false,
  lost: false,
} as const satisfies Partial<MemberView>;

/** An automatic removal that was carried out; a joint one is one. */
export interface PastRemoval {
  readonly atMs: number;
  readonly memberIds: readonly number[];
}

export interface ClusterView {
  readonly term: number;
  /** Index of the last applied change of the configuration; an executor compares it before it proposes. */
  readonly configIndex: number;
  readonly leaderId: number;
  /** A quorum answered this leader within the last election timeout, and it is not handing over. */
  readonly leadershipConfirmed: boolean;
  /** An entry of `term` is committed. */
  readonly committedInTerm: boolean;
  /** A change of the configuration is proposed and not applied yet, or the configuration is joint. */
  readonly configInFlight: boolean;
  /** The last index of the leader's log. */
  readonly lastIndex: number;
  /** Milliseconds. */
  readonly electionTimeoutMs: number;
  /** The protocol version that the cluster uses now. */
  readonly protocol: number;
  /** In any order; ids differ. */
  readonly members: readonly MemberView[];
  /** Voters of the outgoing configuration; empty unless joint. */
  readonly outgoingVoters: readonly number[];
  /** The registry, in any order; registration ids differ. A machine that is a member is not in it. */
  readonly standbys: readonly StandbyView[];
  /** The automation's own removals, at least those within `removalWindowMs`; in any order. */
  readonly removals: readonly PastRemoval[];
  /** The alarms of the planner that are raised now. */
  readonly alarms: readonly RaisedAlarm[];
}

/** Entries between the leader's log and what is durable at the member; never negative. */
export function lagOf(view: ClusterView, member: MemberView): number {
  return Math.max(0, view.lastIndex - member.match);
}

/** The members in one role, by ascending id. */
export function membersInRole(view: ClusterView, role: MemberRole): MemberView[] {
  return view.members.filter((member) => member.role === role).sort((a, b) => a.id - b.id);
}

export function findMember(view: ClusterView, id: number): MemberView | undefined {
  return view.members.find((member) => member.id === id);
}

/** A member in texts: its name, if it has one, and its id in 16 hex digits. */
export function describeMember(member: { readonly id: number; readonly name: string }): string {
  const id = member.id.toString(16).padStart(16, '0');
  return member.name === '' ? `member ${id}` : `${member.name} (${id})`;
}
