// Carries calls to their end: places each on an endpoint, tries again what may be tried again, and settles it once, with
// the answer or with a ClientError that says what is certain of its outcome. Calls and waiting are bounded.
import {
  type CallMetadata,
  KVService,
  type MethodDescriptor,
  type ResponseHeader,
  type RpcError,
} from '@understudy/protocol';
import { onAbort } from './abort-signals.js';
import { backoffMs } from './backoff.js';
import { Call, type CallOwner, type CallSpec } from './call.js';
import { callKind } from './call-kind.js';
import type { CallOptions } from './call-options.js';
import { ClientError, invalidArgument, serverError } from './client-error.js';
import { checkNumber, MAX_TIMEOUT_MS, type ResolvedClientOptions } from './client-options.js';
import { DeadlineList } from './deadline-list.js';
import { parseEndpoint } from './endpoint.js';
import type { EndpointPool } from './endpoint-pool.js';
import type { EndpointState } from './endpoint-state.js';
import { rawMethod } from './raw-method.js';
import { type CallKind, classifyServerError, type Failure, outcomeFor, shouldRetry } from './retry-policy.js';

export interface DispatcherDeps {
  readonly pool: EndpointPool;
  readonly random: () => number;
}

/** Where a stream may be opened. */
export interface StreamRoute {
  /** Only this endpoint; undefined: any voter, in turn. */
  readonly pinned: string | undefined;
  readonly avoid: EndpointState | undefined;
}

interface StreamWaiter {
  readonly route: StreamRoute;
  readonly resolve: (state: EndpointState) => void;
}

export type UnaryMethod<I extends object, O extends object> = MethodDescriptor<I, O, 'unary'>;

export class Dispatcher implements CallOwner {
  private readonly pool: EndpointPool;
  private readonly random: () => number;
  private readonly options: ResolvedClientOptions;
  // every call that is not settled
  private readonly deadlines = new DeadlineList();
  // how many those are: waiting.size <= pending <= maxPendingCalls
  private pending = 0;
  // in the order in which they were made
  private readonly waiting = new Set<Call>();
  // streams that wait for a connection; as many as there are watchers and leases without one
  private readonly streamWaiters = new Set<StreamWaiter>();
  private readonly defaultMetadata: CallMetadata;
  private draining = false;
  private closed = false;

  constructor({ pool, random }: DispatcherDeps, options: ResolvedClientOptions) {
    this.pool = pool;
    this.random = random;
    this.options = options;
    this.defaultMetadata = { timeoutMs: options.timeoutMs };
  }

  /**
   * @param kind what the call does; default by its method
   * @param preferLeader false for calls that any voter answers by itself
   * @throws ClientError, as a rejection
   */
  call<I extends object, O extends object, R>(
    method: UnaryMethod<I, O>,
    request: I,
    options: CallOptions,
    finish: (answer: O) => R,
    preferLeader = true,
    kind: CallKind = callKind(method, request),
  ): Promise<R> {
    return new Promise<R>((resolve, reject) => {
      const { signal, endpoint: pinned } = options;
      const refusal = this.refusal(options);
      if (refusal !== undefined) {
        reject(refusal);
        return;
      }
      const timeoutMs = options.timeoutMs ?? this.options.timeoutMs;
      const spec: CallSpec = {
        method,
        kind,
        mode: options.retry ?? this.options.retry,
        payload: method.input.encode(request),
        preferLeader,
        toReader: pinned === undefined && this.mayRead(method, preferLeader),
        pinned,
        timeoutMs,
        finish: finish as (answer: object) => unknown,
        resolve: resolve as (result: unknown) => void,
        reject,
      };
      const nowMs = performance.now();
      const metadata = timeoutMs === this.options.timeoutMs ? this.defaultMetadata : { timeoutMs };
      const call = new Call(this, spec, metadata, nowMs + timeoutMs);
      this.pending += 1;
      this.deadlines.add(call, nowMs);
      if (signal !== undefined) this.listen(call, signal);
      this.place(call);
    });
  }

  /** Whether this goes to readers first; of ranges, those that prefer the leader are linearizable. */
  private mayRead({ path }: MethodDescriptor, linearizable: boolean): boolean {
    const { readers } = this.options;
    if (readers === 'none' || path !== KVService.methods.range.path) return false;
    return readers === 'all' || !linearizable;
  }

