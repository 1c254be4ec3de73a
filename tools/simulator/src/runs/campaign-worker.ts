/** A thread of a campaign: takes seeds from the shared queue, and says what it runs and what came of all of it. */
import { parentPort, workerData } from 'node:worker_threads';
import { plainPlanOf, planOf, run } from '../run.js';
import { campaign, type Failure } from './campaign.js';
import type { Case } from './cases.js';
import { type SeedLimits, SeedQueue } from './seed-queue.js';
import type { TallyFigures } from './tally.js';

export interface CampaignOrder {
  readonly limits: SeedLimits;
  readonly queue: SharedArrayBuffer;
  readonly maxFailures: number;
  readonly cases: readonly Case[];
  readonly plain: boolean;
}

export type CampaignReport =
  | { readonly kind: 'takes'; readonly seed: number }
  | { readonly kind: 'ran'; readonly simulatedMs: number }
  | { readonly kind: 'over'; readonly tally: TallyFigures; readonly failures: readonly Failure[] };

export function workThrough({ cases, limits, maxFailures, plain, queue: buffer }: CampaignOrder): void {
  const report = (what: CampaignReport): void => parentPort?.postMessage(what);
  const queue = new SeedQueue(limits, buffer);
  const options = {
    maxFailures,
    cases,
    nextSeed: () => {
      const seed = queue.next();
      if (seed !== null) report({ kind: 'takes', seed });
      return seed;
    },
    onRun: ({ simulatedMs }: { readonly simulatedMs: number }) => {
      queue.ran(simulatedMs);
      report({ kind: 'ran', simulatedMs });
    },
  };
  const { failures, tally } = campaign(options, { planOf: plain ? plainPlanOf : planOf, run });
  // Who has enough ends it for all.
  if (failures.length >= maxFailures) queue.end();
  report({ kind: 'over', tally, failures });
}

if (parentPort !== null) workThrough(workerData as CampaignOrder);
