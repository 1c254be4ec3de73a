/** The time that the asynchronous shell runs on. Tests and embedders may replace it; the decision logic has none. */

export interface Clock {
  /** Milliseconds, monotonic. */
  now(): number;
  /** Calls back once after `delayMs`; the returned function cancels. */
  after(delayMs: number, callback: () => void): () => void;
}

export const systemClock: Clock = {
  now: () => performance.now(),
  after: (delayMs, callback) => {
    const timer = setTimeout(callback, delayMs);
    return () => clearTimeout(timer);
  },
};
