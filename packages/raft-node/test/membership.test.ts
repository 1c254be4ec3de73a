import { type ConfChange, ConfChangeTransition, ConfChangeType } from '@understudy/raft-core';
import { describe, expect, test } from 'vitest';
import { checkConfChange } from '../src/membership-check.js';
import { VirtualCluster } from '../src/testing/index.js';

const { AddNode, AddLearnerNode, RemoveNode } = ConfChangeType;

function change(...changes: [ConfChangeType, number][]): ConfChange {
  return {
    transition: ConfChangeTransition.Auto,
    changes: changes.map(([type, nodeId]) => ({ type, nodeId })),
    context: Buffer.from('address'),
  };
}

function three(options: ConstructorParameters<typeof VirtualCluster>[0] = {}) {
  const cluster = new VirtualCluster(options);
  cluster.bootstrap([1, 2, 3]);
  const leader = cluster.elect();
  cluster.settle(cluster.propose(leader.id, 'first'));
  const followers = [1, 2, 3].filter((id) => id !== leader.id) as [number, number];
  return { cluster, leader, followers };
}

describe('a bootstrap', () => {
  test('gives every member the same first entries, the configuration, and no more', () => {
    const { cluster } = three();
    for (const member of cluster.members.values()) {
      expect(member.confChanges.map(({ index, confState }) => [index, confState.voters])).toEqual([
        [1, [1]],
        [2, [1, 2]],
        [3, [1, 2, 3]],
      ]);
    }
  });

  test('elects a member that is alone at its first tick', () => {
    const cluster = new VirtualCluster();
    cluster.bootstrap([1]);
    cluster.time.run(110);
    expect(cluster.leader?.id).toBe(1);
    expect(cluster.settle(cluster.propose(1, 'x')).value).toBe(1);
  });

  test('is not repeated on a log that is not empty', () => {
    const { cluster } = three();
    for (const id of [1, 2, 3]) cluster.crash(id);
    for (const id of [1, 2, 3]) cluster.start(id, [{ id }]);
    cluster.elect();
    cluster.time.run(300);
    expect(cluster.member(1).core.confState.voters).toEqual([1, 2, 3]);
  });
});

describe('a member that joins', () => {
  test('starts empty, waits, learns everything as a learner, and votes once promoted', () => {
    const { cluster, leader } = three();
    cluster.start(4);
    cluster.time.run(5_000);
    expect(cluster.member(4).core.term).toBe(0);
    const added = cluster.settle(cluster.changeMembership(leader.id, change([AddLearnerNode, 4])));
    expect(added.value).toMatchObject({ voters: [1, 2, 3], learners: [4] });
    cluster.time.run(500);
    expect(cluster.member(4).machine.list).toEqual(['first']);
    expect(leader.core.status().peers.find(({ id }) => id === 4)).toMatchObject({ isLearner: true, lag: 0 });
    // A learner proposes and reads through the leader.
    expect(cluster.settle(cluster.propose(4, 'second')).value).toBe(2);
    expect(cluster.settle(cluster.read(4)).error).toBeNull();
    const promoted = cluster.settle(cluster.changeMembership(leader.id, change([AddNode, 4])));
    expect(promoted.value).toMatchObject({ voters: [1, 2, 3, 4], learners: [] });
  });

  test('may take the place of a voter in one joint step that is left by itself', () => {
    const { cluster, leader, followers } = three();
    cluster.start(4);
    cluster.settle(cluster.changeMembership(leader.id, change([AddLearnerNode, 4])));
    cluster.time.run(500);
    cluster.crash(followers[0]);
    const swapped = change([AddNode, 4], [AddLearnerNode, followers[0]]);
    const joint = cluster.settle(cluster.changeMembership(leader.id, swapped));
    expect(joint.value).toMatchObject({ votersOutgoing: [1, 2, 3], learnersNext: [followers[0]] });
    cluster.time.run(500);
    expect(leader.core.confState).toMatchObject({
      voters: [leader.id, followers[1], 4].sort(),
      votersOutgoing: [],
      learners: [followers[0]],
    });
  });
});

