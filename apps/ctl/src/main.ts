// The entry of the binary: the process's own streams and signals, and its exit code.
import { run } from './program.js';

// What does not end by itself within this time after an interrupt is ended.
const GRACE_MS = 1000;
const INTERRUPTED = 130;

const interrupted = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    interrupted.abort();
    setTimeout(() => process.exit(INTERRUPTED), GRACE_MS).unref();
  });
}

process.exitCode = await run(process.argv.slice(2), {
  // Opened only by a command that reads it.
  get stdin() {
    return process.stdin;
  },
  stdout: (bytes) => void process.stdout.write(bytes),
  stderr: (bytes) => void process.stderr.write(bytes),
  env: process.env,
  interrupted: interrupted.signal,
});
