/**
 * etcdserverpb.Watch: one stream carries many watches, told apart by id. A watch that the client cannot keep up with is
 * held in the state machine's history, never in an unbounded buffer here.
 */
import type { Watch, WatchBatch } from '@understudy/mvcc';
import {
  FilterType,
  type WatchCancelRequest,
  type WatchCreateRequest,
  type WatchRequest,
  type WatchResponse,
  WatchService,
} from '@understudy/protocol';
import type { Member } from './member.js';
import type { ServiceTableBuilder, TypedStreamHandler } from './rpc.js';

/** How often a watch that asks for progress hears the revision while nothing happens. */
const PROGRESS_INTERVAL_MS = 10 * 60 * 1000;
/** On a progress answer that is about no single watch. */
const NO_WATCH = -1;
/** An empty key in a watch means the first key there can be. */
const FIRST_KEY = new Uint8Array([0]);

interface Sink {
  send(message: WatchResponse): boolean;
  end(error?: unknown): void;
}

export function addWatchService(table: ServiceTableBuilder, member: Member): void {
  table.addStream(WatchService.methods.watch, (sink) => new WatchStream(member, sink));
}

class WatchStream implements TypedStreamHandler<WatchRequest> {
  readonly #member: Member;
  readonly #sink: Sink;
  readonly #watches = new Map<number, Watch>();
  #nextId = 0;
  #progressTimer: NodeJS.Timeout | null = null;
  readonly #wantsProgress = new Set<number>();
  /** The door is full: batches are refused until it drains. */
  #full = false;

  constructor(member: Member, sink: Sink) {
    this.#member = member;
    this.#sink = sink;
  }

  onMessage(request: WatchRequest): void {
    if (request.createRequest !== undefined) this.#create(request.createRequest);
    else if (request.cancelRequest !== undefined) this.#cancel(request.cancelRequest);
    else if (request.progressRequest !== undefined) this.#progressNow();
  }

  onDrain(): void {
    this.#full = false;
    for (const watch of this.#watches.values()) watch.resume();
  }

  onHalfClose(): void {
    this.onClose();
    this.#sink.end();
  }

  onClose(): void {
    if (this.#progressTimer !== null) clearInterval(this.#progressTimer);
    for (const watch of this.#watches.values()) watch.cancel();
    this.#watches.clear();
  }

  #create(request: WatchCreateRequest): void {
    const id = this.#chooseId(request.watchId);
    if (id === null) {
      this.#refuse('mvcc: duplicate watch ID provided on the WatchStream');
      return;
    }
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
        events: (batch) => this.#events(id, batch),
        compacted: (compactRevision) => this.#compacted(id, compactRevision),
      },
    );
    if (!opened.ok) {
      this.#refuse('mvcc: watcher range is empty');
      return;
    }
    this.#watches.set(id, opened.watch);
    // The state tells a watch nothing before its next turn, so this comes before the first event.
    this.#send({ ...this.#response(id), created: true });
    if (request.progressNotify) this.#notifyProgress(id);
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
  }

  #events(id: number, batch: WatchBatch): boolean {
    if (this.#full) return false;
    const response = this.#response(id, batch.revision);
    for (const event of batch.events) response.events.push({ type: event.type, kv: event.kv, prevKv: event.prevKv });
    this.#send(response);
    return true;
  }

  #compacted(id: number, compactRevision: number): void {
    this.#forget(id);
    this.#send({ ...this.#response(id), canceled: true, compactRevision });
  }

  #refuse(reason: string): void {
    this.#send({ ...this.#response(NO_WATCH), created: true, canceled: true, cancelReason: reason });
  }

  #forget(id: number): void {
    this.#watches.delete(id);
    this.#wantsProgress.delete(id);
  }

  /** One answer for the whole stream, only when every watch of it is up to date. */
  #progressNow(): void {
    let revision = this.#member.state.mvcc.revision;
    for (const watch of this.#watches.values()) {
      const reached = watch.progress();
      if (reached === null) return;
      revision = Math.min(revision, reached);
    }
    this.#send(this.#response(NO_WATCH, revision));
  }

  #notifyProgress(id: number): void {
    this.#wantsProgress.add(id);
    this.#progressTimer ??= setInterval(() => {
      for (const wanting of this.#wantsProgress) {
        const revision = this.#watches.get(wanting)?.progress() ?? null;
        if (revision !== null) this.#send(this.#response(wanting, revision));
      }
    }, PROGRESS_INTERVAL_MS);
  }

  #send(response: WatchResponse): void {
    if (!this.#sink.send(response)) this.#full = true;
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
