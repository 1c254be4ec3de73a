/** Writes one number after the other without a pause, reads each back, and knows the last that was acknowledged. */
import type { Client } from '@understudy/client';

export class SteadyWriter {
  acknowledged = 0;
  readonly #client: Client;
  readonly #key: string;
  readonly #done: Promise<void>;
  #going = true;

  constructor(client: Client, key: string) {
    this.#client = client;
    this.#key = key;
    this.#done = this.#write();
    // Told by `stop`.
    this.#done.catch(() => undefined);
  }

  /** Rejects where a write or a read failed, or an answer was wrong. */
  async stop(): Promise<number> {
    this.#going = false;
    await this.#done;
    return this.acknowledged;
  }

  async #write(): Promise<void> {
    while (this.#going) {
      await this.#client.put(this.#key, String(this.acknowledged + 1), { retry: 'at-least-once' });
      this.acknowledged += 1;
      const read = (await this.#client.get(this.#key)).kv?.text();
      if (read !== String(this.acknowledged)) throw new Error(`${this.acknowledged} was written, and ${read} is read`);
    }
  }
}
