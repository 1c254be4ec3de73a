/**
 * How old what a learner or a reader serves may be, at most: by what it has applied, never by heartbeats. A read index
 * that was asked for at some moment, and whose answer has been applied, says that everything acknowledged before that
 * moment is here. Asked only while somebody reads, one at a time for however many reads.
 */
import { RpcError, StatusCode } from '@understudy/protocol';

/** Reads that come so soon after the last asking do not ask again. */
const FRESH_MS = 100;

export interface DataAgeDeps {
  /** Resolves when everything acknowledged before the call is applied here. */
  readonly readBarrier: (timeoutMs: number) => Promise<unknown>;
  readonly now: () => number;
}

export interface DataAgeOptions {
  /** What may be older is refused; 0: nothing is. Milliseconds. */
  readonly maxStalenessMs: number;
  /** How long a read waits to hear that the data is young enough. Milliseconds. */
  readonly timeoutMs: number;
}

export class DataAge {
  readonly #deps: DataAgeDeps;
  readonly #options: DataAgeOptions;
  /** Everything acknowledged before is applied here; null while nothing is known. */
  #currentAtMs: number | null = null;
  #asking: Promise<void> | null = null;

  constructor(deps: DataAgeDeps, options: DataAgeOptions) {
    this.#deps = deps;
    this.#options = options;
  }

  /** The bound for what is read now, in whole milliseconds; null while there is none. */
  get boundMs(): number | null {
    return this.#currentAtMs === null ? null : Math.ceil(this.#deps.now() - this.#currentAtMs);
  }

  /** To be called before a read from the own state. Throws where it may be older than allowed. */
  async check(): Promise<void> {
    const { maxStalenessMs } = this.#options;
    const boundMs = this.boundMs;
    if (boundMs === null || boundMs > FRESH_MS) this.#asking ??= this.#ask();
    if (maxStalenessMs === 0 || (boundMs !== null && boundMs <= maxStalenessMs)) return;
    await this.#asking;
    const nowMs = this.boundMs;
    if (nowMs === null || nowMs > maxStalenessMs) throw tooOld(nowMs, maxStalenessMs);
  }

  async #ask(): Promise<void> {
    const beganMs = this.#deps.now();
    try {
      await this.#deps.readBarrier(this.#options.timeoutMs);
      this.#currentAtMs = beganMs;
    } catch {
      // The bound grows until a leader answers.
    } finally {
      this.#asking = null;
    }
  }
}

function tooOld(boundMs: number | null, maxMs: number): RpcError {
  const age = boundMs === null ? 'of an unknown age' : `up to ${boundMs} ms old`;
  const text = `understudy: the data of this member is ${age}, and --max-staleness is ${maxMs} ms`;
  return new RpcError(StatusCode.UNAVAILABLE, text, { retryable: true, outcome: 'not-applied' });
}
