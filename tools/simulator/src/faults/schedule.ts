/**
 * The faults of a run, drawn from its seed before it begins. Each run has only some kinds of faults, and those often or
 * rarely: a mixture of everything hides what a few kinds together bring to light.
 */
import { LOG_DAMAGES, STORE_DAMAGES } from '../disk/damage.js';
import { Random } from '../random.js';
import type { Setup } from '../setup.js';
import type { Fault, FaultKind, Target } from './fault.js';

/** Of the kinds that any run may have. */
const WEIGHTS: Readonly<Record<Exclude<FaultKind, 'catch-unsynced'>, number>> = {
  crash: 5,
  'crash-all': 1,
  pause: 3,
  partition: 4,
  isolate: 4,
  cut: 3,
  clog: 2,
  reset: 2,
  weather: 3,
  stall: 2,
  'slow-disk': 1,
  'write-error': 1,
  wipe: 1,
  damage: 2,
  'damage-state': 1,
  transfer: 3,
  role: 3,
  ambush: 3,
  'compact-log': 2,
};

type DrawnKind = keyof typeof WEIGHTS;
const DRAWN_KINDS = Object.keys(WEIGHTS) as readonly DrawnKind[];

export const FAULT_KINDS: readonly FaultKind[] = [...DRAWN_KINDS, 'catch-unsynced'];

export function scheduleOf(setup: Setup): Fault[] {
  const random = Random.of(setup.seed, 'faults');
  const weights = DRAWN_KINDS.map((kind) => (random.chance(0.6) ? WEIGHTS[kind] * random.pick([1, 1, 4]) : 0));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const meanGapMs = random.pick([400, 1_000, 2_000, 4_000]);
  const faults = catches(setup);
  if (total === 0) return faults;
  const slots = setup.voters + setup.spares;
  for (let at = 1_500; at < setup.safetyMs; at += random.between(0, 2 * meanGapMs)) {
    let draw = random.unit() * total;
    let chosen = 0;
    while (draw >= (weights[chosen] as number)) draw -= weights[chosen++] as number;
    faults.push(faultOf(DRAWN_KINDS[chosen] as DrawnKind, Math.round(at), random, slots));
  }
  return faults.sort((a, b) => a.at - b.at);
}

/**
 * What is not synced is seldom there when the power happens to fail: a part of the runs waits for it. Drawn apart, so
 * that the other faults of a seed are what they are without these.
 */
function catches({ safetyMs, seed }: Setup): Fault[] {
  const random = Random.of(seed, 'catches');
  const faults: Fault[] = [];
  if (!random.chance(0.12)) return faults;
  for (let at = 1_000; at < safetyMs; at += random.between(300, 3_000)) {
    const downMs = random.pick([5, 300, 1_500]);
    const batches = random.pick([1, 2, 2, 3]);
    faults.push({ at: Math.round(at), kind: 'catch-unsynced', batches, all: random.chance(0.3), downMs });
  }
  return faults;
}

function faultOf(kind: DrawnKind, at: number, random: Random, slots: number): Fault {
  const target = targetOf(random, slots);
  const ms = Math.round(random.pick([1, 3, 6]) * random.between(100, 1_200));
  switch (kind) {
    case 'crash':
      return { at, kind, target, power: random.chance(0.4), downMs: random.pick([5, 300, 2_500, 6_000]) };
    case 'crash-all':
      return { at, kind, power: random.chance(0.6), downMs: random.pick([50, 1_500]) };
    case 'pause':
      return { at, kind, target, ms };
    case 'partition':
      return { at, kind, side: random.below(2 ** slots), ms, known: random.chance(0.3) };
    case 'isolate': {
      const ways = random.pick(['in', 'out', 'both', 'late'] as const);
      // About as long as a leader goes on that hears nothing.
      const lateMs = Math.round(random.between(1_200, 2_100));
      return { at, kind, target, ways, stall: random.chance(0.3), ms: ways === 'late' ? lateMs : ms };
    }
    case 'cut':
    case 'clog':
      return { at, kind, from: random.below(slots), to: random.below(slots), ms };
    case 'reset':
      return { at, kind, from: random.below(slots), to: random.below(slots), late: random.chance(0.5) };
    case 'weather':
      return {
        at,
        kind,
        drop: random.pick([0, 0.02, 0.2]),
        repeat: random.pick([0, 0.05, 0.3]),
        reorder: random.pick([0, 0.1, 0.4]),
        delay: random.pick([0, 0.1, 0.4]),
        delayMs: random.pick([20, 200, 1_500]),
        ms,
      };
    case 'stall':
      return { at, kind, target, ms };
    case 'slow-disk':
      return { at, kind, target, times: random.pick([5, 30, 100]), ms };
    case 'write-error':
      return { at, kind, target, code: random.pick(['io', 'full']), file: random.pick(['log', 'log', 'state']) };
    case 'wipe':
      return { at, kind, target };
    case 'damage':
      return {
        at,
        kind,
        target,
        how: random.pick(LOG_DAMAGES),
        late: random.chance(0.4),
        downMs: random.pick([5, 1_000]),
      };
    case 'damage-state':
      return { at, kind, target, how: random.pick(STORE_DAMAGES), downMs: random.pick([5, 1_000]) };
    case 'transfer':
      return { at, kind, to: random.below(slots), lateMs: random.chance(0.5) ? random.integer(300, 1_800) : 0 };
    case 'role':
      return { at, kind, target: random.below(slots), wanted: random.pick(['voter', 'voter', 'learner', 'none']) };
    case 'ambush': {
      const moment = random.pick(['change', 'snapshot'] as const);
      const afterMs = moment === 'change' ? random.pick([5, 60, 500, 1_500]) : random.pick([0.5, 2, 5, 15, 40]);
      return { at, kind, moment, power: random.chance(0.5), afterMs, downMs: random.pick([5, 1_000]) };
    }
    case 'compact-log':
      return { at, kind, target, keep: random.pick([0, 0, 10]) };
  }
}

function targetOf(random: Random, slots: number): Target {
  const draw = random.unit();
  if (draw < 0.4) return 'leader';
  return draw < 0.55 ? 'follower' : random.below(slots);
}
