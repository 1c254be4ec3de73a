/**
 * The cluster as this leader sees it now, for the checks and the planner of `membership`. Only a leader has the figures.
 * All times are of the clock of `performance.now()`; moments that were written down by another machine's clock come as
 * ages by ours.
 */
import {
  type ClusterView,
  MemberRole,
  type MemberTrack,
  type MemberView,
  type Policy,
  quorumSize,
  type RaisedAlarm,
  type StandbyView,
  trackMember,
} from '@understudy/membership';
import type { PeerProgress, RaftNodeStatus } from '@understudy/raft-node';
import { PROTOCOL_MAX } from '@understudy/transport-ws';
import type { Member } from '../services/member.js';
import type { MemberRecord } from '../state/member-record.js';
import { isLearner } from '../state/member-view.js';
import type { MemberTracks, Sighting } from './member-tracks.js';

export interface ViewParts {
  readonly tracks: MemberTracks;
  readonly standbys: readonly StandbyView[];
  /** Members whose machines stand by without their data. */
  readonly lost: ReadonlySet<number>;
  readonly alarms: readonly RaisedAlarm[];
}

export function clusterView(
  member: Member,
  status: RaftNodeStatus,
  policy: Policy,
  { tracks, standbys, lost, alarms }: ViewParts,
  nowMs: number,
): ClusterView {
  const { confState, lastIndex } = status;
  const { state, config } = member;
  const records = state.members.list();
  const ageMs = (atMs: number): number => Math.max(0, Date.now() - atMs);
  const sightings = new Map(sightMembers(member, status).map((sighting) => [sighting.id, sighting]));
  const members = records.map((record): MemberView => {
    const { answers, replication, match, snapshot, recovering } = sightings.get(record.id) as Sighting;
    const sighting = { answers, replication, match, snapshot: snapshot ?? null };
    const { id, name, peerUrls, zone, protocol, promotion, triggers, origin, replaces } = record;
    // Before the first look a track is as old as the log's.
    const known = tracks.get(id);
    const now = (): MemberTrack => trackMember(known, sighting, { lastIndex, ...policy }, nowMs);
    return {
      ...{ id, name, peerUrls, zone, protocol, promotion, triggers, origin, replaces },
      ...sighting,
      role: roleOf(record, status),
      started: record.directoryId !== '',
      recovering,
      addedAtMs: nowMs - ageMs(record.addedAtMs),
      draining: state.ladder.isDraining(id),
      pinned: state.ladder.isPinned(record),
      lost: lost.has(id),
      track: known !== undefined && tracks.looked ? known : now(),
    };
  });
  return {
    term: status.term,
    configIndex: status.confIndex,
    leaderId: status.leader,
    leadershipConfirmed: isConfirmed(member, status),
    committedInTerm: status.committedInTerm,
    configInFlight: confState.votersOutgoing.length > 0,
    lastIndex,
    electionTimeoutMs: config.electionTimeoutMs,
    protocol: commonProtocol(records, confState.voters),
    members,
    outgoingVoters: confState.votersOutgoing,
    standbys,
    removals: state.ladder.removals.map(({ atMs, memberIds }) => ({ atMs: nowMs - ageMs(atMs), memberIds })),
    alarms,
  };
}

function roleOf({ id, reader }: MemberRecord, { confState }: RaftNodeStatus): MemberRole {
  if (!isLearner(confState, id)) return MemberRole.Voter;
  return reader ? MemberRole.Reader : MemberRole.Learner;
}

/** How each member is doing, from the leader's own progress. */
export function sightMembers(member: Member, status: RaftNodeStatus): Sighting[] {
  const progress = new Map(status.peers.map((peer) => [peer.id, peer]));
  return member.state.members.list().map(({ id }): Sighting => {
    if (id === member.id) return { ...HERE, id, match: status.lastIndex, recovering: status.recovering !== null };
    const peer = progress.get(id);
    if (peer === undefined) return { ...UNSEEN, id };
    const { state: replication, match, answeredMs: silentMs, snapshot, recovering } = peer;
    return { id, answers: answersNow(peer, member), replication, match, snapshot, silentMs, recovering };
  });
}

const HERE = { answers: true, replication: 'replicate', snapshot: null, silentMs: 0 } as const;
const UNSEEN = {
  answers: false,
  replication: 'probe',
  match: 0,
  snapshot: null,
  silentMs: null,
  recovering: false,
} as const;

function answersNow({ answeredMs }: PeerProgress, { config }: Member): boolean {
  return answeredMs !== null && answeredMs <= config.electionTimeoutMs;
}

/** A quorum has answered within an election timeout, of both halves where the configuration is joint. */
function isConfirmed(member: Member, status: RaftNodeStatus): boolean {
  if (status.leader !== member.id || status.transferee !== 0) return false;
  const answering = new Set(sightMembers(member, status).flatMap(({ id, answers }) => (answers ? [id] : [])));
  const confirms = (voters: readonly number[]): boolean =>
    voters.filter((id) => answering.has(id)).length >= quorumSize(voters.length);
  const { voters, votersOutgoing } = status.confState;
  return confirms(voters) && (votersOutgoing.length === 0 || confirms(votersOutgoing));
}

/** The newest protocol that every voter speaks which has said so. */
function commonProtocol(records: readonly MemberRecord[], voters: readonly number[]): number {
  const newest = records.filter(({ id }) => voters.includes(id)).map(({ protocol }) => protocol?.max ?? PROTOCOL_MAX);
  return Math.min(PROTOCOL_MAX, ...newest);
}
