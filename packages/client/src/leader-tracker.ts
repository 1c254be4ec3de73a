// Who leads, and who votes, as far as the members say. A member is asked when its connection opens, when a term appears
// that nobody has told of yet, and when somebody says that the leader is gone. Nobody waits for the answers: any voter
// takes calls meanwhile.
import { MaintenanceService, type ResponseHeader, type StatusResponse } from '@understudy/protocol';
import type { ResolvedClientOptions } from './client-options.js';
import type { Connection } from './connection.js';
import type { EndpointState } from './endpoint-state.js';

export interface LeaderTrackerDeps {
  readonly states: () => readonly EndpointState[];
  /** A learner turned into a voter. */
  readonly onChange: () => void;
}

export type LeaderTrackerOptions = Pick<
  ResolvedClientOptions,
  'followLeader' | 'excludeLearners' | 'roleRecheckMs' | 'dialTimeoutMs'
>;

// How often a cluster that knows no leader is asked again.
const PROBE_MS = 100;

export class LeaderTracker {
  /** The leader's endpoint while its connection is open; the role `leader` agrees with it. */
  leader: EndpointState | undefined = undefined;
  private readonly deps: LeaderTrackerDeps;
  private readonly options: LeaderTrackerOptions;
  // 0: not known
  private leaderId = 0;
  // the highest that any answer told
  private term = 0;
  private turn = 0;
  private probeTimer: NodeJS.Timeout | undefined = undefined;
  private closed = false;

  constructor(deps: LeaderTrackerDeps, options: LeaderTrackerOptions) {
    this.deps = deps;
    this.options = options;
  }

  /** What an answer's header tells: a new term means that the leader may be another. */
  observe(header: ResponseHeader): void {
    if (header.raftTerm <= this.term) return;
    const first = this.term === 0;
    this.term = header.raftTerm;
    if (!first) this.forget();
  }

  /** The leader is gone, or somebody says so. */
  forget(): void {
    this.leaderId = 0;
    this.appoint();
    this.probe(0);
  }

  /** A connection is in use from now on. */
  opened(state: EndpointState): void {
    this.appoint();
    if (state.role === 'learner') this.recheckLater(state);
    if (this.leaderId === 0) this.probe(PROBE_MS);
  }

  /** A member refused a call because it does not vote. */
  notAVoter(state: EndpointState): void {
    state.role = 'learner';
    this.appoint();
    this.recheckLater(state);
  }

  /** What a member says of itself and of the leader. */
  learn(state: EndpointState, status: StatusResponse): void {
    state.memberId = state.connection?.memberId || (status.header?.memberId ?? 0);
    state.role = status.isLearner && this.options.excludeLearners ? 'learner' : 'voter';
    if (status.raftTerm >= this.term) {
      this.term = status.raftTerm;
      this.leaderId = status.leader;
    }
    this.appoint();
  }

  /** Makes roles and `leader` agree with what is known; to be called when a connection opens or goes. */
  appoint(): void {
    this.leader = undefined;
    for (const state of this.deps.states()) {
      const leads = this.leaderId !== 0 && state.memberId === this.leaderId && this.options.followLeader;
      if (leads && state.role !== 'learner') state.role = 'leader';
      else if (state.role === 'leader') state.role = 'voter';
      if (state.role === 'leader' && state.open) this.leader = state;
    }
  }

  close(): void {
    this.closed = true;
    clearTimeout(this.probeTimer);
  }

  private recheckLater(state: EndpointState): void {
    state.after(this.options.roleRecheckMs, () => {
      const { connection } = state;
      if (connection === undefined || !state.open) return;
      void this.ask(state, connection).then(() => {
        if (state.role === 'learner') this.recheckLater(state);
        else this.deps.onChange();
      });
    });
  }

  private probe(delayMs: number): void {
    if (this.closed || !this.options.followLeader || this.probeTimer !== undefined) return;
    this.probeTimer = setTimeout(() => {
      const voters = this.deps.states().filter((state) => state.open && state.role !== 'learner');
      const state = voters[this.turn % voters.length];
      this.turn += 1;
      // A connection that opens asks by itself.
      if (state?.connection === undefined) {
        this.probeTimer = undefined;
        return;
      }
      void this.ask(state, state.connection).then(() => {
        this.probeTimer = undefined;
        if (this.leaderId === 0) this.probe(PROBE_MS);
      });
    }, delayMs);
    this.probeTimer.unref();
  }

  private async ask(state: EndpointState, connection: Connection): Promise<void> {
    try {
      const status = await connection.ask(MaintenanceService.methods.status, {}, this.options.dialTimeoutMs);
      if (state.connection === connection) this.learn(state, status);
    } catch (error) {
      state.lastError = error as Error;
    }
  }
}
