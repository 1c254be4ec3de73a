/**
 * The answering side of a handshake: waits for hello, accepts or refuses it, waits for confirm. The socket may be closed
 * from outside when a newer hello of the same peer and lane takes its place.
 */
import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import { type Channel, helloOf, type Objection, objectionTo, ownGreeting } from './channel.js';
import type { Environment } from './environment.js';
import { chooseProtocol, decodeHandshake, encodeGreeting, encodeRefusal, type Greeting } from './handshake-codec.js';
import type { PeerHello } from './identity.js';
import { Opening } from './opening.js';
import { CloseCode } from './protocol.js';

export interface AnswerHandlers {
  /** The hello is in order: the last word is with whoever knows the streams there are. */
  claim(hello: PeerHello, answer: Answer): Objection | null;
  confirmed(channel: Channel, answer: Answer): void;
  /** It came to nothing. `hello` is null when none was accepted. */
  failed(hello: PeerHello | null, answer: Answer): void;
}

export class Answer {
  readonly #env: Environment;
  readonly #handlers: AnswerHandlers;
  readonly #opening: Opening;
  readonly #from: string;
  #hello: PeerHello | null = null;
  #over = false;

  constructor(env: Environment, ws: WebSocket, socket: Duplex, from: string, handlers: AnswerHandlers) {
    this.#env = env;
    this.#handlers = handlers;
    this.#from = from;
    this.#opening = new Opening(ws, socket, env.options.handshakeTimeoutMs, {
      message: (bytes) => this.#onMessage(bytes),
      failed: (failure, detail) => {
        if (failure === 'protocol-error') {
          env.warn(`garbage/${this.#from}`, 'a connection broke the handshake', { from: this.#from, detail });
        }
        this.#fail();
      },
    });
  }

  /** Drops the connection; `failed` is told. */
  drop(code: CloseCode, reason: string): void {
    if (this.#over) return;
    this.#opening.close(code, reason);
    this.#fail();
  }

  #onMessage(bytes: Buffer): void {
    const decoded = decodeHandshake(bytes);
    if (!decoded.ok) {
      this.#opening.protocolError(decoded.reason);
      return;
    }
    const message = decoded.message;
    if (message.kind === 'hello' && this.#hello === null) this.#onHello(message.greeting);
    else if (message.kind === 'confirm' && this.#hello !== null) this.#onConfirm(this.#hello);
    else if (message.kind === 'refuse' && this.#hello !== null) {
      this.#env.refused({
        peer: this.#hello.memberId,
        reason: message.refusal.reason,
        by: 'peer',
        configIndex: message.refusal.configIndex,
      });
      this.drop(CloseCode.refused, message.refusal.reason);
    } else this.#opening.protocolError(`unexpected ${message.kind}`);
  }

  #onHello(greeting: Greeting): void {
    const hello = helloOf(greeting, chooseProtocol(greeting.protocolMin, greeting.protocolMax), 'peer');
    const objection = objectionTo(this.#env, greeting, hello) ?? this.#handlers.claim(hello, this);
    if (objection !== null) {
      this.#opening.ws.send(encodeRefusal(objection.reason, objection.configIndex));
      this.#env.refused({
        peer: greeting.from,
        reason: objection.reason,
        by: 'us',
        configIndex: objection.configIndex,
      });
      this.drop(CloseCode.refused, objection.reason);
      return;
    }
    this.#hello = hello;
    this.#opening.ws.send(
      encodeGreeting('accept', ownGreeting(this.#env, hello.memberId, hello.stream, hello.protocol)),
    );
  }

  #onConfirm(hello: PeerHello): void {
    this.#over = true;
    this.#opening.release();
    this.#handlers.confirmed({ ws: this.#opening.ws, socket: this.#opening.socket, hello }, this);
  }

  #fail(): void {
    if (this.#over) return;
    this.#over = true;
    this.#handlers.failed(this.#hello, this);
  }
}
