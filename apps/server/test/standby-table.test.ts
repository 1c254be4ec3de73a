import { ConfChangeTransition, ConfChangeType } from '@understudy/raft-core';
import { describe, expect, it } from 'vitest';
import { type ConfChangeContext, encodeConfChangeContext } from '../src/state/conf-change-context.js';
import { newMemberRecord } from '../src/state/member-record.js';
import { MemberTable } from '../src/state/member-table.js';
import { noteStandbyChanges, refuseActivation } from '../src/state/standby-changes.js';
import type { StandbyReportRecord } from '../src/state/standby-record.js';
import { MAX_STANDBYS, StandbyTable } from '../src/state/standby-table.js';

const members = new MemberTable();

function report(number: number, more: Partial<StandbyReportRecord> = {}): StandbyReportRecord {
  return {
    registration: number.toString(16).padStart(16, '0'),
    name: `s${number}`,
    peerUrls: [`http://s${number}:2380`],
    clientUrls: [`http://s${number}:2379`],
    zone: '',
    standbyOnly: false,
    protocol: { min: 1, max: 1 },
    ...more,
  };
}

function tableOf(...reports: StandbyReportRecord[]): StandbyTable {
  const table = new StandbyTable();
  table.register({ standbys: reports }, members);
  return table;
}

const ID = report(1).registration;
const reservation = { token: 7, term: 3, purpose: 'failover', forMemberId: 2 };

function change(type: ConfChangeType, nodeId: number, context: ConfChangeContext) {
  return {
    transition: ConfChangeTransition.Auto,
    changes: [{ type, nodeId }],
    context: encodeConfChangeContext(context),
  };
}

describe('the register of standbys', () => {
  it('holds what was registered once more, and comes back from its rows', () => {
    const table = tableOf(report(1), report(2));
    table.register({ standbys: [report(1, { zone: 'east' })] }, members);
    table.reserve({ registration: ID, ...reservation });
    table.forget({ registrations: [report(2).registration] });
    const again = new StandbyTable();
    for (const write of table.takeWrites())
      if (write.type === 'put') again.load({ key: write.key, value: write.value });
    expect(again.list()).toEqual(table.list());
    expect(again.list()).toMatchObject([{ zone: 'east', reservation, drained: false, failedActivations: 0 }]);
    expect(table.takeWrites()).toEqual([]);
  });

  it('has one registration a machine: the last', () => {
    const table = tableOf(report(1), report(2, { peerUrls: report(1).peerUrls }));
    expect(table.list().map(({ name }) => name)).toEqual(['s2']);
  });

  it('is bounded, and says when it is full', () => {
    const table = tableOf(...Array.from({ length: MAX_STANDBYS }, (_, number) => report(number + 1)));
    expect(table.register({ standbys: [report(MAX_STANDBYS + 1)] }, members)).toEqual({ ok: false, reason: 'full' });
    expect(table.size).toBe(MAX_STANDBYS);
    expect(table.register({ standbys: [report(1, { name: 'known' })] }, members)).toEqual({ ok: true });
    expect(table.get(ID)?.name).toBe('known');
  });

  it('takes no machine that is a member', () => {
    const table = new StandbyTable();
    const with1 = new MemberTable();
    with1.put(newMemberRecord({ id: 9, peerUrls: report(1).peerUrls, registration: ID }));
    table.register({ standbys: [report(1)] }, with1);
    expect(table.size).toBe(0);
  });

  it('takes no machine whose peer URL a member has, as one that lost its data', () => {
    const table = new StandbyTable();
    const before = new MemberTable();
    before.put(newMemberRecord({ id: 9, peerUrls: report(1).peerUrls, directoryId: 'lost' }));
    table.register({ standbys: [report(1), report(2)] }, before);
    expect(table.list().map(({ name }) => name)).toEqual(['s2']);
  });
});

