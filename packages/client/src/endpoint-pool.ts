// The endpoints of one client: a connection to each, what each is known to be, and where the leader is. It dials, backs
// off, leaves out what does not vote, and tells its owner when calls that wait may be placed again.
import { AuthService, MaintenanceService, type ResponseHeader, type StatusResponse } from '@understudy/protocol';
import { backoffMs } from './backoff.js';
import { pickEndpoint } from './balancer.js';
import type { ResolvedClientOptions } from './client-options.js';
import { type CloseReason, Connection } from './connection.js';
import { type Endpoint, parseEndpoint } from './endpoint.js';
import { EndpointState } from './endpoint-state.js';
import type { TlsOptions } from './tls-options.js';

export interface Credentials {
  readonly user: string;
  readonly password: string;
}

export interface EndpointPoolDeps {
  readonly endpoints: readonly Endpoint[];
  readonly tls: TlsOptions | undefined;
  readonly auth: Credentials | undefined;
  readonly random: () => number;
  /** A connection opened, closed, has room again, or may be dialled. */
  readonly onChange: () => void;
}

// While nobody is connected, the next endpoint is dialled beside one that has not answered for this long.
const DIAL_STAGGER_MS = 250;
// How often a cluster that knows no leader is asked again.
const LEADER_PROBE_MS = 100;
// Standbys may send a client to members it was not told of; not to any number of them.
const MAX_ENDPOINTS = 64;
// In the background, when no call waits, a dead endpoint is dialled this much more rarely.
const IDLE_BACKOFF_FACTOR = 8;

export class EndpointPool {
  private readonly deps: EndpointPoolDeps;
  private readonly options: ResolvedClientOptions;
  private states: EndpointState[];
  // endpoints that only calls name
  private readonly extras = new Map<string, EndpointState>();
  // the leader's state while its connection is open; role 'leader' in `states` agrees
  private leader: EndpointState | undefined = undefined;
  private leaderId = 0;
  // the highest term that any answer told
  private term = 0;
  private turn: number;
  private wakeTimer: NodeJS.Timeout | undefined = undefined;
  private wakeAtMs = Number.POSITIVE_INFINITY;
  private probeTimer: NodeJS.Timeout | undefined = undefined;
  private closed = false;

  constructor(deps: EndpointPoolDeps, options: ResolvedClientOptions) {
    this.deps = deps;
    this.options = options;
    this.states = deps.endpoints.map((endpoint, index) => new EndpointState(endpoint, index));
    // Clients that start together begin with different endpoints.
    this.turn = Math.floor(deps.random() * this.states.length);
  }

  get endpointNames(): string[] {
    return this.states.map(({ endpoint }) => endpoint.name);
  }

  /** Why no endpoint can be reached, as far as it is known. */
  get lastError(): Error | undefined {
    return this.states.find(({ lastError }) => lastError !== undefined)?.lastError;
  }

  /**
   * An endpoint with an open connection and room for a call, or undefined: then whatever helps has been begun, and
   * `onChange` will tell.
   */
  route(preferLeader: boolean, avoid: EndpointState | undefined): EndpointState | undefined {
    const { leader } = this;
    if (preferLeader && leader !== undefined && leader !== avoid) return withRoom(leader);
    const nowMs = performance.now();
    const avoidIndex = avoid !== undefined && this.states[avoid.index] === avoid ? avoid.index : -1;
    const pick = pickEndpoint(this.states, { preferLeader, avoid: avoidIndex, turn: this.turn, nowMs });
    if (!preferLeader) this.turn += 1;
    if (pick.action === 'send') return withRoom(this.states[pick.index] as EndpointState);
    if (pick.action === 'dial') {
      this.turn += 1;
      this.dial(this.states[pick.index] as EndpointState);
      this.wakeAt(nowMs + DIAL_STAGGER_MS, nowMs);
    } else if (pick.untilMs !== undefined) {
      this.wakeAt(pick.untilMs, nowMs);
    }
    return undefined;
  }

  /** As `route`, for a call that names its endpoint: its role does not matter. */
  routeTo(name: string): EndpointState | undefined {
    const state = this.named(name);
    if (state.connection?.isOpen === true && state.open) return withRoom(state);
    const nowMs = performance.now();
    if (!state.dialling) {
      if (state.retryAtMs <= nowMs) this.dial(state);
      else this.wakeAt(state.retryAtMs, nowMs);
    }
    return undefined;
  }

  /** @throws ClientError when it is no endpoint */
  private named(name: string): EndpointState {
    const known = this.states.find(({ endpoint }) => endpoint.name === name) ?? this.extras.get(name);
    if (known !== undefined) return known;
    const parsed = parseEndpoint(name);
    // Names are checked where calls are made.
    if (!parsed.ok) throw new Error(parsed.reason);
    const { endpoint } = parsed;
    const state = this.states.find(({ endpoint: { url } }) => url === endpoint.url) ?? new EndpointState(endpoint, -1);
    if (state.index === -1) this.remember(name, state);
    return state;
  }

