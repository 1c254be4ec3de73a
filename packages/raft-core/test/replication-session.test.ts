import { describe, expect, it } from 'vitest';
import { ConfChangeType, type Message, MessageType } from '../src/index.js';
import { between, Network } from './network.js';

const options = { replicationSessions: true };
const progress = (network: Network, id: number) =>
  network
    .get(1)
    .node.status()
    .progress.find((p) => p.id === id);

describe('replication sessions', () => {
  it('stamp what a leader sends, and answers echo them', () => {
    const network = Network.of([1, 2, 3], options);
    network.campaign(1);
    network.sent = [];
    network.propose(1, 'a');
    network.tick(1, [1]);
    const session = progress(network, 2)?.session;
    expect(session).toBeGreaterThan(0);
    const types: MessageType[] = [
      MessageType.App,
      MessageType.AppResp,
      MessageType.Heartbeat,
      MessageType.HeartbeatResp,
    ];
    for (const message of network.sent.filter(({ from, to }) => from + to === 3)) {
      if (types.includes(message.type)) expect(message.session).toBe(session);
    }
    expect(progress(network, 3)?.session).not.toBe(session);
  });

  it('are not stamped where they are off', () => {
    const network = Network.of([1, 2, 3]);
    network.campaign(1);
    network.propose(1, 'a');
    expect(network.sent.every(({ session }) => session === 0)).toBe(true);
  });

  it('a member that was removed and added again is not moved by answers from its former life', () => {
    for (const replicationSessions of [true, false]) {
      const network = Network.of([1, 2, 3], { replicationSessions });
      network.campaign(1);
      const late: Message[] = [];
      network.lose = (message) => {
        if (!between(MessageType.AppResp, 3, 1)(message)) return false;
        late.push(message);
        return true;
      };
      network.propose(1, 'a', 'b', 'c');
      network.isolate(3);
      network.change(1, { type: ConfChangeType.RemoveNode, nodeId: 3 });
      network.change(1, { type: ConfChangeType.AddNode, nodeId: 3 });
      expect(progress(network, 3)?.match).toBe(0);
      for (const message of late) network.deliver(message);
      expect(late.length).toBeGreaterThan(0);
      // Without sessions, the leader believes in entries that the new member 3 need not have.
      expect(progress(network, 3)?.match).toBe(replicationSessions ? 0 : 14);
    }
  });

  it('a heartbeat answered in a former life confirms no read', () => {
    const network = Network.of([1, 2, 3], options);
    network.campaign(1);
    network.isolate(2);
    network.get(1).node.readIndex(1);
    const late: Message[] = [];
    network.lose = (message) => {
      if (message.type !== MessageType.HeartbeatResp) return message.from === 2 || message.to === 2;
      late.push(message);
      return true;
    };
    network.settle();
    network.get(1).node.reportRecovering(3);
    for (const message of late) network.deliver(message);
    network.flush();
    expect(late).toHaveLength(1);
    expect(network.get(1).readStates).toEqual([]);
  });

  it('a recovering member begins at match 0, and is probed and caught up again', () => {
    const network = Network.of([1, 2, 3], options);
    network.campaign(1);
    network.propose(1, 'a', 'b', 'c');
    const before = progress(network, 3);
    // It lost its tail, and says so.
    const member = network.get(3);
    const kept = member.log.entries(11, 13, 1000);
    if (typeof kept === 'string') throw new Error(kept);
    member.log.install({ ...member.snapshot(), index: 10, term: 1 });
    member.log.append(kept);
    member.log.hardState = { ...member.log.hardState, commit: 11 };
    member.appliedIndex = 11;
    member.applied = [];
    member.restart();
    network.lose = () => true;
    network.get(1).node.reportRecovering(3);
    expect(progress(network, 3)).toMatchObject({ match: 0, state: 'probe', next: 15 });
    expect(progress(network, 3)?.session).toBeGreaterThan(before?.session ?? 0);
    network.heal();
    network.tick(2);
    expect(progress(network, 3)).toMatchObject({ match: 14, state: 'replicate' });
    expect(member.applied).toEqual(['a', 'b', 'c']);
  });

  it('a recovering member gives no quorum until it has refetched', () => {
    const network = Network.of([1, 2, 3], options);
    network.campaign(1);
    network.isolate(2);
    network.lose = ({ from, to, type }) => from === 2 || to === 2 || (type === MessageType.AppResp && from === 3);
    network.get(1).node.reportRecovering(3);
    network.propose(1, 'a');
    expect(network.get(1).node.commitIndex).toBe(11);
    network.lose = ({ from, to }) => from === 2 || to === 2;
    network.tick(2);
    expect(network.get(1).node.commitIndex).toBe(12);
  });

  it('a heartbeat that believes in more than a recovering member has does not stop it', () => {
    const network = Network.of([1, 2, 3], options);
    network.campaign(1);
    network.propose(1, 'a', 'b');
    const member = network.get(2);
    member.log.install({ index: 11, term: 2, confState: member.confState, data: new Uint8Array(0) });
    member.log.hardState = { ...member.log.hardState, commit: 11 };
    member.appliedIndex = 11;
    member.restart();
    network.tick(1);
    expect(member.node.commitIndex).toBe(11);
  });
});
