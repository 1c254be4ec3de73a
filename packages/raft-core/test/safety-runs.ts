/** What the short and the long safety test share: the variants, and one run of the chaos. */
import fc from 'fast-check';
import { expect } from 'vitest';
import { isMember, type RaftOptions } from '../src/index.js';
import { ChaosCluster, type ChaosDamage, isTornByRemoval } from './chaos-cluster.js';

export type Variant = Omit<RaftOptions, 'id'>;

const everything: Variant = {
  electionTicks: 5,
  preVote: true,
  checkQuorum: true,
  crashFailover: true,
  replicationSessions: true,
  requireOwnTermCommit: true,
  maxAppendBytes: 40,
  maxInflightMessages: 3,
  maxCommittedBytesPerReady: 60,
  stepDownOnRemoval: true,
};

// Without check-quorum, members that were removed and do not know it campaign for ever.
const plain: Variant = { electionTicks: 5, requireOwnTermCommit: true, checkQuorum: true };

export const VARIANTS: [string, Variant][] = [
  ['everything on, writing asynchronously', { ...everything, asyncStorageWrites: true }],
  ['everything on, writing synchronously', everything],
  ['plain, writing asynchronously', { ...plain, asyncStorageWrites: true }],
  ['plain, writing synchronously', plain],
];

/** What all runs reached, to see that the chaos is none in name only. */
export const seen = {
  runs: 0,
  rested: 0,
  elections: 0,
  reads: 0,
  applied: 0,
  configurations: 0,
  damages: 0,
  recoveries: 0,
};

export function chaosRuns(
  options: Variant,
  runs: number,
  steps: number,
  seed: number,
  damage: ChaosDamage | null = null,
): void {
  const step = fc.nat({ max: 5 * 100 * 4096 - 1 });
  const choices = fc.array(step, { minLength: steps, maxLength: steps, size: 'max' });
  fc.assert(
    fc.property(fc.nat(), choices, (chanceSeed, list) => run(options, chanceSeed, list, damage)),
    { numRuns: runs, seed, endOnFailure: true },
  );
}

function run(options: Variant, seed: number, choices: readonly number[], damage: ChaosDamage | null): void {
  const cluster = new ChaosCluster(options, chance(seed), damage);
  for (const choice of choices) cluster.act(choice);
  cluster.comeToRest();
  seen.runs++;
  seen.elections += cluster.elections;
  seen.reads += cluster.answeredReads;
  seen.applied += cluster.maxApplied;
  seen.configurations += cluster.configurations.size;
  seen.damages += cluster.damages;
  seen.recoveries += cluster.recoveries;
  if (isTornByRemoval(cluster.members) || cluster.isTornByDamage()) return;
  seen.rested++;
  const leader = cluster.leader();
  if (leader === undefined) throw new Error('nobody leads after all disturbances are over');
  expect(leader.node.appliedIndex).toBe(cluster.maxApplied);
  for (const member of cluster.members) {
    if (!isMember(leader.state.confState, member.id)) continue;
    expect(member.state.index, `member ${member.id}`).toBe(cluster.maxApplied);
    expect(cluster.appliedOf(member)).toBe(cluster.appliedOf(leader));
    expect(member.recovering?.voteProven ?? false, `member ${member.id} recovers`).toBe(false);
  }
}

/** A small generator, so that the members' chance comes from the seed alone. */
function chance(seed: number): (exclusiveMax: number) => number {
  let state = seed >>> 0;
  return (max) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * max);
  };
}
