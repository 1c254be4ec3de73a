import { describe, expect, test } from 'vitest';
import { LearnerPace } from '../src/learner-pace.js';

const TICK_MS = 100;
const MOST = 64_000_000;
const LEAST = 1_000_000;
const limits = { learnerBytesPerSecond: MOST, learnerMinBytesPerSecond: LEAST, learnerCommitLatencyMs: 50 };
const CYCLE_TICKS = 50;
const LOOK_TICKS = 5;

/** A pace that has seen commits of this latency for long, with nobody fed. */
function accustomedTo(latencyMs: number | ((tick: number) => number)): LearnerPace {
  const latencyAt = typeof latencyMs === 'number' ? () => latencyMs : latencyMs;
  const pace = new LearnerPace(limits, TICK_MS);
  for (let i = 0; i < 200; i++) pace.next({ latencyMs: latencyAt(i), feeding: false, urgent: false, grownBytes: 0 });
  return pace;
}

const everyNth = (n: number) => (tick: number) => (tick % n === 0 ? 8 : 5);
const meanOf = (rates: readonly number[]): number => rates.reduce((sum, rate) => sum + rate, 0) / rates.length;

function fed(
  pace: LearnerPace,
  ticks: number,
  latencyAt: (rate: number, tick: number) => number,
  { urgent = false, grownBytes = 0 } = {},
): number[] {
  const rates: number[] = [];
  let rate = MOST / 8;
  for (let i = 0; i < ticks; i++) {
    rate = pace.next({ latencyMs: latencyAt(rate, i), feeding: true, urgent, grownBytes });
    rates.push(rate);
  }
  return rates;
}

describe('the pace of learners', () => {
  test('rises within a second where nothing is written, and begins anew with the next that is fed', () => {
    const pace = accustomedTo(0);
    expect(pace.next({ latencyMs: 0, feeding: false, urgent: false, grownBytes: 0 })).toBe(MOST / 8);
    expect(fed(pace, 10, () => 0).at(-1)).toBe(MOST);
    expect(pace.next({ latencyMs: 0, feeding: false, urgent: false, grownBytes: 0 })).toBe(MOST / 8);
  });

  test('keeps commits about as fast as they were, at the most that allows it', () => {
    // Each 4 MB/s costs a millisecond, beside the eight that it takes anyhow.
    const rates = fed(accustomedTo(8), 20 * CYCLE_TICKS, (rate) => 8 + rate / 4_000_000);
    const paced = rates.filter((rate) => rate !== LEAST).slice(-5 * CYCLE_TICKS);
    expect(meanOf(paced)).toBeGreaterThan(3_000_000);
    expect(meanOf(paced)).toBeLessThan(6_000_000);
  });

  test('is not lowered by the few slow commits that there are anyhow, and is by more of them, whatever the mean', () => {
    const asBefore = fed(accustomedTo(everyNth(12)), 20 * CYCLE_TICKS, (_rate, tick) => everyNth(12)(tick));
    expect(meanOf(asBefore.slice(-5 * CYCLE_TICKS))).toBeGreaterThan(MOST / 2);
    const more = fed(accustomedTo(everyNth(12)), 20 * CYCLE_TICKS, (rate, tick) =>
      everyNth(rate > 4_000_000 ? 5 : 12)(tick),
    );
    expect(meanOf(more.slice(-5 * CYCLE_TICKS))).toBeLessThan(6_000_000);
    expect(meanOf(more.slice(-5 * CYCLE_TICKS))).toBeGreaterThan(2_000_000);
  });

  test('is the most where commits do not feel it', () => {
    const rates = fed(accustomedTo(8), 2 * CYCLE_TICKS, () => 8);
    expect(rates.at(-LOOK_TICKS - 1)).toBe(MOST);
  });

  test('is the least for a moment of each cycle, and takes what it sees then as usual', () => {
    const pace = accustomedTo(5);
    // The load has grown, and not because of what is sent.
    const rates = fed(pace, 40 * CYCLE_TICKS, () => 12);
    const looks = rates.slice(CYCLE_TICKS - LOOK_TICKS, CYCLE_TICKS);
    expect(looks).toEqual(looks.map(() => LEAST));
    expect(Math.min(...rates.slice(0, CYCLE_TICKS - LOOK_TICKS))).toBe(LEAST);
    expect(rates.at(-LOOK_TICKS - 1)).toBe(MOST);
  });

  test('is halved at once by a commit over the limit, down to the least', () => {
    const pace = accustomedTo(8);
    fed(pace, 40, () => 8);
    const [first = 0, second = 0, ...rest] = fed(pace, 5, () => 60);
    expect(second).toBe(Math.floor(first / 2));
    const more = accustomedTo(8);
    expect(fed(more, 40, () => 60).at(-1)).toBe(LEAST);
    expect(rest.length).toBe(3);
  });

  test('is more than the log grows by while a learner catches up, however slow commits are', () => {
    // 2 MB/s, while commits take longer than they may.
    const rates = fed(accustomedTo(5), 3 * CYCLE_TICKS, () => 60, { grownBytes: 200_000 });
    expect(rates.at(-LOOK_TICKS - 1)).toBeGreaterThan(3_900_000);
    expect(meanOf(rates)).toBeGreaterThan(3_300_000);
    const ended = accustomedTo(5);
    fed(ended, CYCLE_TICKS, () => 60, { grownBytes: 200_000 });
    expect(fed(ended, CYCLE_TICKS - LOOK_TICKS, () => 60).at(-1)).toBeLessThan(LEAST * 1.1);
  });

  test('heeds nothing but the limit while a voter is silent', () => {
    expect(fed(accustomedTo(5), CYCLE_TICKS, () => 30, { urgent: true }).slice(-LOOK_TICKS)).toEqual(
      Array.from({ length: LOOK_TICKS }, () => MOST),
    );
    expect(fed(accustomedTo(5), 20, () => 60, { urgent: true }).at(-1)).toBe(LEAST);
  });

  test('of a leader that knows nothing yet goes by the limit, and by what it sees between', () => {
    const rates = fed(new LearnerPace(limits, TICK_MS), 2 * CYCLE_TICKS - LOOK_TICKS, () => 20);
    expect(rates.at(-1)).toBe(MOST);
    const pace = accustomedTo(1);
    pace.reset();
    expect(fed(pace, 2 * CYCLE_TICKS - LOOK_TICKS, () => 20).at(-1)).toBe(MOST);
  });
});
