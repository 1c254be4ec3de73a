/** Timers for moments that may be farther away than a timer can hold: one of more milliseconds would be over at once. */

export const MAX_TIMER_MS = 2 ** 31 - 1;

/** Undefined where `afterMs` is beyond that, some 25 days: nobody waits for it. */
export function startDeadline(afterMs: number, over: () => void): NodeJS.Timeout | undefined {
  return afterMs > MAX_TIMER_MS ? undefined : setTimeout(over, afterMs);
}
