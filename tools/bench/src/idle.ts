/** What servers cost while nobody asks anything of them. */
import { setTimeout as delay } from 'node:timers/promises';
import { TestCluster } from '@understudy/testbed';
import { measure } from './measure.js';
import { print } from './print.js';
import { machineBusyMs, processUsage } from './process-usage.js';
import { QUIET } from './quiet.js';

export async function benchIdle(seconds: number): Promise<void> {
  const cluster = await TestCluster.start({ flags: QUIET });
  try {
    await measure(cluster, { inFlight: 16, puts: 1000, valueBytes: 256, firstKey: 0 });
    await delay(2000);
    const busy = machineBusyMs();
    const percent = await cpuPercent(
      cluster.members.map((member) => member.process.pid),
      seconds,
    );
    const all = (machineBusyMs() - busy) / (seconds * 10);
    const others = all - percent.reduce((sum, each) => sum + each, 0);
    print();
    print(
      `idle for ${seconds} s: ${percent.map((each) => each.toFixed(1)).join(' / ')} % of a core per server; others ${others.toFixed(0)} %`,
    );
  } finally {
    await cluster.stop();
  }
}

/** CPU time of each process over the next `seconds`, percent of a core. */
export async function cpuPercent(pids: readonly number[], seconds: number): Promise<number[]> {
  const before = pids.map((pid) => processUsage(pid).cpuMs);
  await delay(seconds * 1000);
  return pids.map((pid, index) => (processUsage(pid).cpuMs - (before[index] as number)) / (seconds * 10));
}
