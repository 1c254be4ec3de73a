import { describe, expect, it } from 'vitest';
import { EntryType, StateType } from '../src/index.js';
import { bytes, confChange, Network } from './network.js';

describe('a log read that is pending', () => {
  it('pauses sending to the member that needs it, and nobody else', () => {
    const network = Network.of([1, 2, 3]);
    network.campaign(1);
    network.isolate(3);
    network.propose(1, 'a', 'b', 'c');
    const leader = network.get(1);
    leader.log.evict(14);
    network.heal();
    network.tick(3);
    expect(network.get(3).applied).toEqual([]);
    network.propose(1, 'd');
    expect(network.get(2).applied).toEqual(['a', 'b', 'c', 'd']);
    leader.log.fetch();
    leader.node.entriesFetched();
    network.settle();
    expect(network.get(3).applied).toEqual(['a', 'b', 'c', 'd']);
  });

  it('is not asked for again and again', () => {
    const network = Network.of([1, 2, 3]);
    network.campaign(1);
    network.isolate(3);
    network.propose(1, 'a', 'b', 'c');
    const { log, node } = network.get(1);
    log.evict(14);
    let reads = 0;
    const read = log.entries.bind(log);
    log.entries = (lo, hi, maxBytes) => {
      const entries = read(lo, hi, maxBytes);
      if (entries === 'pending') reads++;
      return entries;
    };
    network.heal();
    network.tick(8);
    expect(reads).toBe(1);
    // Fetched, and evicted again before it was read.
    node.entriesFetched();
    network.tick(2);
    expect(reads).toBe(2);
    log.fetch();
    node.entriesFetched();
    network.settle();
    expect(network.get(3).applied).toEqual(['a', 'b', 'c']);
  });

  it('pauses applying, makes no Ready of its own, and loses nothing', () => {
    const network = Network.of([1]);
    network.campaign(1);
    network.propose(1, 'a', 'b', 'c');
    const member = network.get(1);
    // A start that has to apply again what is only on disk.
    member.appliedIndex = 11;
    member.applied = [];
    member.log.evict(13);
    member.restart();
    network.settle();
    expect(member.applied).toEqual([]);
    expect(member.node.hasReady()).toBe(false);
    member.log.fetch();
    member.node.entriesFetched();
    network.settle();
    expect(member.applied).toEqual(['a', 'b', 'c']);
  });

  it('holds a campaign back that must look for config changes first', () => {
    const network = Network.of([1]);
    network.campaign(1);
    network.propose(1, 'a', 'b');
    const member = network.get(1);
    member.appliedIndex = 11;
    member.applied = [];
    member.log.evict(13);
    member.restart();
    member.node.campaign();
    network.settle();
    expect(member.node.state).toBe(StateType.Follower);
    member.log.fetch();
    member.node.entriesFetched();
    network.settle();
    expect(member.leads).toBe(true);
    expect(member.applied).toEqual(['a', 'b']);
  });

  it('looks through each entry once before a campaign, though the host keeps less of them in memory', () => {
    const network = Network.of([1]);
    network.campaign(1);
    network.propose(1, ...Array.from({ length: 40 }, (_, i) => `${i}`));
    const member = network.get(1);
    member.appliedIndex = 11;
    member.restart();
    const { log, node } = member;
    // Pages of four entries, of which the host keeps the two that were used last.
    const pageOf = (index: number) => Math.floor(index / 4);
    let kept: number[] = [];
    let wanted = -1;
    const read = log.entries.bind(log);
    log.entries = (lo, hi, maxBytes) => {
      const page = pageOf(lo);
      if (!kept.includes(page)) {
        wanted = page;
        return 'pending';
      }
      kept = [...kept.filter((other) => other !== page), page];
      return read(lo, Math.min(hi, (page + 1) * 4), maxBytes);
    };
    node.campaign();
    let fetches = 0;
    while (node.state === StateType.Follower && fetches < 100) {
      fetches++;
      kept = [...kept, wanted].slice(-2);
      node.entriesFetched();
    }
    expect(node.state).not.toBe(StateType.Follower);
    expect(fetches).toBe(pageOf(node.commitIndex) - pageOf(12) + 1);
  });

  it('a member with a committed config change to apply does not campaign', () => {
    const network = Network.of([1, 2]);
    network.campaign(1);
    const { node } = network.get(1);
    node.proposeConfChange(confChange([{ type: 3, nodeId: 9 }]));
    network.lose = ({ from }) => from === 1;
    network.settle();
    network.heal();
    const member = network.get(2);
    // It knows that the change is committed, and has not applied it.
    network.get(1).node.propose([bytes('x')]);
    network.tick(1);
    member.appliedIndex = 11;
    member.restart();
    expect(member.node.commitIndex).toBeGreaterThanOrEqual(12);
    expect(member.log.entries(12, 13, 1000)).toMatchObject([{ type: EntryType.ConfChangeV2 }]);
    member.node.campaign();
    expect(member.node.state).toBe(StateType.Follower);
    network.settle();
    member.node.campaign();
    expect(member.node.state).toBe(StateType.Candidate);
  });
});
