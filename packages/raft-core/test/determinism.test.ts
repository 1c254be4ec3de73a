import { describe, expect, it } from 'vitest';
import { describeMessage } from '../src/testing/index.js';
import { Network } from './network.js';

function run(): string[] {
  const network = Network.of([1, 2, 3, 4, 5], {
    preVote: true,
    checkQuorum: true,
    crashFailover: true,
    replicationSessions: true,
  });
  network.tick(40);
  const first = network.leader();
  network.propose(first.id, 'a', 'b');
  network.get(first.id).node.readIndex(1);
  network.isolate(first.id);
  for (const { id, node } of network.members.values()) if (id !== first.id) node.reportDisconnected(first.id);
  network.tick(30);
  network.heal();
  network.propose(network.leader().id, 'c');
  network.tick(5);
  return network.sent.map((message) => `${describeMessage(message)} ${message.session} ${message.context}`);
}

describe('determinism', () => {
  it('the same inputs give the same messages, in the same order', () => {
    const trace = run();
    expect(trace.length).toBeGreaterThan(200);
    expect(run()).toEqual(trace);
  });
});
