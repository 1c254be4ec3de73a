/**
 * A learner joins and copies the whole state while the cluster takes a steady load: what the load feels of it, whether an
 * election came of it, and what the leader holds in memory meanwhile. The same on etcd, run by run in turns: on a machine
 * that is not quiet, the median of the runs' ratios says more than any of them.
 */
import { type ChildProcessByStdio, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type ServerKind, TestCluster, type TestMember, waitUntil } from '@understudy/testbed';
import { median } from './latencies.js';
import { measure } from './measure.js';
import type { Phase } from './paced-load.js';
import { print, row } from './print.js';
import { processUsage } from './process-usage.js';
import { QUIET } from './quiet.js';
import { idleSyncP99Ms, stolenShare } from './surroundings.js';

export interface LearnerCopyOptions {
  /** Each on a cluster of its own. */
  readonly runs: number;
  readonly megabytes: number;
  readonly putsPerSecond: number;
  /** Of the load before the learner comes. */
  readonly beforeSeconds: number;
  readonly etcd: boolean;
}

interface Copy {
  readonly before: Phase;
  readonly during: Phase;
  readonly copySeconds: number;
  readonly elections: number;
  readonly leaderRssMb: { readonly before: number; readonly most: number };
  /** Percent of all processors, by the machine's host. */
  readonly stolen: { readonly before: number; readonly during: number };
  /** With nothing running, just before. */
  readonly idleSyncMs: number;
}

const run = promisify(execFile);
const VALUE_BYTES = 8192;
const LOAD = fileURLToPath(new URL('./paced-load.ts', import.meta.url));
const COPY_TIMEOUT_MS = 300_000;
/** It ends with its input; this is for a bench that is gone. */
const LOAD_TIMEOUT_MS = 2 * COPY_TIMEOUT_MS;
const SETTLE_MS = 10_000;
const IDLE_SYNC_MS = 10_000;
const SAMPLE_MS = 100;
/** Asking servers how far they are is load too, and there is none of it before. */
const POLL_MS = 250;
/** The log of the filling is compacted, so that only a snapshot can bring the state. */
const FLAGS = [...QUIET, '--snapshot-count=5000', `--quota-backend-bytes=${8 * 1024 ** 3}`];

export async function benchLearnerCopy(options: LearnerCopyOptions): Promise<void> {
  print();
  print(`a learner copies ${options.megabytes} MB under ${options.putsPerSecond} puts/s`);
  print(row(COLUMNS));
  const kinds: ServerKind[] = options.etcd ? ['understudy', 'etcd'] : ['understudy'];
  const ratios = new Map<ServerKind, number[]>(kinds.map((kind) => [kind, []]));
  for (let run = 1; run <= options.runs; run += 1) {
    for (const kind of kinds) {
      const copy = await copyTo(kind, options);
      ratios.get(kind)?.push(ratioOf(copy));
      print(resultRow(kind, run, copy));
    }
  }
  for (const [kind, all] of ratios)
    print(`${kind}: p99 during to before x${median(all).toFixed(2)}, the median of ${all.length}`);
  print('idle sync: p99 of 4 KiB each 5 ms, alone, ms; stolen: % of all processors, by the host, before/during');
}

const COLUMNS = [
  '',
  '',
  'p50 before',
  'during',
  'p99 before',
  'during',
  'ratio',
  'copy s',
  'elections',
  'RSS MB',
  'failed',
  'idle sync',
  'stolen',
];

const ratioOf = ({ before, during }: Copy): number => during.p99Ms / before.p99Ms;

function resultRow(kind: ServerKind, run: number, copy: Copy): string {
  const { before, during, copySeconds, elections, leaderRssMb, stolen, idleSyncMs } = copy;
  return row([
    `run ${run}`,
    kind,
    before.p50Ms.toFixed(2),
    during.p50Ms.toFixed(2),
    before.p99Ms.toFixed(2),
    during.p99Ms.toFixed(2),
    `x${ratioOf(copy).toFixed(2)}`,
    copySeconds.toFixed(1),
    elections,
    `${Math.round(leaderRssMb.before)}+${Math.round(leaderRssMb.most - leaderRssMb.before)}`,
    before.failures + during.failures,
    idleSyncMs.toFixed(1),
    `${stolen.before.toFixed(0)}/${stolen.during.toFixed(0)}`,
  ]);
}

