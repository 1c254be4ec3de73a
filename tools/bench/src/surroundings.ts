/**
 * Whether the machine is quiet: what its host takes of its processors, and how long its disk takes to sync a few bytes
 * while nobody else asks anything of it. Linux only.
 */
import { mkdtemp, open, rm } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { summarize } from './latencies.js';
import { machineStolenMs } from './process-usage.js';

const SYNC_BYTES = 4096;
const SYNC_EVERY_MS = 5;

/** The share of all processors that the host takes from now until the returned function is called, percent. */
export function stolenShare(): () => number {
  const beganMs = performance.now();
  const before = machineStolenMs();
  return () => ((machineStolenMs() - before) * 100) / ((performance.now() - beganMs) * cpus().length);
}

/**
 * What the slowest hundredth of a writer's syncs would wait on the disk that the clusters use, one due every few
 * milliseconds, milliseconds. Those that fall due while the disk stalls wait for its end and count, each from when it was
 * due: the few syncs that were sent say nothing of how long it stood.
 */
export async function idleSyncP99Ms(forMs: number): Promise<number> {
  const directory = await mkdtemp(join(tmpdir(), 'bench-sync-'));
  try {
    const file = await open(join(directory, 'file'), 'w');
    const samples: number[] = [];
    const bytes = new Uint8Array(SYNC_BYTES);
    const beganMs = performance.now();
    for (let due = 0; due < forMs; ) {
      await file.write(bytes);
      await file.datasync();
      const sinceMs = performance.now() - beganMs;
      for (; due < Math.min(sinceMs, forMs); due += SYNC_EVERY_MS) samples.push(sinceMs - due);
      await delay(Math.max(0, due - sinceMs));
    }
    await file.close();
    return summarize(Float64Array.from(samples)).p99Ms;
  } finally {
    await rm(directory, { recursive: true });
  }
}
