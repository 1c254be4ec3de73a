/**
 * Sends one snapshot on a stream of its own: header, chunks as the receiver's credit and the rate limit allow, then
 * length and hash, then waits for the receiver's answer. Holds at most one chunk beside what the credit lets through.
 */
import { createHash, type Hash } from 'node:crypto';
import type { RawData } from 'ws';
import type { Channel } from './channel.js';
import type { PeerCounters } from './counters.js';
import { DialAttempt } from './dial-attempt.js';
import { type Environment, ignore } from './environment.js';
import { TransportError } from './errors.js';
import { CloseCode } from './protocol.js';
import { Pulse } from './pulse.js';
import {
  decodeSnapshotMessage,
  emptyChunk,
  encodeSnapshotEnd,
  encodeSnapshotHeader,
  type SnapshotOutcome,
} from './snapshot-codec.js';
import { closeSocket } from './socket.js';
import type { TokenBucket } from './token-bucket.js';

/** While the rate limit holds a chunk back, a change of the limit is noticed this soon. */
const RATE_POLL_MS = 50;

const OUTCOME_CODE = {
  refused: 'snapshot-refused',
  corrupt: 'snapshot-corrupt',
  stalled: 'snapshot-stalled',
} as const;

export class OutgoingSnapshot {
  readonly peer: number;
  readonly startedAt: number;
  /** Bytes of chunks given to the socket. */
  bytes = 0;
  readonly #env: Environment;
  readonly #counters: PeerCounters;
  readonly #bucket: TokenBucket;
  readonly #hash: Hash = createHash('sha256');
  /**
   * Messages that have left for the system, to be filled again: new memory for each would make V8 collect the whole heap
   * again and again while a snapshot is sent. As many as the receiver's credit lets wait in the socket.
   */
  readonly #written: Buffer[] = [];
  /** Bytes of chunks that the receiver allowed so far; a chunk may begin below it. */
  #limit = 0;
  #outcome: { readonly kind: SnapshotOutcome; readonly text: string } | null = null;
  #failure: TransportError | null = null;
  /** Ends the wait that is going on, if there is one. At most one is: `run` is one sequence. */
  #wake: () => void = ignore;
  #interrupt: (error: TransportError) => void = ignore;

  constructor(env: Environment, peer: number, counters: PeerCounters, bucket: TokenBucket) {
    this.#env = env;
    this.peer = peer;
    this.startedAt = env.clock.now();
    this.#counters = counters;
    this.#bucket = bucket;
  }

  /** Stops `run` with this error. */
  fail(error: TransportError): void {
    if (this.#failure !== null) return;
    this.#failure = error;
    this.#interrupt(error);
  }

  async run(
    urls: readonly string[],
    header: Uint8Array,
    chunks: AsyncIterable<Uint8Array>,
    signal: AbortSignal,
  ): Promise<void> {
    const onAbort = (): void => {
      this.fail(new TransportError('aborted', `snapshot to ${this.peer} aborted`, { cause: signal.reason }));
    };
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort);
    try {
      const channel = await this.#dial(urls);
      await this.#transfer(channel, header, chunks);
      this.#counters.snapshotsSent += 1;
    } finally {
      signal.removeEventListener('abort', onAbort);
    }
  }

