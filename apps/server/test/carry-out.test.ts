import type { Action } from '@understudy/membership';
import { type ConfChange, ConfChangeType } from '@understudy/raft-core';
import { describe, expect, it } from 'vitest';
import { Alarms } from '../src/ladder/alarms.js';
import { type CarryOutDeps, carryOut } from '../src/ladder/carry-out.js';
import { decodeConfChangeContext } from '../src/state/conf-change-context.js';
import { newMemberRecord } from '../src/state/member-record.js';
import { MemberTable } from '../src/state/member-table.js';

const AT = { term: 3, configIndex: 9, text: 'a text' };
const PROMOTE: Action = { type: 'promote', memberIds: [2], ...AT };

interface Cluster {
  readonly term?: number;
  readonly confIndex?: number;
  readonly isLeader?: boolean;
  readonly barrier?: () => Promise<void>;
  readonly answer?: () => Promise<void>;
  readonly peers?: () => readonly object[];
}

/** A node that says what the test wants, and remembers what it was asked to change. */
function begin(cluster: Cluster = {}): { deps: CarryOutDeps; changes: ConfChange[] } {
  const { term = 3, confIndex = 9, isLeader = true } = cluster;
  const changes: ConfChange[] = [];
  const node = {
    isLeader,
    readBarrier: cluster.barrier ?? (async () => {}),
    status: () => ({ term, confIndex: confIndex + changes.length, lastIndex: 40, peers: cluster.peers?.() ?? [] }),
    changeMembership: async (change: ConfChange) => {
      await cluster.answer?.();
      changes.push(change);
    },
  };
  const members = new MemberTable();
  for (const id of [1, 2, 3]) members.put(newMemberRecord({ id, peerUrls: [`http://m${id}:1`], promotion: 'join' }));
  const member = { node, config: { electionTimeoutMs: 1000, heartbeatIntervalMs: 1 }, state: { members } };
  const standby = { registrationId: 7, name: 's', peerUrls: ['http://s:1'], zone: 'west' };
  const standbys = { views: () => [standby] };
  return { deps: { member, standbys, alarms: new Alarms() } as unknown as CarryOutDeps, changes };
}

const failing = (code: string, outcome: string) => async (): Promise<void> => {
  throw Object.assign(new Error('no'), { code, outcome });
};

