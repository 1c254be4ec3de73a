// `npm start`: three voters, a failover learner and a standby on loopback, five real processes, for trying Understudy out.
// It starts them, shows their logs, says who is what and when that changes, and on Ctrl-C stops them all. It never
// restarts a process that ended.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import {
  CLUSTER_HELP,
  type ClusterOptions,
  HOST,
  type MemberPlan,
  parseClusterOptions,
} from './src/cluster-options.js';
import { addFailoverLearner, isHealthy, type MemberStatus, readClusterStatus } from './src/cluster-status.js';
import { type MemberExit, MemberProcess } from './src/member-process.js';
import { formatTable, tableSignature } from './src/member-table.js';
import { type Colour, createPaint } from './src/paint.js';
import { isPortFree } from './src/ports.js';
import { ROOT } from './src/root.mjs';

const POLL_MS = 500;
/** In the data folder: the failover learner was made one, and what became of it since is the cluster's to know. */
const LADDER_MARK = 'failover-learner-added';
const SLOW_START_MS = 30_000;
/**
 * A terminal's Ctrl-C reaches the members too, and a member that is asked twice stops at once instead of in good order.
 * So after a Ctrl-C they have time to end by themselves, and after any other signal, which may have been meant for the
 * whole process group, a little.
 */
const TERMINAL_GRACE_MS = 5_000;
const GROUP_GRACE_MS = 1_000;
const STOP_DEADLINE_MS = 10_000;
/** Signals closer together than this are one Ctrl-C that arrived twice (npm passes it on as well). */
const SAME_SIGNAL_MS = 500;
const COLOURS: readonly Colour[] = ['cyan', 'yellow', 'magenta', 'blue', 'green'];

const paint = createPaint(process.stdout, process.env);

/** Returns the exit code, once everything has ended. */
export async function main(args: readonly string[]): Promise<number> {
  const parsed = parseClusterOptions(args, process.env, ROOT);
  if (parsed.kind === 'help') {
    console.log(CLUSTER_HELP);
    return 0;
  }
  if (parsed.kind === 'refused') {
    console.error(parsed.text);
    return 2;
  }
  const taken = await findTakenPort(parsed.options.members);
  if (taken !== undefined) {
    console.error(taken);
    return 1;
  }
  return new LocalCluster(parsed.options).run();
}

async function findTakenPort(members: readonly MemberPlan[]): Promise<string | undefined> {
  for (const { name, clientPort, peerPort } of members) {
    for (const [kind, port] of [['client', clientPort] as const, ['peer', peerPort] as const]) {
      if (await isPortFree(HOST, port)) continue;
      return `port ${port}, the ${kind} port of ${name}, is in use on ${HOST}: is another cluster running here?`;
    }
  }
  return undefined;
}

/** Relative to where the user stands, unless that would climb out of there. */
function shownPath(path: string): string {
  const short = relative(process.cwd(), path);
  return short.startsWith('..') ? path : `./${short}`;
}

