import { setTimeout } from 'node:timers/promises';
import { TestCluster, type TestMember, waitUntil } from '@understudy/testbed';
import { afterEach, describe, expect, it } from 'vitest';
import { LadderView } from './ladder-view.js';

let cluster: TestCluster;

afterEach(() => cluster.stop());

/** The rhythm is the scenario's; a spell is longer where the leader needs longer to see it, but no failover. */
const SPELL_MS = 5000;
const LONGEST_SPELL_MS = 12_000;
const FALLS = 6;

describe('a voter that falls silent again and again, by the policy as it is by default', { timeout: 240_000 }, () => {
  it('five seconds down and five up for a minute, is not swapped, and raises an alarm', async () => {
    cluster = await TestCluster.start({ flags: ['--policy=activeSize=3'] });
    const ladder = new LadderView(cluster);
    const standby = await cluster.prepareMachine('s1');
    standby.process.start();
    await ladder.standingBy(['s1'], 60_000);
    const leader = await cluster.leader();
    const flapping = cluster.members.find((member) => member !== leader && member !== standby) as TestMember;
    const { id } = await cluster.status(flapping);
    const answers = async (): Promise<boolean> => {
      const members = await ladder.members();
      return members.find(({ ID }) => ID === id)?.answers ?? false;
    };
    for (let fall = 0; fall < FALLS; fall += 1) {
      flapping.process.signal('SIGSTOP');
      await Promise.all([
        setTimeout(SPELL_MS),
        waitUntil('it is silent', async () => !(await answers()), LONGEST_SPELL_MS),
      ]);
      flapping.process.signal('SIGCONT');
      await Promise.all([setTimeout(SPELL_MS), waitUntil('it answers', answers, LONGEST_SPELL_MS)]);
      expect(await ladder.names('voter')).toEqual(['n1', 'n2', 'n3']);
      expect(await ladder.names('learner')).toEqual([]);
    }
    const decisions = await ladder.decisions();
    expect(decisions.filter((text) => /^raise alarm flapping: /.test(text))).toHaveLength(1);
    expect(decisions.filter((text) => /^(swap|activate|promote|remove)/.test(text))).toEqual([]);
    expect(await ladder.connected()).toEqual(['s1']);
  });
});
