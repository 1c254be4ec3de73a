/**
 * Who is there for which need: each learner for at most one, the needs in their order. A learner that is ready is taken
 * before one that is on its way; one that makes no progress, or has fallen silent, is nobody's hope.
 */
import { lagOf, type MemberView } from './cluster-view.js';
import { failoverDueAt, stallDueAt } from './down-time.js';
import type { Hold } from './hold.js';
import type { Need } from './need.js';
import { compareRanks } from './over-size.js';
import { holdLearner, triggersOf } from './promotion.js';
import { replacedBy, type Situation } from './situation.js';
import { crowding } from './zone-spread.js';

/** A learner and why it could not be promoted now; undefined when it could. */
export type Readiness = ReadonlyMap<number, Hold | undefined>;

export interface Post {
  readonly need: Need;
  /** Undefined while nobody is there for it. */
  readonly learner: MemberView | undefined;
}

export function readinessOf(situation: Situation): Readiness {
  return new Map(situation.learners.map((learner) => [learner.id, holdLearner(situation, learner)]));
}

export function staff(situation: Situation, needs: readonly Need[], readiness: Readiness): Post[] {
  const taken = new Set<number>();
  return needs.map((need) => {
    const learner = situation.learners
      .filter((candidate) => !taken.has(candidate.id) && suits(situation, candidate, need))
      .map((candidate) => ({ candidate, rank: rankFor(situation, candidate, need, readiness) }))
      .sort((a, b) => compareRanks(a.rank, b.rank))[0]?.candidate;
    if (learner !== undefined) taken.add(learner.id);
    return { need, learner };
  });
}

function suits(situation: Situation, learner: MemberView, need: Need): boolean {
  if (learner.draining) return false;
  const old = replacedBy(situation, learner);
  if (old !== undefined) return old.id === need.forMemberId && isHopeful(situation, learner);
  const triggers = triggersOf(learner, situation.policy);
  const fits = need.purpose === 'failover' ? triggers.failover : triggers.size || triggers.join;
  return fits && isHopeful(situation, learner);
}

/**
 * It is there, or may well come: it was just added, or it makes progress. A standby that was activated was connected just
 * now and takes its time to begin; what an operator added and did not start may be a mistake, and nobody waits for it longer
 * than for a voter.
 */
function isHopeful({ policy, nowMs }: Situation, learner: MemberView): boolean {
  if (nowMs >= stallDueAt(learner, policy)) return false;
  const silentTooLong = (failoverDueAt(learner, policy) ?? Number.POSITIVE_INFINITY) <= nowMs;
  const begins = learner.origin === 'automation' && !learner.started;
  return begins || !silentTooLong;
}

function rankFor(situation: Situation, learner: MemberView, need: Need, readiness: Readiness): number[] {
  return [
    learner.replaces !== 0 && learner.replaces === need.forMemberId ? 0 : 1,
    readiness.get(learner.id) === undefined ? 0 : 1,
    // One that can do nothing else first, so that the others stay free.
    learner.promotion === 'failover' ? 0 : 1,
    crowding(situation, learner.zone, need.forMemberId),
    lagOf(situation.view, learner),
    learner.id,
  ];
}
