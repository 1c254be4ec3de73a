// What a fake member answers on one connection.
import {
  AuthService,
  AuthenticateRequest,
  ClusterService,
  CompactionRequest,
  DeleteRangeRequest,
  etcdError,
  HashKVRequest,
  KVService,
  LeaseGrantRequest,
  LeaseKeepAliveRequest,
  LeaseRevokeRequest,
  LeaseService,
  LeaseTimeToLiveRequest,
  MaintenanceService,
  MemberAddRequest,
  MemberPromoteRequest,
  MemberRemoveRequest,
  MemberUpdateRequest,
  type MethodDescriptor,
  MoveLeaderRequest,
  PutRequest,
  RangeRequest,
  type Event,
  type ResponseHeader,
  type ServerCall,
  type ServerHandler,
  type ServerStream,
  TxnRequest,
  type WatchCreateRequest,
  WatchRequest,
  WatchService,
  RpcError,
  StatusCode,
} from '@understudy/protocol';
import type { FakeCluster, FakeMember } from './fake-cluster.js';

const kv = KVService.methods;
const lease = LeaseService.methods;
const cluster = ClusterService.methods;
const maintenance = MaintenanceService.methods;

export class FakeServices implements ServerHandler {
  private readonly cluster: FakeCluster;
  private readonly member: FakeMember;
  private readonly handlers: ReadonlyMap<string, (bytes: Uint8Array, call: ServerCall) => object>;

  constructor(fake: FakeCluster, member: FakeMember) {
    this.cluster = fake;
    this.member = member;
    this.handlers = new Map([...this.keys(), ...this.leases(), ...this.members(), ...this.maintenance()]);
  }

  private header(): ResponseHeader {
    const { id, store, term } = this.cluster;
    return { clusterId: id, memberId: this.member.id, revision: store.revision, raftTerm: term };
  }

  unary(method: MethodDescriptor, request: Uint8Array, call: ServerCall): void {
    this.member.calls.push(method.name);
    if (this.member.intercept?.(method, call, request) === true) return;
    const handler = this.handlers.get(method.path);
    if (handler === undefined) {
      throw new RpcError(StatusCode.UNIMPLEMENTED, `the fake has no ${method.path}`, { outcome: 'not-applied' });
    }
    call.respond(handler(request, call));
  }

  onDefect(error: unknown): void {
    process.stderr.write(`fake member: ${String(error)}\n`);
  }

  private requireVoter(): void {
    if (this.member.isLearner) throw etcdError('notSupportedForLearner');
    if (this.cluster.leader === undefined) throw etcdError('noLeader');
  }

  private voting(handler: (bytes: Uint8Array) => object): (bytes: Uint8Array) => object {
    return (bytes) => {
      this.requireVoter();
      return handler(bytes);
    };
  }

  private keys(): [string, (bytes: Uint8Array) => object][] {
    const { store } = this.cluster;
    return [
      [kv.put.path, this.voting((bytes) => store.put(PutRequest.decode(bytes), this.header()))],
      [
        kv.range.path,
        (bytes) => {
          const request = RangeRequest.decode(bytes);
          if (!request.serializable && !this.member.isReader) this.requireVoter();
          return store.range(request, this.header());
        },
      ],
      [kv.deleteRange.path, this.voting((bytes) => store.delete(DeleteRangeRequest.decode(bytes), this.header()))],
      [kv.txn.path, this.voting((bytes) => store.txn(TxnRequest.decode(bytes), this.header()))],
      [
        kv.compact.path,
        this.voting((bytes) => {
          store.compact(CompactionRequest.decode(bytes).revision);
          return { header: this.header() };
        }),
      ],
    ];
  }

  private leases(): [string, (bytes: Uint8Array) => object][] {
    const { store } = this.cluster;
    return [
      [
        lease.leaseGrant.path,
        (bytes) => {
          const { id, ttl } = LeaseGrantRequest.decode(bytes);
          return { header: this.header(), id: store.grant(id, ttl), ttl, error: '' };
        },
      ],
      [
        lease.leaseRevoke.path,
        (bytes) => {
          store.revoke(LeaseRevokeRequest.decode(bytes).id);
          return { header: this.header() };
        },
      ],
      [
        lease.leaseTimeToLive.path,
        (bytes) => {
          const { id, keys } = LeaseTimeToLiveRequest.decode(bytes);
          const found = store.leases.get(id);
          if (found === undefined) return { header: this.header(), id, ttl: -1, grantedTtl: 0, keys: [] };
          const ttl = Math.floor((found.expiresAtMs - performance.now()) / 1000);
          const attached = keys ? store.keysOf(id).map(({ key }) => key) : [];
          return { header: this.header(), id, ttl, grantedTtl: found.ttl, keys: attached };
        },
      ],
      [
        lease.leaseLeases.path,
        () => ({ header: this.header(), leases: [...store.leases.keys()].map((id) => ({ id })) }),
      ],
    ];
  }

