import { describe, expect, it } from 'vitest';
import { ConfChangeTransition, ConfChangeType, EMPTY_CONF_STATE, LEAVE_JOINT, StateType } from '../src/index.js';
import { between, bytes, confChange, Network } from './network.js';
import { MessageType } from '../src/message.js';

const add = (nodeId: number) => ({ type: ConfChangeType.AddNode, nodeId });
const learn = (nodeId: number) => ({ type: ConfChangeType.AddLearnerNode, nodeId });
const remove = (nodeId: number) => ({ type: ConfChangeType.RemoveNode, nodeId });

describe('config changes', () => {
  it('a blank member is added, caught up and counted', () => {
    const network = Network.of([1]);
    network.campaign(1);
    network.propose(1, 'a');
    network.add(2);
    expect(network.change(1, add(2))).toEqual({ ok: true, index: 13, term: 2 });
    expect(network.get(2).applied).toEqual(['a']);
    expect(network.get(2).confState.voters).toEqual([1, 2]);
    network.isolate(2);
    network.propose(1, 'b');
    expect(network.get(1).applied).toEqual(['a']);
  });

  it('only one is in flight; a second one leaves an empty entry and says why', () => {
    const network = Network.of([1, 2, 3]);
    network.campaign(1);
    network.lose = () => true;
    const { node } = network.get(1);
    expect(node.proposeConfChange(confChange([learn(4)]))).toEqual({ ok: true, index: 12, term: 2 });
    expect(node.proposeConfChange(confChange([learn(5)]))).toEqual({ ok: false, reason: 'conf-change-pending' });
    network.heal();
    network.settle();
    network.tick(2);
    expect(network.get(1).log.entries(13, 14, 1000)).toMatchObject([{ type: 0, data: new Uint8Array(0) }]);
    expect(network.get(3).confState.learners).toEqual([4]);
  });

  it('an impossible one is refused before it is in the log', () => {
    const network = Network.of([1]);
    network.campaign(1);
    expect(network.change(1, remove(1))).toEqual({ ok: false, reason: 'invalid-conf-change' });
    expect(network.get(1).node.proposeConfChange(LEAVE_JOINT)).toEqual({ ok: false, reason: 'not-joint' });
    network.settle();
    expect(network.get(1).confState.voters).toEqual([1]);
    expect(network.get(1).node.commitIndex).toBe(13);
  });

  it('the old format holds one change, and nothing is appended for what it cannot hold', () => {
    const network = Network.of([1]);
    network.campaign(1);
    const { node } = network.get(1);
    expect(node.proposeConfChange(confChange([learn(2), learn(3)]), 'v1')).toEqual({
      ok: false,
      reason: 'conf-change-format',
    });
    expect(node.status().lastIndex).toBe(11);
    expect(node.proposeConfChange(confChange([learn(2)]), 'v1')).toMatchObject({ ok: true });
  });

  it('one that found no room is not taken for pending', () => {
    const network = Network.of([1, 2], { maxUncommittedBytes: 10 });
    network.campaign(1);
    const { node } = network.get(1);
    node.propose([bytes('0123456789')]);
    expect(node.proposeConfChange(confChange([learn(3)]))).toEqual({ ok: false, reason: 'uncommitted-limit' });
    network.settle();
    expect(node.proposeConfChange(confChange([learn(3)]))).toMatchObject({ ok: true });
  });

  it('one that a follower sent on is refused alike', () => {
    const network = Network.of([1, 2]);
    network.campaign(1);
    expect(network.change(2, remove(1), remove(2))).toMatchObject({ ok: true, index: 0 });
    expect(network.get(2).confState.voters).toEqual([1, 2]);
    expect(network.get(2).log.lastIndex()).toBe(12);
  });

  it('one that cannot be read is refused', () => {
    const network = Network.of([1, 2], { maxUncommittedBytes: 100 });
    network.campaign(1);
    const { node } = network.get(2);
    node.proposeConfChange(confChange([learn(9)]));
    const forwarded = network.get(2).handleReady()[0];
    const [entry] = forwarded?.entries ?? [];
    if (forwarded === undefined || entry === undefined) throw new Error('nothing was sent on');
    forwarded.entries = [{ ...entry, data: bytes('?') }];
    expect(network.get(1).node.step(forwarded)).toEqual({ ok: false, reason: 'invalid-conf-change' });
  });

  it('a removed member gets nothing more, and its answers are refused', () => {
    const network = Network.of([1, 2, 3]);
    network.campaign(1);
    network.change(1, remove(3));
    network.sent = [];
    network.propose(1, 'a');
    expect(network.sent.some(({ to }) => to === 3)).toBe(false);
    expect(network.get(1).applied).toEqual(['a']);
    expect(network.get(1).confState.voters).toEqual([1, 2]);
  });

  it('a leader that is removed goes on, refuses proposals, and steps down where that is asked for', () => {
    for (const stepDownOnRemoval of [false, true]) {
      const network = Network.of([1, 2, 3], { stepDownOnRemoval });
      network.campaign(1);
      network.change(1, remove(1));
      const { node } = network.get(1);
      expect(node.state).toBe(stepDownOnRemoval ? StateType.Follower : StateType.Leader);
      expect(node.propose([bytes('a')])).toEqual({ ok: false, reason: stepDownOnRemoval ? 'no-leader' : 'not-member' });
      node.campaign();
      expect(node.state).not.toBe(StateType.Candidate);
    }
  });
});

