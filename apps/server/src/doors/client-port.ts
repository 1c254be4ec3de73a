/**
 * The client port: one TCP port whose connections are told apart by their first bytes. HTTP/1.1 (JSON, probes,
 * WebSocket upgrades) goes to one server; the HTTP/2 preface goes to the gRPC door, where one is fitted.
 */
import { createServer as createHttpServer, type RequestListener, type Server as HttpServer } from 'node:http';
import { createServer, type Server, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { IncomingMessage } from 'node:http';

/** A connection must say something within this time. */
const FIRST_BYTE_TIMEOUT_MS = 30_000;
/** HTTP/2 with prior knowledge begins with "PRI * HTTP/2.0"; no HTTP/1.1 method begins with these bytes. */
const HTTP2_PREFACE = Buffer.from('PRI ');

export interface ClientPortDoors {
  readonly onRequest: RequestListener;
  readonly onUpgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => void;
  /** Takes over a connection that begins with the HTTP/2 preface; null while gRPC is not served. */
  readonly onHttp2: ((socket: Socket) => void) | null;
}

/** The HTTP/1.1 server behind the port; it never listens by itself. */
export function createHttp1(doors: ClientPortDoors): HttpServer {
  const server = createHttpServer({ headersTimeout: 30_000, requestTimeout: 60_000, keepAliveTimeout: 65_000 });
  server.on('request', doors.onRequest);
  server.on('upgrade', doors.onUpgrade);
  server.on('clientError', (_error, socket) => {
    if (socket.writable) socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n');
    else socket.destroy();
  });
  return server;
}

/** A TCP server that sorts connections; `open` gathers its sockets, so that a stop can end them. */
export function createSortingServer(http1: HttpServer, doors: ClientPortDoors, open: Set<Socket>): Server {
  return createServer({ noDelay: true }, (socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
    socket.on('error', () => socket.destroy());
    socket.setTimeout(FIRST_BYTE_TIMEOUT_MS, () => socket.destroy());
    socket.once('data', (first: Buffer) => {
      socket.setTimeout(0);
      socket.removeAllListeners('timeout');
      socket.pause();
      socket.unshift(first);
      if (first.subarray(0, HTTP2_PREFACE.length).equals(HTTP2_PREFACE)) {
        if (doors.onHttp2 === null) refuseHttp2(socket);
        else doors.onHttp2(socket);
        return;
      }
      http1.emit('connection', socket);
      // The HTTP server attaches its reader in this turn; what was put back flows from the next.
      process.nextTick(() => socket.resume());
    });
  });
}

/** Says in HTTP/2's own words that it is not spoken here: SETTINGS, then GOAWAY with HTTP_1_1_REQUIRED. */
function refuseHttp2(socket: Socket): void {
  const text = Buffer.from('gRPC is not served yet; use JSON over HTTP/1.1 or WebSocket');
  const settings = Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]);
  const goaway = Buffer.alloc(17);
  goaway.writeUIntBE(8 + text.length, 0, 3);
  goaway[3] = 0x7;
  goaway.writeUInt32BE(0xd, 13);
  socket.end(Buffer.concat([settings, goaway, text]));
}
