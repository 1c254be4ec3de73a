/**
 * The client port of a standby. HTTP is redirected to the leader with 307, path and query kept, /health too: what a
 * standby says of itself is on --listen-metrics-urls. What knows no redirect is forwarded, or everything, or nothing, as
 * --standby-mode has it. Where no member is known the answer is 503 with Retry-After.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { StandbyMode } from '../config/config.js';
import type { ClientBackend } from '../doors/client-doors.js';
import { wasForwarded } from '../doors/forwarded.js';
import type { HostGuard } from '../doors/host-guard.js';
import { answerText } from '../doors/http-answer.js';
import type { DialTls } from '../doors/tls-identity.js';
import { endWith, http2Words, httpWords } from '../doors/last-words.js';
import { forwardRequest } from './forward-http.js';
import { Http2Forwarding } from './forward-http2.js';
import { forwardUpgrade } from './forward-socket.js';

export interface StandbyDoorDeps {
  readonly guard: HostGuard;
  /** For members that are reached by https. */
  readonly tls: DialTls | undefined;
  /** Client URLs of members, the best first. */
  readonly targets: () => readonly string[];
  /** Something was thrown that is none of a client's fault. */
  readonly onDefect: (error: unknown) => void;
}

const RETRY_AFTER_SECONDS = 1;
const NOWHERE = 'this machine stands by and knows no member of the cluster now';
const ONE_HOP = 'this machine stands by, and the request was forwarded once already';
const TOO_MANY = 'this machine stands by and forwards as many connections as it can';
/** Connections that are forwarded at once; more are told to come later. */
const MAX_FORWARDED = 4096;

export class StandbyDoor implements ClientBackend {
  readonly #deps: StandbyDoorDeps;
  readonly #mode: StandbyMode;
  readonly #forwarded = new Set<{ close(): void }>();
  readonly #http2: Http2Forwarding;

  constructor(deps: StandbyDoorDeps, mode: StandbyMode) {
    this.#deps = deps;
    this.#mode = mode;
    this.#http2 = new Http2Forwarding({
      guard: deps.guard,
      tls: deps.tls,
      targets: (isGrpc) => this.#http2Targets(isGrpc),
      onDefect: deps.onDefect,
      refusal: () => {
        const [target] = deps.targets();
        const text = target === undefined ? NOWHERE : `this machine stands by; the cluster is at ${target}`;
        return { text, redirect: target ?? null };
      },
    });
  }

  onRequest(request: IncomingMessage, response: ServerResponse): void {
    const { host, origin } = request.headers;
    const verdict = this.#deps.guard.check(host, origin);
    if (!verdict.ok) {
      request.resume();
      answerText(response, 403, verdict.text);
      return;
    }
    const allowed = this.#deps.guard.allowedOrigin(origin, host);
    if (allowed !== null) response.setHeader('access-control-allow-origin', allowed);
    const targets = this.#deps.targets();
    const [target] = targets;
    const hopped = wasForwarded(request.headers);
    if (target === undefined || hopped) {
      request.resume();
      response.setHeader('retry-after', RETRY_AFTER_SECONDS);
      answerText(response, 503, hopped ? ONE_HOP : NOWHERE);
    } else if (this.#mode === 'forward') {
      forwardRequest(request, response, targets.map(toUrl), this.#deps.tls);
    } else {
      request.resume();
      response.setHeader('location', locationOf(request, target));
      answerText(response, 307, `this machine stands by; the cluster is at ${target}`);
    }
  }

  onUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const verdict = this.#deps.guard.check(request.headers.host, request.headers.origin);
    const targets = this.#deps.targets();
    const [target] = targets;
    const hopped = wasForwarded(request.headers);
    if (!verdict.ok) {
      endWith(socket, httpWords('403 Forbidden', verdict.text));
    } else if (target === undefined || hopped || this.#isFull) {
      const text = hopped ? ONE_HOP : target === undefined ? NOWHERE : TOO_MANY;
      endWith(socket, httpWords('503 Service Unavailable', text, { 'Retry-After': String(RETRY_AFTER_SECONDS) }));
    } else if (this.#mode === 'redirect') {
      endWith(
        socket,
        httpWords('307 Temporary Redirect', 'this machine stands by', { Location: locationOf(request, target) }),
      );
    } else {
      const pipe = forwardUpgrade(request, socket, head, targets.map(toUrl), this.#deps.tls);
      this.#forwarded.add(pipe);
      socket.once('close', () => this.#forwarded.delete(pipe));
    }
  }

  onHttp2(socket: Duplex): void {
    if (this.#isFull) endWith(socket, http2Words(TOO_MANY));
    else this.#http2.accept(socket);
  }

  /** Members say for themselves when they stop; a pipe has nothing to add. */
  drain(): void {}

  close(): void {
    for (const pipe of this.#forwarded) pipe.close();
    this.#http2.close();
  }

  get #isFull(): boolean {
    return this.#forwarded.size + this.#http2.connections >= MAX_FORWARDED;
  }

  #http2Targets(isGrpc: boolean): readonly URL[] {
    const forwards = this.#mode === 'forward' || (this.#mode === 'auto' && isGrpc);
    return forwards ? this.#deps.targets().map(toUrl) : [];
  }
}

function toUrl(url: string): URL {
  return new URL(url);
}

/** A request may name its whole URL, as to a proxy: then only what comes after the host is kept. */
function locationOf(request: IncomingMessage, target: string): string {
  const url = request.url ?? '/';
  return `${target}${url.startsWith('/') ? url : url.replace(/^[a-z]+:\/\/[^/]*/i, '')}`;
}
