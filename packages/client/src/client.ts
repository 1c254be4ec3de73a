// The client: one object for a cluster. Its own code only turns arguments into requests; calls are carried by the
// dispatcher, over connections that the endpoint pool keeps.
import { type CompactionResponse, KVService, type MethodDescriptor } from '@understudy/protocol';
import { Auth } from './auth.js';
import { type CallOptions, NO_OPTIONS } from './call-options.js';
import { Claim, type ClaimOptions } from './claim.js';
import { type ClientOptions, type ResolvedClientOptions, resolveOptions } from './client-options.js';
import { invalidArgument } from './client-error.js';
import { Cluster } from './cluster.js';
import { Dispatcher } from './dispatcher.js';
import { Elections } from './election.js';
import { type Endpoint, parseEndpoint } from './endpoint.js';
import { type Credentials, EndpointPool } from './endpoint-pool.js';
import type { Bytes, KeyRange } from './key-range.js';
import {
  type DeleteFields,
  deleteRequest,
  type PutFields,
  putRequest,
  type RangeFields,
  type ReadFields,
  rangeRequest,
} from './kv-requests.js';
import {
  type DeleteResult,
  deleteResult,
  type GetResult,
  getResult,
  type PutResult,
  putResult,
  type RangeResult,
  rangeResult,
  type TxnResult,
  txnResult,
} from './kv-results.js';
import type { LeaseKeeper } from './lease-keeper.js';
import { Leases } from './leases.js';
import { Lock } from './lock.js';
import { Maintenance } from './maintenance.js';
import type { TlsOptions } from './tls-options.js';
import { TxnBuilder, type TxnSpec, txnRequest } from './txn.js';
import { startedEndpoints, votingEndpoints } from './voting-endpoints.js';
import { type WatchOptions, Watcher } from './watcher.js';

/** Whom a client talks to, and as whom. */
export interface ClientDeps {
  /** `127.0.0.1:2379`, `http://host:2379`, `https://host:2379`; at least one. */
  readonly endpoints: readonly string[];
  /** For `https` endpoints. */
  readonly tls?: TlsOptions | undefined;
  readonly auth?: Credentials | undefined;
  /** In [0, 1); jitter and the first endpoint come from it. Default `Math.random`. */
  readonly random?: (() => number) | undefined;
}

export interface PutOptions extends PutFields, CallOptions {}
export interface GetOptions extends ReadFields, CallOptions {}
export interface RangeOptions extends RangeFields, CallOptions {}
export interface DeleteOptions extends DeleteFields, CallOptions {}

export interface CompactOptions extends CallOptions {
  /** Answer only when the space is given back. */
  readonly physical?: boolean | undefined;
}

const { methods } = KVService;

export class Client implements AsyncDisposable {
  readonly lease: Leases;
  readonly cluster: Cluster;
  readonly auth: Auth;
  readonly election: Elections;
  readonly maintenance: Maintenance;
  private readonly options: ResolvedClientOptions;
  private readonly random: () => number;
  private readonly pool: EndpointPool;
  private readonly dispatcher: Dispatcher;
  private readonly watchers = new Set<Watcher>();
  private readonly keepers = new Set<LeaseKeeper>();
  private readonly syncTimer: NodeJS.Timeout | undefined;

  /**
   * Dials nothing; the first call does.
   * @throws ClientError INVALID_ARGUMENT for endpoints or options that cannot be
   */
  constructor(deps: ClientDeps, options: ClientOptions = {}) {
    this.options = resolveOptions(options);
    this.random = deps.random ?? Math.random;
    const { tls, auth } = deps;
    const endpoints = parseEndpoints(deps.endpoints);
    const { random } = this;
    const pool: EndpointPool = new EndpointPool(
      {
        endpoints,
        tls,
        auth,
        random,
        onChange: () => dispatcher.drainSoon(),
        onRefused: (error) => dispatcher.refuseWaiting(error),
      },
      this.options,
    );
    const dispatcher = new Dispatcher({ pool, random }, this.options);
    this.pool = pool;
    this.dispatcher = dispatcher;
    this.lease = new Leases({ pool, dispatcher, random, options: this.options }, this.keepers);
    this.cluster = new Cluster(dispatcher);
    this.maintenance = new Maintenance(dispatcher, this.options.timeoutMs);
    this.auth = new Auth(dispatcher);
    this.election = new Elections(this);
    this.syncTimer = this.startSync();
  }

  // ---- keys ----

  put(key: Bytes, value: Bytes, options: PutOptions = NO_OPTIONS): Promise<PutResult> {
    return this.dispatcher.call(methods.put, putRequest(key, value, options), options, putResult, true, 'write');
  }

  /** One key. */
  get(key: Bytes, options: GetOptions = NO_OPTIONS): Promise<GetResult> {
    return this.read(key, options, getResult);
  }

  /** All keys with a prefix; an empty one means every key. */
  getAll(prefix: Bytes, options: RangeOptions = NO_OPTIONS): Promise<RangeResult> {
    return this.read({ prefix }, options, rangeResult);
  }

