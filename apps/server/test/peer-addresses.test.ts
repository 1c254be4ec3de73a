import type { PeerAddress } from '@understudy/raft-node';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { PeerAddresses } from '../src/peer-addresses.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('keeps those that were removed for a while, and no longer', () => {
  const told: string[] = [];
  const peers = new PeerAddresses((all) => void told.push(all.map(({ id }) => id).join()), 1000);
  const peer = (id: number): PeerAddress => ({ id, urls: [`http://m${id}:1`] });
  peers.set([peer(1), peer(2), peer(3)]);
  peers.set([peer(1), peer(2)]);
  vi.advanceTimersByTime(999);
  peers.set([peer(1), peer(2), peer(4)]);
  vi.advanceTimersByTime(1);
  expect(told).toEqual(['1,2,3', '1,2,3', '1,2,4,3', '1,2,4']);
});
