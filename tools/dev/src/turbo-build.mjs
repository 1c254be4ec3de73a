// Builds every package and app through turbo, whose cache makes an unchanged build a matter of a second.
import { join } from 'node:path';
import { runCaptured } from './captured-command.mjs';

/** @param {string} root */
export async function buildWhenNeeded(root) {
  const turbo = join(root, 'node_modules', '.bin', 'turbo');
  await runCaptured('building', turbo, ['run', 'build', '--output-logs=errors-only'], {
    cwd: root,
    quietWhen: (output) => output.includes('FULL TURBO'),
  });
}
