/**
 * Whether the members hold the same keys: hashes over the live history of one revision, compared as etcd compares them,
 * by the leader every so often, and by a member before it serves. What a disk loses or alters is found by checksums
 * whenever it is read; this finds what no member can see alone, that the same log came to different keys.
 */
import { AlarmType as StateAlarm } from '@understudy/mvcc';
import { AlarmType, MaintenanceService } from '@understudy/protocol';
import { formatId } from '../bootstrap/member-id.js';
import { hashKv } from '../services/hash-kv.js';
import type { LeaderCalls } from '../services/leader-calls.js';
import type { Member } from '../services/member.js';
import { findMismatch, type MemberHash, unequalHash } from './compare-hashes.js';

/** A member with much to hash takes its time. */
const ANSWER_TIMEOUT_MS = 30_000;
/** Of the check before serving: how long a peer is asked again that does not answer. */
const PATIENCE_MS = 5000;
const ASK_AGAIN_MS = 100;

export class CorruptionCheck {
  readonly #member: Member;
  readonly #peers: Pick<LeaderCalls, 'ask'>;
  readonly #timer: NodeJS.Timeout | null;
  #running = false;

  /** `intervalMs` 0: the leader does not check by itself. */
  constructor(member: Member, peers: Pick<LeaderCalls, 'ask'>, intervalMs: number) {
    this.#member = member;
    this.#peers = peers;
    this.#timer = intervalMs === 0 ? null : setInterval(() => void this.#tick(), intervalMs);
  }

  stop(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
  }

  /** Before it serves. Throws where a peer has other keys at the revision that this member has. */
  async beforeServing(): Promise<void> {
    const { logger, id } = this.#member;
    const own = await this.#own();
    const until = performance.now() + PATIENCE_MS;
    const asked = this.#others().map(async (peer) => ({ peer, answer: await this.#askUntil(peer, own, until) }));
    for (const { peer, answer } of await Promise.all(asked)) {
      const fields = { peer: formatId(peer), revision: own.hashRevision };
      if (answer === null) logger.warn(fields, 'a peer could not be asked for the hash of its keys');
      else if (answer.compactRevision !== own.compactRevision) {
        logger.warn({ ...fields, compacted: answer.compactRevision }, 'a peer has compacted to another revision');
      }
      const why = answer === null ? null : unequalHash(own, answer);
      if (why === null) continue;
      throw new Error(
        `--experimental-initial-corrupt-check: member ${formatId(id)} and its peer ${formatId(peer)} have different keys, ${why}; find out which is wrong, then remove that member and add it again with an empty --data-dir`,
      );
    }
    logger.info({ revision: own.hashRevision }, 'no peer that answered has other keys');
  }

  async #tick(): Promise<void> {
    const { logger, node } = this.#member;
    if (this.#running || !node.isLeader) return;
    this.#running = true;
    try {
      await this.#asLeader();
    } catch (error) {
      logger.warn({ err: error }, 'the check for corruption failed');
    }
    this.#running = false;
  }

  async #asLeader(): Promise<void> {
    const { logger, node, state } = this.#member;
    const before = await this.#own();
    const asked = await Promise.all(this.#others().map((peer) => this.#ask(peer, before)));
    // Still the leader, and with everything that a peer could have applied.
    await node.readBarrier();
    const after = await this.#own();
    const answers = asked.filter((answer) => answer !== null);
    const found = findMismatch(before, after, answers);
    if (found === null) {
      logger.debug({ revision: before.hashRevision, peers: answers.length }, 'no member has other keys');
      return;
    }
    logger.error({ peer: formatId(found.member), why: found.why }, 'a member has other keys than its leader');
    const known = state.mvcc.alarms.list(StateAlarm.corrupt).some(({ memberId }) => memberId === found.member);
    if (!known) await this.#member.raiseAlarm(AlarmType.CORRUPT, found.member);
  }

  async #own(): Promise<MemberHash> {
    return toMemberHash(this.#member.id, await hashKv(this.#member, { revision: 0 }));
  }

  #others(): number[] {
    const { voters, learners } = this.#member.state.confState;
    return [...voters, ...learners].filter((id) => id !== this.#member.id);
  }

  /** Null where it does not answer, is behind, or has compacted that revision. */
  async #ask(peer: number, { hashRevision }: MemberHash): Promise<MemberHash | null> {
    try {
      const { hashKV } = MaintenanceService.methods;
      const answer = await this.#peers.ask(peer, hashKV, { revision: hashRevision }, ANSWER_TIMEOUT_MS);
      return toMemberHash(peer, answer);
    } catch (error) {
      this.#member.logger.debug({ err: error, peer: formatId(peer) }, 'a peer gave no hash');
      return null;
    }
  }

  async #askUntil(peer: number, own: MemberHash, untilMs: number): Promise<MemberHash | null> {
    for (;;) {
      const answer = await this.#ask(peer, own);
      if (answer !== null || performance.now() >= untilMs) return answer;
      await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_MS));
    }
  }
}

function toMemberHash(member: number, answer: Awaited<ReturnType<typeof hashKv>>): MemberHash {
  const { hash, hashRevision, compactRevision, header } = answer;
  return { member, hash, hashRevision, compactRevision, revision: header?.revision ?? 0 };
}
