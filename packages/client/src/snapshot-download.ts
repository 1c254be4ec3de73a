// A member's snapshot, taken in as it comes and held against the hash at its end. A reader that is slow holds the server
// back. It comes from one member, in one stream: one that breaks is begun anew by its caller, never patched.
import { createHash, type Hash } from 'node:crypto';
import {
  type ClientStream,
  MaintenanceService,
  type RpcError,
  type SnapshotRequest,
  SnapshotResponse,
  type StreamSink,
} from '@understudy/protocol';
import { onAbort } from './abort-signals.js';
import { ClientError, serverError } from './client-error.js';
import type { Dispatcher } from './dispatcher.js';
import type { EndpointState } from './endpoint-state.js';

export interface SnapshotProgress {
  /** Received so far. */
  readonly bytes: number;
  /** Still to come; an estimate until the last piece. */
  readonly remainingBytes: number;
}

export interface SnapshotOptions {
  /** Whose snapshot. Default: any voter's. */
  readonly endpoint?: string | undefined;
  /** Told after each piece. */
  readonly onProgress?: ((progress: SnapshotProgress) => void) | undefined;
  /** Ends it with `CANCELLED`. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds until the first connection is there. Default: the client's `timeoutMs`. */
  readonly timeoutMs?: number | undefined;
}

/** SHA-256 of everything before, at the end of the file. */
const HASH_BYTES = 32;

interface Piece {
  readonly blob: Uint8Array;
  readonly remainingBytes: number;
  /** Of the message, for the server's credit. */
  readonly size: number;
}

/**
 * The bytes of a snapshot file, in order.
 * @throws ClientError DATA_LOSS when the hash does not hold: what was received is worth nothing; UNAVAILABLE when the
 * stream broke
 */
export async function* downloadSnapshot(
  dispatcher: Dispatcher,
  timeoutMs: number,
  options: SnapshotOptions,
): AsyncGenerator<Uint8Array, void, undefined> {
  const { signal, onProgress } = options;
  const state = await connect(dispatcher, timeoutMs, options);
  const pieces = new Pieces(state);
  const unlisten = signal === undefined ? () => {} : onAbort(signal, () => pieces.fail(cancelled(state)));
  const check = new TrailingHash();
  let bytes = 0;
  try {
    for (let piece = await pieces.next(); piece !== undefined; piece = await pieces.next()) {
      const { blob, remainingBytes } = piece;
      check.push(blob);
      bytes += blob.length;
      onProgress?.({ bytes, remainingBytes });
      yield blob;
      pieces.done(piece);
    }
    if (check.holds()) return;
    const text = `the snapshot of ${bytes} bytes does not have the hash at its end`;
    throw new ClientError('DATA_LOSS', text, { outcome: 'not-applied', endpoint: state.endpoint.name });
  } finally {
    unlisten();
    pieces.close();
  }
}

async function connect(dispatcher: Dispatcher, timeoutMs: number, options: SnapshotOptions): Promise<EndpointState> {
  const { endpoint, signal } = options;
  const ms = options.timeoutMs ?? timeoutMs;
  const timeout = AbortSignal.timeout(ms);
  const either = signal === undefined ? timeout : AbortSignal.any([timeout, signal]);
  return new Promise((resolve, reject) => {
    const gaveUp = (): void => {
      if (signal?.aborted === true) reject(cancelled(undefined));
      else {
        const text = `no connection within ${ms} ms`;
        reject(new ClientError('DEADLINE_EXCEEDED', text, { outcome: 'not-applied', retryable: true, endpoint }));
      }
    };
    if (either.aborted) gaveUp();
    else either.addEventListener('abort', gaveUp, { once: true });
    dispatcher
      .connection({ pinned: endpoint, avoid: undefined }, either)
      .then(resolve, reject)
      .finally(() => either.removeEventListener('abort', gaveUp));
  });
}

function cancelled(state: EndpointState | undefined): ClientError {
  const details = { outcome: 'not-applied', endpoint: state?.endpoint.name } as const;
  return new ClientError('CANCELLED', 'the snapshot was aborted', details);
}

// What the stream has brought and nobody has read: bounded by the credit that the server has.
class Pieces implements StreamSink {
  readonly manualCredit = true;
  private readonly queue: Piece[] = [];
  // pieces before `head` were read
  private head = 0;
  private waiter: (() => void) | undefined = undefined;
  private ended = false;
  private error: Error | undefined = undefined;
  private readonly state: EndpointState;
  private readonly stream: ClientStream<SnapshotRequest> | undefined;

  constructor(state: EndpointState) {
    this.state = state;
    try {
      this.stream = state.connection?.session.openStream(MaintenanceService.methods.snapshot, this);
      this.stream?.send({});
      this.stream?.halfClose();
    } catch (error) {
      this.end(error as RpcError);
    }
  }

  message(payload: Uint8Array): void {
    const { blob, remainingBytes } = SnapshotResponse.decode(payload);
    this.queue.push({ blob, remainingBytes, size: payload.length });
    this.wake();
  }

  end(error: RpcError | undefined): void {
    if (error === undefined) this.ended = true;
    else this.error ??= serverError(error, this.state.endpoint.name, 'not-applied');
    this.wake();
  }

  fail(error: ClientError): void {
    this.error = error;
    this.wake();
  }

  async next(): Promise<Piece | undefined> {
    for (;;) {
      if (this.error !== undefined) throw this.error;
      if (this.head < this.queue.length) break;
      if (this.ended) return undefined;
      await new Promise<void>((resolve) => {
        this.waiter = resolve;
      });
    }
    const piece = this.queue[this.head] as Piece;
    this.head += 1;
    if (this.head === this.queue.length) {
      this.queue.length = 0;
      this.head = 0;
    }
    return piece;
  }

  done({ size }: Piece): void {
    this.stream?.consume(size);
  }

  close(): void {
    this.stream?.cancel();
  }

  private wake(): void {
    const { waiter } = this;
    this.waiter = undefined;
    waiter?.();
  }
}

// The hash of all but the last bytes, which are not known to be the last before the end.
class TrailingHash {
  private readonly hash: Hash = createHash('sha256');
  private held: Buffer = Buffer.alloc(0);

  push(blob: Uint8Array): void {
    const all = Buffer.concat([this.held, blob]);
    const sure = Math.max(0, all.length - HASH_BYTES);
    this.hash.update(all.subarray(0, sure));
    this.held = all.subarray(sure);
  }

  holds(): boolean {
    return this.held.length === HASH_BYTES && this.hash.digest().equals(this.held);
  }
}