describe('an entry of the own term before any config change', () => {
  it('is demanded where the option is on', () => {
    const network = Network.of([1, 2, 3], { requireOwnTermCommit: true });
    network.campaign(1);
    network.campaign(2);
    // The new leader's own entry is not committed yet, and everything before it is applied.
    const { node } = network.get(3);
    network.lose = ({ type }) => type === MessageType.AppResp;
    network.campaign(3);
    expect(node.state).toBe(StateType.Leader);
    expect(node.proposeConfChange(confChange([learn(9)]))).toEqual({ ok: false, reason: 'no-own-term-commit' });
    network.heal();
    network.tick(2);
    expect(node.proposeConfChange(confChange([learn(9)]))).toMatchObject({ ok: true });
  });

  it('is not demanded by default', () => {
    const network = Network.of([1, 2, 3]);
    network.campaign(1);
    network.lose = ({ type }) => type === MessageType.AppResp;
    network.campaign(3);
    expect(network.get(3).node.proposeConfChange(confChange([learn(9)]))).toMatchObject({ ok: true });
  });
});

describe('joint configurations', () => {
  it('need a majority of both halves', () => {
    const network = Network.of([1, 2, 3]);
    for (const id of [4, 5, 6]) network.add(id);
    network.campaign(1);
    const change = confChange([add(4), add(5), add(6), remove(2), remove(3)], ConfChangeTransition.JointExplicit);
    network.get(1).node.proposeConfChange(change);
    network.settle();
    expect(network.get(1).confState).toMatchObject({ voters: [1, 4, 5, 6], votersOutgoing: [1, 2, 3] });
    network.isolate(2, 3);
    network.propose(1, 'a');
    expect(network.get(1).applied).toEqual([]);
    network.isolate(4, 5);
    network.propose(1, 'b');
    // The first now has both: old members acknowledged it too. The second has only half of the new ones.
    expect(network.get(1).applied).toEqual(['a']);
    network.heal();
    network.tick(2);
    expect(network.get(1).applied).toEqual(['a', 'b']);
  });

  it('are left by themselves after several changes at once', () => {
    const network = Network.of([1, 2, 3]);
    network.add(4);
    network.campaign(1);
    network.change(1, add(4), remove(3));
    expect(network.get(1).confState).toEqual({ ...EMPTY_CONF_STATE, voters: [1, 2, 4] });
    expect(network.get(4).confState).toEqual(network.get(1).confState);
  });

  it('are left by the next leader where the first did not come to it', () => {
    for (const requireOwnTermCommit of [false, true]) {
      const network = Network.of([1, 2, 3, 4, 5], { requireOwnTermCommit });
      network.campaign(1);
      // The leader applies the change, and nothing that it proposes then gets through.
      network.lose = ({ entries, from }) => from === 1 && entries.some(({ index }) => index > 12);
      network.change(1, learn(4), learn(5));
      expect(network.get(2).confState).toMatchObject({ votersOutgoing: [1, 2, 3, 4, 5], learnersNext: [4, 5] });
      network.isolate(1);
      network.campaign(2);
      expect(network.get(2).leads).toBe(true);
      for (const id of [2, 3, 4, 5]) {
        expect(network.get(id).confState).toEqual({ ...EMPTY_CONF_STATE, voters: [1, 2, 3], learners: [4, 5] });
      }
      network.heal();
      network.tick(2, [2]);
      expect(network.get(1).confState).toEqual(network.get(2).confState);
    }
  });

  it('are left after a transfer that came to nothing', () => {
    const network = Network.of([1, 2, 3], { electionTicks: 4 });
    network.campaign(1);
    network.lose = ({ entries }) => entries.some(({ index }) => index > 12);
    const { node } = network.get(1);
    node.proposeConfChange(confChange([learn(3)], ConfChangeTransition.JointImplicit));
    network.flushOne(1);
    node.transferLeadership(3);
    network.lose = between(MessageType.TimeoutNow, 1, 3);
    network.settle();
    expect(network.get(1).confState.votersOutgoing).toEqual([1, 2, 3]);
    network.tick(4, [1]);
    expect(network.get(1).confState).toEqual({ ...EMPTY_CONF_STATE, voters: [1, 2], learners: [3] });
  });
});

