/**
 * An operator's commands on members, carried out by the leader: judged by the checks of `membership` on what it sees
 * now, then proposed. What the doors call them, and how they word a refusal, is theirs. Where another change is under
 * way, or a leader has just been elected, the command waits, and is judged anew.
 */
import { once } from 'node:events';
import {
  type AddRequest,
  type CheckOptions,
  type CheckResult,
  type ClusterView,
  checkAddMember,
  checkDrain,
  checkPromote,
  checkRemoveMember,
  checkReplace,
  checkReplaceByStandby,
  checkUpdate,
  type MemberRole,
  type RefusalReason,
} from '@understudy/membership';
import { etcdErrors } from '@understudy/protocol';
import { type ConfChange, ConfChangeTransition, ConfChangeType } from '@understudy/raft-core';
import { failure, fromRaft } from '../services/failures.js';
import type { Member } from '../services/member.js';
import type { Call } from '../services/rpc.js';
import { CommandKind } from '../state/command.js';
import { type ConfChangeContext, encodeConfChangeContext } from '../state/conf-change-context.js';
import { encodeLadderCommand } from '../state/ladder-command.js';
import type { LadderOutcome } from '../state/ladder-table.js';
import { type MemberRecord, newMemberRecord } from '../state/member-record.js';
import { freshId } from './carry-out.js';
import type { CurrentPolicy } from './current-policy.js';
import type { LadderExecutor } from './executor.js';

/** How long a command waits for a change that is under way, unless its caller has less time. */
const WAIT_MS = 5000;

/** A check said no. */
export class RefusedChange extends Error {
  override readonly name = 'RefusedChange';
  readonly reason: RefusalReason;

  constructor(reason: RefusalReason, text: string) {
    super(text);
    this.reason = reason;
  }
}

type Given = 'zone' | 'promotion' | 'triggers' | 'replaces';

export interface NewMember extends Partial<Pick<MemberRecord, Given>> {
  readonly role: AddRequest['role'];
  readonly peerUrls: readonly string[];
}

export interface MemberCommandsDeps {
  readonly member: Member;
  readonly policy: CurrentPolicy;
  readonly executor: LadderExecutor;
}

export class MemberCommands {
  readonly #deps: MemberCommandsDeps;
  readonly #options: CheckOptions;

  constructor(deps: MemberCommandsDeps) {
    this.#deps = deps;
    this.#options = { strict: deps.member.config.strictReconfigCheck };
  }

