/** Fifty standbys for one slot: played over and over, with another chance each time. */
import { expect } from 'vitest';
import { withFleet } from '../src/machines/fleet.js';
import { Random } from '../src/random.js';
import { begin, names, SECOND_MS } from './fleets.js';

/** In every other trial the leader falls somewhere on the way. */
export async function oneSlotForFifty(trials: number): Promise<void> {
  for (let seed = 1; seed <= trials; seed++) {
    await withFleet({ voters: 3, seed }, async (fleet) => {
      fleet.add(53);
      await begin(fleet, 3);
      const random = Random.of(seed, 'trial');
      if (random.chance(0.5)) {
        const { leader } = fleet;
        fleet.clock.after(random.integer(0, 300), () => leader?.kill());
        fleet.clock.after(3 * SECOND_MS, () => leader?.start());
      }
      // Nobody answers the one who asked, where its leader falls.
      const { changes } = fleet.leading.ladder;
      void changes.setPolicy(['activeSize=4'], null, { raw: null, timeoutMs: undefined }).catch(() => {});
      await fleet.run(5 * SECOND_MS);
      if (fleet.leading.state.ladder.policyFields['activeSize'] !== 4) await fleet.set('activeSize=4');
      await fleet.run(SECOND_MS);
      const activated = fleet.view.members.length - 3;
      expect([seed, activated, fleet.standbys.length]).toEqual([seed, 1, 49]);
      expect(fleet.configEntries).toBe(4);
      expect(fleet.machines.filter(({ memberId }) => memberId !== 0)).toHaveLength(4);
      expect(fleet.voters).toEqual(names(1, 3));
    });
  }
}