describe('a change of the configuration', () => {
  const code = (cluster: VirtualCluster, id: number, wanted: ConfChange) => {
    const outcome = cluster.settle(cluster.changeMembership(id, wanted));
    return outcome.error && `${outcome.error.code} ${outcome.error.outcome}`;
  };

  test('is refused on a follower, and when it makes no sense', () => {
    const { cluster, leader, followers } = three();
    expect(code(cluster, followers[0], change([AddNode, 4]))).toBe('not-leader not-applied');
    expect(code(cluster, leader.id, change([RemoveNode, 9]))).toBe('invalid-change not-applied');
    expect(code(cluster, leader.id, change([AddNode, 2 ** 53]))).toBe('invalid-change not-applied');
    expect(code(cluster, leader.id, change([AddNode, 1]))).toBe('invalid-change not-applied');
    expect(code(cluster, leader.id, change())).toBe('invalid-change not-applied');
  });

  test('is refused while another one is under way, and before an entry of the leader’s term is applied', () => {
    const { cluster, leader, followers } = three();
    const first = cluster.changeMembership(leader.id, change([AddLearnerNode, 4]));
    expect(code(cluster, leader.id, change([AddLearnerNode, 5]))).toBe('conf-change-pending not-applied');
    cluster.settle(first);
    cluster.crash(leader.id);
    cluster.time.runUntil(() => cluster.leader !== null && cluster.leader.id !== leader.id, 5_000);
    const next = cluster.leader?.id ?? 0;
    expect(followers).toContain(next);
    expect(code(cluster, next, change([AddLearnerNode, 5]))).toBe('not-ready not-applied');
    // What a host may wait for.
    expect(cluster.settle(cluster.read(next)).error).toBeNull();
    expect(cluster.settle(cluster.changeMembership(next, change([AddLearnerNode, 5]))).error).toBeNull();
  });

  test('that the host refuses at apply changes nothing on any member, and the next one goes through', () => {
    const { cluster, leader } = three({
      node: { validateConfChange: ({ changes }) => (changes[0]?.nodeId === 13 ? 'no member 13' : null) },
    });
    expect(code(cluster, leader.id, change([AddLearnerNode, 13]))).toBe('change-refused not-applied');
    cluster.time.run(300);
    for (const member of cluster.members.values()) {
      expect(member.core.confState.learners).toEqual([]);
      expect(member.confChanges.at(-1)).toMatchObject({ change: null, confState: { voters: [1, 2, 3] } });
      expect(member.machine.applied.index).toBe(member.core.applied);
    }
    expect(code(cluster, leader.id, change([AddLearnerNode, 14]))).toBeNull();
  });

  test('that another leader overwrote is lost for certain', () => {
    const { cluster, leader, followers } = three();
    cluster.partition([leader.id], followers);
    const outcome = cluster.changeMembership(leader.id, change([AddLearnerNode, 4]), 60_000);
    const next = cluster.elect(followers);
    cluster.settle(cluster.propose(next.id, 'other'));
    cluster.heal();
    cluster.settle(outcome);
    expect(outcome.error).toMatchObject({ code: 'lost', outcome: 'not-applied' });
  });

  test('that removes a member refuses what this one proposes meanwhile: it would never see it applied', () => {
    const { cluster, leader, followers } = three();
    const [away, other] = followers;
    const removed = cluster.changeMembership(leader.id, change([RemoveNode, away]));
    const late = cluster.propose(away, 'too late');
    cluster.settle(late);
    expect(late.error).toMatchObject({ code: 'not-member', outcome: 'not-applied' });
    cluster.settle(removed);
    cluster.settle(cluster.propose(other, 'second'));
    expect(leader.machine.list).toEqual(['first', 'second']);
  });

  test('that removes the leader makes it step down and the others elect another', () => {
    const { cluster, leader, followers } = three();
    expect(cluster.settle(cluster.changeMembership(leader.id, change([RemoveNode, leader.id]))).value).toMatchObject({
      voters: [...followers].sort(),
    });
    expect(leader.core.isLeader).toBe(false);
    cluster.elect(followers);
    cluster.settle(cluster.propose(followers[0], 'on'));
  });
});

describe('the check of a change', () => {
  const nobody = () => false;
  const conf = { voters: [1, 2], votersOutgoing: [], learners: [3], learnersNext: [], autoLeave: false };
  test.each([
    ['a learner is added', change([AddLearnerNode, 4]), null],
    ['a learner is promoted', change([AddNode, 3]), null],
    ['a voter is demoted', change([AddLearnerNode, 2]), null],
    ['every voter is removed', change([RemoveNode, 1], [RemoveNode, 2]), 'it would leave no voters'],
    ['a member is changed twice', change([RemoveNode, 3], [AddNode, 3]), 'it changes member 3 twice'],
    ['a learner is there already', change([AddLearnerNode, 3]), 'member 3 is a learner already'],
    ['member 0 is named', change([AddNode, 0]), '0 is not a member id'],
  ])('%s', (_what, wanted, answer) => {
    expect(checkConfChange(wanted, conf, nobody)).toBe(answer);
  });

  test('a joint configuration can only be left', () => {
    const joint = { ...conf, votersOutgoing: [1, 2] };
    expect(checkConfChange(change(), joint, nobody)).toBeNull();
    expect(checkConfChange(change([AddNode, 4]), joint, nobody)).toContain('joint');
  });

  test('a member whose log recovers stays what it is, or goes', () => {
    const recovers = (id: number) => id === 3;
    expect(checkConfChange(change([AddNode, 3], [AddLearnerNode, 2]), conf, recovers)).toContain('cannot vote');
    expect(checkConfChange(change([RemoveNode, 3]), conf, recovers)).toBeNull();
  });
});
