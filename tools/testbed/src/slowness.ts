/**
 * How slow this machine is now. What a test claims in seconds it claims of a machine with two cores to itself; on one that
 * is slower, or does much else, the same claim has that many times as long.
 */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

const CORES = 2;
/** Of one round on that machine. */
const REFERENCE_MS = 200;
/** Beyond this nothing is claimed any more. */
const SLOWEST = 10;

const ROUND = `
  const begun = performance.now();
  const places = new Map();
  let sum = 0;
  for (let i = 0; i < 1_500_000; i += 1) {
    places.set('key ' + (i % 4096), i);
    sum = (Math.imul(sum, 31) + (places.get('key ' + ((i * 7) % 4096)) ?? 0)) | 0;
  }
  require('node:worker_threads').parentPort.postMessage(performance.now() - begun);
`;

/** At least 1. It takes a fraction of a second, and both cores. */
export async function slowness(): Promise<number> {
  const rounds = Array.from({ length: CORES }, async () => {
    const [tookMs] = (await once(new Worker(ROUND, { eval: true }), 'message')) as [number];
    return tookMs;
  });
  const slowestMs = Math.max(...(await Promise.all(rounds)));
  return Math.min(SLOWEST, Math.max(1, slowestMs / REFERENCE_MS));
}

/** Runs it: what came of it, how long it took, and how slow the machine was before or after, whichever was worse. */
export async function timed<T>(work: () => Promise<T>): Promise<{ result: T; tookMs: number; slow: number }> {
  const before = await slowness();
  const begun = performance.now();
  const result = await work();
  const tookMs = performance.now() - begun;
  return { result, tookMs, slow: Math.max(before, await slowness()) };
}
