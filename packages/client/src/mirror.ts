// A copy of one prefix in another cluster, kept up by a watch. First everything as it was at one revision, page by page,
// then every change in its order, the keys of one revision in one transaction. After a broken connection the watch goes
// on where it was; after a compaction the two sides are brought in line again, deletes included.
// The destination's keys under the prefix must be nobody else's.
import type { RequestOp } from '@understudy/protocol';
import { isAborted } from './abort-signals.js';
import { ClientError } from './client-error.js';
import type { Client } from './client.js';
import type { EtcdGateway } from './etcd-gateway.js';
import { sleep } from './keep-alive.js';
import type { Bytes } from './key-range.js';
import { alignKeys, type Difference, findDifferences } from './mirror-compare.js';
import { MirrorKeys } from './mirror-keys.js';
import { op } from './txn.js';
import type { WatchEvent } from './watcher.js';

/** What a mirror asks of the cluster that it writes to: a `Client` has it, and an `EtcdGateway`. */
export type MirrorDestination = Pick<EtcdGateway, 'range' | 'txn'>;

export interface MirrorProgress {
  /** `copy`: the keys of one revision; `follow`: what changes after it. */
  readonly phase: 'copy' | 'follow';
  /** Of the source: everything up to it is in the destination. In `copy`, what is being copied. */
  readonly revision: number;
  /** Written so far, in all. */
  readonly puts: number;
  readonly deletes: number;
}

export interface MirrorOptions {
  /** What is mirrored. Default: every key. */
  readonly prefix?: Bytes | undefined;
  /** Stands in the destination for `prefix`. Default: the same. */
  readonly destinationPrefix?: Bytes | undefined;
  /** Everything up to this revision of the source is there already: begin with the changes after it. */
  readonly afterRevision?: number | undefined;
  /** Keys asked for at a time. Default 1000. */
  readonly pageKeys?: number | undefined;
  /** Operations of one transaction, as the destination's limit allows. Default 128. */
  readonly maxTxnOps?: number | undefined;
  /** How long either side may be out of reach before the mirror gives up. Default 60 000 ms. */
  readonly patienceMs?: number | undefined;
  readonly onProgress?: ((progress: MirrorProgress) => void) | undefined;
  /** Ends the mirror, when what it has begun to write is written. */
  readonly signal?: AbortSignal | undefined;
}

export interface MirrorCheck {
  /** Of the source and of the destination: what was compared. */
  readonly revision: number;
  readonly destinationRevision: number;
  readonly keys: number;
  /** How many keys are not the same; 0 is a true mirror. */
  readonly differences: number;
  /** The first of them. */
  readonly examples: readonly Difference[];
}

const PAGE_KEYS = 1000;
const MAX_TXN_OPS = 128;
/** Of the keys and values of one transaction: servers take no more than 1.5 MiB at once, unless they are told to. */
const MAX_TXN_BYTES = 1024 * 1024;
const PATIENCE_MS = 60_000;
const RETRY_MS = 200;
const NEVER = new AbortController().signal;

export class Mirror {
  private readonly source: Client;
  private readonly destination: MirrorDestination;
  private readonly options: MirrorOptions;
  private readonly keys: MirrorKeys;
  private readonly pageKeys: number;
  // everything up to it is in the destination; undefined: nothing is known to be
  private mirrored: number | undefined;
  private puts = 0;
  private deletes = 0;

  constructor(source: Client, destination: MirrorDestination, options: MirrorOptions = {}) {
    this.source = source;
    this.destination = destination;
    this.options = options;
    this.keys = new MirrorKeys(options.prefix ?? '', options.destinationPrefix ?? options.prefix ?? '');
    this.pageKeys = options.pageKeys ?? PAGE_KEYS;
    this.mirrored = options.afterRevision;
  }

  /** Of the source: everything up to it is in the destination. Where a later mirror goes on; 0 before there is any. */
  get revision(): number {
    return this.mirrored ?? 0;
  }

  /**
   * Mirrors until the signal says stop.
   * @throws ClientError when either side refuses
   */
  async run(): Promise<void> {
    const { signal, patienceMs = PATIENCE_MS } = this.options;
    let outageFromMs = Number.POSITIVE_INFINITY;
    while (!isAborted(signal)) {
      const before = this.puts + this.deletes;
      try {
        if (this.mirrored === undefined) await this.copy();
        await this.follow();
      } catch (error) {
        if (isAborted(signal)) return;
        if (!(error instanceof ClientError)) throw error;
        if (error.code === 'OUT_OF_RANGE') {
          // What was to be heard next is compacted: the keys as they are now say what is left of it.
          this.mirrored = undefined;
          continue;
        }
        const nowMs = performance.now();
        if (this.puts + this.deletes > before) outageFromMs = Number.POSITIVE_INFINITY;
        outageFromMs = Math.min(outageFromMs, nowMs);
        if (!error.retryable || nowMs - outageFromMs >= patienceMs) throw error;
        await sleep(RETRY_MS, signal ?? NEVER);
      }
    }
  }

