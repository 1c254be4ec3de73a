// Builds every package and app through turbo, whose cache makes an unchanged build a matter of a second.
import { join } from 'node:path';
import { runCaptured } from './captured-command.mjs';

/** @param {string} root */
export async function buildWhenNeeded(root) {
  const turbo = join(root, 'node_modules', '.bin', 'turbo');
  await runCaptured('building', turbo, ['run', 'build', '--output-logs=full'], {
    cwd: root,
    detail: (line) => /^(\S+):build:/.exec(line)?.[1] ?? '',
    quietWhen: (output) => output.includes('FULL TURBO'),
    explain: outputOfFailedTasks,
  });
}

/**
 * Turbo mixes the lines of everything that it runs, each behind its task's name; these are those of the tasks that it
 * names as failed in the end. Everything, when it names none.
 *
 * @param {string} output
 */
export function outputOfFailedTasks(output) {
  const failed = /^Failed: +(.+)$/m.exec(output)?.[1];
  if (failed === undefined) return output;
  const prefixes = failed.split(',').map((task) => `${task.trim().replace('#', ':')}: `);
  const lines = output.split('\n').filter((line) => prefixes.some((prefix) => line.startsWith(prefix)));
  return lines.join('\n');
}
