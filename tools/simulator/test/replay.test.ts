import { expect, test } from 'vitest';
import { scheduleOf } from '../src/faults/schedule.js';
import { planOf, run } from '../src/run.js';
import { setupOf } from '../src/setup.js';

test('the same seed gives the same run, to the last bit of its hash', () => {
  const first = run(planOf(7));
  const second = run(planOf(7));
  expect(second).toEqual(first);
  expect(first.events).toBeGreaterThan(5_000);
});

test('the same seed gives the same trace', () => {
  const traces = [0, 1].map(() => {
    const lines: string[] = [];
    run(planOf(12), (line) => lines.push(line));
    return lines;
  });
  expect(traces[1]).toEqual(traces[0]);
  expect(traces[0]?.length).toBeGreaterThan(100);
});

test('a trace does not change the run', () => {
  expect(run(planOf(12), () => {}).hash).toBe(run(planOf(12)).hash);
});

test('other seeds give other runs', () => {
  const hashes = [1, 2, 3, 4].map((seed) => run(planOf(seed)).hash);
  expect(new Set(hashes).size).toBe(4);
});

test('faults are known before a run begins, and can be taken out one by one', () => {
  const setup = setupOf(3);
  const faults = scheduleOf(setup);
  expect(scheduleOf(setup)).toEqual(faults);
  expect(faults.length).toBeGreaterThan(3);
  const calm = run({ setup, faults: [] });
  expect(calm.violation).toBeNull();
  expect(run({ setup, faults: faults.slice(1) }).violation).toBeNull();
});
