import { type ConfChange, ConfChangeTransition, ConfChangeType } from '@understudy/raft-core';
import { describe, expect, it } from 'vitest';
import { encodeConfChangeContext } from '../src/state/conf-change-context.js';
import { applyMemberChanges, refuseConfChange } from '../src/state/member-changes.js';
import { type MemberRecord, newMemberRecord } from '../src/state/member-record.js';
import { MemberTable } from '../src/state/member-table.js';

const record = (id: number, url: string): MemberRecord => newMemberRecord({ id, peerUrls: [url] });

const change = (type: ConfChangeType, nodeId: number, records: readonly MemberRecord[] = []): ConfChange => ({
  transition: ConfChangeTransition.Auto,
  changes: [{ type, nodeId }],
  context: encodeConfChangeContext({ members: records }),
});

function tableOfOne(): MemberTable {
  const table = new MemberTable();
  applyMemberChanges(change(ConfChangeType.AddNode, 1, [record(1, 'http://a:1')]), table);
  return table;
}

describe('member changes', () => {
  it('a learner that is promoted keeps its record', () => {
    const table = tableOfOne();
    table.put({ ...record(2, 'http://b:1'), name: 'n2', directoryId: 'd' });
    applyMemberChanges(change(ConfChangeType.AddNode, 2, [record(2, 'http://b:1')]), table);
    expect(table.get(2)).toMatchObject({ name: 'n2', directoryId: 'd' });
  });

  it('an id that was removed never comes back', () => {
    const table = tableOfOne();
    table.put(record(2, 'http://b:1'));
    applyMemberChanges(change(ConfChangeType.RemoveNode, 2), table);
    expect(table.get(2)).toBeUndefined();
    const again = change(ConfChangeType.AddLearnerNode, 2, [record(2, 'http://c:1')]);
    expect(refuseConfChange(again, table)).toMatch(/never come back/);
  });

  it('refuses a peer URL of another member, an unknown member, and an add without a record', () => {
    const table = tableOfOne();
    const taken = change(ConfChangeType.AddNode, 2, [record(2, 'http://a:1')]);
    expect(refuseConfChange(taken, table)).toMatch(/belongs to another member/);
    expect(refuseConfChange(change(ConfChangeType.RemoveNode, 9), table)).toMatch(/does not exist/);
    expect(refuseConfChange(change(ConfChangeType.AddNode, 9), table)).toMatch(/without a record/);
    expect(refuseConfChange(change(ConfChangeType.RemoveNode, 1), table)).toBeNull();
  });

  it('rows survive the round through the database, also for ids above 2^48', () => {
    const table = new MemberTable();
    const id = 2 ** 52 + 12345;
    table.put(record(id, 'http://a:1'));
    table.put(record(7, 'http://b:1'));
    table.remove(7);
    const loaded = new MemberTable();
    for (const write of table.takeWrites()) if (write.type === 'put') loaded.load(write);
    expect(loaded.list()).toEqual([record(id, 'http://a:1')]);
    expect(loaded.wasRemoved(7)).toBe(true);
    expect(table.takeWrites()).toEqual([]);
  });

  it('one standby becomes one member, and a promotion brings what the member is to be', () => {
    const table = tableOfOne();
    const learner = { ...record(2, 'http://b:1'), registration: 'r2', promotion: 'failover' as const };
    applyMemberChanges(change(ConfChangeType.AddLearnerNode, 2, [learner]), table);
    const twin = { ...record(3, 'http://c:1'), registration: 'r2' };
    expect(refuseConfChange(change(ConfChangeType.AddLearnerNode, 3, [twin]), table)).toMatch(/standby r2/);
    expect(
      refuseConfChange(change(ConfChangeType.AddLearnerNode, 3, [{ ...twin, registration: 'r3' }]), table),
    ).toBeNull();
    table.put({ ...learner, name: 'n2', clientUrls: ['http://b:2'] });
    applyMemberChanges(change(ConfChangeType.AddNode, 2, [{ ...learner, promotion: 'manual' }]), table);
    expect(table.get(2)).toMatchObject({
      name: 'n2',
      clientUrls: ['http://b:2'],
      promotion: 'manual',
      registration: 'r2',
    });
  });
});
