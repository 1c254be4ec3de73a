/**
 * A request over HTTP/1.1 that a standby passes on to a member, as it came: method, path, query, body, and the user's
 * own credentials. It travels one hop: what was forwarded once is not forwarded again.
 */
import { type IncomingHttpHeaders, type IncomingMessage, request as requestHttp, type ServerResponse } from 'node:http';
import { request as requestHttps } from 'node:https';
import { answerText } from '../doors/http-answer.js';
import type { DialTls } from '../doors/tls-identity.js';

/** Marks what a standby passed on. */
export const FORWARDED_HEADER = 'understudy-forwarded';

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

export function wasForwarded(headers: IncomingHttpHeaders): boolean {
  return headers[FORWARDED_HEADER] !== undefined;
}

/** The headers for the member. The page that a browser is on was judged here, by this machine's own names. */
export function forwardedHeaders(request: IncomingMessage, target: URL): Record<string, string | string[]> {
  const kept: Record<string, string | string[]> = {};
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined && name !== 'origin' && !HOP_HEADERS.has(name)) kept[name] = value;
  }
  const from = [request.headers['x-forwarded-for'], request.socket.remoteAddress].filter(Boolean).join(', ');
  return { ...kept, host: target.host, [FORWARDED_HEADER]: '1', ...(from === '' ? {} : { 'x-forwarded-for': from }) };
}

export function forwardRequest(
  request: IncomingMessage,
  response: ServerResponse,
  target: URL,
  tls: DialTls | undefined,
): void {
  const send = target.protocol === 'https:' ? requestHttps : requestHttp;
  const { hostname, port } = target;
  const onward = send({
    ...tls,
    hostname: hostname.replace(/^\[|\]$/g, ''),
    port,
    method: request.method,
    path: request.url,
    headers: forwardedHeaders(request, target),
  });
  onward.on('response', (answer) => {
    const headers = Object.fromEntries(Object.entries(answer.headers).filter(([name]) => !HOP_HEADERS.has(name)));
    response.writeHead(answer.statusCode ?? 502, headers);
    answer.pipe(response);
    answer.on('error', () => response.destroy());
  });
  onward.on('error', (error) => {
    request.resume();
    if (response.headersSent) response.destroy();
    else answerText(response, 503, `the member at ${target.host} does not answer: ${error.message}`);
  });
  response.on('close', () => onward.destroy());
  request.pipe(onward);
}
