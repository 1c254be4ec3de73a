// Runs a command whose output matters only when it fails: meanwhile its last line feeds the progress line.
import { spawn } from 'node:child_process';
import { startProgress } from './progress.mjs';

/** The command exited with another code than 0; the message holds what it printed. */
export class CommandFailed extends Error {}

/** Enough to explain a failure, little enough to read. */
const MAX_KEPT_BYTES = 256 * 1024;

/**
 * @typedef {object} CaptureOptions
 * @property {string} cwd
 * @property {Parameters<typeof startProgress>[1]} [out] where the progress line goes; default standard output
 * @property {(line: string) => string} [detail] what the progress line shows of a line of output; default all of it
 * @property {(output: string) => boolean} [quietWhen] whether a success had nothing to do, so that no line needs to stay
 * @property {(output: string) => string} [explain] the part of the output that explains a failure; default all of it
 */

/**
 * @param {string} label
 * @param {string} file
 * @param {readonly string[]} args
 * @param {CaptureOptions} options
 * @returns {Promise<string>} what the command printed
 */
export function runCaptured(label, file, args, options) {
  const { cwd, detail = (line) => line, quietWhen = () => false, explain = (output) => output } = options;
  const progress = startProgress(label, options.out);
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, {
      cwd,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: '0' },
      shell: process.platform === 'win32',
    });
    let output = '';
    const take = (chunk) => {
      output = (output + chunk).slice(-MAX_KEPT_BYTES);
      const line = output.slice(output.trimEnd().lastIndexOf('\n') + 1).trim();
      progress.detail(detail(line));
    };
    child.stdout.setEncoding('utf8').on('data', take);
    child.stderr.setEncoding('utf8').on('data', take);

    // A signal to this process alone must not leave the command behind.
    const stop = () => child.kill('SIGTERM');
    process.on('SIGTERM', stop);
    let over = false;
    const finish = (ok, nothingToDo, settle) => {
      if (over) return;
      over = true;
      process.off('SIGTERM', stop);
      if (nothingToDo) progress.forget();
      else progress.end(ok);
      settle();
    };
    const fail = (how) => {
      const text = `${explain(output).trimEnd()}\n\n${label} failed (${how}): ${[file, ...args].join(' ')}`;
      finish(false, false, () => reject(new CommandFailed(text.trimStart())));
    };
    child.on('error', (error) => fail(`it could not be started: ${error.message}`));
    child.on('close', (code, signal) => {
      if (code === 0) finish(true, quietWhen(output), () => resolve(output));
      else fail(signal === null ? `exit code ${code}` : `signal ${signal}`);
    });
  });
}
