/** The connection of a standby to a leader without a socket: what is said is the server's own, and comes a little later. */
import type { StandbyInstruction, StandbyReport } from '@understudy/protocol';
import { type Link, type Registrar, RegistrationTalk, type StandbyMachine } from '@understudy/server/testing';
import type { VirtualClock } from '../virtual-clock.js';

const LATENCY_MS = 2;

export interface LineDeps {
  readonly clock: VirtualClock;
  /** Of the machine with that peer URL; null where nobody takes registrations. */
  readonly registrarAt: (peerUrl: string) => Registrar | null;
  /** Told of every report. */
  readonly onReport: () => void;
}

export function lineToLeader({ clock, registrarAt, onReport }: LineDeps, machine: StandbyMachine): Link {
  return async (cluster, owner, signal) => {
    const [url = ''] = cluster.members.find(({ id }) => id === cluster.leaderId)?.peerUrls ?? [];
    await new Promise<void>((resolve) => clock.after(LATENCY_MS, resolve));
    const registrar = registrarAt(url);
    if (registrar === null) return { registered: false, reason: 'nobody answers' };
    const heard = new Heard(clock);
    const talk = new RegistrationTalk(machine, owner, cluster, () => heard.end());
    const stream = registrar.open({
      send: (instruction) => {
        heard.push(instruction);
        return true;
      },
      end: () => heard.end(),
    });
    const stop = (): void => heard.end();
    signal.addEventListener('abort', stop, { once: true });
    const send = async (report: StandbyReport): Promise<void> => {
      onReport();
      clock.after(LATENCY_MS, () => {
        if (!heard.over) stream.onMessage(report);
      });
    };
    const reason = await talk.run({ send, [Symbol.asyncIterator]: () => heard.all() });
    signal.removeEventListener('abort', stop);
    heard.end();
    clock.after(LATENCY_MS, () => stream.onClose());
    return { registered: talk.registered, reason };
  };
}

/** Instructions in their order, each after the latency. */
class Heard {
  over = false;
  private readonly queue: (StandbyInstruction | null)[] = [];
  private wake: () => void = () => {};

  constructor(private readonly clock: VirtualClock) {}

  push(instruction: StandbyInstruction | null): void {
    this.clock.after(LATENCY_MS, () => {
      this.queue.push(instruction);
      this.wake();
    });
  }

  end(): void {
    if (this.over) return;
    this.over = true;
    this.push(null);
  }

  async *all(): AsyncGenerator<StandbyInstruction> {
    for (;;) {
      const next = this.queue.shift();
      if (next === null) return;
      if (next !== undefined) yield next;
      else {
        await new Promise<void>((resolve) => {
          this.wake = resolve;
        });
      }
    }
  }
}