/** As a shell takes it for one word. */
function quoted(argument: string): string {
  return /[\s"']/.test(argument) ? `'${argument.replaceAll("'", "'\\''")}'` : argument;
}

class LocalCluster {
  private readonly members: MemberProcess[];
  private readonly stopped = new AbortController();
  private forced: string[] = [];
  private stopping = false;
  /** The failover learner was asked for: by this process, or at the first start of this data. */
  private asked = false;

  constructor(private readonly options: ClusterOptions) {
    const { dataDir, server } = options;
    const age = existsSync(dataDir) ? 'carrying on with the' : 'new';
    console.log(`three voters, a failover learner and a standby on ${HOST}; ${age} data in ${shownPath(dataDir)}`);
    mkdirSync(dataDir, { recursive: true });
    const deps = {
      printLine: (name: string, line: string) => this.printLine(name, line),
      onExit: (member: MemberProcess, exit: MemberExit) => this.onExit(member, exit),
    };
    this.members = options.members.map((plan) => new MemberProcess(deps, plan, server));
  }

  async run(): Promise<number> {
    const allExited = Promise.all(this.members.map(({ exited }) => exited));
    const onSignal = this.signalHandler();
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal);
    try {
      const watching = this.watch();
      await allExited;
      this.stopped.abort();
      await watching;
    } finally {
      for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.off(signal, onSignal);
    }
    if (!this.stopping) {
      console.error(paint('red', 'every member has ended'));
      return 1;
    }
    if (this.forced.length > 0) console.log(`killed, since they did not stop in time: ${this.forced.join(', ')}`);
    console.log(`stopped; npm start carries on with the data in ${shownPath(this.options.dataDir)}`);
    return 0;
  }

  /** Waits for health, then prints the table and what to try, and the table again whenever a role changes. */
  private async watch(): Promise<void> {
    const urls = this.options.members.map(({ clientUrl }) => clientUrl);
    const voters = this.options.members.filter(({ firstRole }) => firstRole === 'voter');
    const startedAt = Date.now();
    let warned = false;
    let ready = false;
    let seen = '';
    let printed = '';
    let explained = false;
    while (!this.stopped.signal.aborted && !this.stopping) {
      if (!ready) ready = (await Promise.all(voters.map(({ clientUrl }) => isHealthy(clientUrl)))).every(Boolean);
      const members = ready ? await readClusterStatus(urls) : undefined;
      if (members !== undefined) await this.completeLadder(members);
      if (members !== undefined && !this.stopping) {
        // A role is news once two looks agree on it: an election passes through states that nobody needs to read.
        const signature = tableSignature(members);
        if (signature === seen && signature !== printed) {
          const pids = new Map(this.members.map(({ plan, pid }) => [plan.clientUrl, pid]));
          console.log(`\n${formatTable(members, pids, paint)}\n`);
          // Once everybody is there, or at once where they were before.
          if (!explained && members.length >= urls.length) {
            this.printWhatToTry();
            explained = true;
          }
          printed = signature;
        }
        seen = signature;
      } else if (!ready && !warned && Date.now() - startedAt > SLOW_START_MS) {
        warned = true;
        console.log(paint('red', `not all members are healthy after ${SLOW_START_MS / 1000}s; still waiting`));
      }
      await delay(POLL_MS, undefined, { signal: this.stopped.signal }).catch(() => undefined);
    }
  }

  /** The learner stands by until the cluster takes it: once, at the first start. */
  private async completeLadder(members: readonly MemberStatus[]): Promise<void> {
    const learner = this.options.members.find(({ firstRole }) => firstRole === 'failover learner');
    if (learner === undefined || this.asked) return;
    const known = members.find(({ clientUrl }) => clientUrl === learner.clientUrl);
    if (known?.role !== 'standby') return;
    this.asked = existsSync(join(this.options.dataDir, LADDER_MARK));
    if (this.asked) return;
    const [voter] = this.options.members;
    this.asked = voter !== undefined && (await addFailoverLearner(voter.clientUrl, learner.peerUrl));
    if (this.asked) writeFileSync(join(this.options.dataDir, LADDER_MARK), '');
  }

  private printWhatToTry(): void {
    const voters = this.options.members.filter(({ firstRole }) => firstRole === 'voter');
    const endpoints = voters.map(({ clientUrl }) => clientUrl.replace('http://', '')).join(',');
    const flag = `--endpoints=${endpoints}`;
    console.log(`try in a second terminal (Ctrl-C here stops all five):

  npx ctl ${flag} put hello world
  npx ctl ${flag} get hello
  npx ctl ${flag} watch hello
  npx ctl ${flag} member list
  npx ctl ${flag} endpoint status --write-out=table
  kill -9 <pid of a voter>        and see the learner take its place; kill another, and the standby does
`);
  }

  private printLine(name: string, line: string): void {
    const index = this.options.members.findIndex((plan) => plan.name === name);
    console.log(`${paint(COLOURS[index] ?? 'dim', `${name} |`)} ${line}`);
  }

  private onExit(member: MemberProcess, exit: MemberExit): void {
    if (this.stopping) return;
    const { name, args } = member.plan;
    const lines = exit.lastLines.map((line) => `    ${line}`).join('\n');
    const command = ['node', shownPath(this.options.server), ...args.map(quoted)].join(' ');
    console.error(paint('red', `\n${name} ended by itself: ${exit.how}`));
    if (lines !== '') console.error(`  its last lines:\n${lines}`);
    console.error(`  to start it again, in a second terminal:\n    ${command}\n`);
  }

  private signalHandler(): (signal: NodeJS.Signals) => void {
    let firstAt = 0;
    return (signal) => {
      if (!this.stopping) {
        this.stopping = true;
        firstAt = Date.now();
        void this.stop(signal);
      } else if (Date.now() - firstAt > SAME_SIGNAL_MS) {
        this.killAll();
      }
    };
  }

  private async stop(signal: NodeJS.Signals): Promise<void> {
    console.log('\nstopping');
    const allExited = Promise.all(this.members.map(({ exited }) => exited));
    const patience = (ms: number) => Promise.race([allExited, delay(ms, undefined, { ref: false })]);
    await patience(signal === 'SIGINT' && process.stdin.isTTY ? TERMINAL_GRACE_MS : GROUP_GRACE_MS);
    for (const member of this.members) member.signal('SIGTERM');
    await patience(STOP_DEADLINE_MS);
    this.killAll();
  }

  private killAll(): void {
    for (const member of this.members) {
      if (member.pid === undefined) continue;
      this.forced.push(member.plan.name);
      member.signal('SIGKILL');
    }
  }
}
