/**
 * The same load on our cluster and on etcd's, interleaved: the median of the pairs' ratios holds also where the machine
 * is not quiet. Ours is loaded through its native protocol, and where it is asked for, through gRPC as etcd is.
 */
import { type ServerKind, TestCluster } from '@understudy/testbed';
import { COLUMNS, type Contender, ETCD, LIMITS, NATIVE, OVER_GRPC } from './contenders.js';
import { median } from './latencies.js';
import { type LoadShape, type Measurement, measure } from './measure.js';
import { print, rounded, row } from './print.js';
import { QUIET } from './quiet.js';

export interface PairsOptions {
  readonly pairs: number;
  readonly loads: readonly { readonly inFlight: number; readonly puts: number }[];
  readonly valueBytes: number;
  readonly etcd: boolean;
}

export async function benchPairs({ pairs, loads, valueBytes, etcd }: PairsOptions): Promise<void> {
  const contenders = etcd ? [NATIVE, OVER_GRPC, ETCD] : [NATIVE, OVER_GRPC];
  const clusters = new Map<ServerKind, TestCluster>();
  try {
    for (const { kind } of contenders) {
      if (!clusters.has(kind)) clusters.set(kind, await TestCluster.start({ kind, flags: QUIET }));
    }
    let firstKey = 0;
    for (const { inFlight, puts } of loads) {
      print();
      print(row([`${inFlight} in flight`, '', ...COLUMNS]));
      const results = new Map<Contender, Measurement[]>(contenders.map((contender) => [contender, []]));
      for (let pair = 1; pair <= pairs; pair += 1) {
        for (const contender of contenders) {
          const shape: LoadShape = { inFlight, puts, valueBytes, firstKey, door: contender.door };
          const result = await measure(clusters.get(contender.kind) as TestCluster, shape);
          results.get(contender)?.push(result);
          firstKey += 1_000_000;
          print(resultRow(contender.name, pair, result));
        }
      }
      printRatios(results);
    }
    print();
    print(LIMITS);
  } finally {
    for (const cluster of clusters.values()) await cluster.stop();
  }
}

function resultRow(name: string, pair: number, result: Measurement): string {
  return row([
    `run ${pair}`,
    name,
    Math.round(result.putsPerSecond),
    result.p50Ms.toFixed(2),
    result.p99Ms.toFixed(2),
    rounded(result.serverCpuUsPerPut),
    Math.round(result.clientCpuUsPerPut),
    rounded(result.serverRssMb),
    result.otherCores.toFixed(2),
    result.failures,
  ]);
}

function printRatios(results: ReadonlyMap<Contender, readonly Measurement[]>): void {
  const theirs = results.get(ETCD);
  for (const [contender, ours] of results) {
    const middle = (of: (run: Measurement) => number): number => median(ours.map(of));
    print(
      `${contender.name}, median: ${Math.round(middle((run) => run.putsPerSecond))} puts/s, p50 ${middle((run) => run.p50Ms).toFixed(2)} ms, p99 ${middle((run) => run.p99Ms).toFixed(2)} ms`,
    );
    if (theirs === undefined || contender === ETCD) continue;
    const ratio = (of: (run: Measurement) => number): string =>
      median(ours.map((run, at) => of(run) / of(theirs[at] as Measurement))).toFixed(2);
    print(
      `  to etcd's, median of ${ours.length} runs: throughput x${ratio((run) => run.putsPerSecond)}, p50 x${ratio((run) => run.p50Ms)}, p99 x${ratio((run) => run.p99Ms)}`,
    );
  }
}
