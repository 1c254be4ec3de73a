import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Caller } from '@understudy/mvcc';
import {
  AlarmAction,
  AlarmRequest,
  AlarmType,
  AuthService,
  CompactionRequest,
  DeleteRangeRequest,
  LeaseGrantRequest,
  type MethodDescriptor,
  PermissionType,
  PutRequest,
  TxnRequest,
} from '@understudy/protocol';
import { LongApply } from '@understudy/raft-node';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { encodeAuthCommand } from '../src/state/auth-command.js';
import { authorize } from '../src/state/authorize.js';
import { decodeCallerCommand, encodeCallerCommand } from '../src/state/caller-command.js';
import { CommandKind, encodeCommand } from '../src/state/command.js';
import type { ApplyResult } from '../src/state/apply-command.js';
import { ReplicatedState } from '../src/state/replicated-state.js';
import { StateDirectory } from '../src/state/state-directory.js';
import { encodeTokenGrant } from '../src/state/token-grant.js';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const { methods } = AuthService;

let directory: string;
let state: ReplicatedState;
let index = 0;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'apply-client-'));
  state = await ReplicatedState.open({ directory: await StateDirectory.open(directory), mvccOptions: {} });
});
afterEach(async () => {
  await state.close();
  await rm(directory, { recursive: true, force: true });
});

function apply(kind: CommandKind, request: Uint8Array): ApplyResult {
  index += 1;
  const result = state.apply({ index, term: 1, data: encodeCommand(kind, request), local: undefined });
  if (result instanceof LongApply) throw new Error('this is work for one turn');
  state.appliedTo(index, 1);
  return result;
}

/** As a client that an edge let through, whatever it should have done. */
function applyAs(caller: Caller | null, kind: CommandKind, request: Uint8Array): ApplyResult {
  return apply(CommandKind.AsCaller, encodeCallerCommand({ kind, caller, request }));
}

function change<I extends object>(method: MethodDescriptor<I>, request: Partial<I>, caller?: Caller): ApplyResult {
  const command = encodeAuthCommand(method, method.input.encode(method.input.create(request)));
  return caller === undefined
    ? apply(CommandKind.ChangeAuth, command)
    : applyAs(caller, CommandKind.ChangeAuth, command);
}

const put = (key: string): Uint8Array => PutRequest.encode(PutRequest.create({ key: bytes(key), value: bytes('v') }));
const now = (user: string): Caller => ({ user, revision: state.mvcc.auth.revision, lasting: true });

/** root, and `u`, who reads and writes `a`. */
function enable(): void {
  change(methods.userAdd, { name: 'root', hashedPassword: 'hash' });
  change(methods.userGrantRole, { user: 'root', role: 'root' });
  change(methods.userAdd, { name: 'u', hashedPassword: 'hash' });
  change(methods.roleAdd, { name: 'r' });
  const perm = { permType: PermissionType.READWRITE, key: bytes('a'), rangeEnd: new Uint8Array(0) };
  change(methods.roleGrantPermission, { name: 'r', perm });
  change(methods.userGrantRole, { user: 'u', role: 'r' });
  expect(change(methods.authEnable, {})).toEqual({ ok: true });
}

describe('what is applied while authentication is enabled', () => {
  it('is judged again, whatever the edge thought of it', () => {
    enable();
    expect(applyAs(now('u'), CommandKind.Put, put('a'))).toMatchObject({ ok: true });
    const before = state.mvcc.revision;
    expect(applyAs(now('u'), CommandKind.Put, put('b'))).toEqual({ ok: false, reason: 'permission-denied' });
    expect(applyAs(now('nobody'), CommandKind.Put, put('a'))).toEqual({ ok: false, reason: 'permission-denied' });
    expect(change(methods.authDisable, {}, now('u'))).toEqual({ ok: false, reason: 'permission-denied' });
    expect(change(methods.roleAdd, { name: 'mine' }, now('u'))).toEqual({ ok: false, reason: 'permission-denied' });
    expect([state.mvcc.revision, state.mvcc.auth.enabled]).toEqual([before, true]);
    expect(change(methods.authDisable, {}, now('root'))).toEqual({ ok: true });
  });

  it('is nobody’s where it was proposed before it was enabled', () => {
    enable();
    const refused = { ok: false, reason: 'user-empty' };
    expect(apply(CommandKind.Put, put('a'))).toEqual(refused);
    expect(applyAs(null, CommandKind.Put, put('a'))).toEqual(refused);
    expect(apply(CommandKind.LeaseGrant, LeaseGrantRequest.encode({ id: 1n, ttl: 60 }))).toEqual(refused);
    expect(change(methods.authDisable, {})).toEqual(refused);
  });

  it('is its caller’s while the proof holds: a token until its user is another, a JWT until anything changes', () => {
    enable();
    const token = now('u');
    const jwt = { ...token, lasting: false };
    expect(applyAs(jwt, CommandKind.Put, put('a'))).toMatchObject({ ok: true });
    expect(change(methods.roleAdd, { name: 'more' }, now('root'))).toEqual({ ok: true });
    const old = { ok: false, reason: 'auth-old-revision' };
    expect(applyAs(jwt, CommandKind.Put, put('a'))).toEqual(old);
    expect(applyAs(token, CommandKind.Put, put('a'))).toMatchObject({ ok: true });
    change(methods.userChangePassword, { name: 'u', hashedPassword: 'another' }, now('root'));
    expect(applyAs(token, CommandKind.Put, put('a'))).toEqual(old);
    expect(applyAs(now('u'), CommandKind.Put, put('a'))).toMatchObject({ ok: true });
  });

  it('is not asked for a name where the members themselves propose it', () => {
    enable();
    applyAs(now('u'), CommandKind.Put, put('a'));
    const compaction = CompactionRequest.encode({ revision: 2, physical: false });
    expect(apply(CommandKind.CompactByPolicy, compaction)).toMatchObject({ ok: true });
    expect(apply(CommandKind.Compact, compaction)).toEqual({ ok: false, reason: 'user-empty' });
  });

  it('gives no token for a password that may have changed since it was looked at', () => {
    enable();
    const told: unknown[] = [];
    state.on('token', (grant) => told.push(grant));
    const grant = (revision: number): Uint8Array => encodeTokenGrant({ user: 'u', revision, hash: 'h' });
    const { revision } = state.mvcc.auth;
    change(methods.userChangePassword, { name: 'u', hashedPassword: 'another' }, now('root'));
    expect(apply(CommandKind.GrantToken, grant(revision))).toEqual({ ok: false, reason: 'auth-old-revision' });
    const looked = state.mvcc.auth.revision;
    change(methods.roleAdd, { name: 'more' }, now('root'));
    expect(apply(CommandKind.GrantToken, grant(looked))).toEqual({ ok: true, index });
    expect(told).toEqual([{ user: 'u', revision: looked, hash: 'h' }]);
  });
});

