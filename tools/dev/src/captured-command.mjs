// Runs a command whose output matters only when it fails: meanwhile its last line feeds the progress line.
import { spawn } from 'node:child_process';
import { startProgress } from './progress.mjs';

/** The command exited with another code than 0; the message holds what it printed. */
export class CommandFailed extends Error {}

/** Enough to explain a failure, little enough to read. */
const MAX_KEPT_BYTES = 256 * 1024;

/**
 * @param {string} label
 * @param {string} file
 * @param {readonly string[]} args
 * @param {{ cwd: string, quietWhen?: (output: string) => boolean }} options `quietWhen` looks at the output of a
 *   success and says that nothing had to be done, so that no line needs to stay
 * @returns {Promise<string>} what the command printed
 */
export function runCaptured(label, file, args, options) {
  const progress = startProgress(label);
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, {
      cwd: options.cwd,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: '0' },
      shell: process.platform === 'win32',
    });
    let output = '';
    const take = (chunk) => {
      output = (output + chunk).slice(-MAX_KEPT_BYTES);
      const lines = output.trimEnd().split('\n');
      progress.detail((lines[lines.length - 1] ?? '').trim());
    };
    child.stdout.setEncoding('utf8').on('data', take);
    child.stderr.setEncoding('utf8').on('data', take);
    let started = true;
    child.on('error', (error) => {
      started = false;
      progress.end(false);
      reject(new CommandFailed(`${label} failed: ${file} could not be started: ${error.message}`));
    });
    child.on('close', (code, signal) => {
      if (!started) return;
      if (code === 0) {
        if (options.quietWhen?.(output)) progress.forget();
        else progress.end(true);
        resolve(output);
        return;
      }
      progress.end(false);
      const how = signal === null ? `exit code ${code}` : `signal ${signal}`;
      reject(new CommandFailed(`${output.trimEnd()}\n\n${label} failed (${how}): ${[file, ...args].join(' ')}`));
    });
  });
}
