import { describe, expect, it } from 'vitest';
import { EMPTY_CONF_STATE, Message, MessageType, StateType } from '../src/index.js';
import { bytes, Network } from './network.js';

const heartbeats = (network: Network): Message[] =>
  network.sent.filter(({ context, type }) => type === MessageType.Heartbeat && context !== 0);

describe('ReadIndex', () => {
  it('a leader answers once a quorum took it for the leader', () => {
    const network = Network.of([1, 2, 3]);
    network.campaign(1);
    network.propose(1, 'a');
    expect(network.get(1).node.readIndex(77)).toEqual({ ok: true });
    network.flush();
    expect(network.get(1).readStates).toEqual([]);
    network.settle();
    expect(network.get(1).readStates).toEqual([{ index: 12, context: 77 }]);
  });

  it('followers and learners ask the leader', () => {
    const network = Network.of([1, 2, 3], {}, { learners: [4] });
    network.campaign(1);
    network.get(2).node.readIndex(5);
    network.get(4).node.readIndex(5);
    network.settle();
    expect(network.get(2).readStates).toEqual([{ index: 11, context: 5 }]);
    expect(network.get(4).readStates).toEqual([{ index: 11, context: 5 }]);
    expect(network.get(1).readStates).toEqual([]);
  });

  it('without a leader there is nobody to ask', () => {
    const network = Network.of([1, 2, 3]);
    expect(network.get(1).node.readIndex(1)).toEqual({ ok: false, reason: 'no-leader' });
    network.get(1).node.campaign();
    expect(network.get(1).node.readIndex(1)).toEqual({ ok: false, reason: 'no-leader' });
  });

  it('rounds are numbered by the leader, whatever askers call their requests', () => {
    const network = Network.of([1, 2, 3]);
    network.campaign(1);
    network.get(2).node.readIndex(9);
    network.get(3).node.readIndex(9);
    network.settle();
    network.get(2).node.readIndex(9);
    network.settle();
    const numbers = [...new Set(heartbeats(network).map(({ context }) => context))];
    expect(numbers).toEqual([1, 2]);
    expect(network.get(2).readStates).toHaveLength(2);
    expect(network.get(3).readStates).toHaveLength(1);
  });

  it('requests of one turn share a round, and nobody joins one that is on its way', () => {
    const network = Network.of([1, 2, 3]);
    network.campaign(1);
    const { node } = network.get(1);
    node.readIndex(1);
    node.readIndex(2);
    network.flush();
    node.readIndex(3);
    // Answers to the first round come back; the third request is older than they are, and not part of it.
    const first = network.wire;
    network.wire = [];
    for (const message of first) network.deliver(message);
    for (const id of [2, 3]) for (const answer of network.get(id).handleReady()) node.step(answer);
    const ready = node.ready();
    expect(ready.readStates.map(({ context }) => context)).toEqual([1, 2]);
    node.advance();
    network.settle();
    expect(network.get(1).readStates.map(({ context }) => context)).toEqual([]);
  });

  it('the answer is no older than what was committed when the request came', () => {
    const network = Network.of([1, 2, 3]);
    network.campaign(1);
    network.get(1).node.readIndex(1);
    network.propose(1, 'a', 'b');
    const [state] = network.get(1).readStates;
    expect(state?.index).toBeGreaterThanOrEqual(11);
    network.get(1).node.readIndex(2);
    network.settle();
    expect(network.get(1).readStates[1]).toEqual({ index: 13, context: 2 });
  });

  it('waits until the leader has committed an entry of its own term', () => {
    const network = Network.of([1, 2, 3]);
    network.campaign(1);
    network.lose = ({ type }) => type === MessageType.AppResp;
    const leader = network.campaign(2);
    leader.node.readIndex(4);
    network.settle();
    network.tick(3, [2]);
    expect(leader.readStates).toEqual([]);
    network.heal();
    network.tick(1, [2]);
    expect(leader.readStates).toEqual([{ index: 12, context: 4 }]);
  });

  it('also where the leader is the only voter', () => {
    const network = Network.of([1]);
    const { node } = network.get(1);
    node.campaign();
    network.get(1).handleReady();
    expect(node.state).toBe(StateType.Leader);
    node.readIndex(1);
    // Its own entry is not durable: who knows what it had acknowledged before it crashed.
    const ready = node.ready();
    expect(ready.readStates).toEqual([]);
    network.get(1).persist(ready);
    network.get(1).apply(ready.committedEntries);
    node.advance();
    network.settle();
    expect(network.get(1).readStates).toEqual([{ index: 11, context: 1 }]);
  });

  it('a leader that was replaced without knowing it answers nothing', () => {
    const network = Network.of([1, 2, 3]);
    network.campaign(1);
    network.isolate(1);
    network.campaign(2);
    network.propose(2, 'new');
    network.get(1).node.readIndex(1);
    network.settle();
    network.tick(5, [1]);
    expect(network.get(1).leads).toBe(true);
    expect(network.get(1).readStates).toEqual([]);
    network.heal();
    network.tick(2);
    expect(network.get(1).readStates).toEqual([]);
    network.get(1).node.readIndex(2);
    network.settle();
    expect(network.get(1).readStates).toEqual([{ index: 13, context: 2 }]);
  });

  it('answers that a former leadership waited for confirm nothing of a later one', () => {
    const network = Network.of([1, 2, 3]);
    network.campaign(1);
    network.get(1).node.readIndex(1);
    network.flush();
    const old = network.wire.filter(({ type }) => type === MessageType.Heartbeat);
    network.wire = [];
    network.campaign(2);
    network.campaign(1);
    expect(network.get(1).node.term).toBe(4);
    network.get(1).node.readIndex(2);
    network.flush();
    network.wire = old.map(({ context, from, to }) => {
      const answer = new Message(MessageType.HeartbeatResp, from, to, 2);
      answer.context = context;
      return answer;
    });
    const due = network.wire;
    network.wire = [];
    for (const message of due) network.deliver(message);
    network.flush();
    expect(network.get(1).readStates).toEqual([]);
  });

  it('a round whose heartbeats were lost is confirmed by the next beat', () => {
    const network = Network.of([1, 2, 3]);
    network.campaign(1);
    network.lose = ({ type }) => type === MessageType.Heartbeat;
    network.get(1).node.readIndex(1);
    network.settle();
    network.heal();
    expect(network.get(1).readStates).toEqual([]);
    network.tick(1, [1]);
    expect(network.get(1).readStates).toEqual([{ index: 11, context: 1 }]);
  });

  it('a request that was lost is asked again under a new number, and answered once', () => {
    const network = Network.of([1, 2, 3]);
    network.campaign(1);
    network.lose = ({ type }) => type === MessageType.ReadIndex;
    network.get(2).node.readIndex(1);
    network.settle();
    network.heal();
    network.get(2).node.readIndex(2);
    network.settle();
    expect(network.get(2).readStates).toEqual([{ index: 11, context: 2 }]);
  });

  it('needs both halves of a joint configuration', () => {
    const network = Network.of([1, 2, 3], {}, { votersOutgoing: [1, 4, 5] });
    network.campaign(1);
    network.isolate(4, 5);
    network.get(1).node.readIndex(1);
    network.settle();
    expect(network.get(1).readStates).toEqual([]);
    network.heal();
    network.tick(1, [1]);
    expect(network.get(1).readStates).toHaveLength(1);
  });

  it('holds no more requests than the limit', () => {
    const network = Network.of([1, 2, 3], { maxPendingReads: 2 });
    network.campaign(1);
    const { node } = network.get(1);
    expect([1, 2, 3].map((context) => node.readIndex(context).ok)).toEqual([true, true, false]);
    network.settle();
    expect(node.readIndex(4)).toEqual({ ok: true });
    network.settle();
    expect(network.get(1).readStates).toHaveLength(3);
  });

  it('what a lost leadership held counts no more', () => {
    const network = Network.of([1, 2, 3], { maxPendingReads: 1 });
    network.campaign(1);
    network.isolate(1);
    network.get(1).node.readIndex(1);
    network.settle();
    network.campaign(2);
    network.heal();
    network.tick(2);
    network.campaign(1);
    expect(network.get(1).leads).toBe(true);
    expect(network.get(1).node.readIndex(2)).toEqual({ ok: true });
    network.settle();
    expect(network.get(1).readStates).toEqual([{ index: 13, context: 2 }]);
  });

  it('what a long run of rounds waits for does not pile up', () => {
    const network = Network.of([1, 2, 3], { maxPendingReads: 3 });
    network.campaign(1);
    for (let context = 1; context <= 500; context++) {
      expect(network.get(1).node.readIndex(context)).toEqual({ ok: true });
      network.settle();
    }
    expect(network.get(1).readStates).toHaveLength(500);
  });
});

