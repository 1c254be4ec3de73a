/**
 * The operator: sees to it, through whoever leads, that the configuration becomes what is wanted of each machine. One
 * change at a time; learners are promoted when the real checks of the membership package allow it; a change that the
 * disks still there could not carry is never asked for.
 */
import {
  checkPromote,
  type ClusterView,
  MEMBER_DEFAULTS,
  MemberRole,
  type MemberView,
  type Policy,
  resolvePolicy,
  trackMember,
} from '@understudy/membership';
import {
  type ConfChange,
  type ConfChangeSingle,
  ConfChangeTransition,
  ConfChangeType,
  nextConfState,
} from '@understudy/raft-core';
import type { Host } from './host.js';
import type { Process } from './process.js';
import { Random } from './random.js';
import { HEARTBEAT_MS, PROMOTE_MAX_LAG } from './setup.js';
import type { World } from './world.js';

const LOOK_MS = 250;
const CHANGE_TIMEOUT_MS = 3_000;
/** After a change whose outcome is unknown, it may still come. */
const SETTLE_MS = 6_000;

export class Operator {
  private readonly random: Random;
  private readonly policy: Policy;
  /** Told once, of the next change that a leader takes. */
  whenAsked: ((leader: Process) => void) | null = null;
  private asking = false;
  private uncertainUntil = 0;

  constructor(private readonly world: World) {
    this.random = Random.of(world.setup.seed, 'operator');
    const resolved = resolvePolicy({ promoteMaxLag: PROMOTE_MAX_LAG });
    if (!resolved.ok) throw new Error(resolved.text);
    this.policy = resolved.policy;
  }

  /** No change is under way, as far as anybody can know. */
  get idle(): boolean {
    return !this.asking && this.world.clock.now >= this.uncertainUntil;
  }

  start(): void {
    const look = (): void => {
      this.look();
      this.world.clock.after(LOOK_MS, look);
    };
    this.world.clock.after(LOOK_MS, look);
  }

  /** Whether everything is as wanted. */
  get satisfied(): boolean {
    const { voters, votersOutgoing, learners } = this.world.conf.confState;
    if (votersOutgoing.length > 0 || this.asking) return false;
    for (const host of this.world.hosts) {
      if (host.broken) return false;
      const is = voters.includes(host.id) ? 'voter' : learners.includes(host.id) ? 'learner' : 'none';
      if (is !== host.wanted) return false;
    }
    return [...voters, ...learners].every((id) => this.world.byId.get(id)?.id === id);
  }

  private look(): void {
    this.reviveBroken();
    this.stopRemoved();
    const leader = this.world.leader();
    if (leader === null || this.asking || this.world.clock.now < leader.pausedUntil) return;
    leader.enter(() => this.ask(leader));
  }

  /** A machine whose disk is gone comes back as a new member, once its old place is given up. */
  private reviveBroken(): void {
    for (const host of this.world.hosts) {
      if (!host.broken || this.isMember(host.id)) continue;
      host.crash('kill');
      host.join(this.world.newId());
      host.wanted = host.wanted === 'none' ? 'none' : 'voter';
      this.world.count('members replaced');
      host.start();
    }
  }

  /** A member that was removed learns it sooner or later, and ends. */
  private stopRemoved(): void {
    for (const host of this.world.hosts) {
      const removed = host.running && host.wanted === 'none' && !this.isMember(host.id);
      if (removed && this.idle && this.world.confIsDurable() && this.random.chance(0.1)) host.crash('kill');
    }
  }

  isMember(id: number): boolean {
    const { voters, votersOutgoing, learners, learnersNext } = this.world.conf.confState;
    return voters.includes(id) || votersOutgoing.includes(id) || learners.includes(id) || learnersNext.includes(id);
  }

  private ask(leader: Process): void {
    const { core } = leader;
    if (core === null || this.asking || core.confState.votersOutgoing.length > 0) return;
    const change = this.proposals(leader).find((candidate) => this.isPossible(leader, candidate));
    if (change === undefined) return;
    const text = change.changes.map(({ nodeId, type }) => `${TYPE_NAMES[type]} ${nodeId}`).join(', ');
    if (change.changes.some(({ nodeId, type }) => nodeId === leader.id && type !== ConfChangeType.AddNode)) {
      // Whoever is to go hands over first; the next leader asks.
      core.transferLeadership('any', CHANGE_TIMEOUT_MS, () => {});
      return;
    }
    this.asking = true;
    this.world.trace(() => `operator asks ${leader.id}: ${text}`);
    const promoted = change.changes.filter(
      ({ type, nodeId }) => type === ConfChangeType.AddNode && core.confState.learners.includes(nodeId),
    );
    let over = false;
    const finish = (unknown: boolean, what: string): void => {
      if (over) return;
      over = true;
      this.asking = false;
      if (unknown) this.uncertainUntil = this.world.clock.now + SETTLE_MS;
      this.world.trace(() => `operator: ${text}: ${what}`);
    };
    core.changeMembership(change, CHANGE_TIMEOUT_MS, (error) => {
      finish(error !== null && error.outcome !== 'not-applied', error?.message ?? 'done');
    });
    if (!over) for (const { nodeId } of promoted) this.world.checks.onPromote(leader, nodeId);
    const { whenAsked } = this;
    this.whenAsked = null;
    if (!over) whenAsked?.(leader);
    // Its process may end without a word.
    this.world.clock.after(2 * CHANGE_TIMEOUT_MS, () => finish(true, 'no answer'));
  }

