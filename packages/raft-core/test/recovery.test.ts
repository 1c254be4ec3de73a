import { describe, expect, it } from 'vitest';
import { type Message, MessageType, RawNode, StateType } from '../src/index.js';
import { MemoryLog } from '../src/testing/index.js';
import { between, type MemberOptions, Network } from './network.js';

const options: MemberOptions = { replicationSessions: true, preVote: true, checkQuorum: true };

/** Five entries, 12 to 16, on all of them, led by 1. */
function settled(voters: readonly number[] = [1, 2, 3], more: MemberOptions = {}): Network {
  const network = Network.of(voters, { ...options, ...more });
  network.campaign(1);
  network.propose(1, 'a', 'b', 'c', 'd', 'e');
  return network;
}

const progress = (network: Network, leader: number, id: number) =>
  network
    .get(leader)
    .node.status()
    .progress.find((peer) => peer.id === id);

const endIfRefetched = (network: Network, id: number): boolean => {
  const { node } = network.get(id);
  if (node.recovery?.refetched !== true) return false;
  node.endRecovery();
  return true;
};

describe('a member that recovers', () => {
  it('is caught up in a new session, and then ends its recovery', () => {
    const network = settled();
    const before = progress(network, 1, 3)?.session ?? 0;
    network.get(3).damage(12);
    expect(network.get(3).node.status().lastIndex).toBe(12);
    network.tick(3);
    expect(progress(network, 1, 3)).toMatchObject({ match: 16, state: 'replicate', recovering: true });
    expect(progress(network, 1, 3)?.session).toBeGreaterThan(before);
    expect(network.get(3).applied).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect(network.get(3).node.recovery).toMatchObject({ confirmed: 16, refetched: true, voteProven: true });
    expect(endIfRefetched(network, 3)).toBe(true);
    expect(network.get(3).node.recovery).toBeNull();
    network.tick(1);
    expect(progress(network, 1, 3)).toMatchObject({ match: 16, state: 'replicate', recovering: false });
  });

  it('counts for no commit, however much it acknowledges, and counts again afterwards', () => {
    const network = settled();
    network.get(3).damage(12);
    network.isolate(2);
    network.propose(1, 'f');
    for (let i = 0; i < 3; i++) network.tick(1, [1, 3]);
    expect(progress(network, 1, 3)).toMatchObject({ match: 17, recovering: true });
    expect(network.get(1).node.commitIndex).toBe(16);
    network.heal();
    network.tick(2);
    expect(network.get(1).node.commitIndex).toBe(17);
    expect(endIfRefetched(network, 3)).toBe(true);
    network.isolate(2);
    network.propose(1, 'g');
    network.tick(1, [1, 3]);
    expect(network.get(1).node.commitIndex).toBe(18);
  });

  it('gives no vote and no pre-vote, and does not campaign, also when told to', () => {
    const network = settled();
    network.get(3).damage(12);
    network.isolate(1);
    network.tick(25, [2, 3]);
    expect([2, 3].map((id) => network.get(id).leads)).toEqual([false, false]);
    network.get(3).node.campaign();
    network.settle();
    expect(network.get(3).node.state).toBe(StateType.Follower);
    const handed = network.sent.length;
    for (const type of [MessageType.Vote, MessageType.PreVote] as const) {
      const request = network.sent.find(({ from, to }) => from === 2 && to === 3) as Message;
      const asked = { ...request, type, term: network.get(3).node.term + 1, index: 100, logTerm: 100, context: 0 };
      network.get(3).node.step(asked as Message);
      network.settle();
    }
    const answers = network.sent
      .slice(handed)
      .filter(({ from, type }) => from === 3 && (type === MessageType.VoteResp || type === MessageType.PreVoteResp));
    expect(answers.map(({ reject }) => reject)).toEqual([true, true]);
  });

  it('is not done before a quorum without it has confirmed what is committed', () => {
    const network = settled();
    network.get(3).damage(12);
    network.isolate(2);
    for (let i = 0; i < 5; i++) network.tick(1, [1, 3]);
    const { node } = network.get(3);
    expect(node.status().lastIndex).toBe(16);
    expect(node.recovery).toMatchObject({ confirmed: 0, refetched: false });
    expect(() => node.endRecovery()).toThrow('not over');
    network.heal();
    network.tick(2);
    expect(node.recovery).toMatchObject({ confirmed: 16, refetched: true });
  });

  it('is not done below the highest index that it acknowledged, where the term is still the same', () => {
    const network = settled();
    network.get(3).damage(12);
    const lost = { highWaterIndex: 18, highWaterTerm: network.get(1).node.term, voteProven: true };
    network.get(3).restart({ recovering: lost });
    network.tick(4);
    expect(network.get(3).node.recovery).toMatchObject({ confirmed: 16, refetched: false });
    network.propose(1, 'f', 'g');
    expect(network.get(3).node.recovery?.refetched).toBe(true);
  });

  it('is done behind an entry of a later term: what that leader lacks was never committed', () => {
    const network = settled();
    network.get(3).damage(12);
    network.get(3).restart({ recovering: { highWaterIndex: 900, highWaterTerm: 1, voteProven: true } });
    network.tick(4);
    expect(network.get(3).node.recovery).toMatchObject({ confirmed: 16, refetched: true });
  });

  it('has refetched for good: its recovery ends also where the next leader cuts off what was never committed', () => {
    const network = settled([1, 2, 3, 4, 5]);
    // Two entries that nobody but 1 and 3 ever have.
    network.lose = ({ from, to, type }) => type === MessageType.App && from === 1 && to !== 3;
    network.propose(1, 'f', 'g');
    network.get(3).damage(12);
    network.tick(3);
    const { node } = network.get(3);
    expect(node.recovery).toMatchObject({ confirmed: 16, highWaterIndex: 18, refetched: true });
    expect(node.lastIndex).toBe(18);
    // The log is asked to end the recovery, and before it has, 2 leads, and 3 alone takes its first entry.
    network.lose = ({ from, to, type }) => from === 1 || to === 1 || (type === MessageType.App && to !== 3);
    for (const id of [2, 4, 5]) network.get(id).node.forgetLeader();
    expect(network.campaign(2).leads).toBe(true);
    expect([node.lastIndex, node.commitIndex]).toEqual([17, 16]);
    expect(node.recovery).toMatchObject({ highWaterIndex: 18, refetched: true });
    expect(endIfRefetched(network, 3)).toBe(true);
  });

  it('confirms no read, and holds up no lease', () => {
    for (const readOnly of ['safe', 'lease-based'] as const) {
      const network = settled([1, 2, 3], { readOnly });
      network.get(3).damage(12);
      network.tick(1, [1, 3]);
      network.isolate(2);
      network.get(1).node.readIndex(7);
      for (let i = 0; i < 4; i++) network.tick(1, [1, 3]);
      expect(progress(network, 1, 3)?.recovering).toBe(true);
      expect(network.get(1).readStates).toEqual([]);
    }
  });

  it('does not keep a leader in office that hears from nobody else', () => {
    const network = settled();
    network.get(3).damage(12);
    network.isolate(2);
    for (let i = 0; i < 25; i++) network.tick(1, [1, 3]);
    expect(network.get(1).leads).toBe(false);
  });

  it('is not moved by answers of its former life', () => {
    const network = settled();
    const late: Message[] = [];
    network.lose = (message) => between(MessageType.AppResp, 3, 1)(message) && late.push(message) > 0;
    network.propose(1, 'f');
    network.get(3).damage(12);
    network.lose = between(MessageType.App, 1, 3);
    network.tick(1);
    expect(progress(network, 1, 3)).toMatchObject({ match: 0, recovering: true });
    expect(late.length).toBeGreaterThan(0);
    for (const message of late) network.deliver(message);
    expect(progress(network, 1, 3)).toMatchObject({ match: 0, recovering: true });
  });

  it('tells a new leader by its answers alone', () => {
    const network = settled();
    network.lose = ({ type }) => type === MessageType.Recovering;
    network.get(3).damage(12);
    network.get(1).node.transferLeadership(2);
    network.settle();
    network.propose(2, 'f');
    expect(network.get(2).leads).toBe(true);
    expect(progress(network, 2, 3)).toMatchObject({ match: 18, recovering: true });
  });

  it('counts for no commit of a leader that is elected again, and knew it before', () => {
    const network = settled();
    network.get(3).damage(12);
    network.tick(2);
    expect(progress(network, 1, 3)?.recovering).toBe(true);
    network.get(1).node.transferLeadership(2);
    network.settle();
    network.get(2).node.transferLeadership(1);
    network.settle();
    expect(network.get(1).leads).toBe(true);
    network.isolate(2);
    network.propose(1, 'f');
    const { commitIndex } = network.get(1).node;
    for (let i = 0; i < 3; i++) network.tick(1, [1, 3]);
    expect(progress(network, 1, 3)).toMatchObject({ match: network.get(1).node.lastIndex, recovering: true });
    expect(network.get(1).node.commitIndex).toBe(commitIndex);
    expect(commitIndex).toBeLessThan(network.get(1).node.lastIndex);
  });

  it('begins yet another session when it starts again in the middle, and asks again', () => {
    const network = settled();
    network.get(3).damage(12);
    network.tick(2);
    const session = progress(network, 1, 3)?.session ?? 0;
    const lost = { highWaterIndex: 16, highWaterTerm: 2, voteProven: true };
    network.get(3).restart({ recovering: lost });
    expect(network.get(3).node.recovery).toMatchObject({ confirmed: 0, refetched: false });
    network.tick(2);
    expect(progress(network, 1, 3)?.session).toBeGreaterThan(session);
    expect(network.get(3).node.recovery?.refetched).toBe(true);
  });

  it('is handed no leadership', () => {
    const network = settled([1, 2, 3], { stalledLeaderHandover: true });
    network.get(3).damage(12);
    network.tick(2);
    network.get(1).node.transferLeadership(3);
    expect(network.get(1).node.leadTransferee).toBe(0);
    // It has more than 2, which keeps up well enough.
    network.lose = between(MessageType.AppResp, 2, 1);
    network.propose(1, 'f');
    network.get(1).node.reportSlowDisk(30);
    expect(network.get(1).node.leadTransferee).toBe(2);
  });

  it('makes nobody step down by saying so, and a stranger is not heard', () => {
    const network = settled();
    network.get(3).damage(12);
    network.tick(3);
    expect(network.get(1).leads).toBe(true);
    const message = network.sent.find(({ type }) => type === MessageType.Recovering) as Message;
    expect(message.term).toBe(0);
    expect(network.get(1).node.step({ ...message, from: 9 })).toEqual({ ok: false, reason: 'unknown-peer' });
  });

  it('answers the host its own reads meanwhile', () => {
    const network = settled();
    network.get(3).damage(12);
    network.tick(1);
    network.get(3).node.readIndex(77);
    network.settle();
    expect(network.get(3).readStates).toEqual([{ index: 16, context: 77 }]);
  });

  it('needs replication sessions', () => {
    const recovering = { highWaterIndex: 5, highWaterTerm: 1, voteProven: true };
    const make = (more: MemberOptions) =>
      new RawNode({ storage: new MemoryLog(), random: () => 0 }, { id: 1, recovering, ...more });
    expect(() => make({})).toThrow('replicationSessions');
    expect(() => make({ replicationSessions: true, recovering: { ...recovering, highWaterIndex: -1 } })).toThrow('-1');
  });
});

