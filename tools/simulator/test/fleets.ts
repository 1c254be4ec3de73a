/** What tests of many machines share: how they begin, and flags that make half an hour short to simulate. */
import { expect } from 'vitest';
import type { Fleet } from '../src/machines/fleet.js';

/** Members say less often that they are there: nothing else is slower. */
export const UNHURRIED = ['--heartbeat-interval=1000', '--election-timeout=5000'];

export const SECOND_MS = 1_000;
export const MINUTE_MS = 60 * SECOND_MS;

/** Starts all of them; the first vote, the others stand by and are on a connection to the leader. */
export async function begin(fleet: Fleet, voters: number): Promise<void> {
  for (const machine of fleet.machines) machine.start();
  await fleet.until('somebody leads', 30 * SECOND_MS, () => fleet.leader !== null);
  await allStandBy(fleet, fleet.machines.length - voters);
  await fleet.until('every voter has said who it is', 30 * SECOND_MS, () =>
    fleet.view.members.every(({ started }) => started),
  );
  expect(fleet.voters).toEqual(names(1, voters));
}

export async function allStandBy(fleet: Fleet, count: number): Promise<void> {
  await fleet.until(`${count} stand by`, 60 * SECOND_MS, () => {
    if (fleet.leader === null) return false;
    const { standbys } = fleet.view;
    return standbys.length === count && standbys.every(({ connected }) => connected);
  });
}

/** `m2` to `m4`, say. */
export function names(from: number, to: number): string[] {
  return Array.from({ length: to - from + 1 }, (_, index) => `m${from + index}`);
}

/** The last voter that does not lead. */
export function follower(fleet: Fleet): string {
  const name = fleet.voters.filter((voter) => voter !== fleet.leader?.name).at(-1);
  if (name === undefined) throw new Error('there is no follower');
  return name;
}