  /** Why a call cannot even be made. */
  private refusal({ timeoutMs, endpoint, signal }: CallOptions): ClientError | undefined {
    if (this.closed) return closedError();
    if (signal?.aborted === true) return abortedError(signal, 'not-applied', undefined);
    if (this.pending >= this.options.maxPendingCalls) {
      const text = `${this.pending} calls are pending; at most ${this.options.maxPendingCalls}`;
      return new ClientError('RESOURCE_EXHAUSTED', text, { outcome: 'not-applied', retryable: true });
    }
    try {
      if (timeoutMs !== undefined) checkNumber('timeoutMs', timeoutMs, 1, MAX_TIMEOUT_MS);
    } catch (error) {
      return error as ClientError;
    }
    if (endpoint === undefined) return undefined;
    const parsed = parseEndpoint(endpoint);
    return parsed.ok ? undefined : invalidArgument(parsed.reason);
  }

  private listen(call: Call, signal: AbortSignal): void {
    call.unlisten = onAbort(signal, () => {
      this.giveUp(call);
      const outcome = outcomeFor(call.spec.kind, call.outcome);
      this.settle(call).reject(abortedError(signal, outcome, call.avoid?.endpoint.name));
    });
  }

  // ---- placing ----

  private place(call: Call): void {
    const state = this.find(call);
    if (state === undefined) this.waiting.add(call);
    else this.send(call, state);
  }

  private find({ spec: { pinned, preferLeader, toReader }, avoid, failures }: Call): EndpointState | undefined {
    const reader = toReader && failures === 0 ? this.pool.routeToReader(preferLeader) : undefined;
    if (reader !== undefined) return reader;
    return pinned === undefined ? this.pool.route(preferLeader, avoid) : this.pool.routeTo(pinned);
  }

  private send(call: Call, state: EndpointState): void {
    call.state = state;
    const { method, payload } = call.spec;
    const id = state.connection?.session.call(rawMethod(method), payload, call, call.metadata);
    // A refused call has been told already, and may be elsewhere by now.
    if (id !== undefined && id !== 0) call.id = id;
  }

  /**
   * An endpoint to open a stream on, as soon as there is one. An aborted wait never settles.
   * @throws ClientError when the endpoint's name is none
   */
  connection(route: StreamRoute, signal: AbortSignal): Promise<EndpointState> {
    const refusal = this.refusal({ endpoint: route.pinned });
    if (refusal !== undefined) return Promise.reject(refusal);
    return new Promise((resolve) => {
      const state = this.findForStream(route);
      if (state !== undefined) {
        resolve(state);
        return;
      }
      const waiter: StreamWaiter = {
        route,
        resolve: (found) => {
          unlisten();
          resolve(found);
        },
      };
      const unlisten = onAbort(signal, () => this.streamWaiters.delete(waiter));
      this.streamWaiters.add(waiter);
    });
  }

  private findForStream({ pinned, avoid }: StreamRoute): EndpointState | undefined {
    return pinned === undefined ? this.pool.route(false, avoid) : this.pool.routeTo(pinned);
  }

  /** Places what waits, as far as there is room; in its order, once a turn. */
  drainSoon(): void {
    if (this.draining || this.waiting.size + this.streamWaiters.size === 0) return;
    this.draining = true;
    setImmediate(() => {
      this.draining = false;
      for (const waiter of this.streamWaiters) {
        const state = this.findForStream(waiter.route);
        if (state === undefined) continue;
        this.streamWaiters.delete(waiter);
        waiter.resolve(state);
      }
      for (const call of this.waiting) {
        const state = this.find(call);
        if (state !== undefined) {
          this.waiting.delete(call);
          this.send(call, state);
        } else if (call.spec.pinned === undefined) {
          // No room for this one: nor for those behind it, whose turn comes later.
          break;
        }
      }
    });
  }

  /** No endpoint will take these credentials: what waits fails with the server's words. */
  refuseWaiting(error: RpcError): void {
    for (const call of [...this.waiting]) {
      call.lastError = error;
      this.settle(call).reject(failureOf(call, error));
    }
  }

  // ---- what becomes of a try ----

  answered(call: Call, payload: Uint8Array): void {
    const { state } = call;
    state?.connection?.ended();
    if (call.settled) return;
    let result: unknown;
    try {
      const answer = call.spec.method.output.decode(payload) as { header?: ResponseHeader };
      if (answer.header !== undefined) this.pool.tracker.observe(answer.header);
      result = call.spec.finish(answer);
    } catch (cause) {
      const details = { outcome: outcomeFor(call.spec.kind, 'unknown'), endpoint: state?.endpoint.name, cause };
      this.settle(call).reject(new ClientError('INTERNAL', 'the answer cannot be read', details));
      return;
    }
    this.settle(call).resolve(result);
  }

