/**
 * etcdserverpb.Watch: one stream carries many watches, told apart by id. A watch that the client cannot keep up with is
 * held in the state machine's history, never in an unbounded buffer here.
 */
import type { Watch, WatchBatch } from '@understudy/mvcc';
import {
  etcdErrors,
  KVService,
  FilterType,
  RpcError,
  type WatchCancelRequest,
  type WatchCreateRequest,
  type WatchRequest,
  type WatchResponse,
  WatchService,
} from '@understudy/protocol';
import type { Access } from './auth/access.js';
import { asRpcError, failure } from './failures.js';
import type { Member } from './member.js';
import type { Call, ServiceTableBuilder, TypedStreamHandler } from './rpc.js';
import { cutBatch } from './watch-pieces.js';

/** A request for progress is looked at again so soon, while a watch of the stream is behind. */
const PROGRESS_RETRY_MS = 100;
/** Answers that wait for the door; only a client that asks without reading gets there. */
const MAX_BACKLOG = 10_000;
/** On an answer that is about no single watch. */
const NO_WATCH = -1;
/** A watch reads what a range reads. */
const JUDGED_AS = KVService.methods.range;
/** An empty key in a watch means the first key there can be. */
const FIRST_KEY = new Uint8Array([0]);

interface Sink {
  send(message: WatchResponse): boolean;
  end(error?: unknown): void;
}

export function addWatchService(table: ServiceTableBuilder, member: Member, access: Access): void {
  table.addStream(WatchService.methods.watch, (sink, call) => new WatchStream(member, sink, access, call));
}

class WatchStream implements TypedStreamHandler<WatchRequest> {
  readonly #member: Member;
  readonly #sink: Sink;
  readonly #access: Access;
  readonly #call: Call;
  readonly #watches = new Map<number, Watch>();
  #closed = false;
  /** Watches to be created when it is known who asks. */
  #pending = 0;
  #nextId = 0;
  #progressTimer: NodeJS.Timeout | null = null;
  #progressRetry: NodeJS.Timeout | null = null;
  readonly #wantsProgress = new Set<number>();
  /** The door is full: nothing is sent until it drains. */
  #full = false;
  /** What was taken from the state before the door was full: the rest of a batch, and what came behind it. */
  #backlog: WatchResponse[] = [];
  #halfClosed = false;

  constructor(member: Member, sink: Sink, access: Access, call: Call) {
    this.#member = member;
    this.#sink = sink;
    this.#access = access;
    this.#call = call;
    member.metrics.counts.watchStreams += 1;
  }

  onMessage(request: WatchRequest): void {
    if (request.createRequest !== undefined) this.#admit(request.createRequest);
    else if (request.cancelRequest !== undefined) this.#cancel(request.cancelRequest);
    else if (request.progressRequest !== undefined) this.#progressNow();
  }

