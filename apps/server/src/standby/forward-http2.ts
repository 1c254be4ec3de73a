/**
 * HTTP/2 on a standby, which is gRPC in practice. gRPC knows no redirect, so a call is passed on to a member as it came,
 * with the user's own credentials and deadlines; a stream here is a stream there. It travels one hop. Where calls are
 * not to be forwarded, or no member takes a connection, they fail with UNAVAILABLE, which clients try again elsewhere.
 *
 * The client's side is our own half of HTTP/2, as on a member: clients of etcd send authorities that node's refuses. The
 * member's side is node's: ours is a server's half and opens no streams, and what node's is strict about, the authority
 * above all, is written here. It costs more a call, on a machine that has nothing else to do.
 */
import type { Duplex } from 'node:stream';
import { StatusCode } from '@understudy/protocol';
import { wasForwarded } from '../doors/forwarded.js';
import { statusAlone } from '../doors/grpc/grpc-answer.js';
import { isGrpcContentType } from '../doors/grpc/grpc-request.js';
import type { HostGuard } from '../doors/host-guard.js';
import { encodeFields } from '../doors/http2/hpack-encoder.js';
import { Http2Connection, type Http2Host, type Http2Options } from '../doors/http2/http2-connection.js';
import type { Http2Stream } from '../doors/http2/http2-stream.js';
import type { HeaderMap } from '../doors/http2/request-headers.js';
import type { DialTls } from '../doors/tls-identity.js';
import { dialFirst, type MemberSession } from './dial-member.js';
import { ForwardedStream } from './forwarded-stream.js';

export interface Http2ForwardingDeps {
  readonly guard: HostGuard;
  /** Where a request goes now, the best first; none where it is not to be forwarded, or nobody is known. */
  readonly targets: (isGrpc: boolean) => readonly URL[];
  readonly tls: DialTls | undefined;
  /** Why not, for the client, and where it would better go. */
  readonly refusal: () => { readonly text: string; readonly redirect: string | null };
  readonly onDefect: (error: unknown) => void;
}

const OPTIONS: Http2Options = {
  maxConcurrentStreams: 1024,
  maxHeaderListBytes: 16 * 1024,
  // What waits for a member's connection: 64 MiB for a client that uses every stream.
  streamWindowBytes: 64 * 1024,
  connectionWindowBytes: 4 * 1024 * 1024,
  handshakeTimeoutMs: 10_000,
};
const CLOSE_TIMEOUT_MS = 500;

export class Http2Forwarding {
  readonly #deps: Http2ForwardingDeps;
  readonly #clients = new Set<ForwardedClient>();

  constructor(deps: Http2ForwardingDeps) {
    this.#deps = deps;
  }

  get connections(): number {
    return this.#clients.size;
  }

  accept(socket: Duplex): void {
    const client = new ForwardedClient(this.#deps, socket, () => this.#clients.delete(client));
    this.#clients.add(client);
  }

  close(): void {
    for (const client of this.#clients) client.close();
  }
}

/** One connection of a client, and at most one to a member for it. */
class ForwardedClient implements Http2Host {
  readonly #deps: Http2ForwardingDeps;
  readonly #socket: Duplex;
  readonly #onGone: () => void;
  readonly #connection: Http2Connection;
  /** To a member, or on its way there. */
  #dialling: Promise<MemberSession | null> | null = null;
  #member: MemberSession | null = null;
  #gone = false;

  constructor(deps: Http2ForwardingDeps, socket: Duplex, onGone: () => void) {
    this.#deps = deps;
    this.#socket = socket;
    this.#onGone = onGone;
    this.#connection = new Http2Connection(socket, this, OPTIONS);
  }

  close(): void {
    this.#connection.goAway();
    setTimeout(() => this.#socket.destroy(), CLOSE_TIMEOUT_MS).unref();
  }

  onStream(stream: Http2Stream, headers: HeaderMap): void {
    const targets = this.#judge(headers);
    if (targets.length === 0) {
      this.#refuse(stream, headers);
      return;
    }
    const forwarded = new ForwardedStream(stream, headers, (text) => unavailable(stream, headers, text));
    stream.listener = forwarded;
    const member = this.#member;
    if (member !== null && !member.session.closed && !member.session.destroyed) forwarded.begin(member);
    else void this.#dialFor(forwarded, targets);
  }

  onPing(): void {}

  onPong(): void {}

  onClose(): void {
    this.#gone = true;
    this.#member?.session.destroy();
    this.#onGone();
  }

  onDefect(error: unknown): void {
    this.#deps.onDefect(error);
  }

  async #dialFor(forwarded: ForwardedStream, targets: readonly URL[]): Promise<void> {
    this.#dialling ??= dialFirst(targets, this.#deps.tls).then((member) => {
      this.#dialling = null;
      this.#member = member;
      if (this.#gone) member?.session.destroy();
      return member;
    });
    const member = await this.#dialling;
    if (member === null) forwarded.fail('no member of the cluster takes a connection');
    else forwarded.begin(member);
  }

  #judge(headers: HeaderMap): readonly URL[] {
    const { origin, host } = headers;
    if (wasForwarded(headers)) return [];
    if (origin !== undefined && !this.#deps.guard.check(headers[':authority'] ?? host, origin).ok) return [];
    return this.#deps.targets(isGrpcContentType(headers['content-type']));
  }

  #refuse(stream: Http2Stream, headers: HeaderMap): void {
    const { text, redirect } = this.#deps.refusal();
    if (isGrpcContentType(headers['content-type']) || redirect === null) unavailable(stream, headers, text);
    else
      stream.sendHeaders(
        encodeFields({ ':status': '307', location: `${redirect}${headers[':path']}`, ...NO_BODY }),
        true,
      );
  }
}

const NO_BODY = { 'content-length': '0' };

/** An answer of headers alone: gRPC's for a call that fails at once, or plain HTTP's. */
function unavailable(stream: Http2Stream, headers: HeaderMap, text: string): void {
  if (stream.closed || stream.headersSent) return;
  const answer = isGrpcContentType(headers['content-type'])
    ? statusAlone({ code: StatusCode.UNAVAILABLE, text: `etcdserver: ${text}` })
    : encodeFields({ ':status': '503', 'retry-after': '1', ...NO_BODY });
  stream.sendHeaders(answer, true);
}