  private members(): [string, (bytes: Uint8Array) => object][] {
    const fake = this.cluster;
    const list = () => [...fake.members.map((member) => member.describe()), ...fake.unstarted];
    const find = (id: number) => {
      const found = fake.unstarted.find((member) => member.id === id);
      if (found === undefined) throw etcdError('memberNotFound');
      return found;
    };
    return [
      [cluster.memberList.path, () => ({ header: this.header(), members: list() })],
      [
        cluster.memberAdd.path,
        (bytes) => {
          const { peerUrls, isLearner } = MemberAddRequest.decode(bytes);
          const member = { id: 0xb1 + fake.unstarted.length, name: '', peerUrls, clientUrls: [], isLearner };
          fake.unstarted.push(member);
          return { header: this.header(), member, members: list() };
        },
      ],
      [
        cluster.memberRemove.path,
        (bytes) => {
          const gone = find(MemberRemoveRequest.decode(bytes).id);
          fake.unstarted.splice(fake.unstarted.indexOf(gone), 1);
          return { header: this.header(), members: list() };
        },
      ],
      [
        cluster.memberUpdate.path,
        (bytes) => {
          const { id, peerUrls } = MemberUpdateRequest.decode(bytes);
          find(id).peerUrls = peerUrls;
          return { header: this.header(), members: list() };
        },
      ],
      [
        cluster.memberPromote.path,
        (bytes) => {
          const member = find(MemberPromoteRequest.decode(bytes).id);
          if (!member.isLearner) throw etcdError('memberNotLearner');
          throw etcdError('learnerNotReady');
        },
      ],
    ];
  }

  private maintenance(): [string, (bytes: Uint8Array) => object][] {
    const fake = this.cluster;
    return [
      [
        maintenance.status.path,
        () =>
          maintenance.status.output.create({
            header: this.header(),
            version: '3.4.0',
            dbSize: 20480,
            leader: fake.leader?.id ?? 0,
            raftIndex: fake.store.revision + 3,
            raftTerm: fake.term,
            raftAppliedIndex: fake.store.revision + 3,
            dbSizeInUse: 16384,
            isLearner: this.member.isLearner,
          }),
      ],
      [maintenance.alarm.path, () => ({ header: this.header(), alarms: [] })],
      [
        maintenance.hashKV.path,
        (bytes) => {
          HashKVRequest.decode(bytes);
          return maintenance.hashKV.output.create({ header: this.header(), hash: 12345 });
        },
      ],
      [
        maintenance.moveLeader.path,
        (bytes) => {
          const { targetId } = MoveLeaderRequest.decode(bytes);
          if (fake.leader !== this.member) throw etcdError('notLeader');
          const target = fake.members.find(({ id }) => id === targetId);
          if (target === undefined) throw etcdError('badLeaderTransferee');
          fake.elect(target);
          return { header: this.header() };
        },
      ],
      [
        AuthService.methods.authenticate.path,
        (bytes) => {
          const { name, password } = AuthenticateRequest.decode(bytes);
          if (password !== 'secret') throw etcdError('authFailed');
          return { header: this.header(), token: `token of ${name}` };
        },
      ],
    ];
  }

  // ---- streams ----

  open(method: MethodDescriptor, stream: ServerStream): void {
    this.member.calls.push(method.name);
    if (method.path === WatchService.methods.watch.path) this.watch(stream);
    else this.keepAlive(stream);
  }

  private keepAlive(stream: ServerStream): void {
    const { store } = this.cluster;
    stream.onMessage = (bytes) => {
      const { id } = LeaseKeepAliveRequest.decode(bytes);
      const found = store.leases.get(id);
      const alive = found !== undefined && found.expiresAtMs > performance.now();
      if (alive) found.expiresAtMs = performance.now() + found.ttl * 1000;
      stream.send({ header: this.header(), id, ttl: alive ? found.ttl : 0 });
    };
    stream.onHalfClose = () => stream.end();
  }

  private watch(stream: ServerStream): void {
    stream.onMessage = (bytes) => {
      const { createRequest } = WatchRequest.decode(bytes);
      if (createRequest !== undefined) this.createWatch(stream, createRequest);
    };
  }

  // One event an answer; may break the connection between two of them, once.
  private sendFragments(stream: ServerStream, events: readonly Event[]): void {
    const { output } = WatchService.methods.watch;
    const breaks = this.member.fragmenting === 'break';
    for (const [index, event] of events.entries()) {
      const fragment = index < events.length - 1;
      stream.send(output.create({ header: this.header(), events: [event], fragment }));
      if (!breaks || !fragment) continue;
      this.member.fragmenting = 'whole';
      setImmediate(() => setImmediate(() => this.member.disconnect()));
      return;
    }
  }

  private createWatch(stream: ServerStream, request: WatchCreateRequest): void {
    const { store } = this.cluster;
    const { output } = WatchService.methods.watch;
    let next = request.startRevision > 0 ? request.startRevision : store.revision + 1;
    if (request.startRevision > 0 && next <= store.compacted) {
      stream.send(output.create({ header: this.header(), created: true, compactRevision: 0 }));
      stream.send(output.create({ header: this.header(), canceled: true, compactRevision: store.compacted }));
      return;
    }
    stream.send(output.create({ header: this.header(), created: true }));
    const pump = (): void => {
      const events = store.eventsFrom(next, request.key, request.rangeEnd);
      next = store.revision + 1;
      if (events.length === 0) return;
      const shown = events.map((event) => ({ ...event, prevKv: request.prevKv ? event.prevKv : undefined }));
      if (this.member.fragmenting === undefined) stream.send(output.create({ header: this.header(), events: shown }));
      else this.sendFragments(stream, shown);
    };
    pump();
    store.listeners.add(pump);
    stream.onCancel = () => store.listeners.delete(pump);
  }
}
