/**
 * The native door: WebSocket connections that speak `understudy.v1`. Each has a session of `protocol`, which knows
 * frames, calls and limits; here are the sockets, and the way to the dispatcher.
 */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import {
  type MethodDescriptor,
  SUBPROTOCOL,
  type ServerCall,
  type ServerHandler,
  ServerSession,
  type ServerStream,
  type SessionTransport,
} from '@understudy/protocol';
import { type WebSocket, WebSocketServer } from 'ws';
import { asRpcError } from '../services/failures.js';
import type { Member } from '../services/member.js';
import type { RpcTarget } from '../services/rpc.js';
import { DoorCall } from './door-call.js';
import type { HostGuard } from './host-guard.js';
import { endWith, httpWords } from './last-words.js';

/** A connection that has said nothing for this long is pinged, and closed when it does not answer. */
const PING_INTERVAL_MS = 10_000;
/** A frame carries many requests; one request of the largest size always fits. */
const FRAME_HEADROOM_BYTES = 1024 * 1024;
const MIN_FRAME_BYTES = 8 * 1024 * 1024;
const CLOSE_PROTOCOL_ERROR = 1002;
const CLOSE_GOING_AWAY = 1001;
const BINARY = { binary: true, compress: false } as const;
const GOODBYE = 'the server is stopping';

export interface RpcSocketsDeps {
  readonly dispatcher: RpcTarget;
  readonly guard: HostGuard;
  readonly member: Member;
}

interface Connection {
  readonly socket: WebSocket;
  readonly session: ServerSession;
  answersPings: boolean;
}

export class RpcSockets {
  readonly #deps: RpcSocketsDeps;
  readonly #maxFrameBytes: number;
  readonly #server: WebSocketServer;
  readonly #connections = new Set<Connection>();
  readonly #pings: NodeJS.Timeout;

  constructor(deps: RpcSocketsDeps, options: { readonly maxRequestBytes: number }) {
    this.#deps = deps;
    this.#maxFrameBytes = Math.max(MIN_FRAME_BYTES, options.maxRequestBytes + FRAME_HEADROOM_BYTES);
    this.#server = new WebSocketServer({
      noServer: true,
      clientTracking: false,
      perMessageDeflate: false,
      maxPayload: this.#maxFrameBytes,
      skipUTF8Validation: true,
      handleProtocols: () => SUBPROTOCOL,
    });
    this.#pings = setInterval(() => this.#pingAll(), PING_INTERVAL_MS);
  }

  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer, commonName?: string): void {
    const { host, origin } = request.headers;
    const verdict = this.#deps.guard.check(host, origin);
    if (!verdict.ok) {
      endWith(socket, httpWords('403 Forbidden', verdict.text));
      return;
    }
    const offered = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim());
    if (!offered.includes(SUBPROTOCOL)) {
      endWith(socket, httpWords('400 Bad Request', `WebSocket clients speak subprotocol ${SUBPROTOCOL}`));
      return;
    }
    this.#server.handleUpgrade(request, socket, head, (accepted) => this.#open(accepted, commonName));
  }

  /** Tells every client to go elsewhere. */
  drain(): void {
    for (const { session } of this.#connections) session.goaway(GOODBYE);
  }

  close(): void {
    clearInterval(this.#pings);
    for (const { socket, session } of this.#connections) {
      session.flush();
      socket.close(CLOSE_GOING_AWAY, GOODBYE);
    }
  }

  #open(socket: WebSocket, commonName: string | undefined): void {
    const { member, dispatcher } = this.#deps;
    const session: ServerSession = new ServerSession(
      {
        transport: socketTransport(socket, () => session.drained()),
        handler: new SessionHandler(dispatcher, member, commonName),
      },
      { memberId: member.id, clusterId: member.clusterId, maxFrameBytes: this.#maxFrameBytes },
    );
    const connection: Connection = { socket, session, answersPings: true };
    this.#connections.add(connection);
    socket.binaryType = 'nodebuffer';
    socket.on('message', (frame: Buffer, isBinary: boolean) => {
      if (isBinary) session.receive(frame);
      else socket.close(CLOSE_PROTOCOL_ERROR, 'frames are binary');
    });
    socket.on('pong', () => {
      connection.answersPings = true;
    });
    // What is wrong with a socket shows in its close; an unheard 'error' would end the process.
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.#connections.delete(connection);
      session.close();
    });
  }

  #pingAll(): void {
    for (const connection of this.#connections) {
      // Behind data that the client does not read, a ping says nothing: TCP finds out whether it is still there.
      if (connection.socket.bufferedAmount > 0) {
        connection.answersPings = true;
        continue;
      }
      if (connection.answersPings) {
        connection.answersPings = false;
        connection.socket.ping();
      } else {
        connection.socket.terminate();
      }
    }
  }
}

function socketTransport(socket: WebSocket, drained: () => void): SessionTransport {
  return {
    send: (frame) => socket.send(frame, BINARY, drained),
    schedule: (flush) => void setImmediate(flush),
    fail: (error) => socket.close(CLOSE_PROTOCOL_ERROR, closeReason(error.message)),
    bufferedBytes: () => socket.bufferedAmount,
    pauseReading: () => socket.pause(),
    resumeReading: () => socket.resume(),
  };
}

/** WebSocket takes 123 bytes of reason; one a character of ASCII, whatever the client has put into the message. */
function closeReason(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, '?').slice(0, 120);
}

class SessionHandler implements ServerHandler {
  readonly #dispatcher: RpcTarget;
  readonly #member: Member;
  /** Of the client's certificate, where clients must show one. */
  readonly #commonName: string | undefined;

  constructor(dispatcher: RpcTarget, member: Member, commonName: string | undefined) {
    this.#dispatcher = dispatcher;
    this.#member = member;
    this.#commonName = commonName;
  }

  unary(method: MethodDescriptor, raw: Uint8Array, call: ServerCall): void {
    const { timeoutMs, token, requireLeader } = call;
    const given = new DoorCall({
      raw,
      timeoutMs: timeoutMs === 0 ? undefined : timeoutMs,
      token,
      commonName: this.#commonName,
      requireLeader,
    });
    call.onCancel = () => given.abandon();
    this.#dispatcher.unary(method, method.input.decode(raw), given).then(
      (answer) => this.#respond(call, answer),
      (error: unknown) => call.fail(asRpcError(error)),
    );
  }

  #respond(call: ServerCall, answer: object): void {
    try {
      call.respond(answer);
    } catch (error) {
      this.onDefect(error, call.method);
      call.fail(asRpcError(error));
    }
  }

  open(method: MethodDescriptor, stream: ServerStream): void {
    const handler = this.#dispatcher.stream(
      method,
      {
        send: (message) => stream.send(message),
        end: (error) => (error === undefined ? stream.end() : stream.fail(asRpcError(error))),
      },
      {
        raw: null,
        timeoutMs: undefined,
        token: stream.token,
        commonName: this.#commonName,
        requireLeader: stream.requireLeader,
      },
    );
    stream.onMessage = (payload) => handler.onMessage(method.input.decode(payload));
    stream.onHalfClose = () => handler.onHalfClose();
    stream.onWritable = () => handler.onDrain();
    stream.onCancel = () => handler.onClose();
  }

  onDefect(error: unknown, method: MethodDescriptor): void {
    this.#member.logger.error({ err: error, method: method.path }, 'a call failed in a way that it should not');
  }
}
