/** Figures of the automation: what it did, what it holds back and why, how many failures the cluster can take. */
import { Counter, Gauge, Registry } from 'prom-client';

/** Of the last plan; only a leader has one. */
export interface PlanFigures {
  readonly slack: number;
  /** By reason. */
  readonly holds: ReadonlyMap<string, number>;
  /** By kind. */
  readonly alarms: ReadonlyMap<string, number>;
}

export class LadderFigures {
  readonly registry = new Registry();
  readonly #actions: Counter<'action' | 'outcome'>;
  #plan: PlanFigures | null = null;

  constructor() {
    const registers = [this.registry];
    this.#actions = new Counter({
      name: 'understudy_ladder_actions_total',
      help: 'Actions of the automation, by kind and outcome.',
      labelNames: ['action', 'outcome'],
      registers,
    });
    const plan = (): PlanFigures | null => this.#plan;
    const counts = (
      name: string,
      help: string,
      label: 'reason' | 'alarm',
      read: (of: PlanFigures) => PlanFigures['holds'],
    ) =>
      new Gauge({
        name,
        help,
        labelNames: [label],
        registers,
        collect() {
          this.reset();
          const of = plan();
          if (of !== null) for (const [key, count] of read(of)) this.set({ [label]: key }, count);
        },
      });
    counts('understudy_ladder_holds', 'What the leader does not do now, by reason.', 'reason', ({ holds }) => holds);
    counts('understudy_ladder_alarms', 'Alarms of the automation, by kind.', 'alarm', ({ alarms }) => alarms);
    new Gauge({
      name: 'understudy_ladder_slack',
      help: 'Voters that answer less the quorum, on the leader.',
      labelNames: [],
      registers,
      collect() {
        const of = plan();
        if (of === null) this.remove();
        else this.set(of.slack);
      },
    });
  }

  countAction(action: string, outcome: string): void {
    this.#actions.inc({ action, outcome });
  }

  /** Null when this member does not lead. */
  planned(figures: PlanFigures | null): void {
    this.#plan = figures;
  }
}

export function countBy<T>(items: readonly T[], key: (item: T) => string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(key(item), (counts.get(key(item)) ?? 0) + 1);
  return counts;
}
