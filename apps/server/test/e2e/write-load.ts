/**
 * Puts under load, remembering what was acknowledged: after any failure each acknowledged key must be there with its
 * value. A put whose outcome is unknown may be there or not.
 */
import type { Client } from '@understudy/client';
import { expectSafe } from '@understudy/testbed';

export class WriteLoad {
  readonly acknowledged = new Map<string, { readonly value: string; readonly revision: number }>();
  /** Puts that failed, by the error's code. */
  readonly failures = new Map<string, number>();
  readonly #client: Client;
  readonly #workers: Promise<void>[];
  #next: number;
  #stopped = false;
  #waiters: { readonly count: number; readonly resolve: () => void }[] = [];

  /** Keys go on from `firstKey`. */
  constructor(client: Client, inFlight: number, valueBytes = 100, firstKey = 0) {
    this.#client = client;
    this.#next = firstKey;
    this.#workers = Array.from({ length: inFlight }, () => this.#work('v'.repeat(valueBytes)));
  }

  /** The first key that was not tried. */
  get nextKey(): number {
    return this.#next;
  }

  /** Resolves when `count` more puts than now have been acknowledged. */
  more(count: number): Promise<void> {
    const target = this.acknowledged.size + count;
    return new Promise((resolve) => {
      this.#waiters.push({ count: target, resolve });
    });
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all(this.#workers);
  }

  async #work(padding: string): Promise<void> {
    while (!this.#stopped) {
      const key = `load/${this.#next}`;
      const value = `${this.#next}-${padding}`;
      this.#next += 1;
      try {
        const { header } = await this.#client.put(key, value);
        this.acknowledged.set(key, { value, revision: header.revision });
        this.#tell();
      } catch (error) {
        const { code } = error as { code?: string };
        if (code === undefined) throw error;
        // The test is over and has closed the client: a loop of failures would keep everything else from running.
        if (code === 'CANCELLED') return;
        this.failures.set(code, (this.failures.get(code) ?? 0) + 1);
      }
    }
  }

  #tell(): void {
    const ready = this.#waiters.filter((waiter) => this.acknowledged.size >= waiter.count);
    if (ready.length === 0) return;
    this.#waiters = this.#waiters.filter((waiter) => this.acknowledged.size < waiter.count);
    for (const waiter of ready) waiter.resolve();
  }
}

/** Throws, as `expectSafe`, when acknowledged keys are missing, or have another value or revision. */
export async function expectNothingLost(
  client: Client,
  load: Pick<WriteLoad, 'acknowledged'>,
  when = 'at the end',
): Promise<void> {
  const { kvs } = await client.getAll('load/', { timeoutMs: 30_000 });
  const found = new Map(kvs.map((kv) => [kv.keyText(), kv]));
  const lost: string[] = [];
  for (const [key, { value, revision }] of load.acknowledged) {
    const kv = found.get(key);
    if (kv === undefined || kv.text() !== value || kv.modRevision !== revision) lost.push(key);
  }
  expectSafe(`of ${load.acknowledged.size} acknowledged writes, lost ${when}`, lost);
}
