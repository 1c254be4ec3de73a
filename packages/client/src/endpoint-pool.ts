// The endpoints of one client: a connection to each, what each is known to be, and where the leader is. It dials, backs
// off, leaves out what does not vote, and tells its owner when calls that wait may be placed again.
import { AuthService, etcdErrorName, MaintenanceService, RpcError } from '@understudy/protocol';
import { backoffMs } from './backoff.js';
import { pickEndpoint, takesTraffic } from './balancer.js';
import type { ResolvedClientOptions } from './client-options.js';
import { type CloseReason, Connection } from './connection.js';
import { type Endpoint, parseEndpoint } from './endpoint.js';
import { EndpointState } from './endpoint-state.js';
import { LeaderTracker } from './leader-tracker.js';
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
  /** A server refused the credentials: no endpoint will take them. */
  readonly onRefused: (error: RpcError) => void;
}

// While nobody is connected, the next endpoint is dialled beside one that has not answered for this long.
const DIAL_STAGGER_MS = 250;
// Standbys may send a client to members it was not told of; not to any number of them.
const MAX_ENDPOINTS = 64;
// In the background, when no call waits, a dead endpoint is dialled this much more rarely.
const IDLE_BACKOFF_FACTOR = 8;

export class EndpointPool {
  readonly tracker: LeaderTracker;
  private readonly deps: EndpointPoolDeps;
  private readonly options: ResolvedClientOptions;
  private states: EndpointState[];
  // endpoints that only calls name
  private readonly extras = new Map<string, EndpointState>();
  // connections that take no new calls
  private readonly retiring = new Set<Connection>();
  private turn: number;
  private wakeTimer: NodeJS.Timeout | undefined = undefined;
  private wakeAtMs = Number.POSITIVE_INFINITY;
  private closed = false;

  constructor(deps: EndpointPoolDeps, options: ResolvedClientOptions) {
    this.deps = deps;
    this.options = options;
    this.states = deps.endpoints.map((endpoint, index) => new EndpointState(endpoint, index));
    this.tracker = new LeaderTracker({ states: () => this.states, onChange: deps.onChange }, options);
    // Clients that start together begin with different endpoints.
    this.turn = Math.floor(deps.random() * this.states.length);
  }

  get endpointNames(): string[] {
    return this.states.map(({ endpoint }) => endpoint.name);
  }

  /** Why no endpoint takes calls, as far as it is known. */
  get lastError(): Error | undefined {
    const failed = this.states.find(({ lastError }) => lastError !== undefined);
    if (failed !== undefined) return failed.lastError;
    const idle = this.states.find(({ role }) => !takesTraffic(role));
    return idle === undefined ? undefined : new Error(`${idle.endpoint.name} is a ${idle.role}`);
  }

