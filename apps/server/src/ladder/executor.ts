/**
 * The leader plans and acts: one round at a time, one action after the other. A round begins when something happened that
 * a plan may depend on, or at the moment that the last plan named; between rounds the leader only looks at its members,
 * at a fixed pace. A member that does not lead does nothing. Where looking or planning itself fails, that is logged and
 * tried again later: what serves the cluster must not end because what tends it has a fault.
 */
import { type Action, type ClusterView, type Plan, type Policy, plan } from '@understudy/membership';
import { MAX_TIMER_MS } from '../deadline-timer.js';
import type { Member } from '../services/member.js';
import { CommandKind } from '../state/command.js';
import { encodeLadderCommand } from '../state/ladder-command.js';
import { countBy, type LadderFigures } from '../telemetry/ladder-figures.js';
import { Alarms } from './alarms.js';
import { carryOut } from './carry-out.js';
import { clusterView, sightMembers } from './cluster-view.js';
import type { CurrentPolicy } from './current-policy.js';
import { DecisionLog } from './decision-log.js';
import { MemberTracks } from './member-tracks.js';
import type { StandbyRegistry } from './standby-registry.js';

/** So many looks fit into an election timeout: a silence is noticed soon after it is one. */
const LOOKS_AN_ELECTION_TIMEOUT = 5;
/** An action that came to nothing is not tried again sooner. */
const RETRY_MS = 1000;
/** A fault that comes back with every look is told again so often. */
const TELL_FAULT_MS = 60_000;
/** Rounds that follow each other at once leave the member time for its clients. */
const PAUSE_MS = 20;
const NO_CALLER = { raw: null, timeoutMs: undefined };

export interface ExecutorDeps {
  readonly member: Member;
  readonly policy: CurrentPolicy;
  readonly standbys: StandbyRegistry;
  readonly figures: LadderFigures;
}

export class LadderExecutor {
  readonly decisions: DecisionLog;
  readonly #deps: ExecutorDeps;
  readonly #tracks: MemberTracks;
  readonly #alarms = new Alarms();
  readonly #looks: NodeJS.Timeout;
  #round: NodeJS.Timeout | null = null;
  #roundAtMs = Number.POSITIVE_INFINITY;
  #acting = false;
  #stopped = false;
  /** The term in which this member led at the last look; 0 when it did not. */
  #ledTerm = 0;
  /** No action before: the last one came to nothing. */
  #notBeforeMs = 0;
  #faultToldAtMs = Number.NEGATIVE_INFINITY;

