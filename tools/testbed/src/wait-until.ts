/** Waits for something that only asking can tell, with a deadline; for what is announced, await the announcement. */

const INTERVAL_MS = 20;
/** For what takes a second on a quiet machine: on a slow one, or one that does much else, it takes many. */
export const PATIENCE_MS = 60_000;

/**
 * Asks every `intervalMs` until `probe` gives something other than null or false; throws with `what` after `timeoutMs`,
 * caused by the error of the last probe where that threw.
 */
export async function waitUntil<T>(
  what: string,
  probe: () => Promise<T | null | false> | T | null | false,
  timeoutMs = PATIENCE_MS,
  intervalMs = INTERVAL_MS,
): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  let last: unknown = null;
  while (performance.now() < deadline) {
    try {
      const found = await probe();
      if (found !== null && found !== false) return found;
      last = null;
    } catch (error) {
      last = error;
    }
    await new Promise((resolve) => setTimeout(resolve, intervalMs));
  }
  throw new Error(`not within ${timeoutMs} ms: ${what}`, last === null ? {} : { cause: last });
}