describe('leaving a joint configuration by itself', () => {
  it('waits for an entry of the own term where that is demanded, without proposing in vain', () => {
    const options = { requireOwnTermCommit: true, electionTicks: 4 };
    const network = Network.of([1, 2, 3], options, { votersOutgoing: [1, 2, 3], autoLeave: true });
    network.lose = ({ type }) => type === MessageType.AppResp;
    const { node } = network.campaign(1);
    node.transferLeadership(2);
    network.tick(4, [1]);
    expect(node.leadTransferee).toBe(0);
    expect(node.status().lastIndex).toBe(11);
    network.heal();
    network.tick(2, [1]);
    expect(network.get(3).confState).toEqual({ ...EMPTY_CONF_STATE, voters: [1, 2, 3] });
  });
});

describe('learners', () => {
  it('never campaign, neither by themselves nor when told to', () => {
    const network = Network.of([1, 2], {}, { learners: [3] });
    network.lose = () => true;
    network.tick(100, [3]);
    network.get(3).node.campaign();
    expect(network.get(3).node.state).toBe(StateType.Follower);
    expect(network.get(3).node.term).toBe(1);
  });

  it('vote when they are asked: the candidate may know that they were promoted', () => {
    const network = Network.of([1, 2], {}, { learners: [3] });
    network.campaign(1);
    network.isolate(3);
    network.change(1, add(3));
    network.heal();
    network.isolate(1);
    network.sent = [];
    network.campaign(2);
    expect(network.sent.filter(between(MessageType.VoteResp, 3, 2))).toMatchObject([{ reject: false }]);
    expect(network.get(2).leads).toBe(true);
  });

  it('get the log and do not count', () => {
    const network = Network.of([1, 2], {}, { learners: [3, 4, 5] });
    network.campaign(1);
    network.isolate(2);
    network.propose(1, 'a');
    expect(network.get(3).log.lastIndex()).toBe(12);
    expect(network.get(1).node.commitIndex).toBe(11);
    network.isolate(3, 4, 5);
    network.tick(1);
    expect(network.get(1).applied).toEqual(['a']);
  });

  it('do not keep a leader in office', () => {
    const network = Network.of([1, 2], { checkQuorum: true }, { learners: [3, 4, 5] });
    network.campaign(1);
    network.isolate(2);
    network.tick(20, [1]);
    expect(network.get(1).leads).toBe(false);
  });

  it('a voter becomes one in two steps: first it loses its part in the new half, then its vote', () => {
    const network = Network.of([1, 2, 3]);
    network.campaign(1);
    const change = confChange([learn(3)], ConfChangeTransition.JointExplicit);
    network.get(1).node.proposeConfChange(change);
    network.settle();
    expect(network.get(1).confState).toMatchObject({ voters: [1, 2], learners: [], learnersNext: [3] });
    expect(network.get(1).node.status().progress[2]).toMatchObject({ isLearner: false });
    network.get(1).node.proposeConfChange(LEAVE_JOINT);
    network.settle();
    expect(network.get(1).confState).toMatchObject({ voters: [1, 2], learners: [3], learnersNext: [] });
    expect(network.get(1).node.status().progress[2]).toMatchObject({ isLearner: true });
  });
});
