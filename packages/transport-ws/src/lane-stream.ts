/**
 * One confirmed stream of one lane: queues the frames of a turn, writes them as one message, hands received frames on,
 * and ends exactly once with a cause. Knows nothing of dialling.
 */
import type { DisconnectCause, SendResult } from '@understudy/raft-node';
import { type RawData, WebSocket } from 'ws';
import type { Channel } from './channel.js';
import type { PeerCounters } from './counters.js';
import type { Environment } from './environment.js';
import type { FlushSchedule } from './flush-schedule.js';
import { countFrames, encodeBatch, frameAt, nextFrameOffset } from './frame-batch.js';
import type { PeerHello } from './identity.js';
import { CloseCode } from './protocol.js';
import { Pulse } from './pulse.js';
import { isProtocolError, isSilenceError } from './socket.js';

export interface LaneStreamHandlers {
  /** Anything arrived: the peer is alive. */
  heard(): void;
  frame(frame: Uint8Array): void;
  /** Told once; nothing follows. */
  ended(cause: DisconnectCause, detail: string): void;
}

const BINARY = { binary: true, compress: false } as const;

export class LaneStream {
  readonly hello: PeerHello;
  readonly openedAt: number;
  readonly #ws: WebSocket;
  readonly #schedule: FlushSchedule;
  readonly #counters: PeerCounters;
  readonly #handlers: LaneStreamHandlers;
  readonly #pulse: Pulse;
  readonly #maxQueuedBytes: number;
  readonly #maxBatchBytes: number;
  /** Frames of this turn; #queuedBytes is the sum of their lengths. */
  #queue: Uint8Array[] = [];
  #queuedBytes = 0;
  /** A frame was turned away, and the queue has not been half empty since. */
  #full = false;
  #open = true;
  #error: unknown = null;

  constructor(
    env: Environment,
    channel: Channel,
    shared: { readonly schedule: FlushSchedule; readonly counters: PeerCounters },
    handlers: LaneStreamHandlers,
  ) {
    this.hello = channel.hello;
    this.openedAt = env.clock.now();
    this.#ws = channel.ws;
    this.#schedule = shared.schedule;
    this.#counters = shared.counters;
    this.#handlers = handlers;
    this.#maxBatchBytes = env.options.maxBatchBytes;
    this.#maxQueuedBytes =
      channel.hello.stream === 'control' ? env.options.maxQueuedControlBytes : env.options.maxQueuedBulkBytes;
    this.#ws.on('message', this.#onMessage);
    this.#ws.on('error', this.#onError);
    this.#ws.on('close', this.#onGone);
    this.#pulse = new Pulse(env, channel.ws, channel.socket, {
      heard: () => handlers.heard(),
      isFull: () => this.#stillFull(),
      dead: (cause) => this.close(cause, CloseCode.done, cause),
    });
  }

  get rttMs(): number | null {
    return this.#pulse.rttMs;
  }

  /** Bytes that left `send` and did not reach the kernel yet. */
  get waitingBytes(): number {
    return this.#queuedBytes + this.#ws.bufferedAmount;
  }

  /** Calls back once a ping that leaves after this call is answered. */
  challenge(answered: () => void): void {
    this.#pulse.challenge(answered);
  }

  send(frame: Uint8Array): SendResult {
    const waiting = this.#queuedBytes + this.#ws.bufferedAmount;
    // An idle lane takes any legal frame, so that a small limit cannot lock a large entry out for ever.
    if (waiting > 0 && waiting + frame.length > this.#maxQueuedBytes) {
      this.#full = true;
      this.#counters.framesTurnedAway += 1;
      return 'full';
    }
    if (this.#queue.length === 0) this.#schedule.add(this);
    this.#queue.push(frame);
    this.#queuedBytes += frame.length;
    return 'sent';
  }

  flush(): void {
    const frames = this.#queue;
    if (frames.length === 0) return;
    if (!this.#open || this.#ws.readyState !== WebSocket.OPEN) {
      this.#dropQueue();
      return;
    }
    this.#counters.framesOut += frames.length;
    this.#counters.bytesOut += this.#queuedBytes;
    let from = 0;
    while (from < frames.length) {
      let bytes = (frames[from] as Uint8Array).length;
      let to = from + 1;
      while (
        to < frames.length &&
        bytes + (frames[to] as Uint8Array).length + 4 * (to - from + 1) < this.#maxBatchBytes
      ) {
        bytes += (frames[to] as Uint8Array).length;
        to += 1;
      }
      this.#ws.send(encodeBatch(frames, from, to, bytes), BINARY);
      this.#counters.messagesOut += 1;
      from = to;
    }
    frames.length = 0;
    this.#queuedBytes = 0;
  }

  /** Ends the stream from this side. Frames of this turn still go out where the cause allows it. */
  close(cause: DisconnectCause, code: CloseCode, reason: string): void {
    if (!this.#open) return;
    if (cause === 'closed-by-us') this.flush();
    this.#end(cause, reason);
    // A peer that does not read does not read a closing handshake either.
    if (cause === 'closed-by-us' || cause === 'protocol-error') this.#ws.close(code, reason);
    else this.#ws.terminate();
  }

  #end(cause: DisconnectCause, detail: string): void {
    this.#open = false;
    this.#pulse.stop();
    this.#ws.off('message', this.#onMessage);
    this.#ws.off('error', this.#onError);
    this.#ws.off('close', this.#onGone);
    this.#dropQueue();
    this.#handlers.ended(cause, detail);
  }

  #dropQueue(): void {
    this.#counters.framesDropped += this.#queue.length;
    this.#queue.length = 0;
    this.#queuedBytes = 0;
  }

  #stillFull(): boolean {
    if (this.#full && this.waitingBytes < this.#maxQueuedBytes / 2) this.#full = false;
    return this.#full;
  }

  readonly #onMessage = (data: RawData, isBinary: boolean): void => {
    const message = data as Buffer;
    const count = isBinary ? countFrames(message) : -1;
    if (count < 0) {
      const detail = isBinary ? `a message of ${message.length} bytes is no batch of frames` : 'a text message';
      this.close('protocol-error', CloseCode.protocolError, detail);
      return;
    }
    this.#pulse.heard();
    this.#handlers.heard();
    this.#counters.messagesIn += 1;
    this.#counters.framesIn += count;
    let offset = 1;
    for (let i = 0; i < count; i += 1) {
      const frame = frameAt(message, offset);
      offset = nextFrameOffset(offset, frame);
      this.#counters.bytesIn += frame.length;
      this.#handlers.frame(frame);
      // The receiver may have removed this peer while it read a frame.
      if (!this.#open) return;
    }
  };

  readonly #onError = (error: Error): void => {
    this.#error = error;
    // `ws` closes by itself after an error of its own protocol, and on a network error 'close' follows.
    if (isProtocolError(error)) this.#end('protocol-error', error.message);
  };

  /** FIN, RST or a closing handshake of the peer. */
  readonly #onGone = (): void => {
    const silent = isSilenceError(this.#error);
    this.#end(silent ? 'ping-timeout' : 'closed-by-peer', silent ? 'the kernel gave up on the connection' : 'closed');
  };
}
