/**
 * The operator: sees to it, through whoever leads, that the configuration becomes what is wanted of each machine. One
 * change at a time; learners are promoted, and silent voters replaced, as the leader's planner decides; a change that the
 * disks still there could not carry is never asked for.
 */
import {
  type ConfChange,
  type ConfChangeSingle,
  ConfChangeTransition,
  ConfChangeType,
  nextConfState,
} from '@understudy/raft-core';
import type { Host } from './host.js';
import { type Decision, Planner } from './planner.js';
import type { Process } from './process.js';
import { Random } from './random.js';
import type { World } from './world.js';

const LOOK_MS = 250;
const CHANGE_TIMEOUT_MS = 3_000;
/** After a change whose outcome is unknown, it may still come. */
const SETTLE_MS = 6_000;
/** How long the planner may hold a learner that is to vote, before it is promoted by command. */
const PATIENCE_MS = 8_000;

export class Operator {
  private readonly random: Random;
  private readonly planner: Planner;
  // Since when it could be promoted if it had caught up.
  private readonly learnsSince = new Map<number, number>();
  /** Told once, of the next change that a leader takes. */
  whenAsked: ((leader: Process) => void) | null = null;
  private asking = false;
  private uncertainUntil = 0;

  constructor(private readonly world: World) {
    this.random = Random.of(world.setup.seed, 'operator');
    this.planner = new Planner(world);
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
    if (!over && promoted.length > 0) this.world.count('promotions asked for');
    if (!over && change.changes.some((single) => this.isFailover(single))) this.world.count('failovers asked for');
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
    const decision = this.planner.decide(leader);
    const { hosts } = this.world;
    const members = [...confState.voters, ...confState.learners];
    const gone = members
      .filter((id) => this.isLost(id) || this.world.byId.get(id)?.wanted === 'none')
      .sort((a, b) => Number(this.isLost(b)) - Number(this.isLost(a)))
      .map((nodeId) => ({ type: ConfChangeType.RemoveNode, nodeId }));
    const ready = hosts
      .filter((host) => this.isReady(host, leader, decision))
      .map(({ id }) => ({ type: ConfChangeType.AddNode, nodeId: id }));
    const added = hosts
      .filter(({ broken, id, wanted }) => wanted !== 'none' && !broken && id !== 0 && !members.includes(id))
      .map(({ id }) => ({ type: ConfChangeType.AddLearnerNode, nodeId: id }));
    // Who votes in the place of a silent voter goes on until that one votes again.
    const surplus = confState.voters.length > hosts.filter(({ wanted }) => wanted === 'voter').length;
    const demoted = hosts
      .filter(({ broken, id, wanted }) => surplus && wanted === 'learner' && !broken && confState.voters.includes(id))
      .map(({ id }) => ({ type: ConfChangeType.AddLearnerNode, nodeId: id }));
    const leaving = [...gone, ...demoted];
    const swaps = ready.flatMap((promote) => leaving.map((leave) => [promote, leave]));
    const single = [...ready, ...leaving, ...added].map((change) => [change]);
    const mixed: ConfChangeSingle[][] = this.random.chance(0.5) ? [...swaps, ...single] : [...single, ...swaps];
    const all = [...failoverOf(decision), ...mixed];
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

  private isFailover({ nodeId, type }: ConfChangeSingle): boolean {
    const host = this.world.byId.get(nodeId);
    return type === ConfChangeType.AddLearnerNode && host?.wanted === 'voter' && this.isVoter(nodeId);
  }

  private isVoter(id: number): boolean {
    return this.world.conf.confState.voters.includes(id);
  }

  /** Asked for by command where the planner has held it for long. */
  private isReady(host: Host, { core }: Process, { promote, view }: Decision): boolean {
    if (core === null || host.wanted !== 'voter' || host.broken || !core.confState.learners.includes(host.id)) {
      this.learnsSince.delete(host.id);
      return false;
    }
    const { now } = this.world.clock;
    const since = this.learnsSince.get(host.id) ?? now;
    this.learnsSince.set(host.id, since);
    if (promote.includes(host.id)) return true;
    return now - since > PATIENCE_MS && this.planner.allows(view, host.id);
  }
}

/** A learner for a silent voter, which learns until it is back. */
function failoverOf({ swap }: Decision): ConfChangeSingle[][] {
  if (swap === null) return [];
  const { demoteId, promoteId } = swap;
  return [
    [
      { type: ConfChangeType.AddNode, nodeId: promoteId },
      { type: ConfChangeType.AddLearnerNode, nodeId: demoteId },
    ],
  ];
}

const TYPE_NAMES = {
  [ConfChangeType.AddNode]: 'voter',
  [ConfChangeType.RemoveNode]: 'remove',
  [ConfChangeType.UpdateNode]: 'update',
  [ConfChangeType.AddLearnerNode]: 'learner',
} as const;