describe('a reservation', () => {
  it('is one at a time within a term, and void for a later leader', () => {
    const table = tableOf(report(1));
    expect(table.reserve({ registration: ID, ...reservation })).toEqual({ ok: true });
    expect(table.reserve({ registration: ID, ...reservation, token: 8 })).toMatchObject({ reason: 'reserved' });
    expect(table.reserve({ registration: ID, ...reservation, token: 9, term: 4 })).toEqual({ ok: true });
    expect(table.release({ registration: ID, token: 7 })).toMatchObject({ reason: 'other-token' });
    expect(table.release({ registration: ID, token: 9 })).toEqual({ ok: true });
    expect(table.get(ID)?.reservation).toBeNull();
  });

  it('survives that the machine reports again', () => {
    const table = tableOf(report(1));
    table.reserve({ registration: ID, ...reservation });
    table.register({ standbys: [report(1)] }, members);
    expect(table.get(ID)?.reservation).toEqual(reservation);
  });
});

describe('an activation', () => {
  const record = newMemberRecord({ id: 9, peerUrls: report(1).peerUrls, registration: ID });
  const activating = (token: number) =>
    change(ConfChangeType.AddLearnerNode, 9, { members: [record], activation: { registration: ID, token } });

  it('is refused without the token of the reservation, and for a machine that only stands by', () => {
    const table = tableOf(report(1), report(2, { standbyOnly: true }));
    expect(refuseActivation(activating(7), table)).toMatch(/not reserved with token 7/);
    table.reserve({ registration: ID, ...reservation });
    expect(refuseActivation(activating(8), table)).toMatch(/not reserved with token 8/);
    expect(refuseActivation(activating(7), table)).toBeNull();
    table.forget({ registrations: [ID] });
    expect(refuseActivation(activating(7), table)).toMatch(/is not registered/);
    const only = report(2).registration;
    table.reserve({ registration: only, ...reservation });
    expect(table.refuseActivation(only, 7)).toMatch(/never to be a member/);
  });

  it('takes the machine out of the register, also where an operator added it by its peer URLs', () => {
    const table = tableOf(report(1), report(2));
    noteStandbyChanges(activating(7), new MemberTable(), table);
    const byHand = newMemberRecord({ id: 10, peerUrls: report(2).peerUrls });
    noteStandbyChanges(change(ConfChangeType.AddLearnerNode, 10, { members: [byHand] }), new MemberTable(), table);
    expect(table.size).toBe(0);
  });

  it('is held against a machine that never became a voter, and forgiven to one that did', () => {
    const table = new StandbyTable();
    const before = new MemberTable();
    before.put(record);
    const removal = change(ConfChangeType.RemoveNode, 9, { members: [] });
    noteStandbyChanges(removal, before, table);
    noteStandbyChanges(removal, before, table);
    table.register({ standbys: [report(1)] }, members);
    expect(table.get(ID)).toMatchObject({ failedActivations: 2, drained: false });
    noteStandbyChanges(change(ConfChangeType.AddNode, 9, { members: [] }), before, table);
    noteStandbyChanges(removal, before, table);
    table.register({ standbys: [report(1)] }, members);
    expect(table.get(ID)).toMatchObject({ failedActivations: 0 });
  });

  it('is remembered as unwanted for a machine that an operator took out, until one adds it by hand', () => {
    const table = new StandbyTable();
    const before = new MemberTable();
    before.put(record);
    noteStandbyChanges(change(ConfChangeType.RemoveNode, 9, { members: [], withdrawn: true }), before, table);
    const again = new StandbyTable();
    for (const write of table.takeWrites())
      if (write.type === 'put') again.load({ key: write.key, value: write.value });
    again.register({ standbys: [report(1)] }, members);
    expect(again.get(ID)).toMatchObject({ drained: true });
    const byHand = newMemberRecord({ id: 10, peerUrls: report(1).peerUrls });
    noteStandbyChanges(change(ConfChangeType.AddLearnerNode, 10, { members: [byHand] }), new MemberTable(), again);
    again.register({ standbys: [report(1)] }, members);
    expect(again.get(ID)).toMatchObject({ drained: false });
  });
});
