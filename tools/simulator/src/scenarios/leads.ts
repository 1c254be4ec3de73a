/** Steps that many scenarios share: a machine that leads from early on, and writes at a steady pace. */
import type { Step } from './scenario.js';
import type { Stage } from './stage.js';

const WRITE_EVERY_MS = 200;

/** From four seconds on, machine 0 leads. */
export const FIRST_LEADS: readonly Step[] = [
  { at: 3_000, kind: 'transfer', to: 0 },
  { at: 3_000, kind: 'expect', that: 'machine 0 leads', withinMs: 1_000, holds: (stage) => stage.leader === 0 },
];

export function goesOnLeading(fromMs: number, untilMs: number): Step {
  return {
    at: fromMs,
    kind: 'always',
    that: 'machine 0 goes on leading',
    untilMs,
    holds: (stage) => stage.leader === 0,
  };
}

/** Through that machine; a second after the last one, each of them is done. */
export function writes(slot: number, fromMs: number, untilMs: number): Step[] {
  const names: string[] = [];
  const steps: Step[] = [];
  for (let at = fromMs; at <= untilMs; at += WRITE_EVERY_MS) {
    const name = `write at ${at}`;
    names.push(name);
    steps.push({ at, kind: 'do', act: (stage) => stage.keep(name, stage.put(slot, 'k00', name)) });
  }
  const done = (stage: Stage): boolean => names.every((name) => stage.outcome(name) === 'done');
  return [...steps, { at: untilMs, kind: 'expect', that: 'every write is done', withinMs: 1_000, holds: done }];
}
