/**
 * HTTP/2 on a standby, which is gRPC in practice. gRPC knows no redirect, so a call is passed on to a member as it came,
 * with the user's own credentials and deadlines; a stream here is a stream there. It travels one hop. Where calls are
 * not to be forwarded, or no member takes a connection, they fail with UNAVAILABLE, which clients try again elsewhere.
 */
import {
  type ClientHttp2Session,
  connect,
  constants,
  type IncomingHttpHeaders,
  type OutgoingHttpHeaders,
  performServerHandshake,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2';
import type { Duplex } from 'node:stream';
import type { HostGuard } from '../doors/host-guard.js';
import type { DialTls } from '../doors/tls-identity.js';
import { FORWARDED_HEADER } from './forward-http.js';

export interface Http2ForwardingDeps {
  readonly guard: HostGuard;
  /** Where a request goes now; null where it is not to be forwarded, or nobody is known. */
  readonly target: (isGrpc: boolean) => URL | null;
  /** Why not, for the client, and where it would better go. */
  readonly tls: DialTls | undefined;
  readonly refusal: () => { readonly text: string; readonly redirect: string | null };
}

const UNAVAILABLE = '14';
const MAX_STREAMS = 1024;
const MAX_HEADER_LIST_BYTES = 16 * 1024;
const MAX_SESSION_MEMORY_MB = 64;
const CLOSE_TIMEOUT_MS = 500;

export class Http2Forwarding {
  readonly #deps: Http2ForwardingDeps;
  readonly #sessions = new Set<ServerHttp2Session>();

  constructor(deps: Http2ForwardingDeps) {
    this.#deps = deps;
  }

  get connections(): number {
    return this.#sessions.size;
  }

  accept(socket: Duplex): void {
    const session = performServerHandshake(socket, {
      maxSessionMemory: MAX_SESSION_MEMORY_MB,
      settings: { maxConcurrentStreams: MAX_STREAMS, maxHeaderListSize: MAX_HEADER_LIST_BYTES, enablePush: false },
    });
    let onward: ClientHttp2Session | null = null;
    this.#sessions.add(session);
    // What is wrong with a connection shows in its close; an unheard 'error' would end the process.
    session.on('error', () => socket.destroy());
    session.on('close', () => {
      this.#sessions.delete(session);
      onward?.destroy();
    });
    session.on('stream', (stream, headers) => {
      stream.on('error', () => undefined);
      const target = this.#judge(headers);
      if (target === null) {
        this.#refuse(stream, headers);
        return;
      }
      if (onward === null || onward.closed || onward.destroyed) onward = dial(target, this.#deps.tls);
      forward(stream, headers, onward, target);
    });
  }

  close(): void {
    for (const session of this.#sessions) {
      session.close();
      setTimeout(() => session.destroy(), CLOSE_TIMEOUT_MS).unref();
    }
  }

  #judge(headers: IncomingHttpHeaders): URL | null {
    const { origin, host } = headers;
    if (headers[FORWARDED_HEADER] !== undefined) return null;
    if (origin !== undefined && !this.#deps.guard.check(headers[':authority'] ?? host, origin).ok) return null;
    return this.#deps.target(isGrpc(headers));
  }

  #refuse(stream: ServerHttp2Stream, headers: IncomingHttpHeaders): void {
    const { text, redirect } = this.#deps.refusal();
    if (isGrpc(headers)) failGrpc(stream, text);
    else if (redirect === null) respond(stream, { ':status': 503, 'retry-after': '1' });
    else respond(stream, { ':status': 307, location: `${redirect}${headers[':path']}` });
  }
}

function dial(target: URL, tls: DialTls | undefined): ClientHttp2Session {
  const session = connect(target.origin, { ...tls, settings: { enablePush: false } });
  session.on('error', () => undefined);
  return session;
}

function forward(
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
  onward: ClientHttp2Session,
  target: URL,
): void {
  const { origin: _judgedHere, host: _oursNotTheirs, ...kept } = headers;
  const request: OutgoingHttpHeaders = {
    ...kept,
    ':authority': target.host,
    ':scheme': target.protocol.slice(0, -1),
    [FORWARDED_HEADER]: '1',
  };
  const call = onward.request(request, { endStream: stream.readableEnded });
  let trailers: OutgoingHttpHeaders | null = null;
  call.on('response', (answer, flags) => {
    if (stream.destroyed) return;
    const last = (flags & constants.NGHTTP2_FLAG_END_STREAM) !== 0;
    stream.respond(answer, last ? { endStream: true } : { waitForTrailers: true });
    if (!last) call.pipe(stream);
  });
  call.on('trailers', (told) => {
    trailers = told;
  });
  stream.on('wantTrailers', () => {
    if (trailers === null) stream.close();
    else stream.sendTrailers(trailers);
  });
  // Whatever it is, the close that follows tells the client.
  call.on('error', () => undefined);
  call.on('close', () => {
    if (stream.closed || stream.destroyed) return;
    if (!stream.headersSent) {
      if (isGrpc(headers)) failGrpc(stream, `the member at ${target.host} does not answer`);
      else respond(stream, { ':status': 503, 'retry-after': '1' });
    } else if (call.rstCode !== constants.NGHTTP2_NO_ERROR || trailers === null) {
      stream.close(call.rstCode === constants.NGHTTP2_NO_ERROR ? constants.NGHTTP2_CANCEL : call.rstCode);
    }
  });
  stream.on('close', () => {
    if (!call.closed) call.close(constants.NGHTTP2_CANCEL);
  });
  stream.pipe(call);
}

function isGrpc(headers: IncomingHttpHeaders): boolean {
  return headers['content-type']?.startsWith('application/grpc') === true;
}

/** An answer of headers alone, as gRPC has it for a call that fails at once. */
function failGrpc(stream: ServerHttp2Stream, text: string): void {
  respond(stream, {
    ':status': 200,
    'content-type': 'application/grpc',
    'grpc-status': UNAVAILABLE,
    'grpc-message': encodeURIComponent(`etcdserver: ${text}`).replaceAll('%20', ' '),
  });
}

function respond(stream: ServerHttp2Stream, headers: OutgoingHttpHeaders): void {
  if (stream.destroyed || stream.headersSent) return;
  stream.respond(headers, { endStream: true });
  // What the client still sends is of no use.
  stream.resume();
}