  /** The id that it was given. */
  async add({ role, ...given }: NewMember, call: Call): Promise<number> {
    const { member, policy } = this.#deps;
    const id = freshId(member);
    const reader = role === 'reader';
    const promotion = role === 'join' ? 'join' : (given.promotion ?? 'manual');
    const pin = role === 'voter' ? { pinnedAtVersion: policy.version } : {};
    const record = newMemberRecord({ ...given, id, reader, promotion, ...pin, addedAtMs: Date.now() });
    const type = role === 'voter' ? ConfChangeType.AddNode : ConfChangeType.AddLearnerNode;
    await this.#attempt(call, async () => {
      const { peerUrls, replaces } = record;
      this.#judge((view) =>
        replaces === 0
          ? checkAddMember(view, { id, role, peerUrls }, policy.policy, this.#options)
          : checkReplace(view, { id, peerUrls, replaces }, policy.policy),
      );
      await this.#change(type, record, call);
    });
    return id;
  }

  remove(id: number, call: Call): Promise<void> {
    return this.#attempt(call, async () => {
      const record = this.#find(id);
      this.#judge((view) => checkRemoveMember(view, id, this.#options));
      if (id === this.#deps.member.id) await this.#handOver();
      await this.#change(ConfChangeType.RemoveNode, record, call, { withdrawn: true });
    });
  }

  update(id: number, peerUrls: readonly string[], call: Call): Promise<void> {
    return this.#attempt(call, async () => {
      const record = { ...this.#find(id), peerUrls };
      this.#judge((view) => checkUpdate(view, id, peerUrls));
      await this.#change(ConfChangeType.UpdateNode, record, call);
    });
  }

  promote(id: number, call: Call): Promise<void> {
    return this.#attempt(call, async () => {
      const { policy } = this.#deps;
      const record = { ...this.#find(id), pinnedAtVersion: policy.version };
      this.#judge((view) => checkPromote(view, id, policy.policy, this.#options));
      await this.#change(ConfChangeType.AddNode, record, call);
    });
  }

  /** The voter stays as a learner that only a command promotes. */
  demote(id: number, call: Call): Promise<void> {
    return this.#attempt(call, async () => {
      const record: MemberRecord = { ...this.#find(id), promotion: 'manual', triggers: {}, pinnedAtVersion: null };
      // A voter that is demoted is one voter less, exactly as one that is removed.
      this.#judge((view) => checkRemoveMember(view, id, this.#options));
      if (id === this.#deps.member.id) await this.#handOver();
      await this.#change(ConfChangeType.AddLearnerNode, record, call);
    });
  }

  /** Adds a learner that takes the place of a voter: promoted when it is in sync, and the voter is removed then. */
  replace(id: number, given: Pick<MemberRecord, 'peerUrls' | 'zone'>, call: Call): Promise<number> {
    this.#find(id);
    return this.add({ role: 'join', ...given, replaces: id }, call);
  }

  /** Has a standby, or a learner that is there, take the place of a voter. */
  async replaceByStandby(id: number, call: Call): Promise<void> {
    this.#find(id);
    this.#judge((view) => checkReplaceByStandby(view, id, this.#deps.policy.policy));
    await this.drain(id, true, call);
  }

  /** Marks it to be replaced and removed by the automation, or takes the mark away. */
  async drain(id: number, draining: boolean, call: Call): Promise<void> {
    const { member } = this.#deps;
    this.#find(id);
    if (draining) this.#judge((view) => checkDrain(view, id));
    const command = encodeLadderCommand({ id, draining });
    const outcome = await member.propose<LadderOutcome>(CommandKind.SetDrain, command, undefined, call);
    if (!outcome.ok) throw failure(etcdErrors.memberNotFound);
  }

  roleOf(id: number): MemberRole | undefined {
    return this.#deps.executor.view().members.find((member) => member.id === id)?.role;
  }

  /**
   * A leader is removed by its successor: where it alone knows that its removal is committed, the others cannot elect
   * anybody without it. Throws `not leader` once it has handed over; nothing was applied then.
   */
  async #handOver(): Promise<never> {
    try {
      await this.#deps.member.node.transferLeadership('any');
    } catch (error) {
      throw fromRaft(error);
    }
    throw failure(etcdErrors.notLeader);
  }

  /** Again, while another change of members is under way, or a new leader has not applied anything of its own yet. */
  async #attempt(call: Call, command: () => Promise<void>): Promise<void> {
    const { node } = this.#deps.member;
    const untilMs = performance.now() + Math.min(call.timeoutMs ?? WAIT_MS, WAIT_MS);
    for (;;) {
      // Listened for before the attempt: the change may end while it is being refused.
      const waiting = new AbortController();
      const applied = once(node, 'conf-change', { signal: waiting.signal }).catch(() => undefined);
      try {
        return await command();
      } catch (error) {
        const leftMs = untilMs - performance.now();
        if (error instanceof RefusedChange) throw error;
        const { code } = error as { code?: string };
        if (leftMs <= 0 || (code !== 'conf-change-pending' && code !== 'not-ready')) throw fromRaft(error);
        if (code === 'not-ready') await this.#ready(leftMs);
        else await Promise.race([applied, expiry(leftMs, waiting.signal)]);
      } finally {
        waiting.abort();
      }
    }
  }

  /** Until this leader has applied an entry of its own term. What is wrong otherwise, the next attempt says. */
  async #ready(timeoutMs: number): Promise<void> {
    await this.#deps.member.readBarrier({ raw: null, timeoutMs }).catch(() => undefined);
  }

  async #change(
    type: ConfChangeType,
    record: MemberRecord,
    call: Call,
    context: Partial<ConfChangeContext> = {},
  ): Promise<void> {
    const change: ConfChange = {
      transition: ConfChangeTransition.Auto,
      changes: [{ type, nodeId: record.id }],
      context: encodeConfChangeContext({ members: [record], ...context }),
    };
    const options = call.timeoutMs === undefined ? {} : { timeoutMs: call.timeoutMs };
    await this.#deps.member.node.changeMembership(change, options);
  }

  #judge(check: (view: ClusterView) => CheckResult): void {
    const result = check(this.#deps.executor.view());
    if (result.ok) return;
    this.#deps.member.logger.info({ reason: result.reason }, `refused a change of members: ${result.text}`);
    throw new RefusedChange(result.reason, result.text);
  }

  #find(id: number): MemberRecord {
    const record = this.#deps.member.state.members.get(id);
    if (record === undefined) throw failure(etcdErrors.memberNotFound);
    return record;
  }
}

function expiry(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => clearTimeout(timer), { once: true });
  });
}
