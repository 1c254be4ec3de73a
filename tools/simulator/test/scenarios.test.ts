import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { failover } from '../src/scenarios/failover.js';
import { newcomer } from '../src/scenarios/newcomer.js';
import { play } from '../src/scenarios/play.js';
import type { Scenario } from '../src/scenarios/scenario.js';

test('a machine to spare takes the place of a voter that is down', () => {
  expect(play(newcomer).violation).toBeNull();
});

test('a silent voter gives its place to a learner that was kept for it', () => {
  expect(play(failover).violation).toBeNull();
});

test('the same scenario is the same run every time', () => {
  expect(play(newcomer).hash).toBe(play(newcomer).hash);
});

test('what is never so, or ends before it should, is a violation with its own words', () => {
  const never: Scenario = { steps: [{ at: 1_000, kind: 'expect', that: 'no voters', holds: () => false }] };
  expect(play(never).violation).toEqual({ invariant: 'scenario', message: 'not so at 1000 ms: no voters' });
  const ends: Scenario = {
    steps: [{ at: 1_000, kind: 'always', that: 'early', untilMs: 2_000, holds: ({ nowMs }) => nowMs < 1_500 }],
  };
  expect(play(ends).violation).toEqual({ invariant: 'scenario', message: 'not so at 1500 ms: early' });
});

test('what becomes true too late is not as expected', () => {
  const { violation } = play({
    steps: [{ at: 0, kind: 'expect', that: 'late', withinMs: 500, holds: (stage) => stage.nowMs >= 600 }],
  });
  expect(violation?.message).toContain('late');
});

test('the example of the README is the scenario that is played here', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  const source = readFileSync(new URL('../src/scenarios/newcomer.ts', import.meta.url), 'utf8');
  expect(readme).toContain(source.slice(source.indexOf('import')));
});
