import { describe, expect, it } from 'vitest';
import { ConfChangeType, MessageType, StateType } from '../src/index.js';
import { between, bytes, Network } from './network.js';

describe('leadership transfer', () => {
  it('goes to a voter that is up to date, at once and without a pre-vote', () => {
    const network = Network.of([1, 2, 3], { preVote: true, checkQuorum: true });
    network.campaign(1);
    network.sent = [];
    network.get(1).node.transferLeadership(3);
    network.settle();
    expect(network.get(3).leads).toBe(true);
    expect(network.get(1).node.lead).toBe(3);
    expect(network.sent.some(({ type }) => type === MessageType.PreVote)).toBe(false);
  });

  it('first brings the target up to date', () => {
    const network = Network.of([1, 2, 3]);
    network.campaign(1);
    network.isolate(3);
    network.propose(1, 'a');
    network.heal();
    network.get(1).node.transferLeadership(3);
    network.tick(1);
    expect(network.get(3).leads).toBe(true);
    expect(network.get(3).applied).toEqual(['a']);
  });

  it('a follower asks the leader for it', () => {
    const network = Network.of([1, 2, 3]);
    network.campaign(1);
    network.get(2).node.transferLeadership(2);
    network.settle();
    expect(network.get(2).leads).toBe(true);
  });

  it('never goes to a learner, to a stranger or to the leader itself', () => {
    const network = Network.of([1, 2], {}, { learners: [3] });
    network.campaign(1);
    for (const target of [3, 9, 1]) {
      network.get(1).node.transferLeadership(target);
      expect(network.get(1).node.leadTransferee).toBe(0);
      network.settle();
      expect(network.leader().id).toBe(1);
    }
  });

  it('holds proposals back, and is given up after an election timeout', () => {
    const network = Network.of([1, 2, 3], { electionTicks: 5 });
    network.campaign(1);
    network.isolate(3);
    const { node } = network.get(1);
    node.transferLeadership(3);
    expect(node.leadTransferee).toBe(3);
    expect(node.propose([bytes('a')])).toEqual({ ok: false, reason: 'transferring' });
    network.tick(5, [1, 2]);
    expect(node.leadTransferee).toBe(0);
    expect(node.propose([bytes('a')])).toMatchObject({ ok: true });
  });

  it('another target replaces the first', () => {
    const network = Network.of([1, 2, 3]);
    network.campaign(1);
    network.isolate(3);
    network.get(1).node.transferLeadership(3);
    network.get(1).node.transferLeadership(2);
    network.settle();
    expect(network.get(2).leads).toBe(true);
  });

  it('is given up when the target is removed', () => {
    const network = Network.of([1, 2, 3]);
    network.campaign(1);
    network.get(1).node.proposeConfChange({
      transition: 0,
      changes: [{ type: ConfChangeType.RemoveNode, nodeId: 3 }],
      context: new Uint8Array(0),
    });
    network.lose = ({ to }) => to === 3;
    network.get(1).node.transferLeadership(3);
    network.settle();
    expect(network.get(1).confState.voters).toEqual([1, 2]);
    expect(network.get(1).node.leadTransferee).toBe(0);
  });

  it('one that was told to campaign does, also while everybody hears from the leader', () => {
    const network = Network.of([1, 2, 3], { checkQuorum: true });
    network.campaign(1);
    network.get(1).node.transferLeadership(2);
    network.settle();
    expect(network.sent.filter(between(MessageType.TimeoutNow, 1, 2))).toHaveLength(1);
    expect(network.leader().id).toBe(2);
  });
});

describe('a leader whose disk stalls', () => {
  const options = { stalledLeaderHandover: true, electionTicks: 5 };

  it('hands over to the voter whose disk keeps up', () => {
    const network = Network.of([1, 2, 3], options);
    network.campaign(1);
    network.isolate(2);
    network.propose(1, 'a');
    network.tick(3, [1, 3]);
    network.heal();
    network.lose = ({ to }) => to === 2;
    network.get(1).node.reportSlowDisk(5);
    expect(network.get(1).node.leadTransferee).toBe(3);
  });

  it('not before an election timeout, nor without the option', () => {
    const network = Network.of([1, 2, 3], options);
    network.campaign(1);
    network.get(1).node.reportSlowDisk(4);
    expect(network.get(1).node.leadTransferee).toBe(0);
    const without = Network.of([1, 2, 3]);
    without.campaign(1);
    without.get(1).node.reportSlowDisk(100);
    expect(without.get(1).node.leadTransferee).toBe(0);
  });

  it('not to a voter that lags too, nor to a learner', () => {
    const network = Network.of([1, 2, 3], options, { learners: [4] });
    network.campaign(1);
    network.lose = ({ type, from }) => type === MessageType.AppResp && from !== 4;
    network.propose(1, 'a');
    network.tick(3);
    network.get(1).node.reportSlowDisk(9);
    expect(network.get(1).node.leadTransferee).toBe(0);
  });

  it('at most once in ten election timeouts', () => {
    const network = Network.of([1, 2, 3], options);
    network.campaign(1);
    network.get(1).node.reportSlowDisk(5);
    network.settle();
    expect(network.get(1).node.state).toBe(StateType.Follower);
    network.campaign(1);
    network.tick(48);
    network.get(1).node.reportSlowDisk(5);
    expect(network.get(1).node.leadTransferee).toBe(0);
    network.tick(3);
    network.get(1).node.reportSlowDisk(5);
    expect(network.get(1).node.leadTransferee).not.toBe(0);
  });
});
