/** etcdserverpb.Lease. Who holds what is replicated; when it ends is the leader's to know. */
import { randomBytes } from 'node:crypto';
import type { Mvcc } from '@understudy/mvcc';
import {
  etcdErrors,
  KVService,
  LeaseGrantRequest,
  type LeaseGrantResponse,
  type LeaseKeepAliveRequest,
  type LeaseKeepAliveResponse,
  LeaseRevokeRequest,
  type LeaseRevokeResponse,
  LeaseService,
  type LeaseTimeToLiveRequest,
  type LeaseTimeToLiveResponse,
} from '@understudy/protocol';
import { CommandKind } from '../state/command.js';
import { LEASE_BYTES } from '../state/request-effect.js';
import type { Access } from './auth/access.js';
import { failure, refused } from './failures.js';
import type { LeaderCalls } from './leader-calls.js';
import type { Member } from './member.js';
import type { Call, ServiceTableBuilder, TypedStreamHandler } from './rpc.js';

const RANGE = KVService.methods.range;
const NO_END = new Uint8Array(0);
const NO_SUCH_LEASE_TTL = -1;
const NO_TIMEOUT: Call = { raw: null, timeoutMs: undefined };

/** What other services do as a client would. */
export interface LeaseCalls {
  readonly grant: (request: LeaseGrantRequest, call: Call) => Promise<LeaseGrantResponse>;
  readonly timeToLive: (request: LeaseTimeToLiveRequest, call: Call) => Promise<LeaseTimeToLiveResponse>;
}

export function addLeaseService(
  table: ServiceTableBuilder,
  member: Member,
  leader: LeaderCalls,
  access: Pick<Access, 'check'>,
): LeaseCalls {
  const { methods } = LeaseService;
  const repeatable = { repeatable: true };
  const keepAlive = leader.add(methods.leaseKeepAlive, async (request) => renew(member, request), repeatable);
  const timeToLive = leader.add(methods.leaseTimeToLive, async (request) => remaining(member, request), repeatable);
  table.add(methods.leaseGrant, (request, call) => grant(member, request, call));
  table.add(methods.leaseRevoke, (request, call) => revoke(member, request, call));
  table.add(methods.leaseTimeToLive, async (request, call) => {
    const answer = await timeToLive(request, call);
    // The leader's lease may have keys that this member has not heard of yet: each that is told is judged.
    if (call.identity !== undefined)
      for (const key of answer.keys) access.check(RANGE, { key, rangeEnd: NO_END }, call);
    return answer;
  });
  table.add(methods.leaseLeases, async (_request, call) => {
    await member.readBarrier(call);
    return { header: member.header(), leases: member.state.mvcc.leaseIds().map((id) => ({ id })) };
  });
  table.addStream(methods.leaseKeepAlive, (sink) => new KeepAliveStream(sink, keepAlive));
  return { grant: (request, call) => grant(member, request, call), timeToLive };
}

async function grant(member: Member, request: LeaseGrantRequest, call: Call): Promise<LeaseGrantResponse> {
  await member.demandSpace(LEASE_BYTES);
  const chosen = request.id === 0n ? { ...request, id: randomLeaseId() } : request;
  const raw = chosen === request && call.raw !== null ? call.raw : LeaseGrantRequest.encode(chosen);
  const result = await member.propose<ReturnType<Mvcc['leaseGrant']>>(CommandKind.LeaseGrant, raw, undefined, call);
  if (!result.ok) throw refused(result.reason);
  return { header: member.header(), id: result.id, ttl: result.ttl, error: '' };
}

async function revoke(member: Member, request: LeaseRevokeRequest, call: Call): Promise<LeaseRevokeResponse> {
  const raw = call.raw ?? LeaseRevokeRequest.encode(request);
  const result = await member.propose<ReturnType<Mvcc['leaseRevoke']>>(CommandKind.LeaseRevoke, raw, undefined, call);
  if (!result.ok) throw refused(result.reason);
  return { header: member.header(result.revision) };
}

function renew(member: Member, { id }: LeaseKeepAliveRequest): LeaseKeepAliveResponse {
  const { lessor } = member.state.mvcc;
  if (!lessor.primary) throw failure(etcdErrors.notLeader);
  const renewed = lessor.renew(id, performance.now());
  if (renewed.ok) member.metrics.counts.leasesRenewed += 1;
  // A lease that is gone is no error in etcd: the answer has no time left.
  return { header: member.header(), id, ttl: renewed.ok ? renewed.ttl : 0 };
}

function remaining(member: Member, request: LeaseTimeToLiveRequest): Promise<LeaseTimeToLiveResponse> {
  // Its keys may be on their way out.
  return member.state.whenWhole((mvcc) => remainingNow(member, mvcc, request));
}

function remainingNow(member: Member, mvcc: Mvcc, { id, keys }: LeaseTimeToLiveRequest): LeaseTimeToLiveResponse {
  if (!mvcc.lessor.primary) throw failure(etcdErrors.notLeader);
  const lease = mvcc.lease(id);
  const left = mvcc.lessor.remaining(id, performance.now());
  if (lease === undefined || left === undefined) {
    return { header: member.header(), id, ttl: NO_SUCH_LEASE_TTL, grantedTtl: 0, keys: [] };
  }
  return { header: member.header(), id, ttl: left, grantedTtl: lease.grantedTtl, keys: keys ? [...lease.keys] : [] };
}

/** Positive and of 63 bits, as etcd's; never 0, which asks the server to choose. */
function randomLeaseId(): bigint {
  const id = randomBytes(8).readBigUInt64BE() >> 1n;
  return id === 0n ? 1n : id;
}

/** Answers come in the order of the questions. */
class KeepAliveStream implements TypedStreamHandler<LeaseKeepAliveRequest> {
  readonly #sink: { send(message: LeaseKeepAliveResponse): boolean; end(error?: unknown): void };
  readonly #keepAlive: (request: LeaseKeepAliveRequest, call: Call) => Promise<LeaseKeepAliveResponse>;
  #answers: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(
    sink: { send(message: LeaseKeepAliveResponse): boolean; end(error?: unknown): void },
    keepAlive: (request: LeaseKeepAliveRequest, call: Call) => Promise<LeaseKeepAliveResponse>,
  ) {
    this.#sink = sink;
    this.#keepAlive = keepAlive;
  }

  onMessage(request: LeaseKeepAliveRequest): void {
    const asked = this.#keepAlive(request, NO_TIMEOUT);
    // Awaited below, in order; until then a refusal must not count as unhandled.
    asked.catch(() => undefined);
    this.#answers = this.#answers.then(async () => {
      try {
        const answer = await asked;
        if (!this.#closed) this.#sink.send(answer);
      } catch (error) {
        this.#finish(error);
      }
    });
  }

  onDrain(): void {
    // Answers are small and as many as the questions: there is nothing to hold back.
  }

  onHalfClose(): void {
    this.#answers = this.#answers.then(() => this.#finish(undefined));
  }

  onClose(): void {
    this.#closed = true;
  }

  #finish(error: unknown): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#sink.end(error);
  }
}
