/** A server of HTTP/1.1, with TLS or without. */
import { createServer, type RequestListener, type Server, type ServerOptions } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { TlsIdentity } from './tls-identity.js';

export function createHttpServer(options: ServerOptions, tls: TlsIdentity | null, listener: RequestListener): Server {
  if (tls === null) return createServer(options, listener);
  const server = createSecureServer({ ...options, ...tls.serverOptions() }, listener);
  server.on('tlsClientError', (_error, socket) => socket.destroy());
  tls.follow(server);
  return server;
}
