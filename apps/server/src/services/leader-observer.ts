/**
 * The stream of Election.Observe: who leads now, then every proclamation and every change of leader, in order. Follows
 * the whole line, so that it knows the next leader in the moment in which the last one goes.
 */
import type { Event, KeyValue, Watch, WatchBatch } from '@understudy/mvcc';
import { EventType } from '@understudy/mvcc';
import { etcdErrors, type LeaderRequest, type LeaderResponse, RangeRequest, type RpcError } from '@understudy/protocol';
import { failure, refused } from './failures.js';
import { prefixOf } from './lock-line.js';
import type { Member } from './member.js';
import type { TypedStreamHandler } from './rpc.js';

export interface LeaderObserverDeps {
  readonly member: Member;
  readonly sink: { send(message: LeaderResponse): boolean; end(error?: unknown): void };
  /** Throws where the caller may not read the line: asked at the beginning. */
  readonly permitted: (request: LeaderRequest) => void;
  /** Why the caller may not read on, by the users and roles of now. */
  readonly refusal: (request: LeaderRequest) => RpcError | null;
}

export class LeaderObserver implements TypedStreamHandler<LeaderRequest> {
  readonly #deps: LeaderObserverDeps;
  /** By key, in latin-1. */
  readonly #line = new Map<string, KeyValue>();
  #request: LeaderRequest | null = null;
  #watch: Watch | null = null;
  /** The last one told; 0: none. */
  #toldRevision = 0;
  #full = false;
  #closed = false;

  constructor(deps: LeaderObserverDeps) {
    this.#deps = deps;
  }

  onMessage(request: LeaderRequest): void {
    if (this.#request !== null) return;
    this.#request = request;
    this.#deps.member.readBarrier({ raw: null, timeoutMs: undefined }).then(
      () => this.#begin(request),
      (error: unknown) => this.#end(error),
    );
  }

  onDrain(): void {
    this.#full = false;
    this.#watch?.resume();
  }

  onHalfClose(): void {
    // Nothing more to ask was expected.
  }

  onClose(): void {
    this.#closed = true;
    this.#watch?.cancel();
  }

  #begin(request: LeaderRequest): void {
    if (this.#closed) return;
    const { mvcc } = this.#deps.member.state;
    try {
      this.#deps.permitted(request);
      const range = prefixOf(request.name);
      const found = mvcc.range(RangeRequest.create(range));
      if (!found.ok) throw refused(found.reason);
      for (const kv of found.kvs) this.#line.set(keyText(kv), kv);
      const opened = mvcc.watch(
        { ...range, startRevision: found.revision + 1, prevKv: false, noPut: false, noDelete: false },
        { events: (batch) => this.#events(batch), compacted: () => this.#end(failure(etcdErrors.compacted)) },
      );
      if (!opened.ok) throw refused(opened.reason);
      this.#watch = opened.watch;
      this.#tell(found.revision);
    } catch (error) {
      this.#end(error);
    }
  }

  #events({ events }: WatchBatch): boolean {
    if (this.#full) return false;
    const refusal = this.#request === null ? null : this.#deps.refusal(this.#request);
    if (refusal !== null) {
      this.#end(refusal);
      return true;
    }
    for (const [at, event] of events.entries()) {
      this.#apply(event);
      // Within a revision the line is in between.
      const revision = event.kv.modRevision;
      if (events[at + 1]?.kv.modRevision !== revision) this.#tell(revision);
    }
    return true;
  }

  #apply({ type, kv }: Event): void {
    if (type === EventType.delete) this.#line.delete(keyText(kv));
    else this.#line.set(keyText(kv), kv);
  }

  #tell(revision: number): void {
    let first: KeyValue | undefined;
    for (const kv of this.#line.values()) {
      if (first === undefined || kv.createRevision < first.createRevision) first = kv;
    }
    if (first === undefined || first.modRevision === this.#toldRevision || this.#closed) return;
    this.#toldRevision = first.modRevision;
    if (!this.#deps.sink.send({ header: this.#deps.member.header(revision), kv: first })) this.#full = true;
  }

  #end(error: unknown): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#watch?.cancel();
    this.#deps.sink.end(error);
  }
}

function keyText({ key }: KeyValue): string {
  return Buffer.from(key).toString('latin1');
}
