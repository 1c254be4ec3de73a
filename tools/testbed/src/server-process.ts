/** One server as a real process: started, watched, signalled by pid, started again. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { PATIENCE_MS, waitUntil } from './wait-until.js';

const STOP_TIMEOUT_MS = 30_000;
/** Lines of output that are kept, for messages about a process that went wrong. */
const KEPT_LINES = 400;

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export class ServerProcess {
  readonly #command: string;
  readonly #args: readonly string[];
  readonly #lines: string[] = [];
  #child: ChildProcess | null = null;
  #exit: Promise<Exit> | null = null;

  constructor(command: string, args: readonly string[]) {
    this.#command = command;
    this.#args = args;
  }

  /** Throws where the process is not running. */
  get pid(): number {
    const pid = this.#child?.pid;
    if (pid === undefined) throw new Error('the process is not running');
    return pid;
  }

  get running(): boolean {
    return this.#child !== null && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** The last lines of standard output and error, oldest first. */
  get output(): string {
    return this.#lines.join('\n');
  }

  start(extraArgs: readonly string[] = [], extraEnv: Readonly<Record<string, string>> = {}): void {
    if (this.running) throw new Error(`process ${this.pid} is running already`);
    const child = spawn(this.#command, [...this.#args, ...extraArgs], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, NO_COLOR: '1', ...extraEnv },
    });
    this.#child = child;
    this.#exit = once(child, 'close').then(([code, signal]) => ({ code, signal }) as Exit);
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on('line', (line) => {
        this.#lines.push(line);
        if (this.#lines.length > KEPT_LINES) this.#lines.splice(0, KEPT_LINES / 2);
      });
    }
  }

  /** Resolves when the process is gone. */
  exited(): Promise<Exit> {
    if (this.#exit === null) throw new Error('the process was never started');
    return this.#exit;
  }

  /** Sends a signal and resolves when the process is gone. */
  async end(signal: NodeJS.Signals): Promise<Exit> {
    this.signal(signal);
    return this.exited();
  }

  signal(signal: NodeJS.Signals): void {
    this.#child?.kill(signal);
  }

  /** SIGTERM, and SIGKILL where that takes too long. Does nothing to a process that is gone. */
  async stop(): Promise<void> {
    if (!this.running) return;
    const timer = setTimeout(() => this.signal('SIGKILL'), STOP_TIMEOUT_MS);
    this.signal('SIGCONT');
    await this.end('SIGTERM');
    clearTimeout(timer);
  }

  /** Resolves when GET `url` answers 200; throws with the process's last lines where it ends first, or takes too long. */
  async answers(url: string, timeoutMs = PATIENCE_MS): Promise<void> {
    const ended = this.exited().then(({ code, signal }) => {
      throw new Error(`the process ended with ${signal ?? `exit code ${code}`}`);
    });
    try {
      await Promise.race([ended, waitUntil(`${url} answers`, async () => (await fetch(url)).ok, timeoutMs)]);
    } catch (error) {
      throw new Error(`${(error as Error).message}\n${this.output}`, { cause: error });
    }
  }
}
