/** Percentiles of a run's latencies, in milliseconds. */

export interface LatencySummary {
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

/** `samples` is sorted in place; it must not be empty. */
export function summarize(samples: Float64Array): LatencySummary {
  samples.sort();
  const at = (quantile: number): number =>
    samples[Math.min(samples.length - 1, Math.floor(samples.length * quantile))] as number;
  return { p50Ms: at(0.5), p99Ms: at(0.99), maxMs: at(1) };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1
    ? (sorted[middle] as number)
    : ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2;
}
