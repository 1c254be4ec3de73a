/** One load against one running cluster, with the servers' own costs. */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { TestCluster } from '@understudy/testbed';
import type { LoadResult } from './load.js';
import { machineBusyMs, processUsage } from './process-usage.js';

/** How the load reaches the servers: by our own client's protocol, or by gRPC. */
export type Door = 'native' | 'grpc';

export interface LoadShape {
  readonly inFlight: number;
  readonly puts: number;
  readonly valueBytes: number;
  readonly firstKey: number;
  /** Default native. */
  readonly door?: Door;
}

export interface Measurement extends LoadResult {
  readonly putsPerSecond: number;
  /** By member, the leader's first; CPU microseconds per put. */
  readonly serverCpuUsPerPut: readonly number[];
  readonly serverRssMb: readonly number[];
  readonly clientCpuUsPerPut: number;
  /** CPU that neither the servers nor the load used, in cores. */
  readonly otherCores: number;
}

const LOAD = fileURLToPath(new URL('./load.ts', import.meta.url));
const LOAD_TIMEOUT_MS = 300_000;

export async function measure(cluster: TestCluster, shape: LoadShape): Promise<Measurement> {
  const leader = await cluster.leader();
  const members = [leader, ...cluster.members.filter((member) => member !== leader)];
  const endpoints = members.map((member) => member.clientUrl);
  const pids = members.map((member) => member.process.pid);
  const before = pids.map((pid) => processUsage(pid).cpuMs);
  const busyBefore = machineBusyMs();
  const began = performance.now();
  const load = await runLoad(endpoints, shape);
  const elapsedMs = performance.now() - began;
  const serverCpuMs = pids.map((pid, index) => processUsage(pid).cpuMs - (before[index] as number));
  // The servers' figures hold the warm-up and the start of the load process too; both are counted as puts.
  const totalPuts = load.result.puts + Math.min(2000, Math.ceil(load.result.puts / 10));
  const others = machineBusyMs() - busyBefore - serverCpuMs.reduce((sum, ms) => sum + ms, 0) - load.cpuMs;
  return {
    ...load.result,
    putsPerSecond: load.result.puts / load.result.seconds,
    serverCpuUsPerPut: serverCpuMs.map((ms) => (ms * 1000) / totalPuts),
    serverRssMb: pids.map((pid) => processUsage(pid).rssBytes / 1024 / 1024),
    clientCpuUsPerPut: (load.result.cpuMs * 1000) / load.result.puts,
    otherCores: Math.max(0, others / elapsedMs),
  };
}

function runLoad(endpoints: readonly string[], shape: LoadShape): Promise<{ result: LoadResult; cpuMs: number }> {
  const { door = 'native', inFlight, puts, valueBytes, firstKey } = shape;
  const args = [door, endpoints.join(','), inFlight, puts, valueBytes, firstKey];
  const child = spawn(process.execPath, [...process.execArgv, LOAD, ...args.map(String)], {
    stdio: ['ignore', 'pipe', 'inherit'],
    timeout: LOAD_TIMEOUT_MS,
  });
  let output = '';
  let cpuMs = 0;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
    // The process is still there: its whole CPU time can be read before it goes.
    if (output.endsWith('\n') && child.pid !== undefined) cpuMs = processUsage(child.pid).cpuMs;
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve({ result: JSON.parse(output) as LoadResult, cpuMs });
      else reject(new Error(`the load process ended with exit code ${code}`));
    });
  });
}