  private remember(name: string, state: EndpointState): void {
    this.extras.set(name, state);
    if (this.extras.size <= MAX_ENDPOINTS) return;
    const [oldest, first] = this.extras.entries().next().value as [string, EndpointState];
    this.extras.delete(oldest);
    this.drop(first);
  }

  /** Uses these endpoints from now on; connections to the others are closed. */
  setEndpoints(endpoints: readonly Endpoint[]): void {
    const kept = new Map(this.states.map((state) => [state.endpoint.url, state]));
    this.states = endpoints.map((endpoint, index) => {
      const state = kept.get(endpoint.url) ?? new EndpointState(endpoint, index);
      kept.delete(endpoint.url);
      state.index = index;
      return state;
    });
    for (const state of kept.values()) this.drop(state);
    this.appointLeader();
    this.deps.onChange();
  }

  private drop(state: EndpointState): void {
    clearTimeout(state.timer);
    state.index = -1;
    state.connection?.close('the endpoint was taken off the list');
  }

  /** What an answer's header tells: a new term means that the leader may be another. */
  observe(header: ResponseHeader): void {
    if (header.raftTerm <= this.term) return;
    const first = this.term === 0;
    this.term = header.raftTerm;
    if (!first) this.forgetLeader();
  }

  /** Somebody said that the leader is gone. */
  forgetLeader(): void {
    this.leaderId = 0;
    this.appointLeader();
    this.probeLeader(0);
  }

  /** A member refused a call because it does not vote. */
  notAVoter(state: EndpointState): void {
    state.role = 'learner';
    this.appointLeader();
    this.recheckRole(state);
  }

  /** A member did not accept the token: it gets another one. */
  renewToken(state: EndpointState): void {
    if (this.deps.auth === undefined || state.connection === undefined || !state.open) return;
    state.open = false;
    this.appointLeader();
    void this.admit(state, state.connection);
  }

  close(): void {
    this.closed = true;
    clearTimeout(this.wakeTimer);
    clearTimeout(this.probeTimer);
    for (const state of [...this.states, ...this.extras.values()]) {
      clearTimeout(state.timer);
      state.connection?.close('the client was closed');
    }
  }

  // ---- connections ----

  private dial(state: EndpointState): void {
    clearTimeout(state.timer);
    state.dialling = true;
    const { tls } = this.deps;
    const events = {
      opened: () => void this.admit(state, connection),
      room: () => this.deps.onChange(),
      goaway: () => this.leave(state, connection),
      closed: (reason: CloseReason) => this.lost(state, connection, reason),
    };
    const connection = new Connection({ endpoint: state.endpoint, tls, events }, this.options);
    state.connection = connection;
  }

  // Between open and in use: the token, and what the member is. Until then no call is placed on it.
  private async admit(state: EndpointState, connection: Connection): Promise<void> {
    const { auth } = this.deps;
    const { dialTimeoutMs, followLeader, excludeLearners } = this.options;
    try {
      if (auth !== undefined) {
        const { user: name, password } = auth;
        const answer = await connection.ask(AuthService.methods.authenticate, { name, password }, dialTimeoutMs);
        connection.session.setToken(answer.token);
      }
      if (followLeader || excludeLearners) {
        const status = await connection.ask(MaintenanceService.methods.status, {}, dialTimeoutMs);
        if (state.connection === connection) this.learn(state, status);
      }
    } catch (error) {
      // A server that cannot say what it is may still take calls; one that does not know us cannot.
      state.lastError = error as Error;
      if (auth !== undefined || !connection.isOpen) {
        connection.close((error as Error).message);
        return;
      }
    }
    if (state.connection !== connection || !connection.isOpen) return;
    if (state.memberId === 0) state.memberId = connection.memberId;
    state.dialling = false;
    
    state.open = true;
    state.failures = 0;
    state.lastError = undefined;
    this.appointLeader();
    if (state.role === 'learner') this.recheckRole(state);
    this.deps.onChange();
    if (!followLeader) return;
    this.dialIdle();
    if (this.leaderId === 0) this.probeLeader(LEADER_PROBE_MS);
  }

  // A connection that ended, or never began.
  private lost(state: EndpointState, connection: Connection, { error, redirect }: CloseReason): void {
    if (state.connection !== connection) return;
    state.lastError = error;
    this.leave(state, connection);
    if (redirect !== undefined) this.redirected(state, redirect);
    this.deps.onChange();
  }

