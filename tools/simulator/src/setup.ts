/**
 * What a run is made of, drawn from its seed: the size of the cluster, the speed of its parts, the limits that make rare
 * paths common (short logs, small windows, a few entries in memory), and the load. Plain data, so that a case can keep it.
 */
import { Random } from './random.js';

export interface Setup {
  readonly seed: number;
  /** Voters at the start. */
  readonly voters: number;
  /** Machines that stand by, to become members. */
  readonly spares: number;
  /** How long faults are injected, simulated milliseconds. */
  readonly safetyMs: number;
  readonly opsPerSecond: number;
  readonly clients: number;
  readonly watchers: number;
  readonly keys: number;
  readonly network: { readonly minMs: number; readonly maxMs: number };
  readonly disk: { readonly minMs: number; readonly maxMs: number };
  readonly node: {
    readonly electionTimeoutMs: number;
    readonly snapshotEntries: number;
    readonly keepEntries: number;
    readonly flushEntries: number;
    readonly flushIntervalMs: number;
    readonly maxAppendBytes: number;
    readonly maxInflightMessages: number;
    readonly applyTurnEntries: number;
    readonly readRetryMs: number;
    readonly proposalTimeoutMs: number;
    readonly crashFailover: boolean;
    readonly stalledLeaderHandover: boolean;
  };
  /** Bytes of the log kept in memory. */
  readonly tailBytes: number;
  /** How much later than its cause a turn comes, at most: how busy the machine is. */
  readonly turnMs: number;
  /** How much faster or slower each machine's ticks are, by slot. */
  readonly drift: readonly number[];
}

export const HEARTBEAT_MS = 100;
export const PROMOTE_MAX_LAG = 12;

export function setupOf(seed: number): Setup {
  const random = Random.of(seed, 'setup');
  const maxAppendBytes = random.pick([300, 2_000, 64_000]);
  const snapshotEntries = random.pick([20, 60, 200]);
  const slowNetwork = random.chance(0.2);
  const drift: number[] = [];
  const voters = random.pick([1, 1, 3, 3, 3, 3, 3, 3, 5, 5]);
  for (let slot = 0; slot < 8; slot++) drift.push(random.between(0.97, 1.03));
  return {
    seed,
    voters,
    // One that is alone is there to grow.
    spares: voters === 1 ? 2 : random.pick([0, 1, 1, 2]),
    safetyMs: random.integer(15, 40) * 1_000,
    opsPerSecond: random.pick([10, 20, 20, 40, 100]),
    clients: random.integer(2, 6),
    watchers: random.integer(1, 3),
    keys: random.pick([4, 12, 30]),
    network: slowNetwork ? { minMs: 5, maxMs: 60 } : { minMs: 0.3, maxMs: random.pick([1, 3, 15]) },
    disk: { minMs: 0.3, maxMs: random.pick([1, 4, 20]) },
    node: {
      electionTimeoutMs: 1_000,
      snapshotEntries,
      keepEntries: random.pick([0, 5, 30]),
      flushEntries: Math.min(snapshotEntries, random.pick([5, 20, 100])),
      flushIntervalMs: random.pick([300, 1_000, 5_000]),
      maxAppendBytes,
      maxInflightMessages: random.pick([2, 8, 256]),
      applyTurnEntries: random.pick([2, 16, 1_024]),
      readRetryMs: random.pick([200, 500]),
      proposalTimeoutMs: random.pick([2_000, 5_000]),
      crashFailover: random.chance(0.7),
      stalledLeaderHandover: random.chance(0.7),
    },
    tailBytes: random.pick([1_500, 6_000, 64_000]),
    turnMs: random.pick([1, 1, 3, 30]),
    drift,
  };
}

/** Three voters, 20 operations a second and a server's own limits: what the speed in the README is measured with. */
export function plainSetup(seed: number): Setup {
  const { drift, ...setup } = setupOf(seed);
  return {
    ...setup,
    voters: 3,
    spares: 0,
    safetyMs: 60_000,
    opsPerSecond: 20,
    clients: 4,
    watchers: 2,
    keys: 30,
    network: { minMs: 0.3, maxMs: 3 },
    disk: { minMs: 0.3, maxMs: 3 },
    node: {
      ...setup.node,
      snapshotEntries: 200,
      keepEntries: 30,
      flushEntries: 100,
      flushIntervalMs: 5_000,
      maxAppendBytes: 64_000,
      maxInflightMessages: 256,
      applyTurnEntries: 1_024,
      readRetryMs: 500,
      proposalTimeoutMs: 5_000,
    },
    tailBytes: 64_000,
    turnMs: 1,
    drift,
  };
}
