/**
 * What a standby and its leader say to each other on their one connection: it reports at the pace that it is told, and
 * hears at once what changes. It is over when the leader does not lead any more, when it falls silent, and when the machine
 * is a member: the loop then asks the members what is true. Whatever carries it opens and closes the connection.
 */
import type { StandbyInstruction, StandbyReport } from '@understudy/protocol';
import { PROTOCOL_MAX, PROTOCOL_MIN } from '@understudy/transport-ws';
import type { ClusterReport } from '../bootstrap/discovery.js';
import { formatId } from '../bootstrap/member-id.js';
import type { LinkOwner, StandbyMachine } from './standby-loop.js';

/** Ends when the connection does; throws where it breaks. */
export interface ReportStream extends AsyncIterable<StandbyInstruction> {
  send(report: StandbyReport): Promise<void>;
}

/** A leader that has not answered a report for so long is gone. */
const ANSWER_TIMEOUT_MS = 5000;

export class RegistrationTalk {
  readonly #machine: StandbyMachine;
  readonly #owner: LinkOwner;
  readonly #onSilence: () => void;
  #cluster: ClusterReport;
  #registered = false;
  /** Until the next report, or until an answer is overdue. */
  #timer: NodeJS.Timeout | undefined;

  /** `onSilence` is told that an answer is overdue; it is to close the connection. */
  constructor(machine: StandbyMachine, owner: LinkOwner, cluster: ClusterReport, onSilence: () => void) {
    this.#machine = machine;
    this.#owner = owner;
    this.#cluster = cluster;
    this.#onSilence = onSilence;
  }

  /** The leader took the registration. */
  get registered(): boolean {
    return this.#registered;
  }

  /** Resolves with why it is over. Never rejects. */
  async run(stream: ReportStream): Promise<string> {
    const report = (): void => {
      // What goes wrong with sending ends the stream, and is heard there.
      stream.send(this.#report()).catch(() => undefined);
      this.#timer = setTimeout(this.#onSilence, ANSWER_TIMEOUT_MS);
    };
    report();
    try {
      for await (const instruction of stream) {
        clearTimeout(this.#timer);
        const over = this.#instructed(instruction);
        if (over !== null) return over;
        this.#timer = setTimeout(report, Math.max(1, instruction.nextCheckMs));
      }
      return 'the leader ended the stream';
    } catch (error) {
      return (error as Error).message;
    } finally {
      this.stop();
    }
  }

  /** No more reports. */
  stop(): void {
    clearTimeout(this.#timer);
  }

  /** Why it is over; null while it is not. */
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
