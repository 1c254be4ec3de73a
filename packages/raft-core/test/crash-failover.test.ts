import { describe, expect, it } from 'vitest';
import { Message, MessageType, StateType } from '../src/index.js';
import { between, Network } from './network.js';

const options = { crashFailover: true, preVote: true, checkQuorum: true, electionTicks: 10 };

function crash(network: Network, id: number): void {
  network.isolate(id);
}

describe('crash failover', () => {
  it('a follower whose leader is dead does not wait for the election timeout', () => {
    const network = Network.of([1, 2, 3], options);
    network.campaign(1);
    crash(network, 1);
    network.get(2).node.reportDisconnected(1);
    network.get(3).node.reportDisconnected(1);
    network.settle();
    network.tick(1, [2, 3]);
    expect(network.leader().id).toBe(2);
    expect(network.get(2).node.term).toBe(3);
  });

  it('a flaky link changes nothing: who hears from the leader refuses', () => {
    const network = Network.of([1, 2, 3], options);
    network.campaign(1);
    network.lose = ({ from, to }) => (from === 1 && to === 3) || (from === 3 && to === 1);
    network.get(3).node.reportDisconnected(1);
    network.settle();
    for (let tick = 0; tick < 9; tick++) network.tick(1);
    expect(network.get(1).leads).toBe(true);
    expect(network.get(1).node.term).toBe(2);
    expect(network.get(3).node.term).toBe(2);
    network.heal();
    network.tick(1);
    expect(network.get(3).node.lead).toBe(1);
    expect(network.get(3).node.state).toBe(StateType.Follower);
  });

  it('is repeated at every heartbeat interval, until an election timeout is over', () => {
    const network = Network.of([1, 2, 3], { ...options, heartbeatTicks: 2 });
    network.campaign(1);
    network.isolate(2);
    network.sent = [];
    network.get(2).node.setRandomizedElectionTicks(1000);
    network.get(2).node.reportDisconnected(1);
    network.tick(40, [2]);
    const asked = network.sent.filter(between(MessageType.PreVote, 2, 3));
    expect(asked).toHaveLength(6);
  });

  it('two who notice at once do not split the vote: the lower id goes first', () => {
    const network = Network.of([1, 2, 3], options);
    network.campaign(1);
    crash(network, 1);
    network.sent = [];
    // Both ask before either hears from the other.
    network.get(3).node.reportDisconnected(1);
    network.get(3).node.campaign();
    network.get(2).node.reportDisconnected(1);
    network.flush();
    expect(network.get(2).node.state).toBe(StateType.PreCandidate);
    expect(network.get(3).node.state).toBe(StateType.PreCandidate);
    network.settle();
    expect(network.get(2).leads).toBe(true);
    expect(network.sent.some(between(MessageType.Vote, 3, 2))).toBe(false);
  });

  it('the member with the newer log wins, whatever its rank', () => {
    const network = Network.of([1, 2, 3], options);
    network.campaign(1);
    network.isolate(2);
    network.propose(1, 'a');
    crash(network, 1);
    network.lose = ({ from, to }) => from === 1 || to === 1;
    network.get(2).node.reportDisconnected(1);
    network.get(3).node.reportDisconnected(1);
    network.tick(3, [2, 3]);
    expect(network.leader().id).toBe(3);
    expect(network.get(2).applied).toEqual(['a']);
  });

  it('nothing happens without the option, for another peer, or on a leader', () => {
    const without = Network.of([1, 2, 3], { ...options, crashFailover: false });
    without.campaign(1);
    without.get(2).node.reportDisconnected(1);
    expect(without.get(2).node.lead).toBe(1);
    const network = Network.of([1, 2, 3], options);
    network.campaign(1);
    network.get(2).node.reportDisconnected(3);
    network.get(1).node.reportDisconnected(1);
    expect(network.get(2).node.lead).toBe(1);
    expect(network.get(1).leads).toBe(true);
  });

  it('a learner forgets the leader and goes no further', () => {
    const network = Network.of([1, 2], options, { learners: [3] });
    network.campaign(1);
    network.get(3).node.reportDisconnected(1);
    network.tick(5, [3]);
    expect(network.get(3).node.state).toBe(StateType.Follower);
  });
});

describe('a quorum that comes together without a leader', () => {
  /** Long timeouts, so that what happens is not their doing. */
  function together(network: Network, ids: readonly number[]): void {
    for (const id of ids) {
      network.get(id).node.setRandomizedElectionTicks(1000);
      network.get(id).node.reportQuorumConnected();
    }
  }

  it('elects one before any election timeout is over: the lowest id first', () => {
    const network = Network.of([1, 2, 3, 4, 5], options);
    network.isolate(1, 2);
    together(network, [3, 4, 5]);
    network.tick(6, [3, 4, 5]);
    expect(network.get(3).leads).toBe(true);
    expect(network.get(3).node.term).toBe(2);
  });

  it('waits for the ordinary timeout without the option', () => {
    const network = Network.of([1, 2, 3], { ...options, crashFailover: false });
    together(network, [1, 2, 3]);
    network.tick(100);
    expect([1, 2, 3].some((id) => network.get(id).leads)).toBe(false);
  });

  it('leaves a leader alone that speaks first, and one that is known', () => {
    const network = Network.of([1, 2, 3], options);
    network.campaign(2);
    network.get(1).restart();
    expect(network.get(1).node.lead).toBe(0);
    network.sent = [];
    together(network, [1, 3]);
    network.tick(30);
    expect(network.get(2).leads).toBe(true);
    expect(network.sent.some(({ type }) => type === MessageType.PreVote)).toBe(false);
  });
});

describe('forgetting the leader', () => {
  it('lets a follower vote for somebody else, in the same term', () => {
    const network = Network.of([1, 2, 3], { checkQuorum: true });
    network.campaign(1);
    const request = new Message(MessageType.Vote, 2, 3, 3);
    request.index = 11;
    request.logTerm = 2;
    network.get(2).node.step(request);
    expect(network.get(2).node.term).toBe(2);
    network.get(2).node.forgetLeader();
    expect(network.get(2).node.lead).toBe(0);
    network.get(2).node.step(request);
    expect(network.get(2).node.status()).toMatchObject({ term: 3, vote: 3 });
  });
});
