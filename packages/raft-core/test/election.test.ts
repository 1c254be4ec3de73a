import { describe, expect, it } from 'vitest';
import { Message, MessageType, StateType } from '../src/index.js';
import { between, Network } from './network.js';

describe('elections', () => {
  it('a candidate with a majority of votes leads, and commits an entry of its term', () => {
    const network = Network.of([1, 2, 3]);
    const leader = network.campaign(2);
    expect(leader.leads).toBe(true);
    expect(leader.node.term).toBe(2);
    for (const member of network.members.values()) {
      expect(member.node.lead).toBe(2);
      expect(member.node.commitIndex).toBe(11);
    }
  });

  it('a candidate with a stale log gets no vote', () => {
    const network = Network.of([1, 2, 3]);
    network.campaign(1);
    network.isolate(3);
    network.propose(1, 'a');
    network.heal();
    const stale = network.campaign(3);
    expect(stale.node.state).toBe(StateType.Follower);
    expect(stale.node.term).toBe(3);
    expect(network.campaign(2).leads).toBe(true);
    expect(network.get(3).applied).toEqual(['a']);
  });

  it('a longer log of an older term loses against a shorter one of a newer term', () => {
    const network = Network.of([1, 2, 3]);
    network.campaign(1);
    network.isolate(1);
    network.propose(1, 'lost', 'lost too', 'and this');
    network.campaign(2);
    network.heal();
    expect(network.get(1).log.lastIndex()).toBeGreaterThan(network.get(2).log.lastIndex());
    network.isolate(2);
    network.get(1).restart();
    network.campaign(1);
    expect(network.get(1).leads).toBe(false);
    expect(network.campaign(3).leads).toBe(true);
    network.heal();
    network.tick(2);
    expect(network.get(1).log.term(network.get(1).log.lastIndex())).toBe(network.get(3).node.term);
  });

  it('a member votes once in a term', () => {
    const network = Network.of([1, 2, 3, 4]);
    const voter = network.get(4).node;
    const request = (from: number): Message => {
      const message = new Message(MessageType.Vote, 4, from, 5);
      message.index = 10;
      message.logTerm = 1;
      return message;
    };
    const answers = [1, 2, 1].map((from) => {
      voter.step(request(from));
      return network.get(4).handleReady()[0]?.reject;
    });
    expect(answers).toEqual([false, true, false]);
    expect(voter.status().vote).toBe(1);
  });

  it('a vote survives a restart', () => {
    const network = Network.of([1, 2, 3]);
    network.lose = ({ to }) => to !== 2;
    network.campaign(1);
    network.get(2).restart();
    expect(network.get(2).node.status()).toMatchObject({ term: 2, vote: 1 });
  });

  it('an election starts between one and two election timeouts of silence', () => {
    const network = Network.of([1, 2, 3], { electionTicks: 10 });
    network.lose = () => true;
    for (let tick = 1; tick < 10; tick++) network.tick(1, [1]);
    expect(network.get(1).node.state).toBe(StateType.Follower);
    network.tick(10, [1]);
    expect(network.get(1).node.state).toBe(StateType.Candidate);
  });
});

describe('pre-vote', () => {
  const options = { preVote: true, checkQuorum: true };

  it('a member that was cut off comes back without disturbing anybody', () => {
    const network = Network.of([1, 2, 3], options);
    network.campaign(1);
    network.isolate(3);
    network.tick(50);
    expect(network.get(3).node.term).toBe(2);
    network.heal();
    network.tick(3);
    expect(network.leader().id).toBe(1);
    expect(network.leader().node.term).toBe(2);
    expect(network.get(3).node.lead).toBe(1);
  });

  it('asks without touching term or vote, and campaigns when it would win', () => {
    const network = Network.of([1, 2, 3], { preVote: true });
    network.get(1).node.campaign();
    network.flush();
    expect(network.get(1).node.status()).toMatchObject({ term: 1, vote: 0, state: StateType.PreCandidate });
    network.settle();
    expect(network.get(1).leads).toBe(true);
    expect(network.sent.filter(between(MessageType.PreVote, 1, 2))).toHaveLength(1);
  });

  it('a pre-candidate of an old term is told the new one', () => {
    const network = Network.of([1, 2, 3], { preVote: true });
    network.campaign(1);
    network.isolate(3);
    network.campaign(2);
    network.campaign(1);
    network.heal();
    network.campaign(3);
    expect(network.get(3).node.term).toBe(network.leader().node.term);
    expect(network.leader().id).not.toBe(3);
  });
});

describe('check-quorum', () => {
  it('a leader that hears from no quorum for an election timeout steps down', () => {
    const network = Network.of([1, 2, 3], { checkQuorum: true });
    network.campaign(1);
    network.isolate(1);
    network.tick(10, [1]);
    expect(network.get(1).leads).toBe(true);
    network.tick(10, [1]);
    expect(network.get(1).node.state).toBe(StateType.Follower);
    expect(network.get(1).node.lead).toBe(0);
  });

  it('a leader that hears from one of two others stays', () => {
    const network = Network.of([1, 2, 3], { checkQuorum: true });
    network.campaign(1);
    network.isolate(3);
    network.tick(40, [1, 2]);
    expect(network.get(1).leads).toBe(true);
  });

  it('a candidate with a higher term is ignored by who hears from the leader', () => {
    const network = Network.of([1, 2, 3], { checkQuorum: true });
    network.campaign(1);
    network.campaign(3);
    expect(network.get(3).node.state).toBe(StateType.Candidate);
    expect(network.get(1).node.term).toBe(2);
    expect(network.get(2).node.term).toBe(2);
  });

  it('the candidate that went ahead brings the old leader to its term when it hears from it', () => {
    const network = Network.of([1, 2, 3], { checkQuorum: true });
    network.campaign(1);
    network.campaign(3);
    network.tick(1, [1]);
    expect(network.get(1).node.term).toBe(3);
    expect(network.get(1).leads).toBe(false);
  });
});

describe('messages of lower terms', () => {
  const heartbeat = (): Message => new Message(MessageType.Heartbeat, 1, 2, 1);

  it('are answered with the term where pre-vote or check-quorum is on', () => {
    for (const options of [{ preVote: true }, { checkQuorum: true }]) {
      const network = Network.of([1, 2, 3], options);
      const member = network.get(1);
      member.node.step(new Message(MessageType.App, 1, 3, 4));
      member.handleReady();
      member.node.step(heartbeat());
      const [answer] = member.handleReady();
      expect(answer).toMatchObject({ type: MessageType.AppResp, to: 2, term: 4, index: 0 });
    }
  });

  it('are ignored where neither is', () => {
    const network = Network.of([1, 2, 3]);
    const member = network.get(1);
    member.node.step(new Message(MessageType.App, 1, 3, 4));
    member.handleReady();
    member.node.step(heartbeat());
    expect(member.node.hasReady()).toBe(false);
  });
});

describe('messages from outside', () => {
  it('local ones are refused, and answers of strangers too', () => {
    const { node } = Network.of([1, 2, 3]).get(1);
    expect(node.step(new Message(MessageType.Hup, 1, 2, 0))).toEqual({ ok: false, reason: 'local-message' });
    expect(node.step(new Message(MessageType.AppResp, 1, 9, 0))).toEqual({ ok: false, reason: 'unknown-peer' });
    expect(node.hasReady()).toBe(false);
  });
});
