import { describe, expect, it } from 'vitest';
import { EMPTY_CONF_STATE, type Message, MessageType, RawNode } from '../src/index.js';
import { MemoryLog } from '../src/testing/index.js';
import { type Member, Network } from './network.js';

const options = { replicationSessions: true, preVote: true, checkQuorum: true };

/** Three members at 16; the log of 3 begins at 14, and its state is gone. */
function withoutState(): { network: Network; member: Member } {
  const network = Network.of([1, 2, 3], options);
  network.campaign(1);
  network.propose(1, 'a', 'b', 'c', 'd', 'e');
  const member = network.get(3);
  member.log.compact(13);
  member.applied = [];
  member.appliedIndex = 0;
  member.confState = EMPTY_CONF_STATE;
  member.restart({ stateLost: true });
  // As a host does: it puts the snapshot under its log where that holds the last entry of it.
  network.lose = (message) => message.type === MessageType.Snap && underLog(network, member, message);
  return { network, member };
}

function underLog(network: Network, member: Member, { snapshot }: Message): boolean {
  if (snapshot === null || !member.node.status().stateLost) return true;
  if (member.log.term(snapshot.index) !== snapshot.term) return false;
  member.applied = new TextDecoder().decode(snapshot.data).split('\n');
  member.appliedIndex = snapshot.index;
  member.confState = snapshot.confState;
  member.node.restoreState(snapshot);
  network.get(1).node.reportSnapshot(3, 'finished');
  return true;
}

describe('a member that lost its state and not its log', () => {
  it('acknowledges, and so commits, while it applies nothing', () => {
    const { network, member } = withoutState();
    network.lose = ({ from, to, type }) => from === 2 || to === 2 || type === MessageType.Snap;
    network.propose(1, 'f');
    expect(network.get(1).node.commitIndex).toBe(17);
    network.tick(2, [1, 3]);
    expect(member.node.status()).toMatchObject({ commit: 17, stateLost: true });
    expect(member.appliedIndex).toBe(0);
  });

  it('votes, and does not campaign', () => {
    const { network, member } = withoutState();
    network.isolate(1);
    network.tick(25, [2, 3]);
    expect(network.get(2).leads).toBe(true);
    expect(member.leads).toBe(false);
    expect(member.node.campaign()).toBeUndefined();
    expect(member.node.status().term).toBe(network.get(2).node.term);
  });

  it('asks for a snapshot, puts it under its log, and applies what follows', () => {
    const { network, member } = withoutState();
    network.tick(3);
    expect(member.node.status().stateLost).toBe(false);
    network.propose(1, 'f');
    network.tick(1);
    expect(member.applied).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
    expect(member.log.firstIndex()).toBe(14);
    expect(member.confState).toEqual(network.get(1).confState);
    const asked = network.sent.filter(({ type }) => type === MessageType.SnapshotRequest);
    expect(asked.length).toBeGreaterThan(0);
    expect(asked.every(({ index, term, to }) => index === 13 && term === 0 && to === 1)).toBe(true);
    network.sent = [];
    network.tick(3);
    expect(network.sent.some(({ type }) => type === MessageType.SnapshotRequest)).toBe(false);
  });

  it('is replicated to while the snapshot is made and sent', () => {
    const { network, member } = withoutState();
    network.lose = ({ type }) => type === MessageType.Snap;
    network.tick(3);
    expect(network.sent.some(({ type }) => type === MessageType.Snap)).toBe(true);
    network.propose(1, 'f');
    expect(member.node.status().lastIndex).toBe(17);
  });

  it('is sent no snapshot that its log does not go on from', () => {
    const { network } = withoutState();
    const old = network.get(1).snapshot();
    network.get(1).log.snapshotSource = () => ({ ...old, index: 12 });
    network.tick(3);
    expect(network.sent.some(({ type }) => type === MessageType.Snap)).toBe(false);
  });

  it('takes one that is beyond its log in the ordinary way', () => {
    const { network, member } = withoutState();
    network.isolate(3);
    network.propose(1, 'f', 'g');
    network.get(1).log.compact(18);
    network.lose = (message) => message.type === MessageType.Snap && underLog(network, member, message);
    network.tick(4);
    expect(member.applied).toEqual(['a', 'b', 'c', 'd', 'e', 'f', 'g']);
    expect(member.node.status()).toMatchObject({ stateLost: false, firstIndex: 19 });
  });

  it('has applied nothing at its start, and takes only a state that its log holds the entry of', () => {
    const make = () =>
      new RawNode({ storage: new MemoryLog(), random: () => 0 }, { id: 1, stateLost: true, applied: 3 });
    expect(make).toThrow('applied is 3');
    const { member } = withoutState();
    const meta = { index: 40, term: 2, confState: EMPTY_CONF_STATE };
    expect(() => member.node.restoreState(meta)).toThrow('under a log of [14, 16]');
  });
});
