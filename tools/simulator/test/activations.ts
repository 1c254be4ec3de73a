/** At least fifty standbys for one slot: played over and over, with another chance each time. */
import { expect } from 'vitest';
import { type Fleet, withFleet } from '../src/machines/fleet.js';
import { Random } from '../src/random.js';
import { begin, SECOND_MS } from './fleets.js';

const FIRST_VOTERS = 3;
const MAX_VOTERS = 9;
const MACHINES = MAX_VOTERS - 1 + 50;
/** Slots that one cluster opens, one after another. */
const SLOTS = MAX_VOTERS - FIRST_VOTERS;

/** So many slots, in as many clusters as that takes. */
export async function oneSlotForFifty(trials: number): Promise<void> {
  for (let seed = 1; seed * SLOTS - SLOTS < trials; seed++) {
    await withFleet({ voters: FIRST_VOTERS, seed, flags: ['--policy=stabilizationTime=1s'] }, async (fleet) => {
      fleet.add(MACHINES);
      await begin(fleet, FIRST_VOTERS);
      const random = Random.of(seed, 'trial');
      for (let size = FIRST_VOTERS + 1; size <= MAX_VOTERS; size++) await openSlot(fleet, random, size);
    });
  }
}

/** In every other trial the leader falls somewhere on the way. */
async function openSlot(fleet: Fleet, random: Random, size: number): Promise<void> {
  if (random.chance(0.5)) {
    const { leader } = fleet;
    fleet.clock.after(random.integer(0, 300), () => leader?.kill());
    fleet.clock.after(2 * SECOND_MS, () => leader?.start());
  }
  // Nobody answers the one who asks, where its leader falls.
  const { changes } = fleet.leading.ladder;
  void changes.setPolicy([`activeSize=${size}`], null, { raw: null, timeoutMs: undefined }).catch(() => {});
  await fleet.run(3 * SECOND_MS);
  if (fleet.leading.state.ladder.policyFields['activeSize'] !== size) await fleet.set(`activeSize=${size}`);
  await fleet.until(`${size} vote`, 20 * SECOND_MS, () => fleet.leader !== null && fleet.voters.length === size);
  await fleet.run(SECOND_MS);
  const { members, standbys } = fleet.view;
  expect([members.length, standbys.length]).toEqual([size, MACHINES - size]);
  // It was added as a learner, and promoted.
  expect(fleet.configEntries).toBe(FIRST_VOTERS + 2 * (size - FIRST_VOTERS));
  expect(fleet.machines.filter(({ memberId }) => memberId !== 0)).toHaveLength(size);
}
