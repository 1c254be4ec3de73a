/** The scenarios of the standby design, and its limitations: by the server's own decisions, on virtual time. */
import { ConfChangeTransition, ConfChangeType } from '@understudy/raft-core';
import { clientTargets, encodeConfChangeContext, newMemberRecord } from '@understudy/server/testing';
import { expect, test, vi } from 'vitest';
import { withFleet } from '../src/machines/fleet.js';
import { Random } from '../src/random.js';
import { oneSlotForFifty } from './activations.js';
import { allStandBy, begin, follower, MINUTE_MS, names, SECOND_MS } from './fleets.js';

// All of it is computing: on a busy machine it takes several times as long.
vi.setConfig({ testTimeout: 120_000 });

test('a hundred machines start at once: five vote, 95 stand by, and the log has five config entries', async () => {
  await withFleet({ voters: 5 }, async (fleet) => {
    fleet.add(100);
    await begin(fleet, 5);
    await fleet.run(30 * SECOND_MS);
    expect(fleet.voters).toEqual(names(1, 5));
    expect(fleet.standbys).toEqual(names(6, 100));
    expect(fleet.configEntries).toBe(5);
  });
});

test('everything restarts in any order: the log decides what each machine is, and nobody has to help', async () => {
  for (let seed = 1; seed <= 4; seed++) {
    await withFleet({ voters: 5, seed }, async (fleet) => {
      fleet.add(15);
      await begin(fleet, 5);
      await fleet.set('failoverAfter=21s');
      const random = Random.of(seed, 'restart');
      const ids = fleet.machines.slice(0, 5).map(({ memberId }) => memberId);
      for (const machine of fleet.machines) machine.kill();
      // Some have forgotten that they stood by, and know their flags alone.
      for (const machine of fleet.machines.slice(5)) if (random.chance(0.3)) machine.disk.info = null;
      let listening = 0;
      let quorumAtMs = 0;
      for (const [number, machine] of fleet.machines.entries()) {
        fleet.clock.after(random.integer(0, 20_000), () => {
          machine.start();
          if (number < 5 && ++listening === 3) quorumAtMs = fleet.clock.now;
        });
      }
      await fleet.until('a quorum listens', MINUTE_MS, () => quorumAtMs > 0);
      await fleet.until('somebody leads', 3 * SECOND_MS, () => fleet.leader !== null);
      await allStandBy(fleet, 10);
      expect(fleet.voters).toEqual(names(1, 5));
      expect(fleet.machines.slice(0, 5).map(({ memberId }) => memberId)).toEqual(ids);
      expect(fleet.standbys).toEqual(names(6, 15));
      expect(fleet.configEntries).toBe(5);
      expect(fleet.leading.state.ladder.policyFields['failoverAfterMs']).toBe(21_000);
    });
  }
});

test('a standby that finds nobody bootstraps nothing, and sends clients to the leader that it remembers', async () => {
  await withFleet({ voters: 3 }, async (fleet) => {
    fleet.add(4);
    await begin(fleet, 3);
    const standby = fleet.machine('m4');
    const remembered = fleet.leader?.config.advertiseClientUrls ?? [];
    for (const machine of fleet.machines) machine.kill();
    standby.start();
    await fleet.always('it stands by', MINUTE_MS, () => standby.peer === null && standby.memberId === 0);
    expect(clientTargets(standby.standby?.cluster ?? null, [])[0]).toBe(remembered[0]);
  });
});

test('a voter is lost: a standby is reserved, activated at failoverAfter, learns and votes', async () => {
  await withFleet({ voters: 3 }, async (fleet) => {
    fleet.add(5);
    await begin(fleet, 3);
    const lost = follower(fleet);
    fleet.machine(lost).kill();
    const lostAtMs = fleet.clock.now;
    const sinceMs = (): number => fleet.clock.now - lostAtMs;
    await fleet.until('a standby is reserved', 3 * SECOND_MS, () => fleet.reserved.length === 1);
    const [chosen = ''] = fleet.reserved;
    await fleet.until('it is activated', 20 * SECOND_MS, () => fleet.learners.includes(chosen));
    expect(sinceMs()).toBeGreaterThan(15 * SECOND_MS - 200);
    expect(sinceMs()).toBeLessThan(16 * SECOND_MS);
    await fleet.until('it votes', 20 * SECOND_MS, () => fleet.voters.includes(chosen));
    // The stabilization time, and what it takes to start.
    expect(sinceMs()).toBeLessThan(28 * SECOND_MS);
    expect(fleet.voters).toEqual([...names(1, 3).filter((name) => name !== lost), chosen]);
    expect(fleet.learners).toEqual([lost]);
    expect(fleet.plan.slack).toBe(1);
    // Three of the beginning, the activation, and the swap, which is one step: into the joint configuration and out of it.
    expect(fleet.configEntries).toBe(5);
  });
});

