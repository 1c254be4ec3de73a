/**
 * A client that writes at a steady pace, through any member that votes, one write after the other. A write that certainly
 * did not happen is tried again, as the client package does by default; any other failure is one.
 */
import { CommandKind } from '@understudy/server/testing';
import { PutRequest } from '@understudy/protocol';
import type { Fleet } from './fleet.js';

const EVERY_MS = 100;
const RETRY_MS = 50;
const PATIENCE_MS = 5_000;

export class Writer {
  done = 0;
  readonly failures: string[] = [];
  private stopped = false;

  constructor(private readonly fleet: Fleet) {
    void this.work();
  }

  stop(): void {
    this.stopped = true;
  }

  private async work(): Promise<void> {
    while (!this.stopped) {
      await this.write();
      await this.fleet.pause(EVERY_MS);
    }
  }

  private async write(): Promise<void> {
    const { clock, random } = this.fleet;
    const untilMs = clock.now + PATIENCE_MS;
    const request = PutRequest.encode(PutRequest.create({ key: Buffer.from('k'), value: Buffer.from('v') }));
    for (;;) {
      const voters = this.fleet.peers().filter(({ member }) => !member.isLearner);
      const peer = voters.length === 0 ? null : random.pick(voters);
      let text = 'nobody is there to be asked';
      let tryAgain = true;
      if (peer !== null) {
        try {
          await peer.member.propose(CommandKind.Put, request, undefined, { raw: null, timeoutMs: PATIENCE_MS });
          this.done++;
          return;
        } catch (error) {
          text = (error as Error).message;
          tryAgain = (error as { outcome?: string }).outcome === 'not-applied';
        }
      }
      if (!tryAgain || clock.now >= untilMs) {
        this.failures.push(`${text}, at ${clock.now} ms`);
        return;
      }
      await this.fleet.pause(RETRY_MS);
    }
  }
}
