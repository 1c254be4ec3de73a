/**
 * The peer port: WebSocket streams of Raft and snapshots, and two small questions that a starting member asks over
 * HTTP, GET /members and GET /version. Everything else is 404, and in standby mode everything.
 */
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { type ClusterReport, MEMBERS_PATH } from '../bootstrap/discovery.js';
import { VERSION_REPORT } from '../version.js';
import { answerJson, answerText } from './http-answer.js';
import { pathOf } from './http-request.js';
import { createHttpServer } from './http-server.js';
import type { TlsIdentity } from './tls-identity.js';

export interface PeerPortDeps {
  /** A standby has nothing to say to peers. */
  readonly standby: () => boolean;
  /** Null until this member knows a cluster. */
  readonly clusterReport: () => ClusterReport | null;
  readonly onUpgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => void;
}

const TIMEOUTS = { headersTimeout: 10_000, requestTimeout: 10_000 } as const;

export function createPeerServer(deps: PeerPortDeps, tls: TlsIdentity | null): Server {
  const server = createHttpServer(TIMEOUTS, tls, (request, response) => {
    request.resume();
    route(deps, request, response);
  });
  server.on('upgrade', deps.onUpgrade);
  server.on('clientError', (_error, socket) => socket.destroy());
  return server;
}

function route(deps: PeerPortDeps, request: IncomingMessage, response: ServerResponse): void {
  const path = pathOf(request);
  if (deps.standby()) {
    answerText(response, 404, 'not found');
  } else if (request.method === 'GET' && path === MEMBERS_PATH) {
    const report = deps.clusterReport();
    if (report === null) answerText(response, 503, 'this member does not know its cluster yet');
    else answerJson(response, 200, report);
  } else if (request.method === 'GET' && path === '/version') {
    answerJson(response, 200, VERSION_REPORT);
  } else {
    answerText(response, 404, 'not found');
  }
}