  constructor(deps: ExecutorDeps) {
    const { member } = deps;
    this.#deps = deps;
    this.#tracks = new MemberTracks(member.config.electionTimeoutMs);
    this.decisions = new DecisionLog(member.logger, deps.figures);
    member.state.on('ladder', () => {
      this.#tracks.restore(member.state.ladder.silences, performance.now());
      this.poke();
    });
    member.state.on('members', () => this.poke());
    member.state.on('standbys', () => this.poke());
    deps.standbys.whenConnected(() => this.poke());
    member.node.on('conf-change', () => this.poke());
    member.node.on('leader-change', () => this.#lookSafely());
    this.#tracks.restore(member.state.ladder.silences, performance.now());
    this.#looks = setInterval(() => this.#lookSafely(), member.config.electionTimeoutMs / LOOKS_AN_ELECTION_TIMEOUT);
    this.#lookSafely();
  }

  /** Something happened that a plan may depend on. */
  poke(): void {
    this.#planAt(performance.now() + PAUSE_MS);
  }

  stop(): void {
    this.#stopped = true;
    clearInterval(this.#looks);
    if (this.#round !== null) clearTimeout(this.#round);
  }

  /** What this member, as the leader, sees now. */
  view(policy: Policy = this.#deps.policy.policy): ClusterView {
    const { member, standbys } = this.#deps;
    const nowMs = performance.now();
    const parts = {
      tracks: this.#tracks,
      standbys: standbys.views(nowMs),
      lost: standbys.lostMembers(nowMs),
      alarms: this.#alarms.list,
    };
    return clusterView(member, member.node.status(), policy, parts, nowMs);
  }

  /** What it would do now under this policy. */
  plan(policy: Policy = this.#deps.policy.policy): Plan {
    return plan(this.view(policy), policy, performance.now());
  }

  #lookSafely(): void {
    try {
      this.#look();
    } catch (error) {
      this.#fault(error);
    }
  }

  #fault(error: unknown): void {
    const nowMs = performance.now();
    this.#notBeforeMs = nowMs + RETRY_MS;
    this.#planAt(this.#notBeforeMs);
    if (nowMs - this.#faultToldAtMs < TELL_FAULT_MS) return;
    this.#faultToldAtMs = nowMs;
    this.#deps.member.logger.error({ err: error }, 'the members could not be tended: please report this');
  }

  #look(): void {
    const { member, policy, figures } = this.#deps;
    const status = member.node.status();
    const nowMs = performance.now();
    if (!member.node.isLeader) {
      if (this.#ledTerm !== 0) {
        this.#alarms.clear();
        figures.planned(null);
      }
      this.#ledTerm = 0;
      return;
    }
    if (this.#ledTerm !== status.term) {
      this.#ledTerm = status.term;
      this.#notBeforeMs = 0;
      this.#tracks.restart(nowMs);
      this.#proposeFlagPolicy();
    }
    const context = { lastIndex: status.lastIndex, ...policy.policy };
    if (this.#tracks.look(sightMembers(member, status), context, nowMs)) this.poke();
    const silences = this.#tracks.news(nowMs);
    if (silences === null) return;
    const command = encodeLadderCommand({ term: status.term, silences });
    this.#propose(CommandKind.SetSilences, command, 'how long members were silent was not written down');
  }

  /** The first leader of a cluster gives it the policy of its flags. */
  #proposeFlagPolicy(): void {
    const { policy } = this.#deps;
    if (policy.version > 0 || Object.keys(policy.fromFlags).length === 0) return;
    const command = encodeLadderCommand({ version: 0, set: policy.fromFlags, reset: [] });
    this.#propose(CommandKind.SetPolicy, command, 'the policy of the flags was not written down');
  }

  #propose(kind: CommandKind, command: Uint8Array, failed: string): void {
    const { member } = this.#deps;
    member
      .propose(kind, command, undefined, NO_CALLER)
      .catch((error: unknown) => member.logger.debug({ err: error }, failed));
  }

  /** The earliest moment that anybody names. */
  #planAt(atMs: number): void {
    if (this.#stopped || atMs >= this.#roundAtMs) return;
    if (this.#round !== null) clearTimeout(this.#round);
    this.#roundAtMs = atMs;
    const delayMs = Math.min(MAX_TIMER_MS, Math.max(0, Math.ceil(atMs - performance.now())));
    this.#round = setTimeout(() => {
      this.#roundAtMs = Number.POSITIVE_INFINITY;
      this.#runRound().catch((error: unknown) => this.#fault(error));
    }, delayMs);
  }

  async #runRound(): Promise<void> {
    const { member, figures } = this.#deps;
    // The next round begins with the end of the actions that run, or with the first look at the members.
    if (this.#acting || this.#stopped || !member.node.isLeader || !this.#tracks.looked) return;
    const now = this.plan();
    const alarms = countBy(this.#alarms.list, ({ alarm }) => alarm);
    figures.planned({ slack: now.slack, holds: countBy(now.holds, ({ reason }) => reason), alarms });
    if (now.nextCheckAtMs !== null) this.#planAt(Math.max(now.nextCheckAtMs, performance.now() + PAUSE_MS));
    if (now.actions.length === 0) return;
    if (performance.now() < this.#notBeforeMs) {
      this.#planAt(this.#notBeforeMs);
      return;
    }
    this.#acting = true;
    try {
      await this.#act(now.actions);
    } finally {
      this.#acting = false;
      this.poke();
    }
  }

  /** In their order, as long as each of them succeeds. */
  async #act(actions: readonly Action[]): Promise<void> {
    const { member, standbys } = this.#deps;
    for (const action of actions) {
      if (this.#stopped) return;
      const { term } = action;
      const carried = await carryOut({ member, alarms: this.#alarms, standbys }, action);
      this.decisions.add({ timeMs: Date.now(), term, type: action.type, text: action.text, ...carried });
      if (carried.outcome === 'done') continue;
      if (carried.outcome !== 'dropped') this.#notBeforeMs = performance.now() + RETRY_MS;
      return;
    }
  }
}
