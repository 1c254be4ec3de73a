/**
 * Calls that only the leader can answer, since only it knows: leases' clocks, members' progress. Any other member
 * passes them on over the peer stream: a member that does not lead refuses, so nothing is passed on twice. A change of
 * leader is waited out, as etcd does, where it is certain that nothing was applied, or where it would not matter.
 */
import {
  etcdErrors,
  findMethodById,
  type MethodDescriptor,
  RpcError,
  StatusCode,
  toStatusCode,
} from '@understudy/protocol';
import { asRpcError, failure, fromRaft } from './failures.js';
import type { Member } from './member.js';
import type { Call } from './rpc.js';

/** Of requests and of answers. */
const FORMAT_VERSION = 1;
const REQUEST_HEADER_BYTES = 3;
const ANSWERED = 0;
const FAILED = 1;
const FAILURE_HEADER_BYTES = 4;
const RETRYABLE = 1;
const NOT_APPLIED = 2;
/** How long a change of leader is waited out, unless the caller has less time. */
const LEADER_WAIT_MS = 5000;
/** Of the caller's time: who is told at its very end that there is no leader has hung up, and knows only that it waited. */
const WAITING_SHARE = 0.8;
/** The news of a leader may have come before anybody listened. */
const LOOK_AGAIN_MS = 100;

function waitOf({ timeoutMs = Number.POSITIVE_INFINITY }: Call): number {
  return Math.min(WAITING_SHARE * timeoutMs, LEADER_WAIT_MS);
}

type LeaderHandler = (request: object, call: Call) => Promise<object>;

export interface LeaderCallOptions {
  /** Doing it twice is as good as once: then it is also tried again where nobody knows what became of it. */
  readonly repeatable: boolean;
}

export class LeaderCalls {
  readonly #member: Member;
  readonly #handlers = new Map<MethodDescriptor, LeaderHandler>();
  /** What a peer may ask of any member. */
  readonly #served = new Map<MethodDescriptor, LeaderHandler>();
  /** Everybody who waits for news of a leader, waits for the same. */
  #news: Promise<void> | null = null;

  constructor(member: Member) {
    this.#member = member;
  }

  /** Registers what the leader does, and returns the method as any member can call it. */
  add<I extends object, O extends object>(
    method: MethodDescriptor<I, O>,
    handler: (request: I, call: Call) => Promise<O>,
    { repeatable }: LeaderCallOptions = { repeatable: false },
  ): (request: I, call: Call) => Promise<O> {
    this.#handlers.set(method as unknown as MethodDescriptor, handler as unknown as LeaderHandler);
    return (request, call) =>
      this.#patiently(call, repeatable, () =>
        this.#member.node.isLeader ? handler(request, call) : this.#forward(method, request, call),
      );
  }

  /**
   * Who judges a call that another member is to answer must not do so by users and roles of the past: resolves once this
   * member knows everything that was acknowledged before the call.
   */
  async catchUp(method: MethodDescriptor, call: Call): Promise<void> {
    if (this.#member.node.isLeader || !this.#handlers.has(method)) return;
    const timeoutMs = waitOf(call);
    await this.#patiently(call, true, () => this.#member.readBarrier({ ...call, timeoutMs }));
  }

  /** Registers what this member answers its peers, whoever leads. */
  serve<I extends object, O extends object>(method: MethodDescriptor<I, O>, handler: (request: I) => Promise<O>): void {
    this.#served.set(method as unknown as MethodDescriptor, handler as unknown as LeaderHandler);
  }

  /** Asks one member for what all of them `serve`. Throws RpcError. */
  async ask<I extends object, O extends object>(
    peer: number,
    method: MethodDescriptor<I, O>,
    request: I,
    timeoutMs: number,
  ): Promise<O> {
    try {
      const body = questionOf(method, method.input.encode(request));
      return method.output.decode(readAnswer(await this.#member.node.callPeer(peer, body, { timeoutMs })));
    } catch (error) {
      throw fromRaft(error);
    }
  }

  /** Answers a peer's call; never rejects. For raft-node's `onPeerCall`. */
  async answer(body: Uint8Array): Promise<Uint8Array> {
    try {
      return answered(await this.#run(body));
    } catch (error) {
      return failed(asRpcError(error));
    }
  }

  async #run(body: Uint8Array): Promise<Uint8Array> {
    const known = body[0] === FORMAT_VERSION && body.length >= REQUEST_HEADER_BYTES;
    const method = known ? findMethodById(((body[1] as number) << 8) | (body[2] as number)) : undefined;
    if (method === undefined) throw failure(etcdErrors.notCapable);
    const served = this.#served.get(method);
    const handler = served ?? this.#handlers.get(method);
    if (handler === undefined) throw failure(etcdErrors.notCapable);
    if (served === undefined && !this.#member.node.isLeader) throw failure(etcdErrors.notLeader);
    const raw = body.subarray(REQUEST_HEADER_BYTES);
    return method.output.encode(await handler(method.input.decode(raw), { raw, timeoutMs: undefined }));
  }

  async #patiently<T>(call: Call, repeatable: boolean, attempt: () => Promise<T>): Promise<T> {
    const until = performance.now() + waitOf(call);
    for (;;) {
      try {
        return await attempt();
      } catch (error) {
        if (performance.now() >= until || !mayTryAgain(error, repeatable)) throw error;
      }
      await this.#leaderNews();
    }
  }

  async #forward<I extends object, O extends object>(
    method: MethodDescriptor<I, O>,
    request: I,
    call: Call,
  ): Promise<O> {
    const { node } = this.#member;
    if (node.leader === 0) throw failure(etcdErrors.noLeader);
    const raw = call.raw ?? method.input.encode(request);
    const body = questionOf(method, raw);
    try {
      const options = call.timeoutMs === undefined ? {} : { timeoutMs: call.timeoutMs };
      return method.output.decode(readAnswer(await node.callPeer(node.leader, body, options)));
    } catch (error) {
      throw fromRaft(error);
    }
  }

  #leaderNews(): Promise<void> {
    const { node } = this.#member;
    this.#news ??= new Promise<void>((resolve) => {
      const tell = (): void => {
        clearTimeout(timer);
        node.off('leader-change', tell);
        this.#news = null;
        resolve();
      };
      const timer = setTimeout(tell, LOOK_AGAIN_MS);
      node.on('leader-change', tell);
    });
    return this.#news;
  }
}

