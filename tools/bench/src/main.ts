/**
 * `pnpm bench`: three voters, 256-byte values, every write fsynced by a quorum, load from a fourth process on the same
 * machine. Where `etcd` is installed, the same load on it in the same run, interleaved, and the median of the pairs'
 * ratios; without it, our figures alone.
 */
import { type ServerKind, TestCluster } from '@understudy/testbed';
import { Command } from 'commander';
import { COLUMNS, type Contender, ETCD, LIMITS, NATIVE, OVER_GRPC } from './contenders.js';
import { median } from './latencies.js';
import { etcdVersion, machineFacts } from './machine.js';
import { type LoadShape, type Measurement, measure } from './measure.js';
import { machineBusyMs, processUsage } from './process-usage.js';

const options = new Command('bench')
  .description('Measures a three-voter cluster under load, beside etcd where it is installed.')
  .option('--pairs <count>', 'interleaved runs of each load', Number, 5)
  .option('--puts <count>', 'puts of a run with 256 in flight', Number, 50_000)
  .option('--serial-puts <count>', 'puts of a run with 1 in flight', Number, 2000)
  .option('--value-bytes <bytes>', 'size of a value', Number, 256)
  .option(
    '--rss-puts <count>',
    'puts after which the memory of a fresh cluster is read; 0 leaves it out',
    Number,
    200_000,
  )
  .option('--idle-seconds <seconds>', 'how long the idle cluster is watched; 0 leaves it out', Number, 20)
  .option('--no-etcd', 'measure only our own cluster')
  .parse()
  .opts<{
    pairs: number;
    puts: number;
    serialPuts: number;
    valueBytes: number;
    rssPuts: number;
    idleSeconds: number;
    etcd: boolean;
  }>();

/** Both servers understand it. */
const QUIET = ['--log-level=error'];

const print = (line = ''): void => void process.stdout.write(`${line}\n`);
const row = (cells: readonly (string | number)[]): string =>
  cells.map((cell, index) => (index < 2 ? String(cell).padEnd(11) : String(cell).padStart(11))).join(' ');
const rounded = (values: readonly number[]): string => values.map((value) => Math.round(value)).join('/');

const etcd = options.etcd ? etcdVersion() : null;
print(machineFacts());
print(etcd === null ? 'etcd: not measured' : `etcd ${etcd}, loaded by a minimal HTTP/2 client of the bench`);
print(`three voters, ${options.valueBytes}-byte values, distinct keys; CPU in µs per put; servers leader first`);

await benchIdle();
await benchMemory();
await benchPairs();

async function benchIdle(): Promise<void> {
  if (options.idleSeconds === 0) return;
  const cluster = await TestCluster.start({ flags: QUIET });
  try {
    await measure(cluster, { door: 'native', inFlight: 16, puts: 1000, valueBytes: options.valueBytes, firstKey: 0 });
    await new Promise((resolve) => setTimeout(resolve, 2000));
    const before = cluster.members.map((member) => processUsage(member.process.pid).cpuMs);
    const busy = machineBusyMs();
    await new Promise((resolve) => setTimeout(resolve, options.idleSeconds * 1000));
    const used = cluster.members.map(
      (member, index) => processUsage(member.process.pid).cpuMs - (before[index] as number),
    );
    const percent = used.map((ms) => (ms / (options.idleSeconds * 10)).toFixed(1));
    const others = (machineBusyMs() - busy - used.reduce((sum, ms) => sum + ms, 0)) / (options.idleSeconds * 10);
    print();
    print(
      `idle for ${options.idleSeconds} s: ${percent.join(' / ')} % of a core per server; others ${others.toFixed(0)} %`,
    );
  } finally {
    await cluster.stop();
  }
}

async function benchMemory(): Promise<void> {
  if (options.rssPuts === 0) return;
  const cluster = await TestCluster.start({ flags: QUIET });
  try {
    const shape: LoadShape = {
      door: 'native',
      inFlight: 256,
      puts: options.rssPuts,
      valueBytes: options.valueBytes,
      firstKey: 0,
    };
    const result = await measure(cluster, shape);
    print();
    print(`RSS after ${options.rssPuts} puts of distinct keys: ${rounded(result.serverRssMb)} MB`);
  } finally {
    await cluster.stop();
  }
}

async function benchPairs(): Promise<void> {
  const contenders = etcd === null ? [NATIVE, OVER_GRPC] : [NATIVE, OVER_GRPC, ETCD];
  const clusters = new Map<ServerKind, TestCluster>();
  try {
    for (const kind of new Set(contenders.map((contender) => contender.kind))) {
      clusters.set(kind, await TestCluster.start({ kind, flags: QUIET }));
    }
    for (const [inFlight, puts] of [
      [256, options.puts],
      [1, options.serialPuts],
    ] as const) {
      print();
      print(row([`${inFlight} in flight`, '', ...COLUMNS]));
      const results = new Map<Contender, Measurement[]>(contenders.map((contender) => [contender, []]));
      for (let pair = 0; pair < options.pairs; pair += 1) {
        for (const [position, contender] of contenders.entries()) {
          const firstKey = (pair * contenders.length + position) * 1_000_000;
          const shape: LoadShape = { door: contender.door, inFlight, puts, valueBytes: options.valueBytes, firstKey };
          const result = await measure(clusters.get(contender.kind) as TestCluster, shape);
          results.get(contender)?.push(result);
          print(resultRow(contender.name, pair, result));
        }
      }
      for (const contender of contenders) printMedians(contender, results);
    }
    print();
    print(LIMITS);
  } finally {
    for (const cluster of clusters.values()) await cluster.stop();
  }
}

function resultRow(name: string, pair: number, result: Measurement): string {
  return row([
    `pair ${pair + 1}`,
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

function printMedians(contender: Contender, results: ReadonlyMap<Contender, readonly Measurement[]>): void {
  const runs = results.get(contender) ?? [];
  const rate = Math.round(median(runs.map((run) => run.putsPerSecond)));
  const p50 = median(runs.map((run) => run.p50Ms)).toFixed(2);
  const theirs = contender === ETCD ? undefined : results.get(ETCD);
  print(`${contender.name}: median ${rate} puts/s, p50 ${p50} ms${theirs === undefined ? '' : ratiosOf(runs, theirs)}`);
}

function ratiosOf(ours: readonly Measurement[], theirs: readonly Measurement[]): string {
  const ratio = (of: (run: Measurement) => number): string =>
    median(ours.map((run, pair) => of(run) / of(theirs[pair] as Measurement))).toFixed(2);
  const parts = [
    `throughput x${ratio((run) => run.putsPerSecond)}`,
    `p50 x${ratio((run) => run.p50Ms)}`,
    `p99 x${ratio((run) => run.p99Ms)}`,
  ];
  return `; to etcd's, median of ${ours.length} pairs: ${parts.join(', ')}`;
}
