// The tool as a process of its own, run from its sources.
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../../../', import.meta.url));
const FROM_SOURCE = ['--conditions=@understudy/source', '--import', 'tsx'];
const START_MS = 30_000;

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end. */
export function runProgram(
  file: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
  stdin = '',
): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const options = { cwd: root, env: { ...process.env, ...env }, timeout: START_MS };
    const child = execFile(file, args, options, (error, stdout, stderr) => {
      if (error !== null && child.exitCode === null) reject(error);
      else resolve({ code: child.exitCode, stdout, stderr });
    });
    // A program that refuses its arguments ends without reading stdin.
    child.stdin?.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') reject(error);
    });
    child.stdin?.end(stdin);
  });
}

/** Runs the tool to its end. */
export function runCtl(args: readonly string[], env?: NodeJS.ProcessEnv): Promise<Ended> {
  return runProgram(process.execPath, [...FROM_SOURCE, 'apps/ctl/src/main.ts', ...args], env);
}

/** Starts the tool and leaves it running. */
export function startCtl(args: readonly string[]): ChildProcess {
  return spawn(process.execPath, [...FROM_SOURCE, 'apps/ctl/src/main.ts', ...args], { cwd: root });
}
