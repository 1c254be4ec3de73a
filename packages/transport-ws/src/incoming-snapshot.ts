/**
 * Receives one snapshot: hands its chunks to the owner as fast as it takes them, grants the sender credit for what was
 * taken, and lets the iteration end only when length and hash are right. Memory is bounded by the window.
 */
import { createHash, type Hash } from 'node:crypto';
import type { RawData } from 'ws';
import type { Channel } from './channel.js';
import type { PeerCounters } from './counters.js';
import { type Environment, ignore } from './environment.js';
import { TransportError } from './errors.js';
import { CloseCode } from './protocol.js';
import { Pulse } from './pulse.js';
import { decodeSnapshotMessage, encodeCredit, encodeDone, type SnapshotOutcome } from './snapshot-codec.js';
import { closeSocket } from './socket.js';

export interface IncomingSnapshotHandlers {
  receive(from: number, header: Uint8Array, chunks: AsyncIterable<Uint8Array>): Promise<void>;
  /** The stream is closed and the owner's promise is settled. */
  over(): void;
}

export class IncomingSnapshot {
  readonly peer: number;
  readonly startedAt: number;
  /** Bytes of chunks received. */
  bytes = 0;
  readonly #env: Environment;
  readonly #channel: Channel;
  readonly #counters: PeerCounters;
  readonly #handlers: IncomingSnapshotHandlers;
  readonly #pulse: Pulse;
  readonly #idleTimer: NodeJS.Timeout;
  readonly #hash: Hash = createHash('sha256');
  readonly #queue: Uint8Array[] = [];
  /** Bytes that the owner took; consumed <= bytes. */
  #consumed = 0;
  /** Bytes granted to the sender. It may overdraw by less than one chunk: bytes < limit + one chunk. */
  #limit = 0;
  #idleBytes = -1;
  /** Length and hash were right. */
  #complete = false;
  #failure: TransportError | null = null;
  #wake: () => void = ignore;
  /** The owner's `receive` was called, and has not settled. */
  #receiving = false;
  #headerSeen = false;
  #closed = false;

  constructor(env: Environment, channel: Channel, counters: PeerCounters, handlers: IncomingSnapshotHandlers) {
    this.#env = env;
    this.#channel = channel;
    this.#counters = counters;
    this.#handlers = handlers;
    this.peer = channel.hello.memberId;
    this.startedAt = env.clock.now();
    this.#pulse = new Pulse(env, channel.ws, channel.socket, {
      heard: ignore,
      isFull: () => false,
      dead: () => this.fail(new TransportError('disconnected', `${this.peer} is silent on its snapshot stream`)),
    });
    this.#idleTimer = setInterval(() => this.#checkIdle(), env.options.snapshotIdleTimeoutMs);
    channel.ws.on('message', this.#onMessage);
    channel.ws.on('close', this.#onClosed);
    this.#grant();
  }

  /** Ends the iteration with this error, and tells the sender. */
  fail(error: TransportError): void {
    if (this.#failure !== null || this.#closed) return;
    this.#failure = error;
    this.#queue.length = 0;
    this.#wake();
    this.#finish(outcomeOf(error), error.message);
  }

  #onHeader(header: Uint8Array): void {
    this.#headerSeen = true;
    this.#receiving = true;
    this.#hash.update(header);
    this.#receive(header).then(
      () => this.#settled('staged', ''),
      (error: unknown) => this.#settled('refused', error instanceof Error ? error.message : String(error)),
    );
  }

  async #receive(header: Uint8Array): Promise<void> {
    await this.#handlers.receive(this.peer, header, this.#chunks());
  }

  #settled(outcome: SnapshotOutcome, text: string): void {
    this.#receiving = false;
    if (outcome === 'staged' && !this.#closed) this.#counters.snapshotsReceived += 1;
    if (this.#closed) this.#handlers.over();
    else this.#finish(outcome, text);
  }

  async *#chunks(): AsyncGenerator<Uint8Array, void, void> {
    for (;;) {
      if (this.#failure !== null) throw this.#failure;
      const chunk = this.#queue.shift();
      if (chunk !== undefined) {
        yield chunk;
        this.#consumed += chunk.length;
        this.#grant();
      } else if (this.#complete) {
        return;
      } else {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
    }
  }

  /** Credit comes in steps of half a window, not with every chunk. */
  #grant(): void {
    const window = this.#env.options.snapshotWindowBytes;
    const limit = this.#consumed + window;
    if (this.#closed || limit - this.#limit < window / 2) return;
    this.#limit = limit;
    this.#channel.ws.send(encodeCredit(limit));
  }

  readonly #onMessage = (data: RawData, isBinary: boolean): void => {
    this.#pulse.heard();
    const message = isBinary ? decodeSnapshotMessage(data as Buffer) : null;
    if (message?.kind === 'header' && !this.#headerSeen) {
      this.#onHeader(message.bytes);
    } else if (message?.kind === 'chunk' && this.#headerSeen && !this.#complete && this.bytes < this.#limit) {
      this.#hash.update(message.bytes);
      this.bytes += message.bytes.length;
      this.#counters.snapshotBytesIn += message.bytes.length;
      this.#queue.push(message.bytes);
      this.#wake();
    } else if (message?.kind === 'end' && this.#headerSeen && !this.#complete) {
      this.#onEnd(message.totalBytes, message.hash);
    } else {
      this.#env.warn(`garbage/${this.peer}`, 'peer broke the snapshot protocol', { peer: this.peer });
      this.fail(new TransportError('protocol-error', 'a message that does not belong on a snapshot stream'));
    }
  };

  #onEnd(totalBytes: number, hash: Buffer): void {
    if (totalBytes !== this.bytes) {
      this.fail(new TransportError('snapshot-corrupt', `${this.bytes} bytes arrived of ${totalBytes}`));
    } else if (!this.#hash.digest().equals(hash)) {
      this.fail(new TransportError('snapshot-corrupt', `the hash over ${totalBytes} bytes does not match`));
    } else {
      this.#complete = true;
      this.#wake();
    }
  }

  readonly #onClosed = (code: number): void => {
    const gaveUp = code === CloseCode.snapshotAborted;
    const error = gaveUp
      ? new TransportError('aborted', `${this.peer} gave the snapshot up`)
      : new TransportError('disconnected', `the snapshot stream from ${this.peer} broke`);
    this.fail(error);
  };

  #checkIdle(): void {
    const maySend = this.bytes < this.#limit && !this.#complete;
    if (maySend && this.#idleBytes === this.bytes) {
      this.fail(
        new TransportError('snapshot-stalled', `nothing came for ${this.#env.options.snapshotIdleTimeoutMs} ms`),
      );
    }
    this.#idleBytes = maySend ? this.bytes : -1;
  }

  #finish(outcome: SnapshotOutcome, text: string): void {
    if (this.#closed) return;
    this.#closed = true;
    clearInterval(this.#idleTimer);
    this.#pulse.stop();
    const { ws } = this.#channel;
    ws.off('message', this.#onMessage);
    ws.off('close', this.#onClosed);
    if (ws.readyState === ws.OPEN) ws.send(encodeDone(outcome, text));
    closeSocket(ws, CloseCode.done, '');
    if (!this.#receiving) this.#handlers.over();
  }
}

function outcomeOf(error: TransportError): SnapshotOutcome {
  if (error.code === 'snapshot-corrupt') return 'corrupt';
  return error.code === 'snapshot-stalled' ? 'stalled' : 'refused';
}
