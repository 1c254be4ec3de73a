// A multi-version store in memory, as simple as can be: every revision is a list of events, kept for ever until it is
// compacted. It stands in for a cluster's agreed state, shared by all fake members.
import {
  type Compare,
  CompareResult,
  CompareTarget,
  type DeleteRangeRequest,
  type DeleteRangeResponse,
  type Event,
  EventType,
  etcdError,
  type KeyValue,
  type PutRequest,
  type PutResponse,
  type RangeRequest,
  type RangeResponse,
  type RequestOp,
  type ResponseHeader,
  type ResponseOp,
  SortOrder,
  SortTarget,
  type TxnRequest,
  type TxnResponse,
} from '@understudy/protocol';

interface Version {
  readonly revision: number;
  /** undefined: deleted */
  readonly kv: KeyValue | undefined;
}

export class FakeStore {
  revision = 1;
  compacted = 0;
  readonly leases = new Map<bigint, { ttl: number; expiresAtMs: number }>();
  /** Called after each revision that changed something. */
  readonly listeners = new Set<(revision: number) => void>();
  private readonly versions = new Map<string, Version[]>();
  private readonly history: Event[][] = [];
  private nextLease = 1000n;

  // ---- reading ----

  range(request: RangeRequest, header: ResponseHeader): RangeResponse {
    if (request.key.length === 0) throw etcdError('emptyKey');
    const at = request.revision > 0 ? request.revision : this.revision;
    if (at > this.revision) throw etcdError('futureRevision');
    if (at < this.compacted) throw etcdError('compacted');
    let kvs = this.select(request.key, request.rangeEnd, at);
    const count = kvs.length;
    if (request.sortOrder !== SortOrder.NONE || request.sortTarget !== SortTarget.KEY) kvs = sorted(kvs, request);
    const more = request.limit > 0 && kvs.length > request.limit;
    if (more) kvs = kvs.slice(0, request.limit);
    if (request.countOnly) kvs = [];
    if (request.keysOnly) kvs = kvs.map((kv) => ({ ...kv, value: new Uint8Array(0) }));
    return { header, kvs, more, count };
  }

  private select(key: Uint8Array, rangeEnd: Uint8Array, at: number): KeyValue[] {
    const names = rangeEnd.length === 0 ? [latin1(key)] : this.namesIn(latin1(key), latin1(rangeEnd));
    const found: KeyValue[] = [];
    for (const name of names) {
      const version = this.versions.get(name)?.findLast(({ revision }) => revision <= at);
      if (version?.kv !== undefined) found.push(version.kv);
    }
    return found;
  }

  private namesIn(from: string, end: string): string[] {
    return [...this.versions.keys()].filter((name) => name >= from && (end === '\0' || name < end)).sort();
  }

  /** What happened from a revision on, for keys of a range, revision by revision. */
  eventsFrom(revision: number, key: Uint8Array, rangeEnd: Uint8Array): Event[] {
    const from = latin1(key);
    const end = latin1(rangeEnd);
    const inRange = (name: string): boolean => {
      return end === '' ? name === from : name >= from && (end === '\0' || name < end);
    };
    return this.history
      .slice(Math.max(0, revision - 2))
      .flat()
      .filter((event) => event.kv !== undefined && inRange(latin1(event.kv.key)));
  }

  // ---- writing ----

  put(request: PutRequest, header: ResponseHeader): PutResponse {
    const events: Event[] = [];
    const answer = this.stagePut(request, header, events);
    this.commit(events);
    return { ...answer, header: { ...header, revision: this.revision } };
  }

  delete(request: DeleteRangeRequest, header: ResponseHeader): DeleteRangeResponse {
    const events: Event[] = [];
    const answer = this.stageDelete(request, header, events);
    this.commit(events);
    return { ...answer, header: { ...header, revision: this.revision } };
  }

  txn(request: TxnRequest, header: ResponseHeader): TxnResponse {
    const succeeded = request.compare.every((each) => this.holds(each));
    const events: Event[] = [];
    const inner = { clusterId: 0, memberId: 0, revision: this.revision, raftTerm: 0 };
    const responses = (succeeded ? request.success : request.failure).map((op) => this.carryOut(op, inner, events));
    this.commit(events);
    return { header: { ...header, revision: this.revision }, succeeded, responses };
  }

  private carryOut(op: RequestOp, header: ResponseHeader, events: Event[]): ResponseOp {
    if (op.requestPut !== undefined) return { responsePut: this.stagePut(op.requestPut, header, events) };
    if (op.requestRange !== undefined) return { responseRange: this.range(op.requestRange, header) };
    if (op.requestDeleteRange !== undefined) {
      return { responseDeleteRange: this.stageDelete(op.requestDeleteRange, header, events) };
    }
    throw etcdError('tooManyOps');
  }

