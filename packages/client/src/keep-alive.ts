// One renewal of a lease. The protocol has it as a stream; a stream for each renewal follows the endpoints without any
// state of its own. Renewing twice is renewing once, so every failure that passes is tried again.
import { LeaseKeepAliveResponse, LeaseService, RpcError, StatusCode, type StreamSink } from '@understudy/protocol';
import { backoffMs } from './backoff.js';
import type { CallOptions } from './call-options.js';
import { ClientError, serverError } from './client-error.js';
import type { ResolvedClientOptions } from './client-options.js';
import type { Dispatcher } from './dispatcher.js';
import type { EndpointPool } from './endpoint-pool.js';
import type { EndpointState } from './endpoint-state.js';
import { headerOf } from './kv-results.js';
import { classifyServerError } from './retry-policy.js';

export interface KeepAliveDeps {
  readonly dispatcher: Dispatcher;
  readonly pool: EndpointPool;
  readonly random: () => number;
  readonly options: ResolvedClientOptions;
}

/**
 * Renews a lease; an answer with a `ttl` of 0 says that there is no such lease.
 * @throws ClientError
 */
export async function renewOnce(
  deps: KeepAliveDeps,
  id: bigint,
  options: CallOptions,
): Promise<LeaseKeepAliveResponse> {
  const timeoutMs = options.timeoutMs ?? deps.options.timeoutMs;
  const timeout = AbortSignal.timeout(timeoutMs);
  const signal = options.signal === undefined ? timeout : AbortSignal.any([timeout, options.signal]);
  let avoid: EndpointState | undefined;
  let lastError: RpcError | undefined;
  const gaveUp = (): ClientError => {
    const details = {
      outcome: 'not-applied',
      retryable: true,
      endpoint: avoid?.endpoint.name,
      cause: lastError,
    } as const;
    if (options.signal?.aborted === true) return new ClientError('CANCELLED', 'the renewal was aborted', details);
    return new ClientError('DEADLINE_EXCEEDED', `the renewal took longer than ${timeoutMs} ms`, details);
  };
  for (let failures = 0; ; failures++) {
    const { backoffBaseMs: baseMs, backoffMaxMs: maxMs } = deps.options;
    if (failures > 1 && !(await sleep(backoffMs(failures - 1, { baseMs, maxMs }, deps.random()), signal)))
      throw gaveUp();
    const route = { pinned: options.endpoint, avoid };
    const state = await untilAborted(deps.dispatcher.connection(route, signal), signal);
    if (state === undefined) throw gaveUp();
    const answer = await ask(state, id, signal);
    if (signal.aborted) throw gaveUp();
    if (!(answer instanceof RpcError)) {
      deps.pool.tracker.observe(headerOf(answer));
      return answer;
    }
    lastError = answer;
    avoid = state;
    const failure = classifyServerError(answer);
    if (failure.hint === 'leader-lost') deps.pool.tracker.forget();
    if (failure.hint === 'bad-token') deps.pool.renewToken(state);
    if (!failure.transient) throw serverError(answer, state.endpoint.name);
  }
}

// The first answer of a stream, or why there is none.
function ask(state: EndpointState, id: bigint, signal: AbortSignal): Promise<LeaseKeepAliveResponse | RpcError> {
  return new Promise((resolve) => {
    const done = (result: LeaseKeepAliveResponse | RpcError): void => {
      signal.removeEventListener('abort', abort);
      resolve(result);
    };
    const sink: StreamSink = {
      message: (payload) => {
        const answer = LeaseKeepAliveResponse.decode(payload);
        stream?.cancel();
        done(answer);
      },
      end: (error) => done(error ?? closedEarly()),
    };
    const abort = (): void => {
      stream?.cancel();
      done(closedEarly());
    };
    signal.addEventListener('abort', abort, { once: true });
    const stream = open(state, sink, id, done);
  });
}

function open(state: EndpointState, sink: StreamSink, id: bigint, failed: (error: RpcError) => void) {
  try {
    const stream = state.connection?.session.openStream(LeaseService.methods.leaseKeepAlive, sink);
    if (stream === undefined) failed(closedEarly());
    else stream.send({ id });
    return stream;
  } catch (error) {
    failed(error as RpcError);
    return undefined;
  }
}

function closedEarly(): RpcError {
  return new RpcError(StatusCode.UNAVAILABLE, 'the stream ended without an answer', { retryable: true });
}

/** False when the signal came first. */
export function sleep(ms: number, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    if (signal.aborted) {
      resolve(false);
      return;
    }
    const finish = (whole: boolean): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', cut);
      resolve(whole);
    };
    const cut = (): void => finish(false);
    const timer = setTimeout(() => finish(true), ms);
    signal.addEventListener('abort', cut, { once: true });
  });
}

function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const abort = (): void => resolve(undefined);
    signal.addEventListener('abort', abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
    if (signal.aborted) abort();
  });
}
