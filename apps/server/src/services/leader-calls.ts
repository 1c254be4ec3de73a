/**
 * Calls that only the leader can answer, since only it knows: leases' clocks, members' progress. Any other member
 * passes them on over the peer stream, once: a leader that has lost its place says so, and nobody forwards twice.
 */
import { etcdErrors, findMethodById, type MethodDescriptor, RpcError, type StatusCode } from '@understudy/protocol';
import { failure, fromRaft } from './failures.js';
import type { Member } from './member.js';
import type { Call } from './rpc.js';

const FORMAT_VERSION = 1;
const ANSWERED = 0;
const FAILED = 1;
const encoder = new TextEncoder();
const decoder = new TextDecoder();

type LeaderHandler = (request: object, call: Call) => Promise<object>;

export class LeaderCalls {
  readonly #member: Member;
  readonly #handlers = new Map<MethodDescriptor, LeaderHandler>();

  constructor(member: Member) {
    this.#member = member;
  }

  /** Registers what the leader does, and returns the method as any member can call it. */
  add<I extends object, O extends object>(
    method: MethodDescriptor<I, O>,
    handler: (request: I, call: Call) => Promise<O>,
  ): (request: I, call: Call) => Promise<O> {
    this.#handlers.set(method as unknown as MethodDescriptor, handler as unknown as LeaderHandler);
    return (request, call) =>
      this.#member.node.isLeader ? handler(request, call) : this.#forward(method, request, call);
  }

  /** Answers a peer's call; never rejects. For raft-node's `onPeerCall`. */
  async answer(body: Uint8Array): Promise<Uint8Array> {
    try {
      return answered(await this.#run(body));
    } catch (error) {
      return failed(error instanceof RpcError ? error : failure(etcdErrors.stopped));
    }
  }

  async #run(body: Uint8Array): Promise<Uint8Array> {
    const method = body[0] === FORMAT_VERSION && body.length >= 3 ? findMethodById(methodId(body)) : undefined;
    const handler = method === undefined ? undefined : this.#handlers.get(method);
    if (method === undefined || handler === undefined) throw failure(etcdErrors.notCapable);
    if (!this.#member.node.isLeader) throw failure(etcdErrors.notLeader);
    const raw = body.subarray(3);
    return method.output.encode(await handler(method.input.decode(raw), { raw, timeoutMs: undefined }));
  }

  async #forward<I extends object, O extends object>(
    method: MethodDescriptor<I, O>,
    request: I,
    call: Call,
  ): Promise<O> {
    const { node } = this.#member;
    if (node.leader === 0) throw failure(etcdErrors.noLeader);
    const raw = call.raw ?? method.input.encode(request);
    const body = new Uint8Array(3 + raw.length);
    body[0] = FORMAT_VERSION;
    body[1] = method.id >> 8;
    body[2] = method.id & 0xff;
    body.set(raw, 3);
    let reply: Uint8Array;
    try {
      reply = await node.callPeer(node.leader, body, call.timeoutMs === undefined ? {} : { timeoutMs: call.timeoutMs });
    } catch (error) {
      throw fromRaft(error);
    }
    if (reply[0] === ANSWERED) return method.output.decode(reply.subarray(1));
    throw new RpcError(reply[1] as StatusCode, decoder.decode(reply.subarray(2)));
  }
}

function methodId(body: Uint8Array): number {
  return ((body[1] as number) << 8) | (body[2] as number);
}

function answered(payload: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(1 + payload.length);
  bytes[0] = ANSWERED;
  bytes.set(payload, 1);
  return bytes;
}

function failed(error: RpcError): Uint8Array {
  const text = encoder.encode(error.message);
  const bytes = new Uint8Array(2 + text.length);
  bytes[0] = FAILED;
  bytes[1] = error.code;
  bytes.set(text, 2);
  return bytes;
}