test('the policy changes while standbys are away: it is theirs when they are back, whatever they were started with', async () => {
  await withFleet({ voters: 3, flags: ['--policy=activeSize=3 maxAutoRemovals=5'] }, async (fleet) => {
    fleet.add(5);
    await begin(fleet, 3);
    const away = ['m4', 'm5'].map((name) => fleet.machine(name));
    for (const size of [5, 3]) {
      for (const machine of away) machine.kill();
      await fleet.set(`activeSize=${size}`);
      for (const machine of away) machine.start();
      await fleet.until(`${size} vote`, 2 * MINUTE_MS, () => fleet.voters.length === size);
      await allStandBy(fleet, 5 - size);
    }
    expect([...fleet.voters, ...fleet.standbys].sort()).toEqual(names(1, 5));
  });
});

test('a new leader knows the standbys before any of them has spoken to it', async () => {
  await withFleet({ voters: 3 }, async (fleet) => {
    fleet.add(8);
    await begin(fleet, 3);
    const former = fleet.leader;
    former?.kill();
    await fleet.until('another one leads', 5 * SECOND_MS, () => fleet.leader !== null);
    expect(fleet.view.standbys.map(({ name }) => name).sort()).toEqual(names(4, 8));
    expect(fleet.view.standbys.filter(({ connected }) => connected)).toEqual([]);
    await allStandBy(fleet, 5);
  });
});

test('a voter lost with standbys in waiting: the leader has one learn as soon as it suspects, where it is to be warm', async () => {
  await withFleet({ voters: 3, flags: ['--policy=warmReserve=true'] }, async (fleet) => {
    fleet.add(5);
    await begin(fleet, 3);
    fleet.machine(follower(fleet)).kill();
    await fleet.until('one learns', 4 * SECOND_MS, () => fleet.learners.length === 1);
    expect(names(4, 5)).toContain(fleet.learners[0]);
  });
});

test('joins go by who answers: for two silent voters of five, two standbys come, and the third stands by', async () => {
  await withFleet({ voters: 5 }, async (fleet) => {
    fleet.add(8);
    await begin(fleet, 5);
    const lost = fleet.voters.filter((name) => name !== fleet.leader?.name).slice(0, 2);
    for (const name of lost) fleet.machine(name).kill();
    await fleet.until('one is reserved for each', 3 * SECOND_MS, () => fleet.reserved.length === 2);
    await fleet.until('five voters answer', 90 * SECOND_MS, () => fleet.plan.slack === 2 && fleet.voters.length === 5);
    await fleet.run(MINUTE_MS);
    expect(fleet.learners).toEqual(lost);
    expect(fleet.standbys).toHaveLength(1);
    expect(fleet.voters).toHaveLength(5);
  });
});

test('a voter falls silent and returns in time: its standby is reserved and let go, and nothing else happens', async () => {
  await withFleet({ voters: 3 }, async (fleet) => {
    fleet.add(5);
    await begin(fleet, 3);
    const silent = fleet.machine(follower(fleet));
    silent.kill();
    await fleet.until('one is reserved', 3 * SECOND_MS, () => fleet.reserved.length === 1);
    await fleet.run(8 * SECOND_MS);
    silent.start();
    await fleet.until('it is let go', 5 * SECOND_MS, () => fleet.reserved.length === 0);
    await fleet.run(MINUTE_MS);
    expect(fleet.voters).toEqual(names(1, 3));
    expect(fleet.configEntries).toBe(3);
  });
});

test('a voter that flaps is not swapped, and an alarm is raised until it has been steady', async () => {
  await withFleet({ voters: 3 }, async (fleet) => {
    fleet.add(5);
    await begin(fleet, 3);
    const flapping = fleet.machine(follower(fleet));
    for (let time = 1; time <= 6; time++) {
      flapping.kill();
      await fleet.run(5 * SECOND_MS);
      flapping.start();
      await fleet.run(5 * SECOND_MS);
    }
    const alarmed = (): boolean => fleet.view.alarms.some(({ alarm }) => alarm === 'flapping');
    expect(alarmed()).toBe(true);
    // For longer than failoverAfter: with a voter that fell once, somebody would learn by then.
    flapping.kill();
    await fleet.always('nobody takes its place', 25 * SECOND_MS, () => fleet.learners.length === 0);
    flapping.start();
    await fleet.until('the alarm is lowered', 3 * MINUTE_MS, () => !alarmed());
    expect(fleet.voters).toEqual(names(1, 3));
    expect(fleet.configEntries).toBe(3);
  });
});

test('a machine that is only to stand by is never activated, and an alarm says that nobody is there', async () => {
  await withFleet({ voters: 3 }, async (fleet) => {
    fleet.add(3);
    fleet.add(2, { standbyOnly: true });
    await begin(fleet, 3);
    fleet.machine(follower(fleet)).kill();
    await fleet.always(
      'nobody learns',
      2 * MINUTE_MS,
      () => fleet.learners.length === 0 && fleet.reserved.length === 0,
    );
    expect(fleet.view.alarms.map(({ alarm }) => alarm)).toEqual(['no-replacement']);
    expect(fleet.standbys).toEqual(names(4, 5));
  });
});