describe('alarms', () => {
  const raise = (alarm: AlarmType): ApplyResult =>
    apply(CommandKind.RaiseAlarm, AlarmRequest.encode({ action: AlarmAction.ACTIVATE, memberId: 7, alarm }));

  it('about space refuse at apply what needs it, and nothing else', () => {
    apply(CommandKind.Put, put('a'));
    raise(AlarmType.NOSPACE);
    const refused = { ok: false, reason: 'no-space' };
    const txn = (op: object): Uint8Array => TxnRequest.encode(TxnRequest.create({ success: [op] }));
    expect(apply(CommandKind.Put, put('a'))).toEqual(refused);
    expect(apply(CommandKind.LeaseGrant, LeaseGrantRequest.encode({ id: 1n, ttl: 60 }))).toEqual(refused);
    const deletion = DeleteRangeRequest.create({ key: bytes('a') });
    expect(apply(CommandKind.Txn, txn({ requestPut: PutRequest.create({ key: bytes('a') }) }))).toEqual(refused);
    expect(apply(CommandKind.Txn, txn({ requestDeleteRange: deletion }))).toMatchObject({ ok: true });
    expect(apply(CommandKind.DeleteRange, DeleteRangeRequest.encode(deletion))).toMatchObject({ ok: true });
    const compaction = CompactionRequest.encode({ revision: 2, physical: false });
    expect(apply(CommandKind.Compact, compaction)).toMatchObject({ ok: true });
  });

  it('about damage refuse every change of keys and leases', () => {
    raise(AlarmType.CORRUPT);
    const refused = { ok: false, reason: 'corrupt' };
    expect(apply(CommandKind.Put, put('a'))).toEqual(refused);
    const deletion = DeleteRangeRequest.encode(DeleteRangeRequest.create({ key: bytes('a') }));
    expect(apply(CommandKind.DeleteRange, deletion)).toEqual(refused);
    expect(apply(CommandKind.LeaseGrant, LeaseGrantRequest.encode({ id: 1n, ttl: 60 }))).toEqual(refused);
  });
});

describe('the table of permissions', () => {
  it('denies what it has no row for, to root as well', () => {
    enable();
    const unknown = 'of another version' as 'admin';
    expect(authorize(state.mvcc, unknown, {}, now('u'))).toBe('permission-denied');
    expect(authorize(state.mvcc, unknown, {}, now('root'))).toBe('permission-denied');
    expect(authorize(state.mvcc, unknown, {}, null)).toBe('user-empty');
  });
});

describe('a command with its caller', () => {
  it('is read back as it was written; what is no such command stops the member', () => {
    const long = { user: 'ü'.repeat(500), revision: 2 ** 52 };
    for (const caller of [null, { ...long, lasting: true }, { ...long, lasting: false }]) {
      const command = { kind: CommandKind.Put, caller, request: put('a') };
      expect(decodeCallerCommand(encodeCallerCommand(command))).toEqual({ ...command, request: expect.anything() });
      expect(Buffer.from(decodeCallerCommand(encodeCallerCommand(command)).request)).toEqual(Buffer.from(put('a')));
    }
    expect(() => decodeCallerCommand(bytes('short'))).toThrow('command of a caller has 5 bytes');
    const member = encodeCallerCommand({ kind: CommandKind.PublishMember, caller: null, request: put('a') });
    expect(() => apply(CommandKind.AsCaller, member)).toThrow('a caller proposed a command of kind 7');
  });
});
