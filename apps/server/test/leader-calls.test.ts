import { EventEmitter } from 'node:events';
import {
  etcdErrors,
  LeaseService,
  MaintenanceService,
  type MethodDescriptor,
  RpcError,
  StatusCode,
} from '@understudy/protocol';
import { RaftNodeError } from '@understudy/raft-node';
import { describe, expect, it } from 'vitest';
import { failure } from '../src/services/failures.js';
import { LeaderCalls } from '../src/services/leader-calls.js';
import type { Member } from '../src/services/member.js';

const { leaseTimeToLive, leaseRevoke } = LeaseService.methods;
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const CALL = { raw: null, timeoutMs: 2000 };

/** What LeaderCalls uses of a node; calls of a peer go straight to it. */
class FakeNode extends EventEmitter {
  readonly called: number[] = [];
  leader = 0;

  constructor(
    readonly id: number,
    readonly peers: Map<number, LeaderCalls>,
  ) {
    super();
  }

  get isLeader(): boolean {
    return this.leader === this.id;
  }

  elect(leader: number): void {
    this.leader = leader;
    this.emit('leader-change');
  }

  async callPeer(to: number, body: Uint8Array): Promise<Uint8Array> {
    this.called.push(to);
    const peer = this.peers.get(to);
    if (peer === undefined) throw new RaftNodeError('unreachable', 'no stream to it', { outcome: 'unknown' });
    return peer.answer(body);
  }
}

function pair() {
  const peers = new Map<number, LeaderCalls>();
  const nodes = [new FakeNode(1, peers), new FakeNode(2, peers)] as const;
  const [first, second] = nodes.map((node) => new LeaderCalls({ node } as unknown as Member));
  peers.set(1, first as LeaderCalls).set(2, second as LeaderCalls);
  return { nodes, calls: [first, second] as [LeaderCalls, LeaderCalls], peers };
}

describe('calls that only the leader can answer', () => {
  const answer = async (by: string) => leaseTimeToLive.output.create({ id: BigInt(by.length) });

  it('say that there is no leader while the caller still listens', async () => {
    const { calls } = pair();
    const ask = calls[1].add(leaseTimeToLive, () => answer('nobody'));
    const begunMs = performance.now();
    await expect(ask(leaseTimeToLive.input.create({ id: 7n }), CALL)).rejects.toMatchObject(
      failure(etcdErrors.noLeader),
    );
    expect(performance.now() - begunMs).toBeLessThan(CALL.timeoutMs);
  });

  it('leave the caller time to hear that what they wait for does not come', async () => {
    const { nodes } = pair();
    const given: unknown[] = [];
    const member = { node: nodes[1], readBarrier: async ({ timeoutMs }: typeof CALL) => given.push(timeoutMs) };
    const calls = new LeaderCalls(member as unknown as Member);
    calls.add(leaseTimeToLive, () => answer('nobody'));
    await calls.catchUp(leaseTimeToLive as unknown as MethodDescriptor, CALL);
    await calls.catchUp(leaseTimeToLive as unknown as MethodDescriptor, { raw: null, timeoutMs: undefined });
    expect(given).toEqual([1600, 5000]);
  });

  it('are answered by the leader, whoever is asked', async () => {
    const { nodes, calls } = pair();
    for (const node of nodes) node.leader = 1;
    calls[0].add(leaseTimeToLive, () => answer('leader'));
    const ask = calls[1].add(leaseTimeToLive, () => answer('nobody else'));
    expect((await ask(leaseTimeToLive.input.create({ id: 7n }), CALL)).id).toBe(6n);
    expect(nodes[1].called).toEqual([1]);
  });

  it('a refusal keeps its code, its text, and what is certain of its outcome, on the way through a follower', async () => {
    const { nodes, calls } = pair();
    for (const node of nodes) node.leader = 1;
    const errors = [
      failure(etcdErrors.memberNotFound),
      failure(etcdErrors.learnerNotReady),
      new RpcError(StatusCode.UNAVAILABLE, 'who knows: ä€', { outcome: 'unknown', retryable: true }),
    ];
    for (const error of errors) {
      calls[0].add(leaseRevoke, () => Promise.reject(error));
      const ask = calls[1].add(leaseRevoke, () => Promise.reject(new Error('not here')));
      const { code, text, outcome, retryable } = error;
      await expect(ask(leaseRevoke.input.create(), CALL)).rejects.toMatchObject({ code, text, outcome, retryable });
    }
  });

  it('what is no RpcError is told without its insides', async () => {
    const { nodes, calls } = pair();
    for (const node of nodes) node.leader = 1;
    calls[0].add(leaseRevoke, () => Promise.reject(new Error('secret')));
    const ask = calls[1].add(leaseRevoke, () => Promise.reject(new Error('not here')));
    await expect(ask(leaseRevoke.input.create(), CALL)).rejects.toMatchObject({
      code: StatusCode.INTERNAL,
      message: expect.not.stringContaining('secret'),
    });
  });

  it('wait for a leader, and follow it where it changes before anything was applied', async () => {
    const { nodes, calls } = pair();
    calls[0].add(leaseRevoke, async () => leaseRevoke.output.create());
    const ask = calls[1].add(leaseRevoke, () => Promise.reject(new Error('not here')));
    const asked = ask(leaseRevoke.input.create(), CALL);
    await turn();
    // The follower hears of its leader before that one knows: it is refused, and asks again.
    nodes[1].elect(1);
    await turn();
    nodes[0].elect(1);
    await asked;
    expect(nodes[1].called.length).toBeGreaterThan(1);
  });

  it('give up in time where there is no leader', async () => {
    const { calls } = pair();
    const ask = calls[1].add(leaseRevoke, () => Promise.reject(new Error('not here')));
    const asked = ask(leaseRevoke.input.create(), { raw: null, timeoutMs: 20 });
    await expect(asked).rejects.toMatchObject({ ...etcdErrors.noLeader });
  });

  it('are sent again where nobody knows what became of them only if twice is as good as once', async () => {
    const { nodes, calls, peers } = pair();
    nodes[1].leader = 9;
    const once = calls[1].add(leaseRevoke, () => Promise.reject(new Error('not here')));
    await expect(once(leaseRevoke.input.create(), CALL)).rejects.toMatchObject({ outcome: 'unknown', retryable: true });
    expect(nodes[1].called).toEqual([9]);
    const repeatable = calls[1].add(leaseTimeToLive, () => answer(''), { repeatable: true });
    const asked = repeatable(leaseTimeToLive.input.create(), CALL);
    await turn();
    calls[0].add(leaseTimeToLive, () => answer('leader'));
    nodes[0].leader = 1;
    peers.set(9, calls[0]);
    expect((await asked).id).toBe(6n);
  });

  it('a body that is no call, or of a method that needs no leader, is refused', async () => {
    const { nodes, calls } = pair();
    nodes[0].leader = 1;
    const { id } = MaintenanceService.methods.status;
    for (const body of [[], [9, 0, 1], [1, 0xff, 0xff], [1, id >> 8, id & 0xff]]) {
      const reply = await calls[0].answer(Uint8Array.from(body));
      expect([...reply.subarray(0, 3)]).toEqual([1, 1, etcdErrors.notCapable.code]);
    }
  });
});
