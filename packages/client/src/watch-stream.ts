// The network's side of a watcher: a stream on some endpoint, and another one when that ends. What it hands on is in
// order, whole and without repeats, whatever happened beneath.
import {
  type ClientStream,
  type Event,
  etcdErrorName,
  etcdErrors,
  type ResponseHeader,
  type RpcError,
  type StreamSink,
  type WatchRequest,
  WatchResponse,
  WatchService,
} from '@understudy/protocol';
import { backoffMs } from './backoff.js';
import { ClientError, codeOf } from './client-error.js';
import type { ResolvedClientOptions } from './client-options.js';
import type { Dispatcher } from './dispatcher.js';
import type { EndpointPool } from './endpoint-pool.js';
import type { EndpointState } from './endpoint-state.js';
import { headerOf } from './kv-results.js';
import { classifyServerError } from './retry-policy.js';

export interface WatchStreamDeps {
  readonly dispatcher: Dispatcher;
  readonly pool: EndpointPool;
  readonly random: () => number;
  readonly options: Pick<ResolvedClientOptions, 'backoffBaseMs' | 'backoffMaxMs'>;
}

export interface WatchStreamUpdate {
  readonly header: ResponseHeader;
  /** Of whole revisions, each above all that came before. Empty: nothing up to the header's revision. */
  readonly events: readonly Event[];
  /** To be called once it is read: the server may send as much again. */
  readonly release: () => void;
}

export interface WatchStreamEvents {
  /** Called when the server watches, each time it begins anew. */
  created(header: ResponseHeader): void;
  update(update: WatchStreamUpdate): void;
  /** It ended for good. */
  failed(error: ClientError): void;
}

// The revisions that a watch is to begin with are gone.
const COMPACTED = etcdErrors.compacted;

export class WatchStream implements StreamSink {
  /** Credit is given when the reader has read, so a slow reader holds the server back. */
  readonly manualCredit = true;
  /** What is heard of next; 0: from when the server begins. Never goes back. */
  nextRevision: number;

  private readonly deps: WatchStreamDeps;
  private readonly request: WatchRequest;
  private readonly pinned: string | undefined;
  private readonly events: WatchStreamEvents;
  private readonly stopped = new AbortController();
  private stream: ClientStream<WatchRequest> | undefined = undefined;
  private state: EndpointState | undefined = undefined;
  // of a revision that comes in several answers, until its last
  private fragments: Event[] = [];
  private failures = 0;
  private retryTimer: NodeJS.Timeout | undefined = undefined;
  private over = false;

  constructor(deps: WatchStreamDeps, request: WatchRequest, pinned: string | undefined, events: WatchStreamEvents) {
    this.deps = deps;
    this.request = request;
    this.pinned = pinned;
    this.events = events;
    this.nextRevision = request.createRequest?.startRevision ?? 0;
    void this.open(undefined);
  }

  close(): void {
    if (this.over) return;
    this.over = true;
    clearTimeout(this.retryTimer);
    this.stopped.abort();
    this.stream?.cancel();
  }

  private async open(avoid: EndpointState | undefined): Promise<void> {
    const { createRequest } = this.request;
    try {
      const state = await this.deps.dispatcher.connection({ pinned: this.pinned, avoid }, this.stopped.signal);
      if (this.over || createRequest === undefined) return;
      this.state = state;
      this.fragments = [];
      const { connection } = state;
      // Without a leader a member hears of nothing; better another one.
      const metadata = { requireLeader: true };
      this.stream = connection?.session.openStream(WatchService.methods.watch, this, metadata);
      this.stream?.send({ createRequest: { ...createRequest, startRevision: this.nextRevision } });
    } catch (error) {
      this.end(error as RpcError | ClientError);
    }
  }

  // ---- what the stream brings ----

  message(payload: Uint8Array): void {
    const answer = WatchResponse.decode(payload);
    const header = headerOf(answer);
    this.deps.pool.tracker.observe(header);
    if (answer.canceled) {
      this.stream?.cancel();
      this.stream = undefined;
      this.canceled(answer);
      return;
    }
    if (answer.created) {
      this.failures = 0;
      if (this.nextRevision === 0) this.nextRevision = header.revision + 1;
      this.stream?.consume(payload.length);
      this.events.created(header);
      return;
    }
    this.take(answer, header, payload.length);
  }

  private take(answer: WatchResponse, header: ResponseHeader, bytes: number): void {
    const fresh = answer.events.filter((event) => (event.kv?.modRevision ?? 0) >= this.nextRevision);
    if (answer.fragment) {
      // The rest must come through the same window, so this part may not fill it.
      for (const event of fresh) this.fragments.push(event);
      this.stream?.consume(bytes);
      return;
    }
    const events = this.fragments.length === 0 ? fresh : this.fragments.concat(fresh);
    this.fragments = [];
    const last = events.at(-1)?.kv?.modRevision ?? 0;
    if (last > 0) this.nextRevision = last + 1;
    else if (answer.events.length === 0) this.nextRevision = Math.max(this.nextRevision, header.revision + 1);
    const { stream } = this;
    const release = (): void => stream?.consume(bytes);
    if (events.length === 0 && answer.events.length > 0) release();
    else this.events.update({ header, events, release });
  }

  private canceled({ compactRevision, cancelReason }: WatchResponse): void {
    const endpoint = this.state?.endpoint.name;
    if (compactRevision > 0) {
      const details = { outcome: 'not-applied', endpoint, compactRevision } as const;
      this.fail(new ClientError('OUT_OF_RANGE', COMPACTED.text, details));
      return;
    }
    const name = etcdErrorName(cancelReason);
    const status = name === undefined ? { ...etcdErrors.watchCanceled, text: cancelReason } : etcdErrors[name];
    if (classifyServerError(status).transient) this.reopen();
    else
      this.fail(new ClientError(codeOf(status), status.text || 'watch canceled', { outcome: 'not-applied', endpoint }));
  }

  /** The stream ended, well or not; or it could not be opened. */
  end(error: RpcError | ClientError | undefined): void {
    this.stream = undefined;
    if (this.over) return;
    if (error instanceof ClientError) {
      this.fail(error);
      return;
    }
    const failure = error === undefined ? undefined : classifyServerError(error);
    if (error === undefined || failure?.transient === true) {
      if (failure?.hint === 'leader-lost') this.deps.pool.tracker.forget();
      if (failure?.hint === 'not-a-voter' && this.state !== undefined) this.deps.pool.tracker.notAVoter(this.state);
      if (failure?.hint === 'bad-token' && this.state !== undefined) this.deps.pool.renewToken(this.state);
      this.reopen();
      return;
    }
    const details = { outcome: 'not-applied', endpoint: this.state?.endpoint.name, cause: error } as const;
    this.fail(new ClientError(codeOf(error), error.text, details));
  }

  private reopen(): void {
    if (this.over) return;
    this.failures += 1;
    const { backoffBaseMs: baseMs, backoffMaxMs: maxMs } = this.deps.options;
    // The first try is at once: another member may be at hand.
    const waitMs = backoffMs(this.failures - 1, { baseMs, maxMs }, this.deps.random());
    this.retryTimer = setTimeout(() => void this.open(this.state), waitMs);
  }

  private fail(error: ClientError): void {
    if (this.over) return;
    this.close();
    this.events.failed(error);
  }
}
