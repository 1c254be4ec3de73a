/**
 * The one connection of a standby: a stream to the leader's peer port, on which it reports at the pace that it is told and
 * hears at once what changes. It ends when the leader does not lead any more, when it falls silent, and when the machine
 * is a member: the loop then asks the members what is true.
 */
import {
  type StandbyInstruction,
  ClientSession,
  type StandbyReport,
  StandbyService,
  SUBPROTOCOL,
} from '@understudy/protocol';
import { PROTOCOL_MAX, PROTOCOL_MIN } from '@understudy/transport-ws';
import { WebSocket } from 'ws';
import type { DialTls } from '../doors/tls-identity.js';
import type { ClusterReport } from '../bootstrap/discovery.js';
import { formatId } from '../bootstrap/member-id.js';
import type { Link, LinkEnd, LinkOwner, StandbyMachine } from './standby-loop.js';

/** On the peer port of every member. */
export const REGISTER_PATH = '/standby';

const DIAL_TIMEOUT_MS = 2000;
/** A leader that has not answered a report for so long is gone. */
const ANSWER_TIMEOUT_MS = 5000;
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
  readonly #machine: StandbyMachine;
  readonly #owner: LinkOwner;
  readonly #socket: WebSocket;
  readonly #session: ClientSession;
  #cluster: ClusterReport;
  #registered = false;
  /** Until the next report, or until an answer is overdue. */
  #timer: NodeJS.Timeout | undefined;
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
    this.#machine = machine;
    this.#owner = owner;
    this.#cluster = cluster;
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
    clearTimeout(this.#timer);
    this.#end({ registered: this.#registered, reason });
    this.#session.close(new Error(reason));
    this.#socket.terminate();
  }

  async #follow(): Promise<void> {
    const stream = this.#session.stream(StandbyService.methods.register);
    const report = (): void => {
      // What goes wrong with sending ends the stream, and is heard there.
      stream.send(this.#report()).catch(() => undefined);
      this.#timer = setTimeout(() => this.close('the leader does not answer'), ANSWER_TIMEOUT_MS);
    };
    report();
    try {
      for await (const instruction of stream) {
        clearTimeout(this.#timer);
        const over = this.#instructed(instruction);
        if (over !== null) {
          this.close(over);
          return;
        }
        this.#timer = setTimeout(report, Math.max(1, instruction.nextCheckMs));
      }
      this.close('the leader ended the stream');
    } catch (error) {
      this.close((error as Error).message);
    }
  }

  /** Why the link is over; null while it is not. */
  #instructed(instruction: StandbyInstruction): string | null {
    const { leader, header, removal, activation } = instruction;
    if (leader !== header?.memberId) return 'it does not lead any more';
    if (activation !== undefined) return 'this machine is a member';
    if (removal !== undefined) return `${removal.reason}: ${removal.text}`;
    this.#registered = true;
    this.#cluster = clusterOf(instruction);
    this.#owner.onCluster(this.#cluster, instruction.policy?.syncIntervalMs ?? 0);
    return null;
  }

  #report(): StandbyReport {
    const { name, peerUrls, clientUrls, zone, standbyOnly } = this.#machine;
    return {
      registration: this.#owner.registration,
      ...{ name, zone, standbyOnly, peerUrls: [...peerUrls], clientUrls: [...clientUrls] },
      minProtocol: PROTOCOL_MIN,
      maxProtocol: PROTOCOL_MAX,
      clusterId: Number.parseInt(this.#cluster.clusterId, 16),
      leaving: false,
      configIndex: this.#cluster.appliedIndex,
    };
  }

  /** The session speaks first, before the socket is open. */
  #schedule(flush: () => void): void {
    if (this.#socket.readyState === WebSocket.OPEN) setImmediate(flush);
    else this.#heldFlush = flush;
  }
}

/** Members that it knows by instruction alone are not judged by: who is a member is asked of the members. */
function clusterOf({ clusterId, members, leader, configIndex }: StandbyInstruction): ClusterReport {
  return {
    clusterId: formatId(clusterId),
    leaderId: formatId(leader),
    appliedIndex: configIndex,
    members: members.map(({ id, name, peerUrls, clientUrls, isLearner }) => ({
      ...{ id: formatId(id), name, peerUrls, clientUrls, isLearner },
      directoryId: 'unknown',
      registration: '',
    })),
  };
}
