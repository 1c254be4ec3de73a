/** The life of the peer port: bound first, answering once there is a member behind it, or 404 to all for a standby. */
import type { Server as HttpServer } from 'node:http';
import type { Server } from 'node:net';
import type { ClusterReport } from '../bootstrap/discovery.js';
import { endWith, httpWords } from './last-words.js';
import { listenOnUrls } from './listeners.js';
import { createPeerServer, type PeerPortDeps } from './peer-port.js';

export interface PeerBackend {
  readonly clusterReport: () => ClusterReport | null;
  readonly onUpgrade: PeerPortDeps['onUpgrade'];
}

export class PeerDoor {
  #servers: readonly Server[] = [];
  #backend: PeerBackend | 'standby' | null = null;

  async listen(urls: readonly string[]): Promise<void> {
    this.#servers = await listenOnUrls(urls, 'listen-peer-urls', () =>
      createPeerServer({
        standby: () => this.#backend === 'standby',
        clusterReport: () => (typeof this.#backend === 'object' ? (this.#backend?.clusterReport() ?? null) : null),
        onUpgrade: (request, socket, head) => {
          if (this.#backend === null) endWith(socket, httpWords('503 Service Unavailable', 'starting'));
          else if (this.#backend === 'standby') endWith(socket, httpWords('404 Not Found', 'not found'));
          else this.#backend.onUpgrade(request, socket, head);
        },
      }),
    );
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
