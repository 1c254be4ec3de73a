// A cluster that lives: machines fail and return, flap, lag and catch up, standbys come and go, operators act, policies
// change, leaders change. One seed gives one life. After each step the planner plans and its plan is judged, and carried
// out, or lost on the way with its leader.
import {
  type ClusterView,
  checkAddMember,
  checkPromote,
  checkRemoveMember,
  checkReplace,
  MEMBER_DEFAULTS,
  MemberRole,
  type MemberView,
  type PolicySettings,
  plan,
  resolvePolicy,
  restoreTrack,
  type StandbyView,
  saveTrack,
  slack,
  trackMember,
} from '../../src/index.js';
import { type Cluster, carryOut, with_ } from './carry-out.js';
import type { Planner } from './follow.js';
import { brokenRules } from './rules.js';

const ENTRIES_PER_STEP = 40;
const POLICIES: readonly PolicySettings[] = [
  { activeSize: 3 },
  { activeSize: 5 },
  { activeSize: 1 },
  { activeSize: 4, maxAutoRemovals: 3 },
  { activeSize: 'auto' },
  { activeSize: 3, warmReserve: true, failoverAfterMs: 2_000 },
  { activeSize: 5, maxLearners: 1, removalWindowMs: 1_000 },
  { activeSize: 3, autoPromote: { join: true, size: false, failover: true } },
  { activeSize: 5, autoPromote: { join: false, size: true, failover: false } },
  { activeSize: 2, spreadBy: 'none' },
  { activeSize: 3, maxAutoRemovals: 0 },
  { activeSize: 3, paused: true },
];
const ZONES = ['', 'a', 'b', 'c'];

export class World {
  cluster: Cluster;
  nowMs = 1_000_000;
  steps = 0;
  readonly counts = new Map<string, number>();
  readonly #random: () => number;
  readonly #planner: Planner;
  /** Machines that do not answer. */
  readonly #down = new Set<number>();
  /** Entries that a machine takes over in a step. */
  readonly #pace = new Map<number, number>();

