/**
 * A campaign in threads of their own, each with a small heap: what a run leaves behind cannot pile up, whoever asked for
 * it stays free to print and to be interrupted, and a seed that never ends is ended and reported.
 */
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { planOf } from '../run.js';
import type { Campaign, Failure } from './campaign.js';
import type { CampaignOrder, CampaignReport } from './campaign-worker.js';
import type { Case } from './cases.js';
import { type SeedLimits, SeedQueue } from './seed-queue.js';
import { Tally } from './tally.js';

/** Many times what a run needs. */
const MAX_HEAP_MB = 256;
/** Of real time: a seed takes a second on a slow machine. */
const MAX_SEED_MS = 120_000;

export interface ThreadedCampaignOptions extends SeedLimits {
  readonly threads: number;
  readonly maxFailures: number;
  readonly cases: readonly Case[];
  readonly plain: boolean;
  /** Told after each run. */
  readonly onRun?: (sofar: { readonly seeds: number; readonly simulatedMs: number }) => void;
  /** Ends it after the seeds that are under way. */
  readonly signal?: AbortSignal;
}

/** `program` is the path of the bundled worker. */
export async function campaignInThreads(program: string, options: ThreadedCampaignOptions): Promise<Campaign> {
  const { cases, maxFailures, plain, signal, threads } = options;
  const limits = { from: options.from, maxSeeds: options.maxSeeds, maxSimulatedMs: options.maxSimulatedMs };
  const queue = new SeedQueue(limits);
  const end = (): void => queue.end();
  signal?.addEventListener('abort', end);
  if (signal?.aborted) end();
  const tally = new Tally();
  const failures: Failure[] = [];
  const sofar = { seeds: 0, simulatedMs: 0 };
  const onRun = (simulatedMs: number): void => {
    sofar.seeds++;
    sofar.simulatedMs += simulatedMs;
    options.onRun?.(sofar);
  };
  const order = { limits, queue: queue.buffer, maxFailures, plain };
  try {
    const parts = Array.from({ length: threads }, (_, number) =>
      // The stored cases are few: one thread has them all.
      inThread(program, { ...order, cases: number === 0 ? cases : [] }, onRun),
    );
    for (const part of await Promise.all(parts)) {
      tally.merge(part.tally);
      failures.push(...part.failures);
    }
  } finally {
    queue.end();
    signal?.removeEventListener('abort', end);
  }
  return { tally, failures };
}

function inThread(program: string, order: CampaignOrder, onRun: (simulatedMs: number) => void): Promise<Campaign> {
  const tally = new Tally();
  const worker = new Worker(pathToFileURL(program), {
    workerData: order,
    resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MB },
    // The runner's own options (loaders, conditions) have nothing to do with the bundle.
    execArgv: [],
  });
  let seed: number | null = null;
  return new Promise<Campaign>((resolve, reject) => {
    const hangs = (): void => {
      if (seed === null) return;
      const message = `seed ${seed} has not ended within ${MAX_SEED_MS / 1_000} s of real time`;
      const result = { ...NOTHING, seed, violation: { invariant: 'hangs', message } };
      resolve({ tally, failures: [{ plan: planOf(seed), result }] });
    };
    let watchdog = setTimeout(hangs, MAX_SEED_MS);
    worker.on('message', (report: CampaignReport) => {
      clearTimeout(watchdog);
      if (report.kind === 'over') {
        tally.merge(report.tally);
        resolve({ tally, failures: report.failures });
        return;
      }
      watchdog = setTimeout(hangs, MAX_SEED_MS);
      if (report.kind === 'takes') seed = report.seed;
      else onRun(report.simulatedMs);
    });
    worker.on('error', (cause) => {
      clearTimeout(watchdog);
      reject(new Error(`the thread that ran seed ${seed} ended: ${cause.message}`, { cause }));
    });
    worker.on('exit', () => clearTimeout(watchdog));
  }).finally(() => worker.terminate());
}

const NOTHING = {
  hash: 0,
  simulatedMs: 0,
  events: 0,
  operations: 0,
  asked: 0,
  faults: new Map<string, number>(),
  counted: new Map<string, number>(),
};