  onDrain(): void {
    this.#full = false;
    const waiting = this.#takeBacklog();
    for (const response of waiting) this.#send(response);
    if (this.#full) return;
    for (const watch of [...this.#watches.values()]) watch.resume();
    this.#endIfOver();
  }

  /** As in etcd, a client that asks no more still listens, until nothing can come any more. */
  onHalfClose(): void {
    this.#halfClosed = true;
    this.#endIfOver();
  }

  onClose(): void {
    if (!this.#closed) this.#member.metrics.counts.watchStreams -= 1;
    this.#closed = true;
    if (this.#progressTimer !== null) clearInterval(this.#progressTimer);
    if (this.#progressRetry !== null) clearTimeout(this.#progressRetry);
    for (const watch of this.#watches.values()) watch.cancel();
    this.#watches.clear();
    this.#takeBacklog();
  }

  #takeBacklog(): readonly WatchResponse[] {
    const waiting = this.#backlog;
    this.#backlog = [];
    for (const { events } of waiting) this.#member.metrics.counts.pendingEvents -= events.length;
    return waiting;
  }

  /** Who asks may not be known yet: then it is created when it is. */
  #admit(request: WatchCreateRequest): void {
    try {
      const identified = this.#access.identifyOnce(this.#call);
      if (identified === null) this.#create(request);
      else this.#createLater(request, identified);
    } catch (error) {
      if (!(error instanceof RpcError)) throw error;
      this.#refuse(reasonOf(error));
    }
  }

  #createLater(request: WatchCreateRequest, identified: Promise<void>): void {
    this.#pending += 1;
    identified
      .then(() => this.#create(request))
      .catch((error: unknown) => this.#refuse(reasonOf(error)))
      .finally(() => {
        this.#pending -= 1;
        this.#endIfOver();
      });
  }

  /** Throws an RpcError where the caller may not watch this. */
  #create(request: WatchCreateRequest): void {
    if (this.#closed) return;
    this.#access.check(JUDGED_AS, request, this.#call);
    let judgedAt = this.#member.state.mvcc.auth.revision;
    let id = NO_WATCH;
    const opened = this.#member.state.mvcc.watch(
      {
        key: request.key.length === 0 ? FIRST_KEY : request.key,
        rangeEnd: request.rangeEnd,
        startRevision: request.startRevision,
        prevKv: request.prevKv,
        noPut: request.filters.includes(FilterType.NOPUT),
        noDelete: request.filters.includes(FilterType.NODELETE),
      },
      {
        events: (batch) => {
          const { revision } = this.#member.state.mvcc.auth;
          // Users and roles have changed: who may not read it now is told nothing more.
          if (revision !== judgedAt && !this.#stillPermitted(id, request)) return true;
          judgedAt = revision;
          return this.#events(id, batch, request.fragment);
        },
        compacted: (compactRevision) => this.#compacted(id, compactRevision),
      },
    );
    if (!opened.ok) {
      this.#refuse('mvcc: watcher range is empty');
      return;
    }
    const chosen = this.#chooseId(request.watchId);
    if (chosen === null) {
      opened.watch.cancel();
      this.#refuse('mvcc: duplicate watch ID provided on the WatchStream');
      return;
    }
    id = chosen;
    this.#watches.set(id, opened.watch);
    // The state tells a watch nothing before its next turn, so this comes before the first event.
    this.#send({ ...this.#response(id), created: true });
    if (request.progressNotify) this.#notifyProgress(id);
  }

  #stillPermitted(id: number, request: WatchCreateRequest): boolean {
    const refused = this.#access.refusalOfWatch(request, this.#call);
    if (refused === null) return true;
    this.#watches.get(id)?.cancel();
    this.#forget(id);
    this.#send({ ...this.#response(id), canceled: true, cancelReason: reasonOf(refused) });
    this.#endIfOver();
    return false;
  }

  #chooseId(wanted: number): number | null {
    if (wanted !== 0) return this.#watches.has(wanted) ? null : wanted;
    while (this.#watches.has(this.#nextId)) this.#nextId += 1;
    this.#nextId += 1;
    return this.#nextId - 1;
  }

  #cancel({ watchId }: WatchCancelRequest): void {
    const watch = this.#watches.get(watchId);
    if (watch === undefined) return;
    watch.cancel();
    this.#forget(watchId);
    this.#send({ ...this.#response(watchId), canceled: true });
    this.#endIfOver();
  }

  #events(id: number, batch: WatchBatch, fragments: boolean): boolean {
    if (this.#full || this.#backlog.length > 0) return false;
    for (const { revision, events, fragment } of cutBatch(batch, fragments, this.#member.config.maxRequestBytes)) {
      this.#member.metrics.counts.watchEvents += events.length;
      const told = events.map(({ type, kv, prevKv }) => ({ type, kv, prevKv }));
      this.#send({ ...this.#response(id, revision), events: told, fragment });
    }
    return true;
  }

  #compacted(id: number, compactRevision: number): void {
    this.#forget(id);
    // As etcd's: it is up to no revision.
    this.#send({ ...this.#response(id, 0), canceled: true, compactRevision });
    this.#endIfOver();
  }

  #refuse(reason: string): void {
    this.#send({ ...this.#response(NO_WATCH), created: true, canceled: true, cancelReason: reason });
  }

  #forget(id: number): void {
    this.#watches.delete(id);
    this.#wantsProgress.delete(id);
  }

  #endIfOver(): void {
    const idle = this.#watches.size === 0 && this.#pending === 0 && this.#backlog.length === 0;
    if (this.#halfClosed && idle && !this.#closed) this.#sink.end();
  }

  /** One answer for the whole stream, as soon as every watch of it is up to date. */
  #progressNow(): void {
    if (this.#progressRetry !== null) return;
    let revision: number | null = this.#member.state.mvcc.revision;
    for (const watch of this.#watches.values()) {
      const reached = watch.progress();
      revision = reached === null || revision === null ? null : Math.min(revision, reached);
    }
    if (revision !== null) {
      this.#send(this.#response(NO_WATCH, revision));
      return;
    }
    this.#progressRetry = setTimeout(() => {
      this.#progressRetry = null;
      this.#progressNow();
    }, PROGRESS_RETRY_MS);
  }

  #notifyProgress(id: number): void {
    this.#wantsProgress.add(id);
    this.#progressTimer ??= setInterval(() => {
      for (const wanting of this.#wantsProgress) {
        const revision = this.#watches.get(wanting)?.progress() ?? null;
        if (revision !== null) this.#send(this.#response(wanting, revision));
      }
    }, this.#member.config.watchProgressIntervalMs);
  }

  /** In order: what cannot be sent now goes behind what waits already. */
  #send(response: WatchResponse): void {
    if (this.#full) {
      this.#backlog.push(response);
      this.#member.metrics.counts.pendingEvents += response.events.length;
      if (this.#backlog.length > MAX_BACKLOG) {
        this.#sink.end(failure(etcdErrors.tooManyRequests));
        this.onClose();
      }
    } else if (!this.#sink.send(response)) {
      this.#full = true;
    }
  }

  #response(watchId: number, revision?: number): WatchResponse {
    return {
      header: this.#member.header(revision),
      watchId,
      created: false,
      canceled: false,
      compactRevision: 0,
      cancelReason: '',
      fragment: false,
      events: [],
    };
  }
}

/** As gRPC for Go prints an error, which is what etcd's clients look for. */
function reasonOf(error: unknown): string {
  const { codeName, text } = asRpcError(error);
  const name = codeName.toLowerCase().replace(/(?:^|_)([a-z])/g, (_, letter: string) => letter.toUpperCase());
  return `rpc error: code = ${name} desc = ${text}`;
}