  /** Both the configuration of now and the next can decide with the disks that are left. */
  private isPossible({ core }: Process, change: ConfChange): boolean {
    if (core === null) return false;
    const next = nextConfState(core.confState, change);
    // See the README: of two voters neither is removed, since the other one could not prove it alone after a crash.
    if (next.ok && next.confState.voters.length === 1 && core.confState.voters.length === 2) return false;
    return next.ok && this.world.survives(next.confState.voters) && this.world.survives(core.confState.voters);
  }

  /** Changes towards what is wanted, the most useful first. */
  private proposals(leader: Process): ConfChange[] {
    const { confState } = leader.core as NonNullable<Process['core']>;
    const { hosts } = this.world;
    const members = [...confState.voters, ...confState.learners];
    const gone = members
      .filter((id) => this.isLost(id) || this.world.byId.get(id)?.wanted === 'none')
      .sort((a, b) => Number(this.isLost(b)) - Number(this.isLost(a)))
      .map((nodeId) => ({ type: ConfChangeType.RemoveNode, nodeId }));
    const ready = hosts
      .filter((host) => this.isReady(host, leader))
      .map(({ id }) => ({ type: ConfChangeType.AddNode, nodeId: id }));
    const added = hosts
      .filter(({ broken, id, wanted }) => wanted !== 'none' && !broken && id !== 0 && !members.includes(id))
      .map(({ id }) => ({ type: ConfChangeType.AddLearnerNode, nodeId: id }));
    const demoted = hosts
      .filter(({ broken, id, wanted }) => wanted === 'learner' && !broken && confState.voters.includes(id))
      .map(({ id }) => ({ type: ConfChangeType.AddLearnerNode, nodeId: id }));
    const leaving = [...gone, ...demoted];
    const swaps = ready.flatMap((promote) => leaving.map((leave) => [promote, leave]));
    const single = [...ready, ...leaving, ...added].map((change) => [change]);
    const all: ConfChangeSingle[][] = this.random.chance(0.5) ? [...swaps, ...single] : [...single, ...swaps];
    const joint = this.random.chance(0.15);
    return all.map((changes) => ({
      transition: joint || changes.length > 1 ? ConfChangeTransition.JointImplicit : ConfChangeTransition.Auto,
      changes,
      context: new Uint8Array(0),
    }));
  }

  /** Its machine runs under another id by now, or has lost its disk. */
  private isLost(id: number): boolean {
    const host = this.world.byId.get(id);
    return host === undefined || host.id !== id || host.broken;
  }

  private isReady(host: Host, leader: Process): boolean {
    const { core } = leader;
    if (core === null || host.wanted !== 'voter' || host.broken || !core.confState.learners.includes(host.id))
      return false;
    return checkPromote(viewOf(leader), host.id, this.policy).ok;
  }
}

const TYPE_NAMES = {
  [ConfChangeType.AddNode]: 'voter',
  [ConfChangeType.RemoveNode]: 'remove',
  [ConfChangeType.UpdateNode]: 'update',
  [ConfChangeType.AddLearnerNode]: 'learner',
} as const;

function viewOf(leader: Process): ClusterView {
  const status = (leader.core as NonNullable<Process['core']>).status();
  const lastIndex = Math.max(...status.peers.map(({ lag, match }) => match + lag));
  const members = status.peers.map(
    (peer): MemberView => ({
      ...MEMBER_DEFAULTS,
      id: peer.id,
      name: '',
      role: peer.isLearner ? MemberRole.Learner : MemberRole.Voter,
      peerUrls: [],
      started: true,
      answers: peer.recentActive,
      replication: peer.state,
      match: peer.match,
      protocol: null,
      track: trackMember(
        undefined,
        { answers: peer.recentActive, replication: peer.state, match: peer.match },
        { lastIndex, promoteMaxLag: PROMOTE_MAX_LAG, stabilizationTimeMs: 0 },
        0,
      ),
    }),
  );
  return {
    term: status.term,
    configIndex: status.confIndex,
    leaderId: status.id,
    leadershipConfirmed: true,
    committedInTerm: status.committedInTerm,
    configInFlight: false,
    lastIndex,
    electionTimeoutMs: 10 * HEARTBEAT_MS,
    protocol: 1,
    members,
    outgoingVoters: status.confState.votersOutgoing,
    standbys: [],
    removals: [],
    alarms: [],
  };
}