  constructor(seed: number, planner: Planner = plan) {
    this.#random = mulberry32(seed);
    this.#planner = planner;
    const view: ClusterView = {
      ...{ term: 1, configIndex: 1, leaderId: 1, leadershipConfirmed: true, committedInTerm: true },
      ...{ configInFlight: false, lastIndex: 5_000, electionTimeoutMs: 1_000, protocol: 1 },
      ...{ members: [], outgoingVoters: [], standbys: [], removals: [], alarms: [] },
    };
    this.cluster = { view, policy: policyOf(this.#pick(POLICIES)), nextId: 1_000 };
    const voters = 1 + this.#below(5);
    for (let id = 1; id <= voters; id++) this.#add({ id, role: MemberRole.Voter, started: true, match: 5_000 });
  }

  /** One step; what it broke. */
  step(): string[] {
    this.steps++;
    this.nowMs += this.#chance(0.02) ? 60_000 * this.#below(40) : 100 + this.#below(5_000);
    this.#happen();
    this.#look();
    const { view, policy } = this.cluster;
    const planned = this.#planner(view, policy, this.nowMs);
    const broken = brokenRules({ view, policy, nowMs: this.nowMs, plan: planned });
    if (broken.length > 0) return broken;
    for (const action of planned.actions) {
      if (this.#chance(0.05)) {
        this.#changeLeader();
        return [];
      }
      this.#count(action.type === 'remove' ? `remove ${action.cause}` : action.type);
      this.cluster = carryOut(this.cluster, action, this.nowMs, { returns: true });
      if (action.type === 'transfer-leadership') this.#forgetTracks();
      if (action.type === 'alarm') continue;
      const before = view.members.length === 0 ? 0 : slack(view);
      if (slack(this.cluster.view) < 0 && before >= 0) return [`the quorum is lost by: ${action.text}`];
    }
    return [];
  }

  #happen(): void {
    const { view } = this.cluster;
    const member = this.#pick(view.members);
    const standby = view.standbys.length === 0 ? undefined : this.#pick(view.standbys);
    const roll = this.#random();
    if (roll < 0.1) this.#fail(member);
    else if (roll < 0.3) this.#down.delete(this.#pick([...this.#down, member.id]));
    else if (roll < 0.36) this.#pace.set(member.id, this.#pick([0, 10, 100, 1_000, 5_000]));
    else if (roll < 0.4) this.#register();
    else if (roll < 0.43 && standby !== undefined) this.#touch(standby);
    else if (roll < 0.45) this.#changeLeader();
    else if (roll < 0.46) this.cluster = { ...this.cluster, policy: policyOf(this.#pick(POLICIES)) };
    else if (roll < 0.5) this.#operate(member);
    else if (roll < 0.51) this.#patch(member.id, { recovering: member.id !== view.leaderId && !member.recovering });
    else if (roll < 0.53) this.cluster = with_(this.cluster, { configInFlight: !view.configInFlight });
    else if (roll < 0.55) this.#wipe(member);
    else if (view.configInFlight) this.cluster = with_(this.cluster, { configInFlight: false });
  }

  #fail(member: MemberView): void {
    // Most failures leave a quorum; without one there is nothing to plan.
    this.#down.add(member.id);
    if (member.id === this.cluster.view.leaderId) this.#changeLeader();
    const answering = this.#voters().filter(({ id, lost }) => !this.#down.has(id) && !lost).length;
    if (answering * 2 <= this.#voters().length && this.#chance(0.9)) this.#down.delete(member.id);
  }

  /** Its machine comes back without its data and asks to stand by; or nobody asks for it any more. */
  #wipe(member: MemberView): void {
    if (!member.lost) {
      if (member.started) this.#fail(member);
      if (this.#down.has(member.id)) this.#patch(member.id, { lost: true });
    } else {
      this.#patch(member.id, { lost: false });
    }
  }

  #operate(member: MemberView): void {
    const { view, policy } = this.cluster;
    const id = this.#fresh();
    const peerUrls = [`http://10.1.0.${id}:2380`];
    switch (this.#below(8)) {
      case 0:
      case 1: {
        const promotion = this.#pick(['join', 'manual', 'auto', 'failover'] as const);
        if (!checkAddMember(view, { id, role: promotion === 'join' ? 'join' : 'learner', peerUrls }, policy).ok) return;
        this.#add({ id, role: MemberRole.Learner, promotion, peerUrls, started: this.#chance(0.9) });
        return;
      }
      case 2:
        if (!checkAddMember(view, { id, role: 'reader', peerUrls }, policy).ok) return;
        this.#add({ id, role: MemberRole.Reader, peerUrls, started: this.#chance(0.9) });
        return;
      case 3: {
        const old = this.#pick(this.#voters());
        if (!checkReplace(view, { id, peerUrls, replaces: old.id }, policy).ok) return;
        this.#add({
          id,
          role: MemberRole.Learner,
          promotion: 'join',
          peerUrls,
          replaces: old.id,
          started: true,
        });
        return;
      }
      case 4:
        this.#patch(member.id, { draining: !member.draining });
        return;
      case 5:
        if (member.id === view.leaderId || !checkRemoveMember(view, member.id).ok) return;
        this.#set(view.members.filter(({ id: other }) => other !== member.id));
        return;
      case 6:
        if (!checkPromote(view, member.id, policy).ok) return;
        this.#patch(member.id, { role: MemberRole.Voter, pinned: policy.activeSize !== 'auto' });
        return;
      default:
        if (!checkAddMember(view, { id, role: 'voter', peerUrls }, policy).ok) return;
        this.#add({ id, role: MemberRole.Voter, peerUrls, pinned: true, started: true });
        return;
    }
  }

