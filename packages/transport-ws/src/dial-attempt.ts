/**
 * One round of dialling a peer for one stream: its URLs in turn, then hello, accept, confirm. Ends once, with a channel
 * or a reason, unless it is cancelled.
 */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import { type Channel, helloOf, objectionTo, ownGreeting } from './channel.js';
import { type AttemptStage, saysGone, triesNextUrl } from './dial-plan.js';
import type { Environment } from './environment.js';
import { chooseProtocol, decodeHandshake, encodeConfirm, encodeGreeting, encodeRefusal } from './handshake-codec.js';
import type { Greeting } from './handshake-codec.js';
import type { Refusal } from './identity.js';
import { Opening } from './opening.js';
import { CloseCode, type RefusalReason, type StreamKind } from './protocol.js';
import { openClient } from './socket.js';

export type DialResult =
  | { readonly kind: 'confirmed'; readonly channel: Channel; readonly url: string }
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  /** `gone`: at every URL nobody listens. */
  | { readonly kind: 'failed'; readonly gone: boolean; readonly error: unknown };

export class DialAttempt {
  readonly #env: Environment;
  readonly #peer: number;
  readonly #stream: StreamKind;
  readonly #urls: readonly string[];
  readonly #done: (result: DialResult) => void;
  #nextUrl = 0;
  #url = '';
  #ws: WebSocket | null = null;
  #opening: Opening | null = null;
  #allGone = true;
  #error: unknown = null;
  #refusal: Refusal | null = null;
  #over = false;

  /** Dials at once; `done` is never called before the constructor has returned. */
  constructor(
    env: Environment,
    target: { readonly peer: number; readonly stream: StreamKind; readonly urls: readonly string[] },
    done: (result: DialResult) => void,
  ) {
    this.#env = env;
    this.#peer = target.peer;
    this.#stream = target.stream;
    this.#urls = target.urls;
    this.#done = done;
    this.#dialNext();
  }

  get stage(): AttemptStage {
    if (this.#over) return 'none';
    return this.#opening === null ? 'connecting' : 'hello-sent';
  }

  cancel(): void {
    if (this.#over) return;
    this.#over = true;
    if (this.#opening !== null) this.#opening.close(CloseCode.done, 'not needed any more');
    else this.#ws?.terminate();
  }

  #dialNext(): void {
    const url = this.#urls[this.#nextUrl];
    this.#nextUrl += 1;
    if (url === undefined) {
      queueMicrotask(() => this.#finish(this.#verdict()));
      return;
    }
    this.#url = url;
    let ws: WebSocket;
    try {
      ws = openClient(url, this.#env.options);
    } catch (error) {
      this.#env.warn(`url/${this.#peer}/${url}`, 'peer url is not usable', { peer: this.#peer, url, error });
      this.#failedUrl(error);
      return;
    }
    this.#env.track(ws);
    this.#ws = ws;
    let socket: Duplex | null = null;
    const onError = (error: unknown): void => {
      ws.off('error', onError);
      this.#ws = null;
      if (!this.#over) this.#failedUrl(error);
    };
    ws.on('error', onError);
    ws.once('upgrade', (response: IncomingMessage) => {
      socket = response.socket;
    });
    ws.once('open', () => {
      ws.off('error', onError);
      if (this.#over || socket === null) {
        ws.terminate();
        return;
      }
      this.#greet(ws, socket);
    });
  }

  #greet(ws: WebSocket, socket: Duplex): void {
    const opening = new Opening(ws, socket, this.#env.options.handshakeTimeoutMs, {
      message: (bytes) => this.#onAnswer(opening, bytes),
      failed: (failure, detail) => {
        if (failure === 'protocol-error') {
          this.#env.warn(`garbage/${this.#peer}`, 'peer broke the handshake', { peer: this.#peer, detail });
        }
        this.#failedUrl(new Error(detail));
      },
    });
    this.#opening = opening;
    ws.send(encodeGreeting('hello', ownGreeting(this.#env, this.#peer, this.#stream, null)));
  }

  #onAnswer(opening: Opening, bytes: Buffer): void {
    const decoded = decodeHandshake(bytes);
    if (!decoded.ok) {
      opening.protocolError(`answer to hello: ${decoded.reason}`);
      return;
    }
    const message = decoded.message;
    if (message.kind === 'accept') {
      this.#onAccept(opening, message.greeting);
    } else if (message.kind === 'refuse') {
      opening.close(CloseCode.refused, message.refusal.reason);
      this.#refused(message.refusal.reason, 'peer', message.refusal.configIndex);
    } else {
      opening.protocolError(`answer to hello: ${message.kind}`);
    }
  }

  #onAccept(opening: Opening, greeting: Greeting): void {
    const fixed = greeting.protocolMin === greeting.protocolMax;
    const protocol = fixed ? chooseProtocol(greeting.protocolMin, greeting.protocolMax) : 0;
    if (greeting.stream !== this.#stream) {
      opening.protocolError(`accepted a ${greeting.stream} stream for a ${this.#stream} one`);
      return;
    }
    const hello = helloOf(greeting, protocol, 'us');
    const objection =
      greeting.from === this.#peer
        ? objectionTo(this.#env, greeting, hello)
        : ({ reason: 'wrong-member', configIndex: 0 } as const);
    if (objection !== null) {
      opening.ws.send(encodeRefusal(objection.reason, objection.configIndex));
      opening.close(CloseCode.refused, objection.reason);
      this.#refused(objection.reason, 'us', objection.configIndex);
      return;
    }
    opening.ws.send(encodeConfirm());
    opening.release();
    this.#finish({
      kind: 'confirmed',
      channel: { ws: opening.ws, socket: opening.socket, hello },
      url: this.#url,
    });
  }

  #refused(reason: RefusalReason, by: 'peer' | 'us', configIndex: number): void {
    this.#opening = null;
    this.#allGone = false;
    this.#refusal = { peer: this.#peer, reason, by, configIndex };
    if (triesNextUrl(reason)) this.#dialNext();
    else this.#finish({ kind: 'refused', refusal: this.#refusal });
  }

  #failedUrl(error: unknown): void {
    this.#opening = null;
    this.#error = error;
    if (!saysGone(error)) this.#allGone = false;
    this.#dialNext();
  }

  #verdict(): DialResult {
    if (this.#refusal !== null) return { kind: 'refused', refusal: this.#refusal };
    return { kind: 'failed', gone: this.#allGone && this.#urls.length > 0, error: this.#error };
  }

  #finish(result: DialResult): void {
    if (this.#over) return;
    this.#over = true;
    this.#done(result);
  }
}
