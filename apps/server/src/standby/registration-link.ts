/**
 * The one connection of a standby: a WebSocket to the leader's peer port. What is said on it is `registration-talk.ts`'s;
 * here it is opened, carried and closed.
 */
import { ClientSession, StandbyService, SUBPROTOCOL } from '@understudy/protocol';
import { WebSocket } from 'ws';
import type { DialTls } from '../doors/tls-identity.js';
import type { ClusterReport } from '../bootstrap/discovery.js';
import { RegistrationTalk } from './registration-talk.js';
import type { Link, LinkEnd, LinkOwner, StandbyMachine } from './standby-loop.js';

/** On the peer port of every member. */
export const REGISTER_PATH = '/standby';

const DIAL_TIMEOUT_MS = 2000;
const MAX_FRAME_BYTES = 4 * 1024 * 1024;
const SEND_OPTIONS = { binary: true, compress: false } as const;

export function linkToLeader(machine: StandbyMachine, tls?: DialTls): Link {
  return async (cluster, owner, signal) => {
    const leader = cluster.members.find(({ id }) => id === cluster.leaderId);
    const [url] = leader?.peerUrls ?? [];
    if (url === undefined) return { registered: false, reason: 'the leader has no peer URL' };
    const link = new RegistrationLink(machine, owner, cluster, url, tls);
    const stop = (): void => link.close('stopped');
    signal.addEventListener('abort', stop, { once: true });
    try {
      return await link.ended;
    } finally {
      signal.removeEventListener('abort', stop);
    }
  };
}

class RegistrationLink {
  readonly #talk: RegistrationTalk;
  readonly #socket: WebSocket;
  readonly #session: ClientSession;
  #heldFlush: (() => void) | null = null;
  #end: (end: LinkEnd) => void = () => undefined;
  readonly ended = new Promise<LinkEnd>((resolve) => {
    this.#end = resolve;
  });

  constructor(
    machine: StandbyMachine,
    owner: LinkOwner,
    cluster: ClusterReport,
    url: string,
    tls: DialTls | undefined,
  ) {
    this.#talk = new RegistrationTalk(machine, owner, cluster, () => this.close('the leader does not answer'));
    const socket = new WebSocket(`${url.replace(/^http/, 'ws')}${REGISTER_PATH}`, SUBPROTOCOL, {
      ...tls,
      perMessageDeflate: false,
      maxPayload: MAX_FRAME_BYTES,
      handshakeTimeout: DIAL_TIMEOUT_MS,
    });
    this.#socket = socket;
    this.#session = new ClientSession(
      {
        transport: {
          send: (frame) => socket.send(frame, SEND_OPTIONS, () => this.#session.drained()),
          schedule: (flush) => this.#schedule(flush),
          fail: (error) => this.close(error.message),
          bufferedBytes: () => socket.bufferedAmount,
          pauseReading: () => socket.pause(),
          resumeReading: () => socket.resume(),
        },
      },
      { maxFrameBytes: MAX_FRAME_BYTES },
    );
    socket.on('open', () => this.#heldFlush?.());
    socket.on('message', (frame, isBinary) => {
      if (isBinary) this.#session.receive(frame as Buffer);
      else this.close('the leader sent a text message');
    });
    socket.on('error', (error) => this.close(error.message));
    socket.on('close', () => this.close('the connection closed'));
    void this.#follow();
  }

  close(reason: string): void {
    this.#talk.stop();
    this.#end({ registered: this.#talk.registered, reason });
    this.#session.close(new Error(reason));
    this.#socket.terminate();
  }

  async #follow(): Promise<void> {
    this.close(await this.#talk.run(this.#session.stream(StandbyService.methods.register)));
  }

  /** The session speaks first, before the socket is open. */
  #schedule(flush: () => void): void {
    if (this.#socket.readyState === WebSocket.OPEN) setImmediate(flush);
    else this.#heldFlush = flush;
  }
}
