/** The language of the interaction scripts, with commands for what the reference does not have, or does not script. */
import { type Args, type Command, InteractionEnv, option } from './interaction-env.js';

export class OwnEnv extends InteractionEnv {
  constructor() {
    super();
    Object.assign(this.commands, this.ownCommands());
  }

  private ownCommands(): Readonly<Record<string, Command>> {
    return {
      /** read-index ID N: asks for a read point, under the number N. */
      'read-index': (args) => {
        const result = this.first(args).node.readIndex(Number(args[1]?.key));
        if (!result.ok) throw new Error(`read refused: ${result.reason}`);
      },
      /** report-disconnected A B: B's process is gone, as A sees it. */
      'report-disconnected': (args) => this.first(args).node.reportDisconnected(Number(args[1]?.key)),
      /** report-slow-disk ID ticks=N: its oldest write is so old. */
      'report-slow-disk': (args) => this.first(args).node.reportSlowDisk(Number(option(args, 'ticks'))),
      /** report-recovering A B: begins a new session with B. */
      'report-recovering': (args) => this.first(args).node.reportRecovering(Number(args[1]?.key)),
      /** damage ID keep=INDEX [vote=lost]: it starts again without the entries after INDEX that it has not applied. */
      damage: (args) => this.first(args).damage(Number(option(args, 'keep')), option(args, 'vote') === 'lost'),
      'end-recovery': (args) => this.first(args).node.endRecovery(),
      recovery: (args) => this.recovery(args),
      /** sessions ID: each member's replication session. */
      sessions: (args) => {
        for (const { id, session } of this.first(args).node.status().progress)
          this.write(`${id}: session ${session}\n`);
      },
    };
  }

  private recovery(args: Args): void {
    const { recovery } = this.first(args).node;
    if (recovery === null) {
      this.write('does not recover\n');
      return;
    }
    const { confirmed, highWaterIndex, refetched, stuck, voteProven } = recovery;
    const vote = voteProven ? 'proven' : 'lost';
    this.write(
      `to ${highWaterIndex} confirmed=${confirmed} vote=${vote}${refetched ? ' refetched' : ''}${stuck ? ' stuck' : ''}\n`,
    );
  }
}
