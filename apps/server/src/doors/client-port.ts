/**
 * The client port: one TCP port whose connections are told apart by their first bytes. HTTP/1.1 (JSON, probes,
 * WebSocket upgrades) goes to one server; the HTTP/2 preface goes to the gRPC door.
 */
import {
  createServer as createHttpServer,
  type IncomingMessage,
  type RequestListener,
  type Server as HttpServer,
} from 'node:http';
import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import type { Duplex } from 'node:stream';
import { endWith, httpWords } from './last-words.js';
import type { TlsIdentity } from './tls-identity.js';

export interface ClientPortDoors {
  readonly onRequest: RequestListener;
  readonly onUpgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => void;
  /** Takes over a connection that begins with the HTTP/2 preface; nothing of it is read yet. */
  readonly onHttp2: (socket: Socket) => void;
}

/** How long a client may take, milliseconds. */
export interface ClientPortTimeouts {
  /** From connecting to the first bytes. */
  readonly firstBytesMs: number;
  /** From the first byte of a request to the end of its headers. */
  readonly headersMs: number;
  /** How often the headers' deadline is looked at. */
  readonly checkMs: number;
}

export const CLIENT_PORT_TIMEOUTS: ClientPortTimeouts = { firstBytesMs: 30_000, headersMs: 30_000, checkMs: 5_000 };

/** Longer than what is usual in front of it, so that a proxy closes first. */
const KEEP_ALIVE_MS = 65_000;
/** HTTP/2 with prior knowledge begins with "PRI * HTTP/2.0"; no HTTP/1.1 method begins with these bytes. */
const HTTP2_PREFACE = Buffer.from('PRI ');

/** The HTTP/1.1 server behind the port; it never listens by itself. Close it, or its timers go on. */
export function createHttp1(doors: ClientPortDoors, timeouts: ClientPortTimeouts): HttpServer {
  const server = createHttpServer({
    headersTimeout: timeouts.headersMs,
    connectionsCheckingInterval: timeouts.checkMs,
    // A stream's request has no end in time; what has one is limited where it is read.
    requestTimeout: 0,
    keepAliveTimeout: KEEP_ALIVE_MS,
  });
  server.on('request', doors.onRequest);
  server.on('upgrade', doors.onUpgrade);
  server.on('clientError', refuseUnreadable);
  // Node looks after the timeouts of connections only once a server listens; this one is handed its connections.
  server.emit('listening');
  return server;
}

/** A server that sorts connections, with TLS or without; `open` gathers its sockets, so that a stop can end them. */
export function createSortingServer(
  http1: HttpServer,
  doors: ClientPortDoors,
  open: Set<Socket>,
  timeouts: ClientPortTimeouts,
  tls: TlsIdentity | null,
): Server {
  const sort = sorter(http1, doors, open, timeouts);
  if (tls === null) return createServer({ noDelay: true }, sort);
  const server = createTlsServer({ ...tls.serverOptions(), noDelay: true, ALPNProtocols: ['h2', 'http/1.1'] }, sort);
  // A handshake that fails is the client's loss alone.
  server.on('tlsClientError', (_error, socket) => socket.destroy());
  tls.follow(server);
  return server;
}

function sorter(
  http1: HttpServer,
  doors: ClientPortDoors,
  open: Set<Socket>,
  timeouts: ClientPortTimeouts,
): (socket: Socket) => void {
  return (socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
    socket.on('error', () => socket.destroy());
    socket.setTimeout(timeouts.firstBytesMs, () => socket.destroy());
    let first: Buffer = Buffer.alloc(0);
    const onData = (chunk: Buffer): void => {
      first = Buffer.concat([first, chunk]);
      const known = Math.min(first.length, HTTP2_PREFACE.length);
      const maybeHttp2 = first.subarray(0, known).equals(HTTP2_PREFACE.subarray(0, known));
      if (maybeHttp2 && known < HTTP2_PREFACE.length) return;
      socket.removeListener('data', onData);
      socket.setTimeout(0);
      socket.removeAllListeners('timeout');
      socket.pause();
      socket.unshift(first);
      if (maybeHttp2) {
        doors.onHttp2(socket);
        return;
      }
      http1.emit('connection', socket);
      // The HTTP server attaches its reader in this turn; what was put back flows from the next.
      process.nextTick(() => socket.resume());
    };
    socket.on('data', onData);
  };
}

/** What does not parse as HTTP/1.1, or takes too long. */
function refuseUnreadable(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (!socket.writable) socket.destroy();
  else if (error.code === 'HPE_HEADER_OVERFLOW') {
    endWith(socket, httpWords('431 Request Header Fields Too Large', 'the headers are too large'));
  } else if (error.code === 'ERR_HTTP_REQUEST_TIMEOUT') {
    endWith(socket, httpWords('408 Request Timeout', 'the request did not arrive in time'));
  } else {
    endWith(socket, httpWords('400 Bad Request', 'this is not an HTTP/1.1 request'));
  }
}
