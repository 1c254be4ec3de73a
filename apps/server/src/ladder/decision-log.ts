/** What this leader decided: the last so many, for operators; each also goes to the log and is counted. */
import type { Action } from '@understudy/membership';
import type { LadderFigures } from '../telemetry/ladder-figures.js';
import type { Logger } from '../telemetry/logger.js';

/** `dropped`: the cluster had moved since it was planned. `refused`: it would not take it. `failed`: nobody knows. */
export type Outcome = 'done' | 'dropped' | 'refused' | 'failed';

export interface Decision {
  /** Milliseconds since 1970. */
  readonly timeMs: number;
  readonly term: number;
  readonly type: Action['type'];
  readonly text: string;
  readonly outcome: Outcome;
  /** What stood in the way; empty when it is done. */
  readonly detail: string;
  /** Of the configuration that it led to; 0 where it led to none. */
  readonly configIndex: number;
}

const KEPT = 100;

export class DecisionLog {
  readonly #logger: Logger;
  readonly #figures: LadderFigures;
  /** The oldest is overwritten; `#next` is where. */
  readonly #ring: Decision[] = [];
  #next = 0;

  constructor(logger: Logger, figures: LadderFigures) {
    this.#logger = logger;
    this.#figures = figures;
  }

  add(decision: Decision): void {
    this.#ring[this.#next] = decision;
    this.#next = (this.#next + 1) % KEPT;
    const { type, text, outcome, detail, term, configIndex } = decision;
    this.#figures.countAction(type, outcome);
    const fields = { action: type, outcome, term, ...(configIndex === 0 ? {} : { configIndex }) };
    if (outcome === 'done') this.#logger.info(fields, `ladder: ${text}`);
    else this.#logger.warn({ ...fields, detail }, `ladder: ${text}`);
  }

  /** Oldest first. */
  list(): Decision[] {
    return [...this.#ring.slice(this.#next), ...this.#ring.slice(0, this.#next)];
  }
}
