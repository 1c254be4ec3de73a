/**
 * The leader ends leases whose time is over, by revoking them through the log. A new leader first gives every lease
 * what it has left and an election timeout more, so that none ends earlier than its holder believes.
 */
import { AlarmType } from '@understudy/mvcc';
import type { Member } from './services/member.js';
import { CommandKind, encodeExpiry } from './state/command.js';
import type { Logger } from './telemetry/logger.js';

const CHECK_INTERVAL_MS = 500;
/** Leases revoked at a time; the rest waits for the next check. */
const MAX_REVOKES = 1000;

export class LeaseExpiry {
  readonly #member: Member;
  readonly #logger: Logger;
  readonly #timer: NodeJS.Timeout;

  constructor(member: Member, logger: Logger) {
    this.#member = member;
    this.#logger = logger;
    this.#timer = setInterval(() => this.#check(), CHECK_INTERVAL_MS);
  }

  /** To be called at every change of leader, and after the state was replaced. */
  leadershipChanged(): void {
    const { node, state, config } = this.#member;
    const { lessor } = state.mvcc;
    if (node.isLeader && !lessor.primary) lessor.promote(performance.now(), config.electionTimeoutMs);
    else if (!node.isLeader && lessor.primary) lessor.demote();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #check(): void {
    const { node, state } = this.#member;
    const { lessor } = state.mvcc;
    if (!node.isLeader || !lessor.primary) return;
    // Would be refused; what is overdue by then ends when the alarm is disarmed.
    if (state.mvcc.alarms.active(AlarmType.corrupt)) return;
    for (const id of lessor.expired(performance.now(), MAX_REVOKES)) this.#revoke(id);
  }

  #revoke(id: bigint): void {
    const request = encodeExpiry({ lease: id, term: this.#member.node.term });
    this.#member.proposeOwn(CommandKind.ExpireLease, request).catch((error: unknown) => {
      // It stays overdue and is offered again.
      this.#logger.debug({ err: error, lease: id.toString(16) }, 'could not revoke an expired lease');
    });
  }
}
