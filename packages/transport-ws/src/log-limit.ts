/** Lets one line per key and interval through, so that a peer that misbehaves cannot fill the disk. Pure, bounded. */
const MAX_KEYS = 1024;

export class LogLimit {
  readonly #intervalMs: number;
  readonly #lastAt = new Map<string, number>();

  constructor(intervalMs: number) {
    this.#intervalMs = intervalMs;
  }

  allows(key: string, nowMs: number): boolean {
    const last = this.#lastAt.get(key);
    if (last !== undefined && nowMs - last < this.#intervalMs) return false;
    // Strangers choose keys (their addresses), so the map forgets everything rather than grow.
    if (this.#lastAt.size >= MAX_KEYS) this.#lastAt.clear();
    this.#lastAt.set(key, nowMs);
    return true;
  }
}