  async #dial(urls: readonly string[]): Promise<Channel> {
    let attempt: DialAttempt | null = null;
    try {
      return await this.#wait<Channel>((resolve, reject) => {
        attempt = new DialAttempt(this.#env, { peer: this.peer, stream: 'snapshot', urls }, (result) => {
          if (result.kind === 'confirmed') {
            resolve(result.channel);
          } else if (result.kind === 'refused') {
            this.#env.refused(result.refusal);
            const { reason, by } = result.refusal;
            reject(
              new TransportError('refused', `snapshot to ${this.peer}: ${reason}, says ${by}`, { refusal: reason }),
            );
          } else {
            reject(new TransportError('unreachable', `no url of ${this.peer} answers`, { cause: result.error }));
          }
        });
      });
    } catch (error) {
      (attempt as DialAttempt | null)?.cancel();
      throw error;
    }
  }

  async #transfer(channel: Channel, header: Uint8Array, chunks: AsyncIterable<Uint8Array>): Promise<void> {
    const { ws, socket } = channel;
    const onClosed = (): void =>
      this.fail(new TransportError('disconnected', `the snapshot stream to ${this.peer} broke`));
    const pulse = new Pulse(this.#env, ws, socket, {
      heard: ignore,
      isFull: () => false,
      dead: () => this.fail(new TransportError('disconnected', `${this.peer} is silent on its snapshot stream`)),
    });
    ws.on('close', onClosed);
    ws.on('message', (data: RawData, isBinary: boolean) => {
      pulse.heard();
      this.#onMessage(data as Buffer, isBinary);
    });
    // It may have closed between the handshake and the turn in which this goes on.
    if (ws.readyState !== ws.OPEN) onClosed();
    try {
      if (this.#failure !== null) throw this.#failure;
      ws.send(encodeSnapshotHeader(header));
      this.#hash.update(header);
      await this.#sendChunks(channel, chunks);
      ws.send(encodeSnapshotEnd(this.bytes, this.#hash.digest()));
      const outcome = await this.#answer();
      if (outcome.kind !== 'staged') {
        throw new TransportError(
          OUTCOME_CODE[outcome.kind],
          `${this.peer} did not stage the snapshot: ${outcome.text}`,
        );
      }
      closeSocket(ws, CloseCode.done, '');
    } catch (error) {
      closeSocket(ws, CloseCode.snapshotAborted, 'snapshot given up');
      throw error;
    } finally {
      pulse.stop();
      ws.off('close', onClosed);
    }
  }

  async #sendChunks(channel: Channel, chunks: AsyncIterable<Uint8Array>): Promise<void> {
    const chunkBytes = this.#env.options.snapshotChunkBytes;
    const source = chunks[Symbol.asyncIterator]();
    let message = this.#message(chunkBytes);
    let used = 0;
    let exhausted = false;
    try {
      // A receiver that has what it needs may answer before the end.
      while (this.#outcome === null) {
        const next = await this.#pull(source);
        if (next.done === true) {
          exhausted = true;
          break;
        }
        for (let taken = 0; taken < next.value.length; ) {
          const part = next.value.subarray(taken, taken + chunkBytes - used);
          message.set(part, 1 + used);
          used += part.length;
          taken += part.length;
          if (used === chunkBytes) {
            await this.#sendChunk(channel, message, chunkBytes);
            message = this.#message(chunkBytes);
            used = 0;
          }
        }
      }
      if (used > 0) await this.#sendChunk(channel, message, used);
    } finally {
      // Not awaited: a source that hangs in next() would hang in return() too.
      if (!exhausted) source.return?.().then(ignore, ignore);
    }
  }

  #message(chunkBytes: number): Buffer {
    return this.#written.pop() ?? emptyChunk(chunkBytes);
  }

  async #sendChunk(channel: Channel, message: Buffer, bytes: number): Promise<void> {
    while (this.bytes >= this.#limit && this.#outcome === null)
      await this.#wait<void>((resolve) => this.#wakeBy(resolve));
    for (let waitMs = this.#bucket.waitMs(this.#env.clock.now()); waitMs > 0; ) {
      await this.#pause(Math.min(waitMs, RATE_POLL_MS));
      waitMs = this.#bucket.waitMs(this.#env.clock.now());
    }
    if (this.#outcome !== null) return;
    this.#bucket.take(bytes);
    const sent = message.subarray(0, 1 + bytes);
    this.#hash.update(sent.subarray(1));
    this.bytes += bytes;
    this.#counters.snapshotBytesOut += bytes;
    channel.ws.send(sent, () => this.#written.push(message));
  }

  async #answer(): Promise<{ readonly kind: SnapshotOutcome; readonly text: string }> {
    while (this.#outcome === null) await this.#wait<void>((resolve) => this.#wakeBy(resolve));
    return this.#outcome;
  }

  #onMessage(data: Buffer, isBinary: boolean): void {
    const message = isBinary ? decodeSnapshotMessage(data) : null;
    if (message?.kind === 'credit') this.#limit = Math.max(this.#limit, message.limit);
    else if (message?.kind === 'done') this.#outcome = { kind: message.outcome, text: message.text };
    else this.fail(new TransportError('protocol-error', `${this.peer} sent garbage on its snapshot stream`));
    this.#wake();
  }

  #pull(source: AsyncIterator<Uint8Array>): Promise<IteratorResult<Uint8Array>> {
    return this.#wait((resolve, reject) => {
      source.next().then(resolve, (cause: unknown) => {
        reject(new TransportError('source-failed', `reading the snapshot for ${this.peer} failed`, { cause }));
      });
    });
  }

  async #pause(ms: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    try {
      await this.#wait<void>((resolve) => {
        timer = setTimeout(resolve, ms);
      });
    } finally {
      clearTimeout(timer);
    }
  }

  #wakeBy(resolve: () => void): void {
    this.#wake = resolve;
  }

  /** Every wait goes through here, so that a failure ends whichever is going on. */
  #wait<T>(begin: (resolve: (value: T) => void, reject: (error: TransportError) => void) => void): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      if (this.#failure !== null) {
        reject(this.#failure);
        return;
      }
      this.#interrupt = reject;
      begin(resolve, reject);
    });
  }
}
