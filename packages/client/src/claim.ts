// A place in a line for something that one at a time may have: a key of its own under the name, held by a lease, and the
// lowest create revision is first. The layout is etcd's, so locks and elections of other clients stand in the same line.
// Every step may be made twice, which is why none of them is lost to a broken connection.
import { ClientError } from './client-error.js';
import type { Client } from './client.js';
import type { LeaseKeeper } from './lease-keeper.js';
import type { LeaseId } from './kv-requests.js';
import { compare, op } from './txn.js';

export interface ClaimOptions {
  /** Seconds until the others go on without an owner that died. Default 10. */
  readonly ttl?: number | undefined;
  /** A lease of the caller's, who keeps it alive and ends it. Default: one of its own. */
  readonly lease?: LeaseId | undefined;
  /** Ends the wait with `CANCELLED`, and leaves the line. What is held already is kept. */
  readonly signal?: AbortSignal | undefined;
}

const DEFAULT_TTL = 10;

/** What a claim's steps are given: put there once, at most at the end of the line. */
const TWICE_IS_ONCE = { retry: 'at-least-once' } as const;

export class Claim {
  /** `name/lease`. */
  readonly key: string;
  readonly lease: bigint;
  /** Aborted when the lease is lost: what is held must not be used any more. Never, with a lease of the caller's. */
  readonly lostSignal: AbortSignal;
  /** Of the key: greater than that of every owner before. */
  createRevision = 0;
  private readonly client: Client;
  private readonly prefix: string;
  private readonly keeper: LeaseKeeper | undefined;

  private constructor(client: Client, name: string, lease: bigint, keeper: LeaseKeeper | undefined) {
    this.client = client;
    this.prefix = `${name}/`;
    this.lease = lease;
    this.key = `${this.prefix}${BigInt.asUintN(64, lease).toString(16)}`;
    this.keeper = keeper;
    this.lostSignal = keeper?.lostSignal ?? new AbortController().signal;
  }

  /**
   * Stands in line, and resolves when the turn has come.
   * @throws ClientError CANCELLED by the signal; NOT_FOUND when the lease ended meanwhile
   */
  static async take(client: Client, name: string, value: string, options: ClaimOptions): Promise<Claim> {
    const { signal, lease } = options;
    const claim = await Claim.withLease(client, name, lease, options);
    try {
      await claim.enter(value, signal);
      await claim.waitForTurn(signal);
      return claim;
    } catch (error) {
      const lost = claim.lostSignal.aborted;
      await claim.leave().catch(() => {});
      throw lost ? claim.gone() : error;
    }
  }

  private static async withLease(
    client: Client,
    name: string,
    lease: LeaseId | undefined,
    { ttl = DEFAULT_TTL, signal }: ClaimOptions,
  ): Promise<Claim> {
    if (lease !== undefined) return new Claim(client, name, BigInt(lease), undefined);
    const granted = await client.lease.grant(ttl, { signal });
    const keeper = client.lease.keepAlive(granted.id, { ttl: granted.ttl });
    return new Claim(client, name, granted.id, keeper);
  }

  private async enter(value: string, signal: AbortSignal | undefined): Promise<void> {
    const { key, lease } = this;
    const { succeeded, header, responses } = await this.client.txn(
      {
        compare: [compare.createRevision(key, '=', 0)],
        success: [op.put(key, value, { lease })],
        failure: [op.get(key)],
      },
      { ...TWICE_IS_ONCE, signal },
    );
    const [found] = responses;
    const existing = found?.type === 'range' ? found.result.kvs[0] : undefined;
    this.createRevision = succeeded ? header.revision : (existing?.createRevision ?? 0);
    if (!succeeded && existing?.text() !== value) await this.write(value, { signal });
  }

  private async waitForTurn(signal: AbortSignal | undefined): Promise<void> {
    const either = signal === undefined ? this.lostSignal : AbortSignal.any([signal, this.lostSignal]);
    const before = {
      maxCreateRevision: this.createRevision - 1,
      sortBy: 'create',
      order: 'descend',
      limit: 1,
    } as const;
    for (;;) {
      const { kvs, header } = await this.client.getAll(this.prefix, { ...before, keysOnly: true, signal: either });
      const [next] = kvs;
      if (next === undefined) break;
      await untilDeleted(this.client, next.key, header.revision + 1, either);
      if (either.aborted) throw this.interrupted(signal);
    }
    const { kv } = await this.client.get(this.key, { signal: either });
    if (kv?.createRevision !== this.createRevision) throw this.gone();
  }

  /** @throws ClientError NOT_FOUND when the place is lost: nothing was written */
  async write(value: string, options: { readonly signal?: AbortSignal | undefined } = {}): Promise<number> {
    const { key, lease, createRevision } = this;
    const { succeeded, header } = await this.client.txn(
      { compare: [compare.createRevision(key, '=', createRevision)], success: [op.put(key, value, { lease })] },
      { ...options, ...TWICE_IS_ONCE },
    );
    if (!succeeded) throw this.gone();
    return header.revision;
  }

  /** Gives the place up, and ends the lease where it is our own. */
  async leave(): Promise<void> {
    const { key, createRevision, keeper } = this;
    await keeper?.close();
    if (this.lostSignal.aborted) return;
    try {
      // A wait that was cut short may not know its revision yet.
      const own =
        createRevision > 0 ? compare.createRevision(key, '=', createRevision) : compare.lease(key, '=', this.lease);
      await this.client.txn({ compare: [own], success: [op.delete(key)] }, TWICE_IS_ONCE);
      if (keeper !== undefined) await this.client.lease.revoke(this.lease, TWICE_IS_ONCE);
    } catch (error) {
      // It ended by itself.
      if (!(error instanceof ClientError) || error.code !== 'NOT_FOUND') throw error;
    }
  }

  private interrupted(signal: AbortSignal | undefined): ClientError {
    if (signal?.aborted !== true) return this.gone();
    return new ClientError('CANCELLED', 'the wait was aborted', { outcome: 'not-applied', cause: signal.reason });
  }

  private gone(): ClientError {
    return new ClientError('NOT_FOUND', `${this.key} is gone: its lease ended`, { outcome: 'not-applied' });
  }
}

async function untilDeleted(client: Client, key: Uint8Array, revision: number, signal: AbortSignal): Promise<void> {
  const watcher = client.watch(key, { startRevision: revision, ignore: 'puts', signal });
  try {
    for await (const { type } of watcher) if (type === 'delete') return;
  } catch (error) {
    // The history since is gone, so another look says the same.
    if (!(error instanceof ClientError) || error.code !== 'OUT_OF_RANGE') throw error;
  }
}
