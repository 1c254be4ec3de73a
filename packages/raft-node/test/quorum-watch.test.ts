import { EMPTY_CONF_STATE } from '@understudy/raft-core';
import { describe, expect, it } from 'vitest';
import { QuorumWatch } from '../src/quorum-watch.js';

const FIVE = { ...EMPTY_CONF_STATE, voters: [1, 2, 3, 4, 5] };

describe('coming together with a quorum', () => {
  it('is told once, when enough voters are connected', () => {
    const watch = new QuorumWatch(1);
    watch.connected(2);
    expect(watch.take(FIVE)).toBe(false);
    watch.connected(9);
    expect(watch.take(FIVE)).toBe(false);
    watch.connected(3);
    expect(watch.take(FIVE)).toBe(true);
    expect(watch.take(FIVE)).toBe(false);
  });

  it('is told again when one more comes or comes back, and not while too many are gone', () => {
    const watch = new QuorumWatch(1);
    for (const peer of [2, 3]) watch.connected(peer);
    expect(watch.take(FIVE)).toBe(true);
    watch.disconnected(2);
    watch.disconnected(3);
    watch.connected(2);
    expect(watch.take(FIVE)).toBe(false);
    watch.connected(3);
    expect(watch.take(FIVE)).toBe(true);
  });

  it('takes both halves of a joint configuration, and nothing where no configuration is known', () => {
    const watch = new QuorumWatch(1);
    for (const peer of [2, 3]) watch.connected(peer);
    expect(watch.take(EMPTY_CONF_STATE)).toBe(false);
    expect(watch.take({ ...FIVE, votersOutgoing: [1, 7, 8] })).toBe(false);
    watch.connected(7);
    expect(watch.take({ ...FIVE, votersOutgoing: [1, 7, 8] })).toBe(true);
  });
});
