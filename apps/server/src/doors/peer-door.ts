/** The life of the peer port: bound first, answering once there is a member behind it, or 404 to all for a standby. */
import type { Server as HttpServer } from 'node:http';
import type { Server } from 'node:net';
import type { ClusterReport } from '../bootstrap/discovery.js';
import { endWith, httpWords } from './last-words.js';
import { listenOnUrls } from './listeners.js';
import { createPeerServer, type PeerPortDeps } from './peer-port.js';
import type { DialTls, TlsIdentity } from './tls-identity.js';

export interface PeerBackend {
  readonly clusterReport: () => ClusterReport | null;
  readonly onUpgrade: PeerPortDeps['onUpgrade'];
}

export class PeerDoor {
  #servers: readonly Server[] = [];
  #tls: TlsIdentity | null = null;
  #backend: PeerBackend | 'standby' | null = null;

  /** `tls` is for https URLs, and for dialling others. */
  async listen(urls: readonly string[], tls: TlsIdentity | null): Promise<void> {
    this.#tls = tls;
    this.#servers = await listenOnUrls(urls, 'listen-peer-urls', (secure) =>
      createPeerServer(
        {
          standby: () => this.#backend === 'standby',
          clusterReport: () => (typeof this.#backend === 'object' ? (this.#backend?.clusterReport() ?? null) : null),
          onUpgrade: (request, socket, head) => {
            if (this.#backend === null) endWith(socket, httpWords('503 Service Unavailable', 'starting'));
            else if (this.#backend === 'standby') endWith(socket, httpWords('404 Not Found', 'not found'));
            else this.#backend.onUpgrade(request, socket, head);
          },
        },
        secure ? tls : null,
      ),
    );
  }

  /** How to reach the ports of peers; undefined without TLS. */
  get dialTls(): DialTls | undefined {
    return this.#tls?.dial;
  }

  open(backend: PeerBackend): void {
    this.#backend = backend;
  }

  /** Whoever takes this process for a member hears 404. */
  standBy(): void {
    this.#backend = 'standby';
  }

  /** The member goes; the port stays open. */
  release(): void {
    this.#backend = null;
  }

  close(): void {
    this.#backend = null;
    for (const server of this.#servers) {
      server.close();
      (server as HttpServer).closeAllConnections();
    }
  }
}
