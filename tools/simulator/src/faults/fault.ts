/**
 * Faults as data: each is what happens, when, to whom and for how long, and stands alone, so that taking one out of a
 * schedule leaves the others what they are. Machines are named by slot; `leader` and `follower` are found at the time.
 */

import type { LogDamage, StoreDamage } from '../disk/damage.js';

export type Target = number | 'leader' | 'follower';

interface Timed {
  /** Simulated milliseconds from the start. */
  readonly at: number;
}

export type Fault = Timed &
  (
    | { readonly kind: 'crash'; readonly target: Target; readonly power: boolean; readonly downMs: number }
    | { readonly kind: 'crash-all'; readonly power: boolean; readonly downMs: number }
    | { readonly kind: 'pause'; readonly target: Target; readonly ms: number }
    /** `side`: a bit for each slot. */
    | { readonly kind: 'partition'; readonly side: number; readonly ms: number; readonly known: boolean }
    /** `late`: it is not heard, and hears what was said to it afterwards. */
    | {
        readonly kind: 'isolate';
        readonly target: Target;
        readonly ways: 'in' | 'out' | 'both' | 'late';
        /** Its disk stands still meanwhile, and a little longer. */
        readonly stall: boolean;
        readonly ms: number;
      }
    | { readonly kind: 'cut'; readonly from: number; readonly to: number; readonly ms: number }
    | { readonly kind: 'clog'; readonly from: number; readonly to: number; readonly ms: number }
    | { readonly kind: 'reset'; readonly from: number; readonly to: number; readonly late: boolean }
    | {
        readonly kind: 'weather';
        readonly drop: number;
        readonly repeat: number;
        readonly reorder: number;
        readonly delay: number;
        readonly delayMs: number;
        readonly ms: number;
      }
    | { readonly kind: 'stall'; readonly target: Target; readonly ms: number }
    | { readonly kind: 'slow-disk'; readonly target: Target; readonly times: number; readonly ms: number }
    | {
        readonly kind: 'write-error';
        readonly target: Target;
        readonly code: 'io' | 'full';
        readonly file: 'log' | 'state';
      }
    | { readonly kind: 'wipe'; readonly target: Target }
    /** `late`: what it had said last arrives after it is back. */
    | {
        readonly kind: 'damage';
        readonly target: Target;
        readonly how: LogDamage;
        readonly late: boolean;
        readonly downMs: number;
      }
    | { readonly kind: 'damage-state'; readonly target: Target; readonly how: StoreDamage; readonly downMs: number }
    /** `lateMs`: for so long, whoever hands over hears nothing, and then everything: it believes that it leads. */
    | { readonly kind: 'transfer'; readonly to: number; readonly lateMs?: number }
    | { readonly kind: 'role'; readonly target: Target; readonly wanted: 'voter' | 'learner' | 'none' }
    /**
     * Waits for a moment that is short, and ends a process in it. `change`: a change of the configuration is asked for;
     * whoever leads is heard no more from then on. `snapshot`: a snapshot has come in, and is about to be installed.
     */
    | {
        readonly kind: 'ambush';
        readonly moment: 'change' | 'snapshot';
        readonly power: boolean;
        readonly afterMs: number;
        readonly downMs: number;
      }
    /** Waits until so many batches of a log are not synced, and takes the power of that machine, or of all. */
    | { readonly kind: 'catch-unsynced'; readonly batches: number; readonly all: boolean; readonly downMs: number }
    | { readonly kind: 'compact-log'; readonly target: Target; readonly keep: number }
  );

export type FaultKind = Fault['kind'];

/** What a tally counts it as: its kind, and which of its sorts. */
export function sortOf(fault: Fault): string {
  const { kind } = fault;
  switch (kind) {
    case 'crash':
    case 'crash-all':
      return `${kind}: ${fault.power ? 'power' : 'kill'}`;
    case 'isolate':
      return `${kind}: ${fault.ways}`;
    case 'reset':
      return `${kind}: ${fault.late ? 'late' : 'lost'}`;
    case 'write-error':
      return `${kind}: ${fault.code}`;
    case 'damage':
    case 'damage-state':
      return `${kind}: ${fault.how}`;
    case 'transfer':
      return `${kind}: ${fault.lateMs ? 'late' : 'prompt'}`;
    case 'role':
      return `${kind}: ${fault.wanted}`;
    case 'ambush':
      return `${kind}: ${fault.moment}`;
    case 'catch-unsynced':
      return `${kind}: ${fault.all ? 'all' : 'one'}`;
    default:
      return kind;
  }
}
