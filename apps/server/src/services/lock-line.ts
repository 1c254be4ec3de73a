/**
 * The line behind a lock or an election: keys under `name/`, one for each lease that waits, served in the order of their
 * create revisions. Who waits is woken by the deletion of the key before its own, leaves the line when its caller goes
 * away, and gets its turn only while its own key is still there and its lease still runs.
 */
import type { KeyValue } from '@understudy/mvcc';
import {
  CompareResult,
  CompareTarget,
  DeleteRangeRequest,
  etcdErrors,
  type LeaseGrantRequest,
  type LeaseGrantResponse,
  type LeaseTimeToLiveRequest,
  type LeaseTimeToLiveResponse,
  PutRequest,
  RangeRequest,
  type ResponseHeader,
  RpcError,
  SortOrder,
  SortTarget,
  StatusCode,
  TxnRequest,
  type TxnResponse,
} from '@understudy/protocol';
import { startDeadline } from '../deadline-timer.js';
import { failure } from './failures.js';
import type { Member } from './member.js';
import type { Call } from './rpc.js';

/** Of a lease that the server grants because the caller brought none, as etcd's. */
const OWN_LEASE_SECONDS = 60;
/** How long a change of leader is waited out, and how often it is looked at. */
const ELECTION_WAIT_MS = 10_000;
const ELECTION_LOOK_MS = 100;
const NO_BYTES = new Uint8Array(0);

/** What the line needs of the other services: each as a client would call it. */
export interface LineDeps {
  readonly member: Member;
  readonly txn: (request: TxnRequest, call: Call) => Promise<TxnResponse>;
  readonly grant: (request: LeaseGrantRequest, call: Call) => Promise<LeaseGrantResponse>;
  readonly timeToLive: (request: LeaseTimeToLiveRequest, call: Call) => Promise<LeaseTimeToLiveResponse>;
}

export interface Place {
  readonly key: Uint8Array;
  readonly lease: bigint;
  /** The create revision of the key: who is before whom, and the fencing token. */
  readonly revision: number;
  /** What the key held when this caller came back to it; undefined where it is new. */
  readonly found: KeyValue | undefined;
}

export class LockLine {
  readonly #deps: LineDeps;

  constructor(deps: LineDeps) {
    this.#deps = deps;
  }

  /** Into the line, or back to the place that the lease has there. */
  async join(name: Uint8Array, lease: bigint, value: Uint8Array, call: Call): Promise<Place> {
    const { txn } = this.#deps;
    const held = lease === 0n ? await this.#ownLease(call) : lease;
    const key = Buffer.concat([name, Buffer.from(`/${BigInt.asUintN(64, held).toString(16)}`)]);
    const range = RangeRequest.create({ key });
    const answer = await txn(
      TxnRequest.create({
        compare: [createRevisionIs(key, 0)],
        success: [{ requestPut: PutRequest.create({ key, value, lease: held }) }],
        // That it may look at who is before it is judged here, once, with everything else.
        failure: [{ requestRange: range }, { requestRange: RangeRequest.create(prefixOf(name)) }],
      }),
      { ...named(call), raw: null },
    );
    if (answer.succeeded) return { key, lease: held, revision: answer.header?.revision ?? 0, found: undefined };
    const found = answer.responses[0]?.responseRange?.kvs[0];
    if (found === undefined) throw sessionExpired();
    return { key, lease: held, revision: found.createRevision, found };
  }

