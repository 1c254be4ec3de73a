// The entry of the binary: the process's own streams and signals, and its exit code.
import { run } from './program.js';
import { askSecret } from './terminal-secret.js';

// What does not end by itself within this time after an interrupt is ended.
const GRACE_MS = 1000;
// A mirror compares both sides at its end; a second signal ends it at once.
const MIRROR_GRACE_MS = 600_000;
const INTERRUPTED = 130;

const interrupted = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    interrupted.abort();
    const graceMs = process.argv.includes('make-mirror') ? MIRROR_GRACE_MS : GRACE_MS;
    setTimeout(() => process.exit(INTERRUPTED), graceMs).unref();
    process.once(signal, () => process.exit(INTERRUPTED));
  });
}

process.exitCode = await run(process.argv.slice(2), {
  // Opened only by a command that reads it.
  get stdin() {
    return process.stdin;
  },
  stdout: (bytes) => void process.stdout.write(bytes),
  stderr: (bytes) => void process.stderr.write(bytes),
  ...(process.stdin.isTTY === true ? { askSecret } : {}),
  env: process.env,
  interrupted: interrupted.signal,
});