async function copyTo(kind: ServerKind, options: LearnerCopyOptions): Promise<Copy> {
  const cluster = await TestCluster.start({ kind, flags: FLAGS });
  try {
    const puts = Math.ceil((options.megabytes * 1024 * 1024) / VALUE_BYTES);
    const door = kind === 'etcd' ? 'grpc' : 'native';
    await measure(cluster, { inFlight: 32, puts, valueBytes: VALUE_BYTES, firstKey: 0, door });
    const leader = await cluster.leader();
    // What the filling left to the system to write is no part of what is looked at.
    await run('sync');
    await delay(SETTLE_MS);
    const idleSyncMs = await idleSyncP99Ms(IDLE_SYNC_MS);
    const load = new PacedLoad(door, leader, cluster, options.putsPerSecond);
    await delay(SETTLE_MS);
    await load.mark();
    const stolenBefore = stolenShare();
    await delay(options.beforeSeconds * 1000);
    const before = await load.mark();
    const stolen = { before: stolenBefore(), during: 0 };
    const rssBefore = rssMb(leader);
    let most = rssBefore;
    const samples = setInterval(() => {
      most = Math.max(most, rssMb(leader));
    }, SAMPLE_MS);
    const { term } = await cluster.status(leader);
    const stolenDuring = stolenShare();
    const began = performance.now();
    await addLearner(cluster, leader);
    const copySeconds = (performance.now() - began) / 1000;
    const during = await load.mark();
    stolen.during = stolenDuring();
    clearInterval(samples);
    await load.end();
    const elections = (await cluster.status(await cluster.leader())).term - term;
    return { before, during, copySeconds, elections, leaderRssMb: { before: rssBefore, most }, stolen, idleSyncMs };
  } finally {
    await cluster.stop();
  }
}

/** Resolves when it has everything that was committed when it was last asked. */
async function addLearner(cluster: TestCluster, leader: TestMember): Promise<void> {
  const learner = await cluster.prepareMember('learner');
  // etcd wants its peers connected for a while first, and says so by refusing.
  await waitUntil('the learner is added', async () => {
    const body = JSON.stringify({ peerURLs: [learner.peerUrl], isLearner: true });
    return (await fetch(`${leader.clientUrl}/v3/cluster/member/add`, { method: 'POST', body })).ok;
  });
  learner.process.start();
  const hasState = async (): Promise<boolean> => {
    const [own, all] = [await cluster.status(learner), await cluster.status(leader)];
    return own.isLearner && own.appliedIndex > 0 && all.appliedIndex - own.appliedIndex < 2000;
  };
  await waitUntil('the learner has the state', hasState, COPY_TIMEOUT_MS, POLL_MS);
}

const rssMb = (member: TestMember): number => processUsage(member.process.pid).rssBytes / 1024 / 1024;

class PacedLoad {
  readonly #child: ChildProcessByStdio<Writable, Readable, null>;
  readonly #lines: AsyncIterator<string>;

  constructor(door: string, leader: TestMember, cluster: TestCluster, putsPerSecond: number) {
    const others = cluster.members.filter((member) => member !== leader);
    const endpoints = [leader, ...others].map((member) => member.clientUrl).join(',');
    const args = [...process.execArgv, LOAD, door, endpoints, String(putsPerSecond), '256'];
    this.#child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'], timeout: LOAD_TIMEOUT_MS });
    this.#lines = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
  }

  /** Ends a phase and begins the next. */
  async mark(): Promise<Phase> {
    this.#child.stdin.write('\n');
    const { value, done } = await this.#lines.next();
    if (done === true) throw new Error('the load process has ended');
    return JSON.parse(value) as Phase;
  }

  async end(): Promise<void> {
    const ended = once(this.#child, 'close');
    this.#child.stdin.end();
    await ended;
  }
}