test('zones are spread over: the standby of the zone that lost its voter is taken', async () => {
  for (let seed = 1; seed <= 6; seed++) {
    await withFleet({ voters: 3, seed }, async (fleet) => {
      for (const zone of ['a', 'b', 'c']) fleet.add(1, { zone });
      for (const zone of ['a', 'b', 'c']) fleet.add(1, { zone });
      await begin(fleet, 3);
      const lost = follower(fleet);
      fleet.machine(lost).kill();
      await fleet.until('one is reserved', 3 * SECOND_MS, () => fleet.reserved.length === 1);
      expect(fleet.machine(fleet.reserved[0] ?? '').config.zone).toBe(fleet.machine(lost).config.zone);
    });
  }
});

test('how often a standby looks is the leader’s to say: rarer the more there are, and fast once it is reserved', async () => {
  const reportsOf = async (count: number, ms: number): Promise<number[]> => {
    let reports: number[] = [];
    await withFleet({ voters: 3 }, async (fleet) => {
      const standbys = fleet.add(3 + count).slice(3);
      await begin(fleet, 3);
      const before = standbys.map((standby) => standby.reports);
      await fleet.run(ms);
      reports = standbys.map((standby, index) => standby.reports - (before[index] ?? 0));
      if (count > 1) return;
      fleet.machine(follower(fleet)).kill();
      await fleet.until('it is reserved', 3 * SECOND_MS, () => fleet.reserved.length === 1);
      const from = standbys[0]?.reports ?? 0;
      await fleet.run(10 * SECOND_MS);
      expect((standbys[0]?.reports ?? 0) - from).toBeGreaterThanOrEqual(9);
    });
    return reports;
  };
  // Every five seconds, or just before; fifty of them every 25 seconds.
  expect([11, 12]).toContain((await reportsOf(1, MINUTE_MS))[0]);
  for (const reports of await reportsOf(50, 100 * SECOND_MS)) expect([3, 4]).toContain(reports);
});

test('fifty standbys for one slot, a few times: exactly one is activated each time', async () => {
  await oneSlotForFifty(12);
});

test('a token of an earlier reservation is refused, and the token that holds lets one machine in', async () => {
  await withFleet({ voters: 5 }, async (fleet) => {
    fleet.add(6);
    await begin(fleet, 5);
    const activate = (token: number, id: number): Promise<unknown> => {
      const { node, state } = fleet.leading;
      const [standby] = state.standbys.list();
      const registration = standby?.registration ?? '';
      const record = newMemberRecord({ id, peerUrls: standby?.peerUrls ?? [], registration });
      return fleet.done(
        node.changeMembership({
          transition: ConfChangeTransition.Auto,
          changes: [{ type: ConfChangeType.AddLearnerNode, nodeId: id }],
          context: encodeConfChangeContext({ members: [record], activation: { registration, token } }),
        }),
      );
    };
    const tokenNow = (): number => fleet.leading.state.standbys.list()[0]?.reservation?.token ?? 0;
    fleet.machine(follower(fleet)).kill();
    await fleet.until('it is reserved', 3 * SECOND_MS, () => fleet.reserved.length === 1);
    const former = tokenNow();
    fleet.leader?.kill();
    await fleet.until('a new leader has reserved it anew', 5 * SECOND_MS, () => {
      return fleet.leader !== null && tokenNow() !== 0 && tokenNow() !== former;
    });
    await expect(activate(former, 77)).rejects.toThrow(/is not reserved with token/);
    expect(fleet.learners).toEqual([]);
    // Whoever is second finds the standby gone.
    const token = tokenNow();
    await activate(token, 78);
    await expect(activate(token, 79)).rejects.toThrow(/already|not registered|belongs to another/);
    expect(fleet.learners).toEqual(['m6']);
    await fleet.until('the machine is that member', 10 * SECOND_MS, () => fleet.machine('m6').memberId === 78);
  });
});

test('a machine loses its data and returns: its old self goes, and it votes again under a new id', async () => {
  await withFleet({ voters: 3, flags: ['--policy=activeSize=3'] }, async (fleet) => {
    fleet.add(3);
    await begin(fleet, 3);
    const wiped = fleet.machine(follower(fleet));
    const former = wiped.memberId;
    wiped.wipe();
    wiped.start();
    await fleet.always('it is no member before failoverAfter', 14 * SECOND_MS, () => wiped.peer === null);
    await fleet.until(
      'its old self is gone',
      10 * SECOND_MS,
      () => !fleet.view.members.some(({ id }) => id === former),
    );
    await fleet.until('it votes', MINUTE_MS, () => fleet.voters.includes(wiped.name));
    expect(wiped.memberId).not.toBe(former);
    expect(fleet.plan.slack).toBe(1);
  });
});
