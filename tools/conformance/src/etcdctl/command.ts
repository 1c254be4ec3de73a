/** One etcdctl process: its output line by line, as it comes. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { waitUntil } from '@understudy/testbed';
import type { Outcome } from './transcript.js';

/** More than any command here takes; the load test of `check perf` goes on for a minute. */
const TIMEOUT_MS = 120_000;

export class Command {
  readonly #child: ChildProcess;
  readonly #ended: Promise<number>;
  readonly #stdout: string[] = [];
  readonly #stderr: string[] = [];
  #taken = 0;
  #takenErrors = 0;

  constructor(words: readonly string[], env: Readonly<Record<string, string>>, stdin: readonly string[]) {
    const [program = '', ...args] = words;
    const child = spawn(program, args, { env: { ...process.env, ...env }, stdio: 'pipe', timeout: TIMEOUT_MS });
    this.#child = child;
    createInterface({ input: child.stdout }).on('line', (line) => this.#stdout.push(line));
    createInterface({ input: child.stderr }).on('line', (line) => this.#stderr.push(line));
    this.#ended = Promise.race([
      once(child, 'close').then(([code, signal]) => (signal === null ? (code as number) : 128)),
      once(child, 'error').then(([error]) => Promise.reject(error as Error)),
    ]);
    // A program that refuses its arguments ends without reading.
    child.stdin.on('error', () => undefined);
    child.stdin.end(stdin.map((line) => `${line}\n`).join(''));
  }

  /** Waits for the end; what was not taken before. */
  async end(): Promise<Outcome> {
    const code = await this.#ended;
    return this.#take(this.#stdout.length, code);
  }

  /** Waits for the next `count` lines of output. */
  async lines(count: number): Promise<Outcome> {
    await waitUntil(`${count} lines of output after ${this.#taken}`, () => this.#stdout.length >= this.#taken + count);
    return this.#take(this.#taken + count, null);
  }

  interrupt(): Promise<Outcome> {
    this.#child.kill('SIGINT');
    return this.end();
  }

  #take(to: number, code: number | null): Outcome {
    const stdout = this.#stdout.slice(this.#taken, to);
    const stderr = this.#stderr.slice(this.#takenErrors);
    this.#taken = to;
    this.#takenErrors += stderr.length;
    return { stdout, stderr, code };
  }
}
