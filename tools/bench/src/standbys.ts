/** What idle standbys cost the leader, beside the cost of two more voters and of none. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { TestCluster } from '@understudy/testbed';
import { cpuPercent } from './idle.js';
import { print } from './print.js';
import { QUIET } from './quiet.js';

const HOST = fileURLToPath(new URL('./standby-host.ts', import.meta.url));

export interface StandbysOptions {
  readonly count: number;
  readonly seconds: number;
}

export async function benchStandbys({ count, seconds }: StandbysOptions): Promise<void> {
  const [none, many] = await threeVoters(count, seconds);
  const five = await leaderOf(await TestCluster.start({ voters: 5, flags: QUIET }), seconds);
  print();
  print(
    `the leader, idle for ${seconds} s each: alone with two followers ${none.toFixed(2)} % of a core; with ${count} standbys ${many.toFixed(2)} % (${signed(many - none)}); with two more voters ${five.toFixed(2)} % (${signed(five - none)})`,
  );
}

async function threeVoters(count: number, seconds: number): Promise<[none: number, many: number]> {
  const cluster = await TestCluster.start({ voters: 3, flags: QUIET });
  try {
    const { process: leader } = await cluster.leader();
    const [none = 0] = await cpuPercent([leader.pid], seconds);
    const args = [...process.execArgv, HOST, String(count), cluster.endpoints.join(',')];
    const host = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    try {
      // It says so when every one of them is registered.
      const [line] = (await once(createInterface({ input: host.stdout }), 'line')) as [string];
      if (line !== `registered ${count}`) throw new Error(`the host of the standbys says: ${line}`);
      const [many = 0] = await cpuPercent([leader.pid], seconds);
      return [none, many];
    } finally {
      host.kill();
    }
  } finally {
    await cluster.stop();
  }
}

async function leaderOf(cluster: TestCluster, seconds: number): Promise<number> {
  try {
    const { process: leader } = await cluster.leader();
    const [percent = 0] = await cpuPercent([leader.pid], seconds);
    return percent;
  } finally {
    await cluster.stop();
  }
}

const signed = (value: number): string => `${value < 0 ? '' : '+'}${value.toFixed(2)}`;
