/** Machines on virtual time: runs replay, and leave nothing behind. */
import { readFileSync } from 'node:fs';
import { expect, test, vi } from 'vitest';
import { withFleet } from '../src/machines/fleet.js';
import { begin, follower, SECOND_MS } from './fleets.js';

// All of it is computing: on a busy machine it takes several times as long.
vi.setConfig({ testTimeout: 120_000 });

test('the example of the README is true', async () => {
  await withFleet({ voters: 3 }, async (fleet) => {
    fleet.add(5);
    for (const machine of fleet.machines) machine.start();
    await fleet.until('two stand by', 10_000, () => fleet.leader !== null && fleet.standbys.length === 2);
    fleet.leader?.kill();
    await fleet.until('a standby votes', 60_000, () => fleet.leader !== null && fleet.standbys.length === 1);
  });
  const code = (text: string): string =>
    text.slice(text.indexOf('await withFleet({ voters: 3 }')).replaceAll(/\s+/g, ' ');
  const readme = code(readFileSync(new URL('../README.md', import.meta.url), 'utf8'));
  const own = readFileSync(new URL(import.meta.url), 'utf8');
  const example = code(own.slice(own.indexOf("'the example of the README is true'")));
  expect(readme).toContain(example.slice(0, example.indexOf(' const code')));
});

test('the same seed is the same run, with promises and timers', async () => {
  const run = async (seed: number): Promise<string> => {
    let told = '';
    await withFleet({ voters: 3, seed }, async (fleet) => {
      fleet.add(6);
      await begin(fleet, 3);
      fleet.machine(follower(fleet)).kill();
      await fleet.run(30 * SECOND_MS);
      told = `${fleet.clock.events} ${fleet.leading.log.disk.entries.length} ${fleet.standbys} ${fleet.machine('m4').memberId}`;
    });
    return told;
  };
  expect(await run(7)).toBe(await run(7));
  expect(await run(7)).not.toBe(await run(8));
});

test('nothing of virtual time is left behind, also where a run fails', async () => {
  const before = [setTimeout, setInterval, setImmediate, Date.now, performance.now, Math.random];
  const failing = withFleet({ voters: 1 }, async (fleet) => {
    fleet.add(1);
    await fleet.until('somebody leads', SECOND_MS / 100, () => fleet.leader !== null);
  });
  await expect(failing).rejects.toThrow(/not so within 10 ms: somebody leads/);
  expect([setTimeout, setInterval, setImmediate, Date.now, performance.now, Math.random]).toEqual(before);
});