  range(keys: Bytes | KeyRange, options: RangeOptions = NO_OPTIONS): Promise<RangeResult> {
    return this.read(keys, options, rangeResult);
  }

  private read<R>(
    keys: Bytes | KeyRange,
    options: RangeOptions,
    finish: (answer: Parameters<typeof rangeResult>[0]) => R,
  ): Promise<R> {
    // Any voter answers a serializable read from its own state.
    const preferLeader = options.consistency !== 'serializable';
    return this.dispatcher.call(methods.range, rangeRequest(keys, options), options, finish, preferLeader, 'read');
  }

  /** One key, or a range of them. */
  delete(keys: Bytes | KeyRange, options: DeleteOptions = NO_OPTIONS): Promise<DeleteResult> {
    return this.dispatcher.call(methods.deleteRange, deleteRequest(keys, options), options, deleteResult);
  }

  /** Carries out a transaction, or with no argument begins to build one. */
  txn(): TxnBuilder;
  txn(txn: TxnSpec, options?: CallOptions): Promise<TxnResult>;
  txn(txn?: TxnSpec, options?: CallOptions): TxnBuilder | Promise<TxnResult> {
    if (txn === undefined) return new TxnBuilder((built, given) => this.txn(built, given));
    return this.dispatcher.call(methods.txn, txnRequest(txn), options ?? NO_OPTIONS, txnResult);
  }

  /**
   * Forgets the history before a revision.
   * @throws ClientError OUT_OF_RANGE when it is compacted already, or in the future
   */
  compact(revision: number, options: CompactOptions = NO_OPTIONS): Promise<CompactionResponse> {
    const request = { revision, physical: options.physical ?? false };
    return this.dispatcher.call(methods.compact, request, options, (answer) => answer);
  }

  /** Hears of every change from now on, or from a revision; iterate over what it returns. */
  watch(keys: Bytes | KeyRange, options: WatchOptions = {}): Watcher {
    const { pool, dispatcher, random } = this;
    const onEnd = (ended: Watcher): void => void this.watchers.delete(ended);
    const watcher = new Watcher({ pool, dispatcher, random, options: this.options, onEnd }, keys, options);
    this.watchers.add(watcher);
    return watcher;
  }

  /**
   * Waits in line for the lock of this name, and resolves when it is held. Its lease is kept alive until `release`.
   * @throws ClientError CANCELLED by the signal; then the line is left
   */
  async lock(name: string, options: ClaimOptions = {}): Promise<Lock> {
    return new Lock(await Claim.take(this, name, '', options));
  }

  // ---- the rest ----

  /** Any unary method of the protocol, message in and message out. */
  call<I extends object, O extends object>(
    method: MethodDescriptor<I, O, 'unary'>,
    request: I,
    options: CallOptions = NO_OPTIONS,
  ): Promise<O> {
    return this.dispatcher.call(method, request, options, (answer) => answer);
  }

  /** The endpoints calls go to, as they were written. */
  get endpoints(): string[] {
    return this.pool.endpointNames;
  }

  /**
   * Uses these endpoints from now on.
   * @throws ClientError INVALID_ARGUMENT
   */
  setEndpoints(endpoints: readonly string[]): void {
    this.pool.setEndpoints(parseEndpoints(endpoints));
  }

  /** Fetches the member list and uses the client urls of its voters; with `readers`, of all members. */
  async sync(options: CallOptions = NO_OPTIONS): Promise<void> {
    const { members } = await this.cluster.memberList(options);
    const urls = this.options.readers === 'none' ? votingEndpoints(members) : startedEndpoints(members);
    // A cluster whose members advertise nothing is reached as before.
    if (urls.length > 0) this.setEndpoints(urls);
  }

  /** Ends watches and keep-alives, fails what is pending with CANCELLED, and closes all connections. */
  async close(): Promise<void> {
    clearInterval(this.syncTimer);
    await Promise.all([...this.watchers, ...this.keepers].map((each) => each.close()));
    this.dispatcher.close();
    this.pool.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  private startSync(): NodeJS.Timeout | undefined {
    const { syncIntervalMs } = this.options;
    if (syncIntervalMs === 0) return undefined;
    const timer = setInterval(() => {
      // A round that fails leaves the endpoints as they are; the next one tries again.
      this.sync().catch(() => {});
    }, syncIntervalMs);
    timer.unref();
    return timer;
  }
}

function parseEndpoints(texts: readonly string[]): Endpoint[] {
  const byUrl = new Map<string, Endpoint>();
  for (const text of texts) {
    const parsed = parseEndpoint(text);
    if (!parsed.ok) throw invalidArgument(`endpoints: ${parsed.reason}`);
    if (!byUrl.has(parsed.endpoint.url)) byUrl.set(parsed.endpoint.url, parsed.endpoint);
  }
  if (byUrl.size === 0) throw invalidArgument('endpoints: at least one is needed');
  return [...byUrl.values()];
}
