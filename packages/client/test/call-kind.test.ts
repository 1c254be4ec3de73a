import {
  AlarmAction,
  AlarmRequest,
  KVService,
  LadderService,
  MaintenanceService,
  type RequestOp,
  TxnRequest,
} from '@understudy/protocol';
import { expect, it } from 'vitest';
import { callKind } from '../src/call-kind.js';
import { op } from '../src/txn.js';

const ladder = LadderService.methods;

it('questions to the leader about the ladder are reads, and what is said twice there is idempotent', () => {
  for (const method of [ladder.clusterStatus, ladder.plan, ladder.policyGet, ladder.standbyList]) {
    expect(callKind(method, {})).toBe('read');
  }
  for (const method of [ladder.drain, ladder.pause, ladder.resume]) expect(callKind(method, {})).toBe('idempotent');
  for (const method of [ladder.memberAdd, ladder.memberReplace, ladder.policySet]) {
    expect(callKind(method, {})).toBe('write');
  }
});

it('a transaction is a read where none of its branches writes, and alarms are where they are only asked for', () => {
  const txn = (ops: RequestOp[]) => callKind(KVService.methods.txn, TxnRequest.create({ success: ops }));
  expect(txn([op.get('a')])).toBe('read');
  expect(txn([op.get('a'), op.txn({ failure: [op.delete('b')] })])).toBe('write');
  const alarm = (action: AlarmAction) => callKind(MaintenanceService.methods.alarm, AlarmRequest.create({ action }));
  expect([alarm(AlarmAction.GET), alarm(AlarmAction.DEACTIVATE)]).toEqual(['read', 'write']);
});
