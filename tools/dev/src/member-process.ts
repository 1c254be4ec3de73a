// One server process: started, its lines passed on with its name in front, its last lines kept for the day it dies, and
// stopped politely first and by force after a deadline. It is not restarted here: a member that ends is news.
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { MemberPlan } from './cluster-options.js';

const KEPT_LINES = 12;

export interface MemberExit {
  /** `exit code 1`, `signal SIGKILL`, or why it could not be started. */
  readonly how: string;
  readonly lastLines: readonly string[];
}

export interface MemberProcessDeps {
  readonly printLine: (name: string, line: string) => void;
  readonly onExit: (member: MemberProcess, exit: MemberExit) => void;
}

export class MemberProcess {
  readonly exited: Promise<void>;
  private readonly child: ChildProcess;
  private readonly lastLines: string[] = [];
  private running = true;

  constructor(
    private readonly deps: MemberProcessDeps,
    readonly plan: MemberPlan,
    server: string,
  ) {
    const { UNDERSTUDY_DATA: _ours, ...env } = process.env;
    this.child = spawn(process.execPath, [server, ...plan.args], { stdio: ['ignore', 'pipe', 'pipe'], env });
    this.readLines(this.child.stdout);
    this.readLines(this.child.stderr);
    this.exited = new Promise((resolve) => {
      const finish = (how: string): void => {
        if (!this.running) return;
        this.running = false;
        resolve();
        deps.onExit(this, { how, lastLines: this.lastLines });
      };
      this.child.on('error', (error) => finish(`it could not be started: ${error.message}`));
      this.child.on('close', (code, signal) => finish(signal === null ? `exit code ${code}` : `signal ${signal}`));
    });
  }

  get pid(): number | undefined {
    return this.running ? this.child.pid : undefined;
  }

  /** Nothing happens when it has ended already. */
  signal(signal: NodeJS.Signals): void {
    if (this.running) this.child.kill(signal);
  }

  private readLines(stream: NodeJS.ReadableStream | null): void {
    if (stream === null) return;
    createInterface({ input: stream }).on('line', (line) => {
      this.lastLines.push(line);
      if (this.lastLines.length > KEPT_LINES) this.lastLines.shift();
      this.deps.printLine(this.plan.name, line);
    });
  }
}
