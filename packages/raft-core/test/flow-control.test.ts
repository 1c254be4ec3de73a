import { describe, expect, it } from 'vitest';
import { MessageType, NO_LIMIT } from '../src/index.js';
import { between, bytes, Network } from './network.js';

const appends = (network: Network, to: number): number[] =>
  network.sent.filter(between(MessageType.App, 1, to)).map(({ entries }) => entries.length);

describe('flow control', () => {
  it('no more messages are on their way than the window holds', () => {
    const network = Network.of([1, 2, 3], { maxInflightMessages: 2 });
    network.campaign(1);
    network.isolate(3);
    network.sent = [];
    for (const text of ['a', 'b', 'c', 'd']) network.propose(1, text);
    expect(appends(network, 3).filter((count) => count > 0)).toHaveLength(2);
    expect(network.get(1).node.status().progress[2]).toMatchObject({
      paused: true,
      inflightMessages: 2,
      inflightFull: true,
      next: 14,
    });
    expect(network.get(1).applied).toEqual(['a', 'b', 'c', 'd']);
    network.heal();
    network.tick(3);
    expect(network.get(3).applied).toEqual(['a', 'b', 'c', 'd']);
  });

  it('no more bytes are on their way than the window holds, but one message always fits', () => {
    const network = Network.of([1, 2, 3], { maxInflightBytes: 25, maxAppendBytes: 25 });
    network.campaign(1);
    network.isolate(3);
    for (let i = 0; i < 5; i++) network.propose(1, 'x'.repeat(10));
    expect(network.get(1).node.status().progress[2]).toMatchObject({ inflightBytes: 30, inflightFull: true, next: 15 });
    network.propose(1, 'y'.repeat(500));
    network.heal();
    network.tick(3);
    expect(network.get(3).applied).toEqual(network.get(1).applied);
  });

  it('a member with a full window gets an empty append at every beat, which finds out what was lost', () => {
    const network = Network.of([1, 2, 3], { maxInflightMessages: 1 });
    network.campaign(1);
    network.lose = between(MessageType.App, 1, 3);
    network.propose(1, 'a');
    network.sent = [];
    network.tick(2);
    expect(appends(network, 3)).toEqual([0, 0]);
  });

  it('one append holds no more than its limit, and at least one entry', () => {
    const network = Network.of([1, 2, 3], { maxAppendBytes: 60 });
    network.campaign(1);
    network.isolate(3);
    network.propose(1, ...Array.from({ length: 6 }, () => 'x'.repeat(20)), 'z'.repeat(300));
    network.heal();
    network.sent = [];
    network.tick(1);
    expect(network.get(3).applied).toHaveLength(7);
    expect(Math.max(...appends(network, 3))).toBe(2);
    expect(appends(network, 3).slice(-2)).toContain(1);
  });

  it('a probed member is sent one append until it answers', () => {
    const network = Network.of([1, 2, 3]);
    network.campaign(1);
    network.isolate(2);
    network.get(1).node.reportUnreachable(2);
    network.sent = [];
    for (const text of ['a', 'b', 'c']) network.propose(1, text);
    expect(appends(network, 2)).toEqual([1]);
  });

  it('proposals made in one turn go out with the window, not one by one when the first is answered', () => {
    const network = Network.of([1, 2]);
    network.campaign(1);
    network.sent = [];
    const { node } = network.get(1);
    for (const text of ['a', 'b', 'c']) node.propose([bytes(text)]);
    network.flush();
    expect(appends(network, 2)).toEqual([1, 1, 1]);
  });
});

describe('a learner whose catch-up is limited', () => {
  it('is sent heartbeats and commit indexes, but of what is committed no more than it is allowed', () => {
    const network = Network.of([1, 2, 4], {}, { learners: [3] });
    network.campaign(1);
    network.isolate(3);
    for (const text of ['a', 'b', 'c', 'd']) network.propose(1, text);
    const { node } = network.get(1);
    node.allowCatchUp(3, 0);
    network.heal();
    network.sent = [];
    network.tick(3);
    const sent = network.sent.filter(({ to }) => to === 3);
    expect(sent.some(({ type }) => type === MessageType.Heartbeat)).toBe(true);
    expect(sent.some(({ entries }) => entries.length > 0)).toBe(false);
    // Two, with what an entry takes beside its byte; and one, however little is allowed.
    node.allowCatchUp(3, 20);
    network.settle();
    expect(network.get(3).applied).toEqual(['a', 'b']);
    network.tick(3);
    expect(network.get(3).applied).toEqual(['a', 'b']);
    node.allowCatchUp(3, 1);
    network.settle();
    expect(network.get(3).applied).toEqual(['a', 'b', 'c']);
    node.allowCatchUp(3, NO_LIMIT);
    network.settle();
    expect(network.get(3).applied).toEqual(['a', 'b', 'c', 'd']);
  });

  it('is sent what is written as it is written, once it has the rest; and a voter is sent all', () => {
    const network = Network.of([1, 2, 4], {}, { learners: [3] });
    network.campaign(1);
    const { node } = network.get(1);
    for (const id of [2, 3]) node.allowCatchUp(id, 0);
    network.propose(1, 'a', 'b');
    network.tick(1);
    for (const id of [1, 2, 3, 4]) expect(network.get(id).applied).toEqual(['a', 'b']);
    network.isolate(2);
    network.propose(1, 'c');
    network.heal();
    network.tick(3);
    expect(network.get(2).applied).toEqual(['a', 'b', 'c']);
  });
});
