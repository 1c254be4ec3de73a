// A watch that outlives its connections. It remembers the revision it is to hear next, and after a reconnect or a change
// of leader it asks for exactly that one: no gap, no repeat. It ends when it is closed, when what it would resume from
// is compacted, or when the server refuses it for good.
import { EventType, FilterType, type ResponseHeader, WatchRequest } from '@understudy/protocol';
import { onAbort } from './abort-signals.js';
import { ClientError } from './client-error.js';
import { type Bytes, type KeyRange, toWireRange } from './key-range.js';
import { KeyValue, wrapKeyValue } from './key-value.js';
import { WatchStream, type WatchStreamDeps, type WatchStreamUpdate } from './watch-stream.js';

export interface WatchOptions {
  /** The first revision to hear of. Default: the one after the server has begun to watch. */
  readonly startRevision?: number | undefined;
  /** Give the version before with each event, where it is not compacted. */
  readonly prevKv?: boolean | undefined;
  /** Also yield updates without events, now and then, so that a reader knows how far it has heard. */
  readonly progress?: boolean | undefined;
  /** Leave out puts, or deletes. */
  readonly ignore?: 'puts' | 'deletes' | undefined;
  /** Only this endpoint. Default: any voter, another after a failure. */
  readonly endpoint?: string | undefined;
  /** Closes the watcher. */
  readonly signal?: AbortSignal | undefined;
}

export interface WatchEvent {
  readonly type: 'put' | 'delete';
  /** Of a delete: the key and the revision of the delete, an empty value. */
  readonly kv: KeyValue;
  /** The version before; only where asked for. */
  readonly prevKv: KeyValue | undefined;
}

/** Events of one or more whole revisions, in their order. */
export interface WatchUpdate {
  readonly header: ResponseHeader;
  /** Empty: nothing happened up to `header.revision`. */
  readonly events: readonly WatchEvent[];
}

interface QueuedUpdate extends WatchUpdate {
  readonly release: () => void;
}

export interface WatcherDeps extends WatchStreamDeps {
  readonly onEnd: (watcher: Watcher) => void;
}

/** Iterate over it once, by events or by `updates()`; leaving the loop closes it. */
export class Watcher implements AsyncIterable<WatchEvent>, AsyncDisposable {
  /** Settles when the server watches for the first time, with its header: events after that revision are heard. */
  readonly started: Promise<ResponseHeader>;
  private readonly stream: WatchStream;
  private readonly queue: QueuedUpdate[] = [];
  // updates before `head` were read
  private head = 0;
  private waiter: (() => void) | undefined = undefined;
  private ended = false;
  private error: ClientError | undefined = undefined;
  private unlisten: (() => void) | undefined = undefined;

  private readonly onEnd: (watcher: Watcher) => void;

  /** For `Client.watch`. */
  constructor(deps: WatcherDeps, keys: Bytes | KeyRange, options: WatchOptions) {
    this.onEnd = deps.onEnd;
    const { key, rangeEnd } = toWireRange(keys);
    const filters =
      options.ignore === undefined ? [] : [options.ignore === 'puts' ? FilterType.NOPUT : FilterType.NODELETE];
    const createRequest = {
      // The caller's buffers may change while the watch lives.
      key: Uint8Array.from(key),
      rangeEnd: Uint8Array.from(rangeEnd),
      startRevision: options.startRevision ?? 0,
      progressNotify: options.progress ?? false,
      filters,
      prevKv: options.prevKv ?? false,
      watchId: 0,
      fragment: true,
    };
    let begun: (header: ResponseHeader) => void = () => {};
    let failed: (error: Error) => void = () => {};
    this.started = new Promise((resolve, reject) => {
      begun = resolve;
      failed = reject;
    });
    // Whoever does not wait for the start hears of the failure by iterating.
    this.started.catch(() => {});
    this.stream = new WatchStream(deps, WatchRequest.create({ createRequest }), options.endpoint, {
      created: begun,
      update: (update) => this.enqueue(update, options.progress ?? false),
      failed: (error) => {
        failed(error);
        this.finish(error);
      },
    });
    this.listen(options.signal, failed);
  }

  private listen(signal: AbortSignal | undefined, failed: (error: Error) => void): void {
    const abort = (): void => {
      failed(new ClientError('CANCELLED', 'the watch was closed', { outcome: 'not-applied' }));
      void this.close();
    };
    if (signal?.aborted === true) abort();
    else if (signal !== undefined) this.unlisten = onAbort(signal, abort);
  }

  /** The revision that is heard of next; 0 while the server has not begun. Where a later watch can take over. */
  get nextRevision(): number {
    return this.stream.nextRevision;
  }

  /**
   * Whole answers instead of single events; with `progress` also those without events.
   * @throws ClientError OUT_OF_RANGE with `compactRevision`, or why the server refuses the watch
   */
  async *updates(): AsyncGenerator<WatchUpdate, void, undefined> {
    try {
      for (;;) {
        while (this.head < this.queue.length) yield this.dequeue();
        if (this.error !== undefined) throw this.error;
        if (this.ended) return;
        await new Promise<void>((resolve) => {
          this.waiter = resolve;
        });
      }
    } finally {
      await this.close();
    }
  }

  /** @throws ClientError as `updates` does */
  async *[Symbol.asyncIterator](): AsyncGenerator<WatchEvent, void, undefined> {
    for await (const { events } of this.updates()) yield* events;
  }

  /** Ends the watch; what was received before can still be read. */
  async close(): Promise<void> {
    this.stream.close();
    this.finish(undefined);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  private enqueue({ header, events, release }: WatchStreamUpdate, progress: boolean): void {
    if (events.length === 0 && !progress) {
      release();
      return;
    }
    const list = events.map(
      (event): WatchEvent => ({
        type: event.type === EventType.DELETE ? 'delete' : 'put',
        kv: new KeyValue(event.kv ?? { key: NO_BYTES, value: NO_BYTES, ...NO_VERSION }),
        prevKv: wrapKeyValue(event.prevKv),
      }),
    );
    this.queue.push({ header, events: list, release });
    this.wake();
  }

  private dequeue(): WatchUpdate {
    const { header, events, release } = this.queue[this.head] as QueuedUpdate;
    this.head += 1;
    if (this.head === this.queue.length) {
      this.queue.length = 0;
      this.head = 0;
    }
    release();
    return { header, events };
  }

  private finish(error: ClientError | undefined): void {
    if (this.ended) return;
    this.ended = true;
    this.error = error;
    this.unlisten?.();
    this.onEnd(this);
    this.wake();
  }

  private wake(): void {
    const { waiter } = this;
    this.waiter = undefined;
    waiter?.();
  }
}

const NO_BYTES = new Uint8Array(0);
const NO_VERSION = { createRevision: 0, modRevision: 0, version: 0, lease: 0n };
