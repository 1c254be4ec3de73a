// Reads a line from the terminal without showing it.
import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';

/** Rejects when the terminal closes, or on Ctrl-C. */
export function askSecret(prompt: string): Promise<string> {
  process.stdout.write(prompt);
  // readline writes what is typed here, that is nowhere.
  const output = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: process.stdin, output, terminal: true });
  return new Promise((resolve, reject) => {
    lines.on('SIGINT', () => lines.close());
    lines.once('close', () => {
      process.stdout.write('\n');
      reject(new Error('interrupted'));
    });
    lines.once('line', (line) => {
      resolve(line);
      lines.close();
    });
  });
}