const WITHOUT_LEADER: ReadonlySet<string> = new Set([etcdErrors.noLeader.text, etcdErrors.notLeader.text]);

function mayTryAgain(error: unknown, repeatable: boolean): boolean {
  if (!(error instanceof RpcError)) return false;
  const untouched = error.outcome === 'not-applied' && WITHOUT_LEADER.has(error.text);
  return untouched || (repeatable && error.retryable && error.text !== etcdErrors.stopped.text);
}

function questionOf(method: { readonly id: number }, raw: Uint8Array): Uint8Array {
  const body = new Uint8Array(REQUEST_HEADER_BYTES + raw.length);
  body[0] = FORMAT_VERSION;
  body[1] = method.id >> 8;
  body[2] = method.id & 0xff;
  body.set(raw, REQUEST_HEADER_BYTES);
  return body;
}

function answered(payload: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(2 + payload.length);
  bytes[0] = FORMAT_VERSION;
  bytes[1] = ANSWERED;
  bytes.set(payload, 2);
  return bytes;
}

/** What the leader is certain of, its caller's client must hear too. */
function failed({ code, text, retryable, outcome }: RpcError): Uint8Array {
  const words = new TextEncoder().encode(text);
  const bytes = new Uint8Array(FAILURE_HEADER_BYTES + words.length);
  bytes[0] = FORMAT_VERSION;
  bytes[1] = FAILED;
  bytes[2] = code;
  bytes[3] = (retryable ? RETRYABLE : 0) | (outcome === 'not-applied' ? NOT_APPLIED : 0);
  bytes.set(words, FAILURE_HEADER_BYTES);
  return bytes;
}

function readAnswer(reply: Uint8Array): Uint8Array {
  const [version, status, code = 0, flags = 0] = reply;
  if (version === FORMAT_VERSION && status === ANSWERED) return reply.subarray(2);
  if (version !== FORMAT_VERSION || status !== FAILED || reply.length < FAILURE_HEADER_BYTES) {
    throw new RpcError(StatusCode.INTERNAL, `the leader's answer of ${reply.length} bytes has version ${version}`);
  }
  throw new RpcError(toStatusCode(code), new TextDecoder().decode(reply.subarray(FAILURE_HEADER_BYTES)), {
    retryable: (flags & RETRYABLE) !== 0,
    outcome: (flags & NOT_APPLIED) !== 0 ? 'not-applied' : 'unknown',
  });
}
