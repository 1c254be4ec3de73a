// Waits for a condition with a deadline, looking again at every turn of the event loop that has time to spare.
import { setTimeout as delay } from 'node:timers/promises';

export async function eventually(
  condition: () => boolean | Promise<boolean>,
  what: string,
  timeoutMs = 10_000,
): Promise<void> {
  const endMs = performance.now() + timeoutMs;
  while (!(await condition())) {
    if (performance.now() > endMs) throw new Error(`${what}: not within ${timeoutMs} ms`);
    await delay(2);
  }
}
