// check perf and datascale: writes at a pace, and says whether the cluster keeps up. The keys are deleted afterwards.
import { randomBytes } from 'node:crypto';
import type { Client } from '@understudy/client';
import type { Command } from 'commander';
import { badArgs, CtlError, describeError, ExitCode } from '../exit-code.js';
import { withScheme } from '../client-endpoints.js';
import { lineWriter } from '../io.js';
import { type CommandScope, type RunContext, withClient } from '../run-context.js';
import { commandGroup } from './command-group.js';

interface CheckFlags {
  load: string;
  prefix: string;
  autoCompact?: boolean;
  autoDefrag?: boolean;
}

interface PerfLoad {
  readonly writesASecond: number;
  readonly clients: number;
}

const PERF_LOADS: Readonly<Record<string, PerfLoad>> = {
  s: { writesASecond: 150, clients: 50 },
  m: { writesASecond: 1000, clients: 200 },
  l: { writesASecond: 8000, clients: 500 },
  xl: { writesASecond: 15_000, clients: 1000 },
};
const PERF_SECONDS = 60;
const VALUE_BYTES = 1024;
const MAX_REQUEST_S = 0.5;
const MAX_STDDEV_S = 0.1;
/** Of the pace that was asked for. */
const MIN_SHARE = 0.9;

interface ScaleLoad {
  readonly keys: number;
  readonly clients: number;
}

const SCALE_LOADS: Readonly<Record<string, ScaleLoad>> = {
  s: { keys: 10_000, clients: 50 },
  m: { keys: 100_000, clients: 200 },
  l: { keys: 1_000_000, clients: 500 },
  xl: { keys: 3_000_000, clients: 1000 },
};

const ALIASES: Readonly<Record<string, string>> = { small: 's', medium: 'm', large: 'l', xLarge: 'xl' };

export function addCheckCommands(program: Command, context: RunContext): void {
  const group = commandGroup(program, 'check', 'put the cluster under load, and judge it');
  const perf = checkCommand(group, 'perf', `write at a pace for ${PERF_SECONDS} s, and judge rate and latency`);
  perf.action(async (words: string[], flags: CheckFlags) => {
    const load = loadOf(words, flags, PERF_LOADS, 'perf');
    await withClient(context, perf, (scope) => checkPerf(context, scope, load, flags));
  });
  const scale = checkCommand(group, 'datascale', 'write many keys, and print what memory they take in the server');
  scale.action(async (words: string[], flags: CheckFlags) => {
    const load = loadOf(words, flags, SCALE_LOADS, 'datascale');
    await withClient(context, scale, (scope) => checkScale(context, scope, load, flags));
  });
}

function checkCommand(group: Command, name: string, description: string): Command {
  return group
    .command(name)
    .description(description)
    .argument('[words...]')
    .usage('[options]')
    .option('--load <size>', 's, m, l or xl', 's')
    .option('--prefix <prefix>', 'of the keys it writes', `/etcdctl-check-${name}/`)
    .option('--auto-compact', 'compact afterwards')
    .option('--auto-defrag', 'defragment afterwards');
}

function loadOf<T>(
  words: readonly string[],
  { load }: CheckFlags,
  loads: Readonly<Record<string, T>>,
  name: string,
): T {
  if (words.length > 0) throw badArgs(`check ${name} command accepts no arguments`);
  const found = loads[ALIASES[load] ?? load];
  if (found === undefined) throw new CtlError(ExitCode.badFeature, `unknown load option ${load}`);
  return found;
}

async function requireEmpty(client: Client, prefix: string): Promise<void> {
  const { count } = await client.getAll(prefix, { limit: 1, countOnly: true });
  if (count === 0) return;
  throw new CtlError(
    ExitCode.invalidInput,
    `prefix ${JSON.stringify(prefix)} has keys. Delete with etcdctl del --prefix ${prefix} first.`,
  );
}

async function cleanUp({ client, flags: { endpoints } }: CommandScope, flags: CheckFlags): Promise<void> {
  const { header } = await client.delete({ prefix: flags.prefix });
  if (flags.autoCompact === true) await client.compact(header.revision, { physical: true, timeoutMs: 60_000 });
  if (flags.autoDefrag !== true) return;
  for (const endpoint of endpoints) await client.maintenance.defragment(endpoint, { timeoutMs: 600_000 });
}