  /** Compares both sides, each at one revision: the source as far as it is mirrored. */
  async check(signal?: AbortSignal): Promise<MirrorCheck> {
    const revision = this.mirrored;
    if (revision === undefined) {
      throw new ClientError('FAILED_PRECONDITION', 'nothing is mirrored yet', { outcome: 'not-applied' });
    }
    const sides = { source: this.source, destination: this.destination, keys: this.keys, pageKeys: this.pageKeys };
    return findDifferences(sides, revision, signal);
  }

  // Brings the destination in line with the source at one revision: what is the same already is not written.
  private async copy(): Promise<void> {
    const { signal } = this.options;
    const { header } = await this.source.range(this.keys.sourceRange, { countOnly: true, signal });
    const { revision } = header;
    const sides = { source: this.source, destination: this.destination, keys: this.keys, pageKeys: this.pageKeys };
    let ops: RequestOp[] = [];
    let bytes = 0;
    for await (const { key, from, to } of alignKeys(sides, { source: revision }, signal)) {
      if (from !== undefined && to !== undefined && Buffer.compare(from, to) === 0) continue;
      const size = key.length + (to?.length ?? 0);
      if (ops.length === this.maxTxnOps || (ops.length > 0 && bytes + size > MAX_TXN_BYTES)) {
        await this.write(ops);
        ops = [];
        bytes = 0;
        this.report('copy', revision);
      }
      ops.push(to === undefined ? op.delete(key) : op.put(key, to));
      bytes += size;
    }
    await this.write(ops);
    this.mirrored = revision;
    this.report('copy', revision);
  }

  private async follow(): Promise<void> {
    const { signal } = this.options;
    const startRevision = this.revision + 1;
    const watcher = this.source.watch(this.keys.sourceRange, { startRevision, progress: true, signal });
    for await (const { header, events } of watcher.updates()) {
      for (const { batch, upTo } of batches(events, this.maxTxnOps, MAX_TXN_BYTES)) {
        await this.write(batch.map((event) => this.operation(event)));
        this.mirrored = Math.max(this.revision, upTo);
      }
      if (events.length === 0) this.mirrored = Math.max(this.revision, header.revision);
      this.report('follow', this.revision);
      // Reached only by an abort that came while we wrote: what else was received is heard again by the next mirror.
      if (signal?.aborted === true) return;
    }
  }

  private operation({ type, kv }: WatchEvent): RequestOp {
    const key = this.keys.toDestination(kv.key);
    return type === 'delete' ? op.delete(key) : op.put(key, kv.value);
  }

  // A mirror writes one transaction at a time, and the same again is the same.
  private async write(ops: readonly RequestOp[]): Promise<void> {
    if (ops.length === 0) return;
    await this.destination.txn({ success: ops }, { retry: 'at-least-once' });
    for (const { requestPut } of ops) {
      if (requestPut === undefined) this.deletes += 1;
      else this.puts += 1;
    }
  }

  private report(phase: MirrorProgress['phase'], revision: number): void {
    const { puts, deletes } = this;
    this.options.onProgress?.({ phase, revision, puts, deletes });
  }

  private get maxTxnOps(): number {
    return this.options.maxTxnOps ?? MAX_TXN_OPS;
  }
}

interface Batch {
  readonly batch: readonly WatchEvent[];
  /** Every event up to this revision is in this batch, or was in one before. */
  readonly upTo: number;
}

/** Whole revisions, as many as fit and change no key twice; only one that is too large by itself is cut. */
export function* batches(
  events: readonly WatchEvent[],
  maxOps: number,
  maxBytes: number,
): Generator<Batch, void, undefined> {
  let batch: WatchEvent[] = [];
  let bytes = 0;
  let keys = new Set<string>();
  let upTo = 0;
  for (let from = 0; from < events.length; ) {
    const to = endOfRevision(events, from);
    const revision = events.slice(from, to);
    const names = revision.map(({ kv }) => Buffer.from(kv.key).toString('latin1'));
    const size = revision.reduce((sum, event) => sum + sizeOf(event), 0);
    const full = batch.length + names.length > maxOps || bytes + size > maxBytes;
    if (batch.length > 0 && (full || names.some((name) => keys.has(name)))) {
      yield { batch, upTo };
      batch = [];
      bytes = 0;
      keys = new Set();
    }
    for (const event of revision) {
      if (batch.length === maxOps || (batch.length > 0 && bytes + sizeOf(event) > maxBytes)) {
        yield { batch, upTo };
        batch = [];
        bytes = 0;
      }
      batch.push(event);
      bytes += sizeOf(event);
    }
    for (const name of names) keys.add(name);
    upTo = events[from]?.kv.modRevision ?? upTo;
    from = to;
  }
  if (batch.length > 0) yield { batch, upTo };
}

function sizeOf({ type, kv }: WatchEvent): number {
  return kv.key.length + (type === 'delete' ? 0 : kv.value.length);
}

function endOfRevision(events: readonly WatchEvent[], from: number): number {
  const revision = events[from]?.kv.modRevision;
  let to = from + 1;
  while (to < events.length && events[to]?.kv.modRevision === revision) to += 1;
  return to;
}
