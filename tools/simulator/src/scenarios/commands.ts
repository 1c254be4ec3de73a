/**
 * An operator's commands in a scenario: judged by the checks of `membership`, as the server judges them, from what the
 * leader sees; then asked of the leader. What is refused changes nothing.
 */
import { checkAddMember, checkPromote, type RefusalReason } from '@understudy/membership';
import { type ConfChangeSingle, ConfChangeTransition, ConfChangeType } from '@understudy/raft-core';
import type { Host } from '../host.js';
import { Planner } from '../planner.js';
import type { Process } from '../process.js';
import type { World } from '../world.js';

const TIMEOUT_MS = 3_000;
const NO_CONTEXT = new Uint8Array(0);

export type CommandOutcome = RefusalReason | 'no-leader' | 'pending' | 'done' | 'not-applied' | 'unknown';

export interface Command {
  /** What it was refused for, or what became of it. */
  outcome: CommandOutcome;
  /** The refusal in words; empty where there is none. */
  text: string;
}

export interface AddOptions {
  /** Nobody answers at the URL that was given. */
  readonly absent?: boolean;
}

export class Commands {
  private readonly planner: Planner;

  constructor(private readonly world: World) {
    this.planner = new Planner(world);
  }

  /** `voter`: at once, as with etcd; `learner`: for as long as nobody says otherwise. */
  add(host: Host, role: 'voter' | 'learner', { absent = false }: AddOptions): Command {
    const id = this.world.newId();
    return this.ask(
      (leader) => checkAddMember(this.planner.decide(leader).view, { id, role, peerUrls: [urlOf(id)] }, this.policy),
      () => {
        host.join(id);
        host.wanted = role;
        if (!absent) host.start();
        const type = role === 'voter' ? ConfChangeType.AddNode : ConfChangeType.AddLearnerNode;
        return [{ type, nodeId: id }];
      },
    );
  }

  promote(host: Host): Command {
    return this.ask(
      (leader) => checkPromote(this.planner.decide(leader).view, host.id, this.policy),
      (leader) => {
        this.world.checks.onPromote(leader, host.id);
        host.wanted = 'voter';
        return [{ type: ConfChangeType.AddNode, nodeId: host.id }];
      },
    );
  }

  /** Leadership is to go to that member. */
  transfer(host: Host): Command {
    const leader = this.world.leader();
    if (leader === null) return { outcome: 'no-leader', text: '' };
    const command: Command = { outcome: 'pending', text: '' };
    leader.enter(() =>
      leader.core?.transferLeadership(host.id, TIMEOUT_MS, (error) => {
        command.outcome = error === null ? 'done' : 'not-applied';
        command.text = error?.message ?? '';
      }),
    );
    return command;
  }

  private get policy() {
    return this.planner.policy;
  }

  private ask(
    judge: (leader: Process) => ReturnType<typeof checkPromote>,
    changesOf: (leader: Process) => ConfChangeSingle[],
  ): Command {
    const leader = this.world.leader();
    if (leader === null) return { outcome: 'no-leader', text: '' };
    const verdict = judge(leader);
    if (!verdict.ok) return { outcome: verdict.reason, text: verdict.text };
    const command: Command = { outcome: 'pending', text: '' };
    const changes = changesOf(leader);
    leader.enter(() => {
      const change = { transition: ConfChangeTransition.Auto, changes, context: NO_CONTEXT };
      leader.core?.changeMembership(change, TIMEOUT_MS, (error) => {
        if (error === null) command.outcome = 'done';
        else command.outcome = error.outcome === 'not-applied' ? 'not-applied' : 'unknown';
        command.text = error?.message ?? '';
      });
    });
    return command;
  }
}

function urlOf(id: number): string {
  return `http://member-${id}:2380`;
}