describe('reads under a lease', () => {
  const options = { readOnly: 'lease-based', checkQuorum: true } as const;

  it('are answered without a round', () => {
    const network = Network.of([1, 2, 3], options);
    network.campaign(1);
    network.sent = [];
    network.get(1).node.readIndex(1);
    network.flush();
    expect(network.get(1).readStates).toEqual([{ index: 11, context: 1 }]);
    expect(heartbeats(network)).toEqual([]);
  });

  it('take a round once somebody was told to campaign in spite of the lease', () => {
    const network = Network.of([1, 2, 3], options);
    network.campaign(1);
    network.lose = ({ type }) => type === MessageType.TimeoutNow;
    network.get(1).node.transferLeadership(2);
    network.settle();
    network.get(1).node.readIndex(1);
    network.flush();
    expect(network.get(1).readStates).toEqual([]);
    network.settle();
    expect(network.get(1).readStates).toHaveLength(1);
  });

  it('the leader is not forgotten', () => {
    const network = Network.of([1, 2, 3], options);
    network.campaign(1);
    network.get(2).node.forgetLeader();
    expect(network.get(2).node.lead).toBe(1);
  });
});

describe('a read after the configuration shrank', () => {
  it('is confirmed by who is left', () => {
    const network = Network.of([1, 2]);
    network.campaign(1);
    const { node } = network.get(1);
    network.lose = ({ type }) => type === MessageType.Heartbeat || type === MessageType.HeartbeatResp;
    node.readIndex(1);
    network.settle();
    expect(network.get(1).readStates).toEqual([]);
    network.change(1, { type: 1, nodeId: 2 });
    expect(network.get(1).confState).toEqual({ ...EMPTY_CONF_STATE, voters: [1] });
    expect(network.get(1).readStates).toEqual([{ index: 11, context: 1 }]);
    node.propose([bytes('a')]);
  });
});