  /** Until it is this place's turn. Where it never comes, the key is deleted: the caller waits no more. */
  async turn(name: Uint8Array, place: Place, call: Call): Promise<ResponseHeader> {
    try {
      await this.#wait(name, place, call);
      return await this.#recheckThroughElections(place, call);
    } catch (error) {
      await this.leave(place, this.#provenNow(call)).catch((cause: unknown) => {
        this.#deps.member.logger.warn({ err: cause }, 'a place in a line stays until its lease ends');
      });
      throw error;
    }
  }

  /** Deletes the key, where it is still the one of this place. */
  async leave(place: Pick<Place, 'key' | 'revision'>, call: Call): Promise<TxnResponse> {
    const success = [{ requestDeleteRange: DeleteRangeRequest.create({ key: place.key }) }];
    const request = TxnRequest.create({ compare: [createRevisionIs(place.key, place.revision)], success });
    return this.#deps.txn(request, { ...named(call), raw: null, timeoutMs: undefined });
  }

  /** Who has its turn now; undefined where nobody is in line. */
  owner(name: Uint8Array): KeyValue | undefined {
    return this.#range({ ...prefixOf(name), limit: 1, sortTarget: SortTarget.CREATE, sortOrder: SortOrder.ASCEND })[0];
  }

  /** Leaving is owed to the others in line: a proof that has become old while the caller waited is good enough for it. */
  #provenNow({ identity }: Call): Call {
    const { revision } = this.#deps.member.state.mvcc.auth;
    return { raw: null, timeoutMs: undefined, identity: identity == null ? identity : { ...identity, revision } };
  }

  async #ownLease(call: Call): Promise<bigint> {
    const { id } = await this.#deps.grant({ id: 0n, ttl: OWN_LEASE_SECONDS }, { ...named(call), raw: null });
    return id;
  }

  async #wait(name: Uint8Array, place: Place, call: Call): Promise<void> {
    const deadline = call.timeoutMs === undefined ? Number.POSITIVE_INFINITY : performance.now() + call.timeoutMs;
    for (;;) {
      const [own] = this.#range({ key: place.key });
      if (own?.createRevision !== place.revision) throw sessionExpired();
      const before = this.#range({
        ...prefixOf(name),
        limit: 1,
        sortTarget: SortTarget.CREATE,
        sortOrder: SortOrder.DESCEND,
        maxCreateRevision: place.revision - 1,
      })[0];
      if (before === undefined) return;
      await this.#deletionOf([before.key, place.key], call.signal, deadline - performance.now());
    }
  }

  /** Resolves when one of the keys goes, or when there is reason to look again. */
  #deletionOf(keys: readonly Uint8Array[], signal: AbortSignal | undefined, leftMs: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const { mvcc } = this.#deps.member.state;
      const settle = (error: RpcError | null): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', cancelled);
        for (const watch of watches) watch?.cancel();
        if (error === null) resolve();
        else reject(error);
      };
      const cancelled = (): void => settle(new RpcError(StatusCode.CANCELLED, 'context canceled'));
      const timer = startDeadline(leftMs, () => settle(timedOut()));
      const watches = keys.map((key) => {
        const request = { key, rangeEnd: NO_BYTES, startRevision: 0, prevKv: false, noPut: true, noDelete: false };
        const again = (): true => {
          settle(null);
          return true;
        };
        const opened = mvcc.watch(request, { events: again, compacted: again });
        return opened.ok ? opened.watch : null;
      });
      if (signal?.aborted === true) cancelled();
      else signal?.addEventListener('abort', cancelled);
    });
  }

  /** A change of leader must not cost a place that was waited for: a look is repeated as long as it only may fail. */
  async #recheckThroughElections(place: Place, call: Call): Promise<ResponseHeader> {
    const until = performance.now() + Math.min(call.timeoutMs ?? ELECTION_WAIT_MS, ELECTION_WAIT_MS);
    for (;;) {
      try {
        return await this.#recheck(place, call);
      } catch (error) {
        const again = error instanceof RpcError && error.retryable && call.signal?.aborted !== true;
        if (!again || performance.now() >= until) throw error;
        await new Promise((resolve) => setTimeout(resolve, ELECTION_LOOK_MS));
      }
    }
  }

  /** A turn is given by what a quorum knows, and by the clock that ends leases. */
  async #recheck(place: Place, call: Call): Promise<ResponseHeader> {
    const { member, timeToLive } = this.#deps;
    const left = await timeToLive({ id: place.lease, keys: false }, { raw: null, timeoutMs: call.timeoutMs });
    await member.readBarrier(call);
    const [own] = this.#range({ key: place.key });
    if (own?.createRevision !== place.revision || left.ttl < 0) throw sessionExpired();
    if (call.signal?.aborted === true) throw new RpcError(StatusCode.CANCELLED, 'context canceled');
    return member.header();
  }

  #range(fields: Partial<RangeRequest>): readonly KeyValue[] {
    const outcome = this.#deps.member.state.mvcc.range(RangeRequest.create(fields));
    return outcome.ok ? outcome.kvs : [];
  }
}

/** Proposes a value in a place that is still held; false where it is not. */
export async function proclaimIn(
  { txn }: Pick<LineDeps, 'txn'>,
  place: Pick<Place, 'key' | 'revision' | 'lease'>,
  value: Uint8Array,
  call: Call,
): Promise<TxnResponse> {
  const { key, revision, lease } = place;
  const success = [{ requestPut: PutRequest.create({ key, value, lease }) }];
  return txn(TxnRequest.create({ compare: [createRevisionIs(key, revision)], success }), { ...named(call), raw: null });
}

/** Keys of the line: those below `name/`. */
export function prefixOf(name: Uint8Array): { key: Uint8Array; rangeEnd: Uint8Array } {
  return { key: Buffer.concat([name, Buffer.from('/')]), rangeEnd: Buffer.concat([name, Buffer.from('0')]) };
}

function createRevisionIs(key: Uint8Array, createRevision: number): TxnRequest['compare'][number] {
  return { result: CompareResult.EQUAL, target: CompareTarget.CREATE, key, rangeEnd: NO_BYTES, createRevision };
}

/** The caller, for a call of its own: a signal is made only where somebody waits for it. */
function named(call: Call): Pick<Call, 'identity' | 'timeoutMs'> {
  return { identity: call.identity, timeoutMs: call.timeoutMs };
}

function sessionExpired(): RpcError {
  return new RpcError(StatusCode.UNKNOWN, 'mutex: session is expired', { outcome: 'not-applied' });
}

function timedOut(): RpcError {
  return failure(etcdErrors.deadlineExceeded);
}
