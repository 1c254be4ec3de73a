/**
 * A WebSocket that a standby passes on: the handshake as the client sent it, and then bytes in both directions, untouched.
 */
import type { IncomingMessage } from 'node:http';
import { connect as connectTcp, isIP, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { connect as connectTls } from 'node:tls';
import { endWith, httpWords } from '../doors/last-words.js';
import type { DialTls } from '../doors/tls-identity.js';
import { forwardedHeaders } from './forward-http.js';

const CONNECT_TIMEOUT_MS = 2000;

/** Tries one target after the other until one takes a connection; nothing of the client's was sent before. */
export function forwardUpgrade(
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
  targets: readonly URL[],
  tls: DialTls | undefined,
): { close(): void } {
  let member: Socket | null = null;
  socket.on('error', () => socket.destroy());
  socket.once('close', () => member?.destroy());
  const attempt = (position: number): void => {
    const target = targets[position];
    if (socket.destroyed) return;
    if (target === undefined) {
      endWith(socket, httpWords('503 Service Unavailable', 'no member of the cluster takes a connection'));
      return;
    }
    const onward = connect(target, tls);
    member = onward;
    const next = (): void => {
      onward.destroy();
      attempt(position + 1);
    };
    onward.setTimeout(CONNECT_TIMEOUT_MS, next);
    onward.once('error', next);
    onward.once(target.protocol === 'https:' ? 'secureConnect' : 'connect', () => {
      onward.setTimeout(0);
      onward.removeAllListeners('timeout');
      onward.off('error', next);
      onward.on('error', () => socket.destroy());
      onward.once('close', () => socket.destroy());
      onward.write(handshake(request, target));
      onward.write(head);
      socket.pipe(onward).pipe(socket);
    });
  };
  attempt(0);
  return { close: () => socket.destroy() };
}

function connect(target: URL, tls: DialTls | undefined): Socket {
  const host = target.hostname.replace(/^\[|\]$/g, '');
  const port = Number(target.port || (target.protocol === 'https:' ? 443 : 80));
  if (target.protocol === 'https:')
    return connectTls({ ...tls, host, port, ...(isIP(host) === 0 ? { servername: host } : {}) });
  return connectTcp({ host, port, noDelay: true });
}

function handshake(request: IncomingMessage, target: URL): string {
  const headers = { ...forwardedHeaders(request, target), connection: 'Upgrade', upgrade: 'websocket' };
  const lines = Object.entries(headers).flatMap(([name, value]) => [value].flat().map((one) => `${name}: ${one}`));
  return `${request.method} ${request.url} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`;
}
