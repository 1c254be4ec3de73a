import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DeadlineList, type Expiring } from '../src/deadline-list.js';

function entry(deadlineMs: number, expired: number[]): Expiring {
  return { deadlineMs, nextDeadline: undefined, prevDeadline: undefined, expire: () => expired.push(deadlineMs) };
}

describe('DeadlineList', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('expires entries at their time, in whatever order they were added', () => {
    const expired: number[] = [];
    const list = new DeadlineList();
    const start = performance.now();
    for (const wait of [300, 100, 200]) list.add(entry(start + wait, expired), start);
    vi.advanceTimersByTime(150);
    expect(expired).toEqual([start + 100]);
    vi.advanceTimersByTime(60);
    expect(expired).toEqual([start + 100, start + 200]);
    vi.advanceTimersByTime(100);
    expect(expired).toHaveLength(3);
  });

  it('lets nothing that was removed expire', () => {
    const expired: number[] = [];
    const list = new DeadlineList();
    const start = performance.now();
    const entries = [1, 2, 3, 4].map((n) => entry(start + n * 10, expired));
    for (const each of entries) list.add(each, start);
    for (const index of [0, 2, 3]) list.remove(entries[index] as Expiring);
    vi.advanceTimersByTime(1000);
    expect(expired).toEqual([start + 20]);
  });

  it('sets one timer for many entries of the same timeout', () => {
    const list = new DeadlineList();
    const start = performance.now();
    for (let i = 0; i < 100; i++) list.add(entry(start + 5000, []), start);
    expect(vi.getTimerCount()).toBe(1);
    list.stop();
    expect(vi.getTimerCount()).toBe(0);
  });
});