describe('carrying out an action', () => {
  it('proposes it, and tells the configuration that it led to', async () => {
    const { deps, changes } = begin();
    expect(await carryOut(deps, PROMOTE)).toEqual({ outcome: 'done', detail: '', configIndex: 10 });
    expect(changes[0]?.changes).toEqual([{ type: ConfChangeType.AddNode, nodeId: 2 }]);
  });

  it.each([
    ['no quorum answers', { barrier: failing('timeout', 'not-applied') }, /no quorum answers/],
    ['the leader is another', { isLeader: false }, /does not lead/],
    ['the term has moved', { term: 4 }, /planned in term 3, and it is term 4/],
    ['the configuration has moved', { confIndex: 11 }, /configuration of index 9, and it is that of 11/],
    ['an operator was faster', { answer: failing('conf-change-pending', 'not-applied') }, /no/],
  ])('drops it where %s, and changes nothing', async (_, cluster, detail) => {
    const { deps, changes } = begin(cluster);
    expect(await carryOut(deps, PROMOTE)).toEqual({
      outcome: 'dropped',
      detail: expect.stringMatching(detail),
      configIndex: 0,
    });
    expect(changes).toEqual([]);
  });

  it('removes a member that answers once it follows the log, and waits for no other', async () => {
    const remove: Action = { type: 'remove', memberIds: [2], cause: 'drained', automatic: false, ...AT };
    const follows = { id: 2, answeredMs: 10, state: 'replicate', match: 40 };
    const looks = [{ ...follows, state: 'probe' }, { ...follows, match: 39 }, follows];
    let seen = 0;
    const { deps } = begin({ peers: () => [looks[Math.min(seen++, 2)] as object, { ...follows, id: 3, match: 1 }] });
    expect(await carryOut(deps, remove)).toMatchObject({ outcome: 'done' });
    // The first look is for where the log ends.
    expect(seen).toBeGreaterThanOrEqual(3);
    let silentLooks = 0;
    const silent = begin({ peers: () => [{ ...follows, state: 'probe', answeredMs: 2000 + silentLooks++ }] });
    expect(await carryOut(silent.deps, remove)).toMatchObject({ outcome: 'done' });
    expect(silentLooks).toBeLessThan(6);
  });

  it('tells what was refused from what nobody knows', async () => {
    const refused = begin({ answer: failing('change-refused', 'not-applied') });
    expect(await carryOut(refused.deps, PROMOTE)).toMatchObject({ outcome: 'refused', detail: 'no' });
    const lost = begin({ answer: failing('timeout', 'unknown') });
    expect(await carryOut(lost.deps, PROMOTE)).toMatchObject({ outcome: 'failed' });
    expect(await carryOut(begin().deps, { ...PROMOTE, memberIds: [99] })).toMatchObject({ outcome: 'refused' });
  });

  it('swaps in one change, and the one that goes waits for need, not for being in sync', async () => {
    const { deps, changes } = begin();
    await carryOut(deps, { type: 'swap', promoteId: 2, demoteId: 3, ...AT });
    expect(changes[0]?.changes).toEqual([
      { type: ConfChangeType.AddNode, nodeId: 2 },
      { type: ConfChangeType.AddLearnerNode, nodeId: 3 },
    ]);
    const { members } = decodeConfChangeContext((changes[0] as ConfChange).context);
    expect(members.find(({ id }) => id === 3)).toMatchObject({ promotion: 'auto', triggers: { join: false } });
  });

  it('marks removals that count, and machines that an operator wants out', async () => {
    const { deps, changes } = begin();
    const remove = { type: 'remove', memberIds: [3], ...AT } as const;
    await carryOut(deps, { ...remove, cause: 'silent', automatic: true });
    await carryOut(deps, { ...remove, cause: 'drained', automatic: false, configIndex: 10 });
    const [silent, drained] = changes.map(({ context }) => decodeConfChangeContext(context));
    expect(silent).toEqual({ members: [], automaticAtMs: expect.any(Number) });
    expect(drained).toEqual({ members: [], withdrawn: true });
  });

  it('activates a standby under a fresh id, with the token that must still hold', async () => {
    const { deps, changes } = begin();
    const activate: Action = {
      ...{ type: 'activate', registrationId: 7, token: 5, purpose: 'failover', forMemberId: 3, ...AT },
      ...{ promotion: 'failover', triggers: {} },
    };
    await carryOut(deps, activate);
    const { members, activation } = decodeConfChangeContext((changes[0] as ConfChange).context);
    expect(activation).toEqual({ registration: '0000000000000007', token: 5 });
    expect(members).toMatchObject([{ origin: 'automation', zone: 'west', peerUrls: ['http://s:1'] }]);
    expect(changes[0]?.changes).toEqual([{ type: ConfChangeType.AddLearnerNode, nodeId: members[0]?.id }]);
    expect([1, 2, 3]).not.toContain(members[0]?.id);
    expect(await carryOut(deps, { ...activate, registrationId: 8, configIndex: 10 })).toMatchObject({
      outcome: 'refused',
      detail: expect.stringContaining('not registered'),
    });
  });

  it('keeps the alarms that stand', async () => {
    const { deps } = begin();
    const alarm = { type: 'alarm', alarm: 'stalled', memberId: 2, ...AT } as const;
    await carryOut(deps, { ...alarm, raised: true });
    expect(deps.alarms.list).toEqual([{ alarm: 'stalled', memberId: 2 }]);
    await carryOut(deps, { ...alarm, raised: false });
    expect(deps.alarms.list).toEqual([]);
  });
});