describe('a member that cannot prove its vote', () => {
  it('refetches everything, and still gives neither vote nor credit', () => {
    const network = settled();
    network.get(3).damage(12, false);
    network.tick(4);
    const { node } = network.get(3);
    expect(node.recovery).toMatchObject({ refetched: true, voteProven: false });
    expect(() => node.endRecovery()).toThrow('not over');
    network.isolate(2);
    network.propose(1, 'f');
    network.tick(1, [1, 3]);
    expect(progress(network, 1, 3)).toMatchObject({ match: 17, recovering: true });
    expect(network.get(1).node.commitIndex).toBe(16);
    network.isolate(1);
    network.tick(25, [2, 3]);
    expect(network.get(2).leads).toBe(false);
  });

  it('follows a leader of a term that it left behind, and commits nothing for it', () => {
    // 3 voted for 2 in a term of which 1 knows nothing; then it forgets.
    const network = settled();
    network.isolate(1);
    network.get(2).node.forgetLeader();
    network.get(3).node.forgetLeader();
    network.campaign(2);
    expect(network.get(2).leads).toBe(true);
    network.get(3).damage(12, false);
    expect(network.get(3).node.term).toBeLessThan(network.get(2).node.term);
    network.isolate(2);
    network.propose(1, 'f');
    for (let i = 0; i < 3; i++) network.tick(1, [1, 3]);
    expect(progress(network, 1, 3)?.match).toBe(17);
    expect(network.get(1).node.commitIndex).toBe(16);
  });
});

describe('a majority that recovers', () => {
  it('is stuck, and knows it', () => {
    const network = settled();
    for (const id of [2, 3]) network.get(id).damage(12);
    network.tick(40);
    for (const id of [2, 3]) {
      expect(network.get(id).node.recovery).toMatchObject({ others: [5 - id], stuck: true, confirmed: 0 });
    }
    expect(network.get(1).leads).toBe(false);
  });

  it('is told from a minority that hears no leader for a while', () => {
    const network = settled([1, 2, 3, 4, 5]);
    for (const id of [4, 5]) network.get(id).damage(12);
    network.isolate(4, 5);
    network.tick(60);
    for (const id of [4, 5]) expect(network.get(id).node.recovery).toMatchObject({ others: [9 - id], stuck: false });
    network.heal();
    network.tick(4);
    for (const id of [4, 5]) expect(endIfRefetched(network, id)).toBe(true);
  });

  it('is a single voter by itself', () => {
    const network = settled([1]);
    network.get(1).damage(12);
    network.tick(10);
    expect(network.get(1).node.recovery?.stuck).toBe(false);
    network.tick(20);
    expect(network.get(1).node.recovery?.stuck).toBe(true);
  });
});
