/**
 * A scenario: a fixed cluster, a list of timed steps, and what is expected of it. It runs as a seed does, with every
 * invariant on and the same end: what is down comes back, and the cluster must converge and serve.
 */
import type { Fault } from '../faults/fault.js';
import { HEARTBEAT_MS, plainSetup, type Setup } from '../setup.js';
import type { Stage } from './stage.js';

/** Simulated milliseconds from the start. */
interface Timed {
  readonly at: number;
}

export type Step =
  | Fault
  /** Anything that only happens here. */
  | (Timed & { readonly kind: 'do'; readonly act: (stage: Stage) => void })
  /** It becomes true by `at`, or within so many milliseconds after it. */
  | (Timed & {
      readonly kind: 'expect';
      readonly that: string;
      readonly withinMs?: number;
      readonly holds: (stage: Stage) => boolean;
    })
  /** It is true from `at` to `untilMs`, looked at several times each heartbeat interval. */
  | (Timed & {
      readonly kind: 'always';
      readonly that: string;
      readonly untilMs: number;
      readonly holds: (stage: Stage) => boolean;
    });

export interface Scenario {
  /** Three voters on calm machines, 20 operations a second, unless it is said otherwise here. */
  readonly setup?: Partial<Omit<Setup, 'seed' | 'drift'>>;
  /** Machines are named by slot: voters first, from 0 on, then those to spare. In the order of their times. */
  readonly steps: readonly Step[];
}

/** How often conditions are looked at. */
export const LOOK_MS = HEARTBEAT_MS / 4;

const SEED = 1;
/** After the last step, so that what it brings about happens before everything heals. */
const REST_MS = 1_000;

/** The whole setup of a scenario: its safety phase lasts a little longer than its steps. */
export function setupOfScenario({ setup, steps }: Scenario): Setup {
  let untilMs = 0;
  for (const step of steps) untilMs = Math.max(untilMs, endOf(step));
  return { ...plainSetup(SEED), safetyMs: untilMs + REST_MS, ...setup };
}

function endOf(step: Step): number {
  if (step.kind === 'expect') return step.at + (step.withinMs ?? 0);
  if (step.kind === 'always') return step.untilMs;
  return step.at;
}
