/** The cluster as this leader sees it now, for the checks of `membership`. Only a leader has the figures. */
import {
  type ClusterView,
  MEMBER_DEFAULTS,
  MemberRole,
  type MemberView,
  type Policy,
  trackMember,
} from '@understudy/membership';
import { isLearner } from '../state/member-view.js';
import type { Member } from './member.js';

/** There is one protocol version so far; a member that speaks another does not get past the handshake. */
const PROTOCOL = 1;

export function clusterView(member: Member, policy: Policy, nowMs: number): ClusterView {
  const status = member.node.status();
  const progress = new Map(status.peers.map((peer) => [peer.id, peer]));
  const { lastIndex } = status;
  const members = member.state.members.list().map((record): MemberView => {
    const peer = progress.get(record.id);
    const own = record.id === member.id;
    const sighting = {
      answers: own || peer?.recentActive === true,
      replication: own ? 'replicate' : (peer?.state ?? 'probe'),
      match: own ? lastIndex : (peer?.match ?? 0),
    } as const;
    return {
      ...MEMBER_DEFAULTS,
      id: record.id,
      name: record.name,
      role: isLearner(status.confState, record.id) ? MemberRole.Learner : MemberRole.Voter,
      peerUrls: record.peerUrls,
      started: record.directoryId !== '',
      protocol: { min: PROTOCOL, max: PROTOCOL },
      track: trackMember(undefined, sighting, { lastIndex, ...policy }, nowMs),
      ...sighting,
    };
  });
  return {
    term: status.term,
    configIndex: status.confIndex,
    leaderId: status.leader,
    leadershipConfirmed: status.leader === member.id && status.transferee === 0,
    committedInTerm: status.committedInTerm,
    configInFlight: status.confState.votersOutgoing.length > 0,
    lastIndex,
    electionTimeoutMs: member.config.electionTimeoutMs,
    protocol: PROTOCOL,
    members,
    outgoingVoters: status.confState.votersOutgoing,
    standbys: [],
    removals: [],
    alarms: [],
  };
}
