/**
 * What the leader's planner decides: the view is put together from what the leader's core knows, and from what was seen of
 * each member at a fixed pace for as long as it leads; the decision is `membership`'s `plan`. It carries nothing out.
 */
import {
  checkPromote,
  type ClusterView,
  MEMBER_DEFAULTS,
  MemberRole,
  type MemberTrack,
  type MemberView,
  plan,
  type Policy,
  resolvePolicy,
  trackMember,
} from '@understudy/membership';
import type { Process } from './process.js';
import { HEARTBEAT_MS, PROMOTE_MAX_LAG } from './setup.js';
import type { World } from './world.js';

const PROTOCOL = 1;
const STABILIZATION_MS = 500;
/** Longer than the shorter pauses, shorter than the longer ones. */
const FAILOVER_AFTER_MS = 1_500;

export interface Decision {
  readonly view: ClusterView;
  /** Learners to promote, in one change. */
  readonly promote: readonly number[];
  /** A learner that takes the place of a silent voter, in one joint change; null for none. */
  readonly swap: { readonly promoteId: number; readonly demoteId: number } | null;
}

export class Planner {
  readonly policy: Policy;
  // Of the leader of now: what was seen goes with it.
  private tracks = new Map<number, MemberTrack>();
  private leader: Process | null = null;
  private term = 0;

  constructor(private readonly world: World) {
    const resolved = resolvePolicy({
      promoteMaxLag: PROMOTE_MAX_LAG,
      stabilizationTimeMs: STABILIZATION_MS,
      failoverAfterMs: FAILOVER_AFTER_MS,
    });
    if (!resolved.ok) throw new Error(resolved.text);
    this.policy = resolved.policy;
  }

  /** One look at all members, and the plan that follows from it. */
  decide(leader: Process): Decision {
    const term = leader.core?.term ?? 0;
    if (leader !== this.leader || term !== this.term) {
      this.leader = leader;
      this.term = term;
      this.tracks = new Map();
    }
    const view = this.viewOf(leader);
    const { actions } = plan(view, this.policy, this.world.clock.now);
    const promotion = actions.find(({ type }) => type === 'promote');
    const swap = actions.find(({ type }) => type === 'swap');
    return {
      view,
      promote: promotion?.type === 'promote' ? promotion.memberIds : [],
      swap: swap?.type === 'swap' ? swap : null,
    };
  }

  /** Whether an operator's command to promote it would be taken. */
  allows(view: ClusterView, learner: number): boolean {
    return checkPromote(view, learner, this.policy).ok;
  }

  private viewOf(leader: Process): ClusterView {
    const status = (leader.core as NonNullable<Process['core']>).status();
    const { now } = this.world.clock;
    const lastIndex = Math.max(...status.peers.map(({ lag, match }) => match + lag));
    const context = { lastIndex, promoteMaxLag: PROMOTE_MAX_LAG, stabilizationTimeMs: STABILIZATION_MS };
    const tracks = new Map<number, MemberTrack>();
    const members = status.peers.map((peer): MemberView => {
      const sighting = { answers: peer.recentActive, replication: peer.state, match: peer.match };
      const track = trackMember(this.tracks.get(peer.id), sighting, context, now);
      tracks.set(peer.id, track);
      return {
        ...MEMBER_DEFAULTS,
        ...sighting,
        id: peer.id,
        name: '',
        role: peer.isLearner ? MemberRole.Learner : MemberRole.Voter,
        peerUrls: [],
        started: true,
        recovering: peer.recovering,
        protocol: { min: PROTOCOL, max: PROTOCOL },
        ...this.wishFor(peer.id),
        track,
      };
    });
    this.tracks = tracks;
    const voters = members.filter(({ role }) => role === MemberRole.Voter);
    return {
      term: status.term,
      configIndex: status.confIndex,
      leaderId: status.id,
      leadershipConfirmed: 2 * voters.filter(({ answers }) => answers).length > voters.length,
      committedInTerm: status.committedInTerm,
      configInFlight: status.confState.votersOutgoing.length > 0,
      lastIndex,
      electionTimeoutMs: 10 * HEARTBEAT_MS,
      protocol: PROTOCOL,
      members,
      outgoingVoters: status.confState.votersOutgoing,
      standbys: [],
      removals: [],
      alarms: [],
    };
  }

  /** Who is to vote was added to vote; who is to learn takes, on every other machine, the place of whoever falls silent. */
  private wishFor(id: number): Pick<MemberView, 'promotion'> {
    const host = this.world.byId.get(id);
    if (host?.id !== id || host.broken || host.wanted === 'none') return { promotion: 'manual' };
    if (host.wanted === 'voter') return { promotion: 'join' };
    return { promotion: host.slot % 2 === 0 ? 'manual' : 'failover' };
  }
}