  /**
   * An endpoint with an open connection and room for a call, or undefined: then whatever helps has been begun, and
   * `onChange` will tell.
   */
  route(preferLeader: boolean, avoid: EndpointState | undefined): EndpointState | undefined {
    const { leader } = this.tracker;
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

  /** A connected endpoint that does not vote, in turn, with room for a read of this kind. */
  routeToReader(linearizable: boolean): EndpointState | undefined {
    const count = this.states.length;
    for (let i = 0; i < count; i++) {
      const state = this.states[(this.turn + i) % count] as EndpointState;
      if (!state.open || state.role !== 'learner' || (linearizable && state.refusesLinearizable)) continue;
      this.turn += i + 1;
      return withRoom(state);
    }
    return undefined;
  }

  /** As `route`, for a call that names its endpoint: its role does not matter. */
  routeTo(name: string): EndpointState | undefined {
    const state = this.named(name);
    if (state.open) return withRoom(state);
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
      state.endpoint = endpoint;
      return state;
    });
    for (const state of kept.values()) this.drop(state);
    this.tracker.appoint();
    this.deps.onChange();
  }

  private drop(state: EndpointState): void {
    state.cancelTimer();
    state.index = -1;
    const { connection } = state;
    if (connection === undefined) return;
    const reason = 'the endpoint was taken off the list';
    if (!state.open) {
      connection.close(reason);
      return;
    }
    // What it was asked already it may still answer: a write that is cut off has no known outcome.
    this.retire(state, connection);
    connection.closeAfterCalls(reason, this.options.timeoutMs);
  }

  /** Whether a member that wants a token can be given one. */
  get hasCredentials(): boolean {
    return this.deps.auth !== undefined;
  }

  /** A member did not accept the token: it gets another one. */
  renewToken(state: EndpointState): void {
    if (this.deps.auth === undefined || state.connection === undefined || !state.open) return;
    state.open = false;
    state.dialling = true;
    this.tracker.appoint();
    void this.admit(state, state.connection);
  }

  close(): void {
    this.closed = true;
    clearTimeout(this.wakeTimer);
    this.tracker.close();
    for (const state of [...this.states, ...this.extras.values()]) {
      state.cancelTimer();
      state.connection?.close('the client was closed');
    }
    for (const connection of this.retiring) connection.close('the client was closed');
  }

  // ---- connections ----

  private dial(state: EndpointState): void {
    state.cancelTimer();
    state.dialling = true;
    const { tls } = this.deps;
    const events = {
      opened: () => void this.admit(state, connection),
      room: () => this.deps.onChange(),
      goaway: () => this.retire(state, connection),
      closed: (reason: CloseReason) => this.lost(state, connection, reason),
    };
    const connection = new Connection({ endpoint: state.endpoint, tls, events }, this.options);
    state.connection = connection;
  }

  // Between open and in use: the token, and what the member is. Until then no call is placed on it.
  private async admit(state: EndpointState, connection: Connection): Promise<void> {
    const { auth } = this.deps;
    const { dialTimeoutMs, timeoutMs, followLeader, excludeLearners } = this.options;
    try {
      if (auth !== undefined) {
        const { user: name, password } = auth;
        // Passwords are checked slowly on purpose: on a busy server that takes longer than a connection.
        const token = await authenticate(connection, { name, password }, Math.max(dialTimeoutMs, timeoutMs));
        if (token !== undefined) connection.session.setToken(token);
      }
      if (followLeader || excludeLearners) {
        const status = await connection.ask(MaintenanceService.methods.status, {}, dialTimeoutMs);
        if (state.connection === connection) this.tracker.learn(state, status);
      }
    } catch (error) {
      connection.close((error as Error).message);
      if (auth !== undefined && error instanceof RpcError && !error.retryable) this.deps.onRefused(error);
      return;
    }
    if (state.connection !== connection || !connection.isOpen) return;
    state.dialling = false;
    state.open = true;
    state.failures = 0;
    state.lastError = undefined;
    this.tracker.opened(state);
    this.deps.onChange();
    if (followLeader) this.dialIdle();
  }

  // No new calls: what runs on the connection may end there.
  private retire(state: EndpointState, connection: Connection): void {
    if (state.connection !== connection) return;
    this.retiring.add(connection);
    this.leave(state);
    this.deps.onChange();
  }

  // A connection that ended, or never began.
  private lost(state: EndpointState, connection: Connection, { error, redirect }: CloseReason): void {
    this.retiring.delete(connection);
    if (state.connection !== connection) return;
    state.lastError = error;
    this.leave(state);
    if (redirect !== undefined) this.redirected(state, redirect);
    this.deps.onChange();
  }

  // The endpoint has no usable connection any more; it is dialled again later.
  private leave(state: EndpointState): void {
    const { backoffBaseMs: baseMs, backoffMaxMs: maxMs } = this.options;
    const { random } = this.deps;
    state.connection = undefined;
    state.open = false;
    state.dialling = false;
    state.failures += 1;
    state.retryAtMs = performance.now() + backoffMs(state.failures, { baseMs, maxMs }, random());
    if (this.tracker.leader === state) this.tracker.forget();
    if (this.closed || !this.options.followLeader || state.index === -1) return;
    const idle = { baseMs, maxMs: maxMs * IDLE_BACKOFF_FACTOR };
    state.after(backoffMs(state.failures, idle, random()) + 1, () => this.dialIfIdle(state));
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

// Undefined where the cluster asks nobody who it is: then the call needs no token either.
async function authenticate(
  connection: Connection,
  credentials: { name: string; password: string },
  timeoutMs: number,
): Promise<string | undefined> {
  try {
    return (await connection.ask(AuthService.methods.authenticate, credentials, timeoutMs)).token;
  } catch (error) {
    if (error instanceof RpcError && etcdErrorName(error.text) === 'authNotEnabled') return undefined;
    throw error;
  }
}

function withRoom(state: EndpointState): EndpointState | undefined {
  return state.connection?.hasRoom === true ? state : undefined;
}
