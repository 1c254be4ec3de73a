/** What etcd's learner design left for later, by the server's own decisions, on virtual time, with a client that writes. */
import { expect, test, vi } from 'vitest';
import { type Fleet, withFleet } from '../src/machines/fleet.js';
import { Writer } from '../src/machines/writer.js';
import { allStandBy, begin, follower, MINUTE_MS, names, SECOND_MS } from './fleets.js';

// All of it is computing: on a busy machine it takes several times as long.
vi.setConfig({ testTimeout: 120_000 });

const NO_CALLER = { raw: null, timeoutMs: undefined };

/** Asks whoever leads, and again where it hands over first. */
async function ask(fleet: Fleet, command: () => Promise<unknown>): Promise<void> {
  for (;;) {
    try {
      await fleet.done(command());
      return;
    } catch (error) {
      if (!(error as Error).message.includes('not leader')) throw error;
      await fleet.until('another one leads', 10 * SECOND_MS, () => fleet.leader !== null);
    }
  }
}

test('one voter becomes three in one joint step: never two, and no write fails', async () => {
  await withFleet({ voters: 1 }, async (fleet) => {
    fleet.add(3);
    await begin(fleet, 1);
    const writer = new Writer(fleet);
    fleet.watch('one voter or three', () => fleet.leading.state.confState.voters.length !== 2);
    await fleet.set('activeSize=3');
    await fleet.until('three vote', MINUTE_MS, () => fleet.voters.length === 3);
    await fleet.run(10 * SECOND_MS);
    writer.stop();
    expect(fleet.voters).toEqual(names(1, 3));
    // The first member, two that are activated, into the joint configuration; leaving it has no data.
    expect(fleet.configEntries).toBe(4);
    expect(writer.failures).toEqual([]);
    expect(writer.done).toBeGreaterThan(100);
  });
});

test('every voter of five is replaced, one after another: slack is never below two, and no write fails', async () => {
  await withFleet({ voters: 5 }, async (fleet) => {
    fleet.add(10);
    await begin(fleet, 5);
    const writer = new Writer(fleet);
    fleet.watch('two more may fail', () => fleet.plan.slack >= 2);
    for (let number = 1; number <= 5; number++) {
      const old = fleet.machine(`m${number}`);
      const fresh = fleet.machine(`m${number + 5}`);
      const { memberId } = old;
      await ask(fleet, () => {
        const given = { peerUrls: fresh.config.advertisePeerUrls, zone: '' };
        return fleet.leading.ladder.commands.replace(memberId, given, NO_CALLER);
      });
      await fleet.until(`${fresh.name} votes in the place of ${old.name}`, 2 * MINUTE_MS, () => {
        return fleet.leader !== null && !fleet.voters.includes(old.name) && fleet.voters.includes(fresh.name);
      });
    }
    await allStandBy(fleet, 5);
    writer.stop();
    expect(fleet.voters).toEqual(names(6, 10));
    expect(fleet.standbys).toEqual(names(1, 5));
    expect(writer.failures).toEqual([]);
  });
});

test('a voter silent for failoverAfter is swapped with a warm learner, and comes back as a learner with its own log', async () => {
  await withFleet({ voters: 3, flags: ['--policy=failoverAfter=1s stabilizationTime=2s'] }, async (fleet) => {
    fleet.add(4);
    await begin(fleet, 3);
    const given = { role: 'learner', promotion: 'failover', peerUrls: ['http://m4:2380'] } as const;
    await ask(fleet, () => fleet.leading.ladder.commands.add(given, NO_CALLER));
    await fleet.until('it learns', 10 * SECOND_MS, () => fleet.learners.join() === 'm4');
    // While the voters answer it is never promoted.
    await fleet.always('three vote', MINUTE_MS, () => fleet.voters.join() === 'm1,m2,m3');
    const silent = fleet.machine(follower(fleet));
    const { log, identity } = silent.disk;
    silent.kill();
    const silentAtMs = fleet.clock.now;
    await fleet.until('the learner votes', 5 * SECOND_MS, () => fleet.voters.includes('m4'));
    expect(fleet.clock.now - silentAtMs).toBeLessThan(2_500);
    expect(fleet.learners).toEqual([silent.name]);
    silent.start();
    await fleet.until('it follows', 10 * SECOND_MS, () => {
      const member = fleet.view.members.find(({ id }) => id === identity?.memberId);
      return member?.answers === true && member.replication === 'replicate';
    });
    await fleet.always('it goes on learning', MINUTE_MS, () => fleet.learners.join() === silent.name);
    expect(silent.disk.identity).toEqual(identity);
    expect(silent.disk.log).toBe(log);
    expect(fleet.voters).toHaveLength(3);
  });
});
