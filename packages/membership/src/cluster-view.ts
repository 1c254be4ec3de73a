/**
 * The cluster as its leader sees it at one moment, as a plain value: everything that the checks and the planner decide
 * from. Nothing here is asked for a second time, so that one view always gives one answer.
 */
import type { MemberTrack } from './member-track.js';

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

export interface MemberView {
  /** A safe integer, never 0. */
  readonly id: number;
  /** Empty until the member has started for the first time. */
  readonly name: string;
  readonly role: MemberRole;
  readonly peerUrls: readonly string[];
  /** It has started once and published itself; etcd's strict checks count these. */
  readonly started: boolean;
  /** It answered the leader within the last election timeout. The leader answers itself. */
  readonly answers: boolean;
  readonly replication: ReplicationState;
  /** The last index known to be durable there; at most `lastIndex` of the view. */
  readonly match: number;
  /** Null until the member has said it. */
  readonly protocol: ProtocolRange | null;
  /** The leader may promote it by itself. Only learners are ever promoted. */
  readonly autoPromote: boolean;
  /** What was seen of it over time: see `trackMember`. */
  readonly track: MemberTrack;
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