  // The endpoint has no usable connection any more; it is dialled again later.
  private leave(state: EndpointState, connection: Connection): void {
    if (state.connection !== connection) return;
    const { backoffBaseMs: baseMs, backoffMaxMs: maxMs } = this.options;
    const { random } = this.deps;
    state.connection = undefined;
    state.open = false;
    state.dialling = false;
    state.failures += 1;
    state.retryAtMs = performance.now() + backoffMs(state.failures, { baseMs, maxMs }, random());
    if (this.leader === state) this.forgetLeader();
    if (this.closed || !this.options.followLeader || state.index === -1) return;
    const idle = { baseMs, maxMs: maxMs * IDLE_BACKOFF_FACTOR };
    this.after(state, backoffMs(state.failures, idle, random()) + 1, () => this.dialIfIdle(state));
  }

  // A standby answers the handshake with the place of the leader.
  private redirected(state: EndpointState, location: string): void {
    state.role = 'standby';
    state.retryAtMs = performance.now() + this.options.roleRecheckMs;
    const parsed = parseEndpoint(URL.canParse(location) ? new URL(location).origin : '');
    if (!parsed.ok || this.states.length >= MAX_ENDPOINTS) return;
    const { endpoint } = parsed;
    // Never from a connection that is encrypted to one that is not.
    if (state.endpoint.secure && !endpoint.secure) return;
    if (this.states.some(({ endpoint: { url } }) => url === endpoint.url)) return;
    this.states.push(new EndpointState(endpoint, this.states.length));
  }

  private dialIdle(): void {
    for (const state of this.states) this.dialIfIdle(state);
  }

  private dialIfIdle(state: EndpointState): void {
    if (this.closed || state.index === -1 || state.connection !== undefined) return;
    if (state.retryAtMs <= performance.now()) this.dial(state);
  }

  // ---- roles ----

  private learn(state: EndpointState, status: StatusResponse): void {
    state.memberId = status.header?.memberId ?? 0;
    state.role = status.isLearner && this.options.excludeLearners ? 'learner' : 'voter';
    if (status.raftTerm < this.term) return;
    this.term = status.raftTerm;
    this.leaderId = status.leader;
    this.appointLeader();
  }

  // Makes roles and `leader` agree with `leaderId`.
  private appointLeader(): void {
    this.leader = undefined;
    for (const state of this.states) {
      const leads = this.leaderId !== 0 && state.memberId === this.leaderId && this.options.followLeader;
      if (leads && state.role !== 'learner') state.role = 'leader';
      else if (state.role === 'leader') state.role = 'voter';
      if (state.role === 'leader' && state.open) this.leader = state;
    }
  }

  private recheckRole(state: EndpointState): void {
    this.after(state, this.options.roleRecheckMs, () => {
      const { connection } = state;
      if (connection === undefined || !state.open) return;
      void this.askStatus(state, connection).then(() => {
        if (state.role === 'learner') this.recheckRole(state);
        else this.deps.onChange();
      });
    });
  }

  // Asks members who leads, until one knows. Nobody waits for it: any voter takes calls meanwhile.
  private probeLeader(delayMs: number): void {
    if (this.closed || !this.options.followLeader || this.probeTimer !== undefined) return;
    this.probeTimer = setTimeout(() => {
      const voters = this.states.filter((state) => state.open && state.role !== 'learner');
      const state = voters[this.turn % voters.length];
      this.turn += 1;
      // A connection that opens asks by itself.
      if (state?.connection === undefined) {
        this.probeTimer = undefined;
        return;
      }
      void this.askStatus(state, state.connection).then(() => {
        this.probeTimer = undefined;
        if (this.leaderId === 0) this.probeLeader(LEADER_PROBE_MS);
      });
    }, delayMs);
    this.probeTimer.unref();
  }

  private async askStatus(state: EndpointState, connection: Connection): Promise<void> {
    try {
      const status = await connection.ask(MaintenanceService.methods.status, {}, this.options.dialTimeoutMs);
      if (state.connection === connection) this.learn(state, status);
    } catch (error) {
      state.lastError = error as Error;
    }
  }

  // ---- timers ----

  private after(state: EndpointState, delayMs: number, task: () => void): void {
    clearTimeout(state.timer);
    state.timer = setTimeout(task, delayMs);
    state.timer.unref();
  }

  private wakeAt(atMs: number, nowMs: number): void {
    if (this.closed || atMs >= this.wakeAtMs) return;
    clearTimeout(this.wakeTimer);
    this.wakeAtMs = atMs;
    this.wakeTimer = setTimeout(
      () => {
        this.wakeAtMs = Number.POSITIVE_INFINITY;
        this.deps.onChange();
      },
      Math.max(1, Math.ceil(atMs - nowMs)),
    );
  }
}

function withRoom(state: EndpointState): EndpointState | undefined {
  return state.connection?.hasRoom === true ? state : undefined;
}