  private holds(each: Compare): boolean {
    const kv = this.select(each.key, new Uint8Array(0), this.revision)[0];
    const pairs: Record<number, [number | bigint | string, number | bigint | string]> = {
      [CompareTarget.VERSION]: [kv?.version ?? 0, each.version ?? 0],
      [CompareTarget.CREATE]: [kv?.createRevision ?? 0, each.createRevision ?? 0],
      [CompareTarget.MOD]: [kv?.modRevision ?? 0, each.modRevision ?? 0],
      [CompareTarget.VALUE]: [latin1(kv?.value ?? new Uint8Array(0)), latin1(each.value ?? new Uint8Array(0))],
      [CompareTarget.LEASE]: [kv?.lease ?? 0n, each.lease ?? 0n],
    };
    const [stored, given] = pairs[each.target] as [number, number];
    if (each.result === CompareResult.EQUAL) return stored === given;
    if (each.result === CompareResult.NOT_EQUAL) return stored !== given;
    return each.result === CompareResult.GREATER ? stored > given : stored < given;
  }

  private stagePut(request: PutRequest, header: ResponseHeader, events: Event[]): PutResponse {
    if (request.key.length === 0) throw etcdError('emptyKey');
    if (request.ignoreLease && request.lease !== 0n) throw etcdError('leaseProvided');
    if (request.lease !== 0n && !this.leases.has(request.lease)) throw etcdError('leaseNotFound');
    const before = this.select(request.key, new Uint8Array(0), this.revision)[0];
    if ((request.ignoreValue || request.ignoreLease) && before === undefined) throw etcdError('keyNotFound');
    const revision = this.revision + 1;
    const kv: KeyValue = {
      key: Uint8Array.from(request.key),
      createRevision: before?.createRevision ?? revision,
      modRevision: revision,
      version: (before?.version ?? 0) + 1,
      value: request.ignoreValue && before !== undefined ? before.value : Uint8Array.from(request.value),
      lease: request.ignoreLease && before !== undefined ? before.lease : request.lease,
    };
    events.push({ type: EventType.PUT, kv, prevKv: before });
    return { header, prevKv: request.prevKv ? before : undefined };
  }

  private stageDelete(request: DeleteRangeRequest, header: ResponseHeader, events: Event[]): DeleteRangeResponse {
    if (request.key.length === 0) throw etcdError('emptyKey');
    const gone = this.select(request.key, request.rangeEnd, this.revision);
    for (const prevKv of gone) {
      const kv = { ...NO_KV, key: prevKv.key, modRevision: this.revision + 1 };
      events.push({ type: EventType.DELETE, kv, prevKv });
    }
    return { header, deleted: gone.length, prevKvs: request.prevKv ? gone : [] };
  }

  private commit(events: Event[]): void {
    if (events.length === 0) return;
    this.revision += 1;
    this.history.push(events);
    for (const { type, kv } of events) {
      const name = latin1(kv?.key ?? new Uint8Array(0));
      const versions = this.versions.get(name) ?? [];
      versions.push({ revision: this.revision, kv: type === EventType.DELETE ? undefined : kv });
      this.versions.set(name, versions);
    }
    for (const listener of this.listeners) listener(this.revision);
  }

  compact(revision: number): void {
    if (revision <= this.compacted) throw etcdError('compacted');
    if (revision > this.revision) throw etcdError('futureRevision');
    this.compacted = revision;
  }

  // ---- leases ----

  grant(id: bigint, ttl: number): bigint {
    const chosen = id === 0n ? this.nextLease++ : id;
    if (this.leases.has(chosen)) throw etcdError('leaseExists');
    this.leases.set(chosen, { ttl, expiresAtMs: performance.now() + ttl * 1000 });
    return chosen;
  }

  revoke(id: bigint): void {
    if (!this.leases.delete(id)) throw etcdError('leaseNotFound');
    const events: Event[] = [];
    for (const prevKv of this.keysOf(id)) {
      events.push({
        type: EventType.DELETE,
        kv: { ...NO_KV, key: prevKv.key, modRevision: this.revision + 1 },
        prevKv,
      });
    }
    this.commit(events);
  }

  keysOf(id: bigint): KeyValue[] {
    return this.select(Uint8Array.of(0), Uint8Array.of(0), this.revision).filter((kv) => kv.lease === id);
  }
}

const NO_KV = { createRevision: 0, modRevision: 0, version: 0, value: new Uint8Array(0), lease: 0n };

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('latin1');
}

function sorted(kvs: readonly KeyValue[], { sortOrder, sortTarget }: RangeRequest): KeyValue[] {
  const keys: Record<number, (kv: KeyValue) => number | string> = {
    [SortTarget.KEY]: (kv) => latin1(kv.key),
    [SortTarget.VALUE]: (kv) => latin1(kv.value),
    [SortTarget.VERSION]: (kv) => kv.version,
    [SortTarget.CREATE]: (kv) => kv.createRevision,
    [SortTarget.MOD]: (kv) => kv.modRevision,
  };
  const of = keys[sortTarget] as (kv: KeyValue) => number;
  const sign = sortOrder === SortOrder.DESCEND ? -1 : 1;
  return kvs.toSorted((a, b) => (of(a) < of(b) ? -sign : of(a) > of(b) ? sign : 0));
}