  #register(): void {
    const { view } = this.cluster;
    if (view.standbys.length >= 6) return;
    const id = this.#fresh();
    const standby: StandbyView = {
      registrationId: id,
      name: `s${id}`,
      peerUrls: [`http://10.1.0.${id}:2380`],
      clientUrls: [],
      zone: this.#pick(ZONES),
      standbyOnly: this.#chance(0.2),
      drained: false,
      connected: true,
      lastSeenMs: this.nowMs,
      protocol: this.#chance(0.9) ? { min: 1, max: 1 } : { min: 2, max: 2 },
      failedActivations: this.#below(2),
      reservation: null,
    };
    this.cluster = with_(this.cluster, { standbys: [...view.standbys, standby] });
  }

  /** A standby's connection goes or comes back, or it leaves. */
  #touch(standby: StandbyView): void {
    const { standbys } = this.cluster.view;
    const rest = standbys.filter((other) => other !== standby);
    const changed = { ...standby, connected: !standby.connected, lastSeenMs: this.nowMs };
    this.cluster = with_(this.cluster, { standbys: this.#chance(0.2) ? rest : [...rest, changed] });
  }

  #changeLeader(): void {
    const able = this.#voters().filter(({ id, recovering, lost }) => !this.#down.has(id) && !recovering && !lost);
    const { view } = this.cluster;
    const leaderId = able.length === 0 ? view.leaderId : this.#pick(able).id;
    this.#down.delete(leaderId);
    this.#patch(leaderId, { recovering: false, lost: false });
    const committedInTerm = this.#chance(0.8);
    this.cluster = with_(this.cluster, { leaderId, term: view.term + 1, committedInTerm, configInFlight: false });
    this.#forgetTracks();
  }

  /** A new leader has the records of the tracks, and nothing else of them. */
  #forgetTracks(): void {
    this.#set(
      this.cluster.view.members.map((member) => ({
        ...member,
        track: restoreTrack(saveTrack(member.track, this.nowMs), this.nowMs),
      })),
    );
  }

  /** What the leader sees now: entries were written, and each member took over what it could. */
  #look(): void {
    const { view, policy } = this.cluster;
    const lastIndex = view.lastIndex + this.#below(ENTRIES_PER_STEP);
    const members = view.members.map((member): MemberView => {
      const own = member.id === view.leaderId;
      const answers = own || (member.started && !this.#down.has(member.id) && !member.lost);
      const pace = this.#pace.get(member.id) ?? 5_000;
      const match = own ? lastIndex : answers ? Math.min(lastIndex, member.match + pace) : member.match;
      const far = lastIndex - match > 3_000;
      const replication = own ? 'replicate' : !answers ? 'probe' : far ? 'snapshot' : 'replicate';
      const context = { ...policy, lastIndex };
      const sighting = { answers, replication, match } as const;
      // Machines are looked at more often than the model steps: a round takes as long as it is behind, not as the step.
      const track = trackMember(member.track, sighting, context, this.nowMs);
      const lastRoundMs = track.lastRoundMs === null ? null : Math.min(track.lastRoundMs, pace < 100 ? 5_000 : 100);
      return { ...member, ...sighting, track: { ...track, lastRoundMs } };
    });
    // The new machines of the automation start in time, or never.
    const started = members.map((member) =>
      member.started || member.origin === 'operator' || !this.#chance(0.2) ? member : { ...member, started: true },
    );
    const voters = started.filter(({ role }) => role === MemberRole.Voter);
    const majority = voters.filter(({ answers }) => answers).length * 2 > voters.length;
    const leadershipConfirmed = majority && this.#chance(0.97);
    this.cluster = with_(this.cluster, {
      ...{ lastIndex, members: started, leadershipConfirmed },
      committedInTerm: view.committedInTerm || (leadershipConfirmed && this.#chance(0.7)),
    });
  }

  #add(given: Partial<MemberView> & { readonly id: number; readonly role: MemberRole }): void {
    const { view, policy } = this.cluster;
    const sighting = { answers: false, replication: 'probe', match: given.match ?? 0 } as const;
    const track = trackMember(undefined, sighting, { ...policy, lastIndex: view.lastIndex }, this.nowMs);
    const member: MemberView = {
      ...MEMBER_DEFAULTS,
      ...sighting,
      name: `n${given.id}`,
      peerUrls: [`http://10.1.0.${given.id}:2380`],
      started: false,
      protocol: { min: 1, max: 1 },
      zone: this.#pick(ZONES),
      addedAtMs: this.nowMs,
      track,
      ...given,
    };
    this.#set([...view.members, member]);
  }

  #patch(id: number, change: Partial<MemberView>): void {
    this.#set(this.cluster.view.members.map((member) => (member.id === id ? { ...member, ...change } : member)));
  }

  #set(members: readonly MemberView[]): void {
    this.cluster = with_(this.cluster, { members });
  }

  #voters(): MemberView[] {
    return this.cluster.view.members.filter(({ role }) => role === MemberRole.Voter);
  }

  #fresh(): number {
    const { nextId } = this.cluster;
    this.cluster = { ...this.cluster, nextId: nextId + 1 };
    return nextId;
  }

  #count(what: string): void {
    this.counts.set(what, (this.counts.get(what) ?? 0) + 1);
  }

  #chance(probability: number): boolean {
    return this.#random() < probability;
  }

  #below(limit: number): number {
    return Math.floor(this.#random() * limit);
  }

  #pick<T>(from: readonly T[]): T {
    return from[this.#below(from.length)] as T;
  }
}

function policyOf(settings: PolicySettings): Cluster['policy'] {
  const resolved = resolvePolicy(settings);
  if (!resolved.ok) throw new Error(resolved.text);
  return resolved.policy;
}

function mulberry32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** So many lives of so many steps; `broken` is empty, or what was broken, where, and in which cluster. */
export function live(
  firstSeed: number,
  lives: number,
  steps: number,
): { readonly broken: string; readonly actions: ReadonlyMap<string, number> } {
  const actions = new Map<string, number>();
  for (let seed = firstSeed; seed < firstSeed + lives; seed++) {
    const world = new World(seed);
    for (let step = 0; step < steps; step++) {
      const broken = world.step();
      if (broken.length === 0) continue;
      const where = `seed ${seed}, step ${world.steps}`;
      return { broken: `${where}: ${broken.join('\n')}\nin ${JSON.stringify(world.cluster)}`, actions };
    }
    for (const [what, count] of world.counts) actions.set(what, (actions.get(what) ?? 0) + count);
  }
  return { broken: '', actions };
}
