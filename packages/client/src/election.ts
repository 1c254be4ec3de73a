// Elections: of all who campaign under a name one leads, until it resigns or its lease is lost; everybody may look on.
import { isAborted } from './abort-signals.js';
import { Claim, type ClaimOptions } from './claim.js';
import { type CallOptions, NO_OPTIONS } from './call-options.js';
import type { Client } from './client.js';
import type { ClientError } from './client-error.js';
import { FirstPlace } from './first-place.js';
import type { KeyValue } from './key-value.js';

export interface ObserveOptions {
  /** Ends it. */
  readonly signal?: AbortSignal | undefined;
}

/** The place of who leads. As with a lock, `fencingToken` is for what the leader writes elsewhere. */
export class Leadership extends FirstPlace {
  /** Says something else to those who look on. @throws ClientError NOT_FOUND when it does not lead any more */
  async proclaim(value: string): Promise<void> {
    await this.claim.write(value);
  }

  /** The next in line leads then. */
  resign(): Promise<void> {
    return this.claim.leave();
  }
}

export class Elections {
  private readonly client: Client;

  /** For `Client`. */
  constructor(client: Client) {
    this.client = client;
  }

  /** Resolves when this client leads. @throws ClientError CANCELLED by the signal */
  async campaign(name: string, value: string, options: ClaimOptions = {}): Promise<Leadership> {
    return new Leadership(await Claim.take(this.client, name, value, options));
  }

  /** The leader's key and what it proclaims; undefined while nobody leads. */
  async leader(name: string, options: CallOptions = NO_OPTIONS): Promise<KeyValue | undefined> {
    const { kvs } = await this.client.getAll(`${name}/`, { ...options, ...FIRST });
    return kvs[0];
  }

  /** The leader now, and every leader and proclamation from now on; what was compacted meanwhile is left out. */
  async *observe(name: string, { signal }: ObserveOptions = {}): AsyncGenerator<KeyValue, void, undefined> {
    // of what was shown last
    let shown = 0;
    while (!isAborted(signal)) {
      try {
        for await (const kv of this.untilDeposed(name, signal)) {
          if (kv.modRevision > shown) yield kv;
          shown = Math.max(shown, kv.modRevision);
        }
      } catch (error) {
        const { code } = error as ClientError;
        if (isAborted(signal)) return;
        if (code !== 'OUT_OF_RANGE') throw error;
      }
    }
  }

  // One leader and what it proclaims; nothing where there is none yet: it ends when somebody comes.
  private async *untilDeposed(
    name: string,
    signal: AbortSignal | undefined,
  ): AsyncGenerator<KeyValue, void, undefined> {
    const { kvs, header } = await this.client.getAll(`${name}/`, { ...FIRST, signal });
    const [leader] = kvs;
    if (leader !== undefined) yield leader;
    const keys = leader?.key ?? { prefix: `${name}/` };
    for await (const { type, kv } of this.client.watch(keys, { startRevision: header.revision + 1, signal })) {
      if (type === 'delete' || leader === undefined) return;
      yield kv;
    }
  }
}

const FIRST = { sortBy: 'create', order: 'ascend', limit: 1 } as const;
