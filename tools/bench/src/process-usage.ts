/** CPU time and memory of a process, as the kernel accounts them in /proc. Linux only. */
import { readFileSync } from 'node:fs';

/** USER_HZ, which Linux fixes at 100 for every architecture that Node runs on. */
const TICKS_PER_SECOND = 100;

export interface ProcessUsage {
  /** User and system time since the process began. */
  readonly cpuMs: number;
  readonly rssBytes: number;
}

export function processUsage(pid: number): ProcessUsage {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The second field is the command in parentheses and may hold spaces: count from behind it.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const rssKb = Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0);
  return { cpuMs: ((Number(fields[11]) + Number(fields[12])) * 1000) / TICKS_PER_SECOND, rssBytes: rssKb * 1024 };
}

/** Busy time of the whole machine since boot, all cores added up; what its host took of it counts. */
export function machineBusyMs(): number {
  const { user, nice, system, irq, softirq, steal } = machineTimesMs();
  return user + nice + system + irq + softirq + steal;
}

/** Time since boot in which a core had work and the host gave it to others, all cores added up. */
export const machineStolenMs = (): number => machineTimesMs().steal;

function machineTimesMs(): Record<'user' | 'nice' | 'system' | 'irq' | 'softirq' | 'steal', number> {
  const [line] = readFileSync('/proc/stat', 'utf8').split('\n');
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0, steal = 0] = (line ?? '')
    .split(/\s+/)
    .slice(1)
    .map((ticks) => (Number(ticks) * 1000) / TICKS_PER_SECOND);
  return { user, nice, system, irq, softirq, steal };
}
