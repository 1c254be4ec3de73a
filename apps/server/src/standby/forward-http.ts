/**
 * A request over HTTP/1.1 that a standby passes on to a member, as it came: method, path, query, body, and the user's
 * own credentials. It travels one hop: what was forwarded once is not forwarded again.
 */
import { type ClientRequest, type IncomingMessage, request as requestHttp, type ServerResponse } from 'node:http';
import { request as requestHttps } from 'node:https';
import { FORWARDED_HEADER } from '../doors/forwarded.js';
import { answerText } from '../doors/http-answer.js';
import type { DialTls } from '../doors/tls-identity.js';

/** A member that has not taken the connection by then counts as gone. */
const CONNECT_TIMEOUT_MS = 2000;

/** Of this connection, and not of the request (RFC 9110, 7.6.1). */
const HOP_HEADERS: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** The headers for the member. The page that a browser is on was judged here, by this machine's own names. */
export function forwardedHeaders(request: IncomingMessage, target: URL): Record<string, string | string[]> {
  const kept: Record<string, string | string[]> = {};
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined && name !== 'origin' && !HOP_HEADERS.has(name)) kept[name] = value;
  }
  const from = [request.headers['x-forwarded-for'], request.socket.remoteAddress].filter(Boolean).join(', ');
  return { ...kept, host: target.host, [FORWARDED_HEADER]: '1', ...(from === '' ? {} : { 'x-forwarded-for': from }) };
}

/** Tries one target after the other until one takes a connection; nothing of the client's was sent before. */
export function forwardRequest(
  request: IncomingMessage,
  response: ServerResponse,
  targets: readonly URL[],
  tls: DialTls | undefined,
): void {
  let onward: ClientRequest | null = null;
  response.on('close', () => onward?.destroy());
  const attempt = (position: number): void => {
    const target = targets[position];
    if (response.destroyed) return;
    if (target === undefined) {
      request.resume();
      answerText(response, 503, 'no member of the cluster takes a connection');
      return;
    }
    onward = passOn(request, response, target, tls, () => attempt(position + 1));
  };
  attempt(0);
}

/** `onNobody`: the target takes no connection, and nothing was sent. */
function passOn(
  request: IncomingMessage,
  response: ServerResponse,
  target: URL,
  tls: DialTls | undefined,
  onNobody: () => void,
): ClientRequest {
  const secure = target.protocol === 'https:';
  const { hostname, port } = target;
  const onward = (secure ? requestHttps : requestHttp)({
    ...tls,
    hostname: hostname.replace(/^\[|\]$/g, ''),
    port,
    method: request.method,
    path: request.url,
    headers: forwardedHeaders(request, target),
  });
  let connected = false;
  const timer = setTimeout(() => onward.destroy(new Error('no connection in time')), CONNECT_TIMEOUT_MS);
  const begin = (): void => {
    connected = true;
    clearTimeout(timer);
    request.pipe(onward);
  };
  onward.once('socket', (socket) => {
    if (socket.connecting) socket.once(secure ? 'secureConnect' : 'connect', begin);
    else begin();
  });
  onward.on('response', (answer) => {
    const headers = Object.fromEntries(Object.entries(answer.headers).filter(([name]) => !HOP_HEADERS.has(name)));
    response.writeHead(answer.statusCode ?? 502, headers);
    answer.pipe(response);
    answer.on('error', () => response.destroy());
  });
  onward.on('error', (error) => {
    clearTimeout(timer);
    if (!connected) {
      onNobody();
      return;
    }
    request.resume();
    if (response.headersSent) response.destroy();
    else answerText(response, 503, `the member at ${target.host} does not answer: ${error.message}`);
  });
  return onward;
}
