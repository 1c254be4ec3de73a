/** Scenarios of the standby design that last for half an hour or longer, or have very many machines. */
import { expect, test, vi } from 'vitest';
import { withFleet } from '../src/machines/fleet.js';
import { allStandBy, begin, follower, MINUTE_MS, names, SECOND_MS, UNHURRIED } from './fleets.js';

// All of it is computing: on a busy machine it takes several times as long.
vi.setConfig({ testTimeout: 120_000 });

test('a voter that is lost is removed after half an hour, and not before', async () => {
  await withFleet({ voters: 3, flags: UNHURRIED }, async (fleet) => {
    fleet.add(4);
    await begin(fleet, 3);
    const lost = follower(fleet);
    const { memberId } = fleet.machine(lost);
    fleet.machine(lost).kill();
    const known = (): boolean => fleet.view.members.some(({ id }) => id === memberId);
    await fleet.run(MINUTE_MS);
    await fleet.always('it is known', 28 * MINUTE_MS, known);
    expect(fleet.learners).toEqual([lost]);
    await fleet.until('it is removed', 2 * MINUTE_MS, () => !known());
    expect(fleet.voters).toHaveLength(3);
    // Back again, it learns that it was removed, and stands by under another name of its own.
    fleet.machine(lost).start();
    await allStandBy(fleet, 1);
    expect(fleet.standbys).toEqual([lost]);
    expect(fleet.machine(lost).memberId).toBe(0);
  });
});

test('more voters than activeSize: the worst goes first, slack is kept, and the leader never goes', async () => {
  await withFleet({ voters: 7, flags: UNHURRIED }, async (fleet) => {
    fleet.add(7);
    await begin(fleet, 7);
    const down = follower(fleet);
    const leader = fleet.leader?.name ?? '';
    fleet.machine(down).kill();
    await fleet.until('it is silent', MINUTE_MS, () => fleet.view.members.some(({ answers }) => !answers));
    // What three voters tolerate.
    fleet.watch('one more may fail', () => fleet.plan.slack >= 1);
    fleet.watch('the leader votes', () => fleet.voters.includes(leader) && fleet.leader?.name === leader);
    await fleet.set('activeSize=3');
    await fleet.until('one is removed', 10 * MINUTE_MS, () => fleet.voters.length < 7);
    expect(fleet.voters).toEqual(names(1, 7).filter((name) => name !== down));
    await fleet.until('three are left', 40 * MINUTE_MS, () => fleet.voters.length === 3);
    await fleet.always('three are left', 10 * MINUTE_MS, () => fleet.voters.length === 3);
  });
});

test('while activeSize is auto nobody is removed for a silence; once it is set, after half an hour of it', async () => {
  await withFleet({ voters: 5, flags: UNHURRIED }, async (fleet) => {
    fleet.add(5);
    await begin(fleet, 5);
    fleet.machine(follower(fleet)).kill();
    await fleet.always('five vote', 40 * MINUTE_MS, () => fleet.voters.length === 5);
    await fleet.set('activeSize=5');
    await fleet.until('four vote', MINUTE_MS, () => fleet.voters.length === 4);
    await fleet.run(6 * MINUTE_MS);
    fleet.machine(follower(fleet)).kill();
    await fleet.always('four vote', 29 * MINUTE_MS, () => fleet.voters.length === 4);
    await fleet.until('three vote', 2 * MINUTE_MS, () => fleet.voters.length === 3);
  });
});

test('the leader falls while a down-time is counted: its successor goes on counting', async () => {
  await withFleet({ voters: 5, flags: [...UNHURRIED, '--policy=activeSize=5'] }, async (fleet) => {
    fleet.add(5);
    await begin(fleet, 5);
    const lost = follower(fleet);
    fleet.machine(lost).kill();
    for (let time = 1; time <= 2; time++) {
      await fleet.run(10 * MINUTE_MS);
      const leader = fleet.leader;
      leader?.kill();
      await fleet.until('another one leads', MINUTE_MS, () => fleet.leader !== null && fleet.leader !== leader);
      leader?.start();
    }
    await fleet.always('five vote', 8 * MINUTE_MS, () => fleet.leader === null || fleet.voters.length === 5);
    await fleet.until('the silent one is removed', 3 * MINUTE_MS, () => !fleet.voters.includes(lost));
    expect(fleet.voters).toHaveLength(4);
  });
});

test('figure 9, better: a learner that never starts is removed by itself after half an hour, and an alarm comes first', async () => {
  await withFleet({ voters: 3, flags: [...UNHURRIED, '--policy=activeSize=3'] }, async (fleet) => {
    fleet.add(3);
    await begin(fleet, 3);
    const { commands } = fleet.leading.ladder;
    const nobody = { role: 'learner', peerUrls: ['http://m9:2380'] } as const;
    await fleet.done(commands.add(nobody, { raw: null, timeoutMs: undefined }));
    await fleet.always('it is a learner', 29 * MINUTE_MS, () => fleet.learners.length === 1 && fleet.plan.slack === 1);
    expect(fleet.view.alarms.map(({ alarm }) => alarm)).toEqual(['never-started']);
    await fleet.until('it is removed', 2 * MINUTE_MS, () => fleet.learners.length === 0);
    expect(fleet.voters).toEqual(names(1, 3));
  });
});

test('a standby is lost: it is forgotten after half an hour, and back before, it is who it was', async () => {
  await withFleet({ voters: 3, flags: UNHURRIED }, async (fleet) => {
    fleet.add(5);
    await begin(fleet, 3);
    await fleet.run(MINUTE_MS);
    fleet.machine('m5').kill();
    // Nothing else happens meanwhile.
    await fleet.always('both are registered', 29 * MINUTE_MS, () => fleet.standbys.length === 2);
    await fleet.until('it is forgotten', 2 * MINUTE_MS, () => fleet.standbys.join() === 'm4');
    const { registration } = fleet.machine('m4').standby ?? {};
    fleet.machine('m4').kill();
    await fleet.run(20 * MINUTE_MS);
    fleet.machine('m4').start();
    await fleet.always('it is not forgotten', 15 * MINUTE_MS, () => fleet.standbys.join() === 'm4');
    expect(fleet.machine('m4').standby?.registration).toBe(registration);
    expect(fleet.configEntries).toBe(3);
  });
});

test('a thousand machines start at once: five vote, 995 stand by, and the log has five config entries', async () => {
  await withFleet({ voters: 5 }, async (fleet) => {
    fleet.add(1_000);
    await begin(fleet, 5);
    await fleet.run(30 * SECOND_MS);
    expect(fleet.voters).toEqual(names(1, 5));
    expect(fleet.standbys).toEqual(names(6, 1_000));
    expect(fleet.configEntries).toBe(5);
  });
});