async function checkPerf(context: RunContext, scope: CommandScope, load: PerfLoad, flags: CheckFlags): Promise<void> {
  const { client } = scope;
  const line = lineWriter(context.io.stdout);
  await requireEmpty(client, flags.prefix);
  const { seconds, lasted, failure } = await writeAtPace(context, client, load, flags.prefix);
  await cleanUp(scope, flags);
  const mean = seconds.reduce((sum, each) => sum + each, 0) / Math.max(1, seconds.length);
  const variance = seconds.reduce((sum, each) => sum + (each - mean) ** 2, 0) / Math.max(1, seconds.length);
  const slowest = seconds.reduce((most, each) => Math.max(most, each), 0);
  const rate = Math.trunc(seconds.length / lasted);
  let good = failure === undefined;
  const judge = (held: boolean, pass: string, fail: string): void => {
    good &&= held;
    line(held ? `PASS: ${pass}` : `FAIL: ${fail}`);
  };
  if (failure !== undefined) line(`FAIL: too many errors: ${failure}`);
  const enough = rate >= load.writesASecond * MIN_SHARE;
  judge(enough, `Throughput is ${rate} writes/s`, `Throughput too low: ${rate} writes/s`);
  const slow = `${slowest.toFixed(6)}s`;
  judge(slowest <= MAX_REQUEST_S, `Slowest request took ${slow}`, `Slowest request took too long: ${slow}`);
  const deviation = `${Math.sqrt(variance).toFixed(6)}s`;
  judge(Math.sqrt(variance) <= MAX_STDDEV_S, `Stddev is ${deviation}`, `Stddev too high: ${deviation}`);
  line(good ? 'PASS' : 'FAIL');
  if (!good) context.exitCode = ExitCode.error;
}

interface Paced {
  /** Of each write that was answered. */
  readonly seconds: readonly number[];
  readonly lasted: number;
  readonly failure: string | undefined;
}

// Writes are due by the clock, whether the ones before them are answered or not, as far as there are clients.
async function writeAtPace(
  { io }: RunContext,
  client: Client,
  { writesASecond, clients }: PerfLoad,
  prefix: string,
): Promise<Paced> {
  const seconds: number[] = [];
  const value = randomBytes(VALUE_BYTES / 2).toString('hex');
  const startMs = performance.now();
  const endMs = startMs + PERF_SECONDS * 1000;
  const total = writesASecond * PERF_SECONDS;
  let next = 0;
  let failure: string | undefined;
  const worker = async (): Promise<void> => {
    while (next < total && failure === undefined && !io.interrupted.aborted) {
      const number = next++;
      const dueMs = startMs + (number * 1000) / writesASecond;
      const waitMs = dueMs - performance.now();
      if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
      if (performance.now() >= endMs) return;
      const sentMs = performance.now();
      try {
        await client.put(`${prefix}${number}-${randomBytes(8).toString('hex')}`, value);
        seconds.push((performance.now() - sentMs) / 1000);
      } catch (error) {
        failure ??= describeError(error);
      }
    }
  };
  await Promise.all(Array.from({ length: clients }, worker));
  const lasted = Math.max(PERF_SECONDS, (performance.now() - startMs) / 1000);
  return { seconds, lasted, failure };
}

async function checkScale(context: RunContext, scope: CommandScope, load: ScaleLoad, flags: CheckFlags): Promise<void> {
  const {
    client,
    flags: { endpoints },
  } = scope;
  const line = lineWriter(context.io.stdout);
  const endpoint = withScheme(endpoints[0] ?? '', false);
  await requireEmpty(client, flags.prefix);
  const before = await residentBytes(endpoint);
  line(
    `Start data scale check for work load [${load.keys} key-value pairs, ${VALUE_BYTES} bytes per key-value, ${load.clients} concurrent clients].`,
  );
  const value = randomBytes(VALUE_BYTES / 2).toString('hex');
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < load.keys) await client.put(`${flags.prefix}${next++}`, value);
  };
  try {
    await Promise.all(Array.from({ length: load.clients }, worker));
    const grownBy = (await residentBytes(endpoint)) - before;
    line(`PASS: Approximate system memory used : ${(grownBy / (1024 * 1024)).toFixed(2)} MB.`);
  } finally {
    await cleanUp(scope, flags);
  }
}

async function residentBytes(endpoint: string): Promise<number> {
  const url = `${endpoint.includes('://') ? endpoint : `http://${endpoint}`}/metrics`;
  try {
    const text = await (await fetch(url)).text();
    const found = /^process_resident_memory_bytes(?:\{[^}]*\})? (\S+)$/m.exec(text)?.[1];
    if (found !== undefined) return Number(found);
  } catch (cause) {
    throw new CtlError(ExitCode.error, `cannot read ${url}: ${(cause as Error).message}`, { cause });
  }
  throw new CtlError(ExitCode.error, `${url} does not say how much memory the process has`);
}