  failed(call: Call, error: RpcError): void {
    const { state, spec } = call;
    state?.connection?.ended();
    if (call.settled) return;
    const failure = this.judge(call, error);
    call.avoid = state;
    call.state = undefined;
    call.lastError = error;
    call.failures += 1;
    if (failure.outcome === 'unknown') call.outcome = 'unknown';
    if (state !== undefined) {
      if (failure.hint === 'leader-lost') this.pool.tracker.forget();
      else if (failure.hint === 'not-a-voter' && spec.pinned === undefined) {
        if (spec.toReader && spec.preferLeader) state.refusesLinearizable = true;
        this.pool.tracker.notAVoter(state);
      } else if (failure.hint === 'bad-token') this.pool.renewToken(state);
    }
    const remainingMs = call.deadlineMs - performance.now();
    if (this.closed || remainingMs <= 0 || !shouldRetry(spec.kind, spec.mode, failure)) {
      this.settle(call).reject(failureOf(call, error));
      return;
    }
    call.metadata = { timeoutMs: Math.max(1, remainingMs) };
    // A lost connection is no reason to wait: another endpoint may be at hand. A server's refusal is.
    if (state?.connection?.isOpen !== true) {
      this.waiting.add(call);
      this.drainSoon();
      return;
    }
    const { backoffBaseMs: baseMs, backoffMaxMs: maxMs } = this.options;
    call.retryTimer = setTimeout(
      () => {
        call.retryTimer = undefined;
        this.place(call);
      },
      backoffMs(call.failures, { baseMs, maxMs }, this.random()),
    );
  }

  // A token that is not valid any more is asked for anew, once: whoever is refused twice is to hear of it.
  private judge(call: Call, error: RpcError): Failure {
    const failure = classifyServerError(error);
    const wantsToken = failure.hint === 'bad-token' || failure.hint === 'no-token';
    if (!wantsToken || !this.pool.hasCredentials) return failure;
    if (call.renewed) return { ...failure, transient: false, hint: 'none' };
    call.renewed = true;
    return { ...failure, transient: true, hint: 'bad-token' };
  }

  expired(call: Call): void {
    if (call.settled) return;
    const { spec, state, lastError } = call;
    this.giveUp(call);
    const text = `the call took longer than ${spec.timeoutMs} ms`;
    // A server's own words say more than the clock.
    if (state === undefined && lastError !== undefined && call.avoid?.connection?.isOpen === true) {
      this.settle(call, true).reject(failureOf(call, lastError));
      return;
    }
    const cause = lastError ?? this.pool.lastError;
    const error = new ClientError('DEADLINE_EXCEEDED', cause === undefined ? text : `${text}: ${cause.message}`, {
      outcome: outcomeFor(spec.kind, call.outcome),
      retryable: true,
      endpoint: (state ?? call.avoid)?.endpoint.name,
      cause,
    });
    this.settle(call, true).reject(error);
  }

  // Takes back a try that is under way; from here on it may have been carried out.
  private giveUp(call: Call): void {
    if (call.state === undefined) return;
    call.state.connection?.session.cancel(call.id);
    call.outcome = 'unknown';
  }

  private settle(call: Call, expired = false): CallSpec {
    call.settled = true;
    if (!expired) this.deadlines.remove(call);
    this.pending -= 1;
    if (this.waiting.size > 0) this.waiting.delete(call);
    if (call.retryTimer !== undefined) clearTimeout(call.retryTimer);
    call.unlisten?.();
    return call.spec;
  }

  /** Fails everything that is pending. */
  close(): void {
    this.closed = true;
    for (const entry of this.deadlines.entries()) {
      const call = entry as Call;
      this.giveUp(call);
      const outcome = outcomeFor(call.spec.kind, call.outcome);
      this.settle(call).reject(closedError(outcome));
    }
    this.deadlines.stop();
  }
}

function failureOf(call: Call, error: RpcError): ClientError {
  return serverError(error, call.avoid?.endpoint.name, outcomeFor(call.spec.kind, call.outcome));
}

function closedError(outcome: 'not-applied' | 'unknown' = 'not-applied'): ClientError {
  return new ClientError('CANCELLED', 'the client is closed', { outcome });
}

function abortedError(
  signal: AbortSignal,
  outcome: 'not-applied' | 'unknown',
  endpoint: string | undefined,
): ClientError {
  const cause: unknown = signal.reason;
  const timeout = cause instanceof Error && cause.name === 'TimeoutError';
  return timeout
    ? new ClientError('DEADLINE_EXCEEDED', 'the signal timed out', { outcome, endpoint, cause, retryable: true })
    : new ClientError('CANCELLED', 'the call was aborted', { outcome, endpoint, cause });
}
