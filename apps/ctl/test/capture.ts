// Runs the tool inside this process and keeps what it wrote.
import { Readable } from 'node:stream';
import { run } from '../src/index.js';

export interface Captured {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CaptureOptions {
  readonly stdin?: string | AsyncIterable<string>;
  readonly env?: Readonly<Record<string, string>>;
  readonly interrupted?: AbortSignal;
  readonly onStdout?: (text: string) => void;
}

export async function capture(args: readonly string[], options: CaptureOptions = {}): Promise<Captured> {
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  const code = await run(args, {
    stdin:
      typeof options.stdin === 'object'
        ? options.stdin
        : Readable.from(options.stdin === undefined ? [] : [Buffer.from(options.stdin)]),
    stdout: (bytes) => {
      out.push(Buffer.from(bytes));
      options.onStdout?.(Buffer.concat(out).toString('utf8'));
    },
    stderr: (bytes) => void err.push(Buffer.from(bytes)),
    env: options.env ?? {},
    interrupted: options.interrupted ?? new AbortController().signal,
  });
  return { code, stdout: Buffer.concat(out).toString('utf8'), stderr: Buffer.concat(err).toString('utf8') };
}
