import { expect, test } from 'vitest';
import { Ticker } from '../src/ticker.js';

/** A clock whose timers fire when the test says so. */
function setup(intervalMs: number) {
  let now = 0;
  let pending: { at: number; callback: () => void } | null = null;
  const clock = {
    now: () => now,
    after: (delayMs: number, callback: () => void) => {
      pending = { at: now + delayMs, callback };
      return () => {
        pending = null;
      };
    },
  };
  let ticks = 0;
  const ticker = new Ticker(clock, intervalMs, () => {
    ticks++;
  });
  const fireAt = (at: number) => {
    const due = pending;
    pending = null;
    now = at;
    due?.callback();
  };
  return { ticker, fireAt, ticks: () => ticks, dueAt: () => pending?.at ?? null };
}

test('ticks keep their pace when a timer is a little late', () => {
  const { ticker, fireAt, ticks, dueAt } = setup(100);
  ticker.start();
  expect(dueAt()).toBe(100);
  fireAt(130);
  expect([ticks(), dueAt(), ticker.lagMs]).toEqual([1, 200, 30]);
});

test('after a long pause there is one tick, and only once the sockets were read', async () => {
  const { ticker, fireAt, ticks, dueAt } = setup(100);
  ticker.start();
  fireAt(5_100);
  expect([ticks(), dueAt()]).toEqual([0, 5_200]);
  await new Promise((resolve) => setImmediate(resolve));
  expect([ticks(), ticker.takeMaxLagMs()]).toEqual([1, 5_000]);
  fireAt(5_200);
  expect([ticks(), ticker.lagMs]).toEqual([2, 0]);
  ticker.takeMaxLagMs();
  expect(ticker.takeMaxLagMs()).toBe(0);
});

test('nothing ticks after the stop', async () => {
  const { ticker, fireAt, ticks, dueAt } = setup(100);
  ticker.start();
  fireAt(1_000);
  ticker.stop();
  await new Promise((resolve) => setImmediate(resolve));
  expect([ticks(), dueAt()]).toEqual([0, null]);
});
