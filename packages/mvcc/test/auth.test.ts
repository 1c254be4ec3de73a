import { expect, test } from 'vitest';
import { AlarmType, type AuthState, type Permission, PermissionType } from '../src/index.js';
import { bytes, flush, fresh, open, openOutcome, putOf, Recorder, watchOf } from './harness.js';

const end = '\0';
const { read, write, readWrite } = PermissionType;

function permission(permType: number, key: string, rangeEnd = ''): Permission {
  return { permType, key: bytes(key), rangeEnd: bytes(rangeEnd) };
}

/** A user `u` whose one role has these permissions. */
async function withPermissions(...permissions: Permission[]): Promise<AuthState> {
  const { auth } = (await fresh()).mvcc;
  auth.addUser('u', 'hash', false);
  auth.addRole('r');
  auth.grantRole('u', 'r');
  for (const granted of permissions) expect(auth.grantPermission('r', granted)).toEqual({ ok: true });
  return auth;
}

const mayRead = (auth: AuthState, key: string, rangeEnd = ''): boolean =>
  auth.mayRead('u', bytes(key), bytes(rangeEnd));
const mayWrite = (auth: AuthState, key: string, rangeEnd = ''): boolean =>
  auth.mayWrite('u', bytes(key), bytes(rangeEnd));

function enable(auth: AuthState): void {
  auth.addUser('root', 'hash', false);
  auth.grantRole('root', 'root');
  expect(auth.enable()).toEqual({ ok: true });
}

test('authentication is enabled only where the user root has the role root', async () => {
  const { auth } = (await fresh()).mvcc;
  expect(auth.enable()).toEqual({ ok: false, reason: 'root-user-missing' });
  auth.addUser('root', 'hash', false);
  expect(auth.enable()).toEqual({ ok: false, reason: 'root-role-missing' });
  auth.grantRole('root', 'root');
  expect(auth.enabled).toBe(false);
  expect(auth.enable()).toEqual({ ok: true });
  expect(auth.enabled).toBe(true);
  expect(auth.enable()).toEqual({ ok: true });
});

test('while it is enabled, root keeps its user and its role', async () => {
  const { auth } = (await fresh()).mvcc;
  enable(auth);
  auth.addRole('root');
  const refused = { ok: false, reason: 'auth-management' };
  expect(auth.deleteUser('root')).toEqual(refused);
  expect(auth.revokeRole('root', 'root')).toEqual(refused);
  expect(auth.deleteRole('root')).toEqual(refused);
  auth.disable();
  expect(auth.revokeRole('root', 'root')).toEqual({ ok: true });
  expect(auth.deleteUser('root')).toEqual({ ok: true });
});

test('the revision moves with every change, and with nothing else', async () => {
  const { auth } = (await fresh()).mvcc;
  expect(auth.revision).toBe(1);
  const steps: [() => { ok: boolean }, boolean][] = [
    [() => auth.addUser('root', 'h', false), true],
    [() => auth.addUser('root', 'h', false), false],
    [() => auth.grantRole('root', 'root'), true],
    [() => auth.grantRole('root', 'root'), false],
    [() => auth.enable(), false],
    [() => auth.addRole('r'), true],
    [() => auth.grantPermission('r', permission(read, 'a')), true],
    [() => auth.grantPermission('r', undefined), false],
    [() => auth.revokePermission('r', bytes('b'), bytes('')), false],
    [() => auth.revokePermission('r', bytes('a'), bytes('')), true],
    [() => auth.changePassword('root', 'h2'), true],
    [() => auth.deleteRole('r'), true],
    [() => auth.disable(), true],
    [() => auth.disable(), false],
  ];
  for (const [step, moves] of steps) {
    const before = auth.revision;
    step();
    expect([step.toString(), auth.revision - before]).toEqual([step.toString(), moves ? 1 : 0]);
  }
});

test('a refused change says why, and changes nothing', async () => {
  const { auth } = (await fresh()).mvcc;
  auth.addUser('u', 'h', false);
  auth.addRole('r');
  const before = auth.revision;
  const reasons = [
    auth.addUser('', 'h', false),
    auth.addUser('u', 'h', false),
    auth.deleteUser('x'),
    auth.changePassword('x', 'h'),
    auth.grantRole('x', 'r'),
    auth.grantRole('u', 'x'),
    auth.revokeRole('x', 'r'),
    auth.revokeRole('u', 'r'),
    auth.addRole(''),
    auth.addRole('r'),
    auth.deleteRole('x'),
    auth.grantPermission('x', permission(read, 'a')),
    auth.revokePermission('x', bytes('a'), bytes('')),
    auth.revokePermission('r', bytes('a'), bytes('')),
  ].map((outcome) => (outcome.ok ? 'ok' : outcome.reason));
  expect(reasons).toEqual([
    'user-empty',
    'user-exists',
    'user-not-found',
    'user-not-found',
    'user-not-found',
    'role-not-found',
    'user-not-found',
    'role-not-granted',
    'role-empty',
    'role-exists',
    'role-not-found',
    'role-not-found',
    'role-not-found',
    'permission-not-granted',
  ]);
  expect(auth.revision).toBe(before);
});

test('reading and writing are two permissions', async () => {
  const auth = await withPermissions(permission(read, 'r'), permission(write, 'w'), permission(readWrite, 'b'));
  expect([mayRead(auth, 'r'), mayWrite(auth, 'r')]).toEqual([true, false]);
  expect([mayRead(auth, 'w'), mayWrite(auth, 'w')]).toEqual([false, true]);
  expect([mayRead(auth, 'b'), mayWrite(auth, 'b')]).toEqual([true, true]);
});

test('a permission of an unknown type permits nothing', async () => {
  const auth = await withPermissions(permission(5, 'a', end));
  expect([mayRead(auth, 'a'), mayWrite(auth, 'a')]).toEqual([false, false]);
});

test('a range is covered by several permissions that touch, and not across a gap', async () => {
  const auth = await withPermissions(
    permission(read, 'a', 'c'),
    permission(read, 'c', 'e'),
    permission(read, 'b', 'd'),
    permission(read, 'f', 'g'),
  );
  expect(mayRead(auth, 'a', 'e')).toBe(true);
  expect(mayRead(auth, 'b', 'dz')).toBe(true);
  expect(mayRead(auth, 'a', 'f')).toBe(false);
  expect(mayRead(auth, 'a', 'g')).toBe(false);
  expect(mayRead(auth, 'e')).toBe(false);
  expect(mayRead(auth, 'f')).toBe(true);
  expect(mayRead(auth, 'g')).toBe(false);
});

test('a permission for one key covers neither what follows it nor the rest of the keys', async () => {
  const auth = await withPermissions(permission(read, 'a'));
  expect(mayRead(auth, 'a')).toBe(true);
  expect(mayRead(auth, 'a', 'b')).toBe(false);
  expect(mayRead(auth, 'a', end)).toBe(false);
  expect(mayRead(auth, 'a\0')).toBe(false);
  expect(mayRead(auth, 'a', 'a\0')).toBe(true);
});

test('an open permission covers an open range, from its key on', async () => {
  const auth = await withPermissions(permission(read, 'm', end));
  expect(mayRead(auth, 'm', end)).toBe(true);
  expect(mayRead(auth, 'z\xff\xff', end)).toBe(true);
  expect(mayRead(auth, 'l', end)).toBe(false);
  expect(mayRead(auth, end, end)).toBe(false);
  const all = await withPermissions(permission(read, end, end));
  expect(mayRead(all, end, end)).toBe(true);
});

test('a permission that ends before it begins covers nothing; a range that does so needs its first key', async () => {
  const auth = await withPermissions(permission(read, 'z', 'a'), permission(read, 'k', 'k'), permission(read, 'p'));
  expect([mayRead(auth, 'z'), mayRead(auth, 'm'), mayRead(auth, 'k')]).toEqual([false, false, false]);
  expect(mayRead(auth, 'p', 'a')).toBe(true);
  expect(mayRead(auth, 'q', 'a')).toBe(false);
});

test('granting the same range again replaces its type; another end of the same key is another permission', async () => {
  const auth = await withPermissions(
    permission(write, 'k', 'l'),
    permission(write, 'k', 'm'),
    permission(read, 'k', 'l'),
  );
  expect(auth.permissions('r')).toMatchObject([{ permType: read }, { permType: write }]);
  expect([mayWrite(auth, 'k', 'm'), mayRead(auth, 'k', 'l'), mayRead(auth, 'k', 'm')]).toEqual([true, true, false]);
});

test('what a role loses, who has it loses', async () => {
  const auth = await withPermissions(permission(readWrite, 'a', 'b'));
  expect(mayRead(auth, 'a')).toBe(true);
  auth.revokePermission('r', bytes('a'), bytes('b'));
  expect(mayRead(auth, 'a')).toBe(false);
  auth.grantPermission('r', permission(read, 'a'));
  expect(mayRead(auth, 'a')).toBe(true);
  auth.deleteRole('r');
  expect([mayRead(auth, 'a'), auth.user('u')?.roles]).toEqual([false, []]);
});

test('root may do anything, by its role and not by its name', async () => {
  const auth = await withPermissions();
  auth.addUser('root', 'h', false);
  expect(auth.mayRead('root', bytes('a'), bytes(end))).toBe(false);
  auth.grantRole('u', 'root');
  expect(mayRead(auth, end, end)).toBe(true);
  expect(mayWrite(auth, end, end)).toBe(true);
});

test('a caller is judged by the users and roles of now', async () => {
  const auth = await withPermissions();
  expect(auth.refuseCaller(null)).toBeNull();
  enable(auth);
  const { revision } = auth;
  expect(auth.refuseCaller(null)).toBe('user-empty');
  expect(auth.refuseCaller({ user: 'u', revision, lasting: false })).toBeNull();
  expect(auth.refuseCaller({ user: 'nobody', revision, lasting: true })).toBe('permission-denied');
  auth.addRole('another');
  expect(auth.refuseCaller({ user: 'u', revision, lasting: false })).toBe('auth-old-revision');
  expect(auth.refuseCaller({ user: 'u', revision, lasting: true })).toBeNull();
  auth.changePassword('u', 'new');
  expect(auth.refuseCaller({ user: 'u', revision, lasting: true })).toBe('auth-old-revision');
});

test('a proof of a user ends with its password, with the user, and with authentication', async () => {
  const auth = await withPermissions();
  enable(auth);
  const proven = auth.revision;
  auth.addRole('another');
  expect(auth.stillProven('u', proven)).toBe(true);
  auth.changePassword('u', 'new');
  expect(auth.stillProven('u', proven)).toBe(false);
  expect(auth.stillProven('u', auth.revision)).toBe(true);
  const later = auth.revision;
  auth.disable();
  expect(auth.stillProven('u', later)).toBe(false);
  auth.enable();
  expect(auth.stillProven('u', later)).toBe(false);
  const last = auth.revision;
  auth.deleteUser('u');
  auth.addUser('u', 'hash', false);
  expect(auth.stillProven('u', last)).toBe(false);
});

test('users, roles, permissions and alarms survive a flush, count in the sum, and make no revision and no event', async () => {
  const { mvcc, store } = await fresh();
  mvcc.put(putOf('key', 'value'));
  const before = await flush(mvcc, store);
  const told = new Recorder();
  mvcc.watch(watchOf('\0', '\0'), told);
  mvcc.auth.addUser('ü', 'hash', true);
  mvcc.auth.addRole('r');
  mvcc.auth.grantPermission('r', permission(read, 'a\xff', 'b'));
  mvcc.auth.grantRole('ü', 'r');
  mvcc.alarms.raise(2 ** 52 + 1, AlarmType.noSpace);
  const sum = await flush(mvcc, store);
  expect([mvcc.revision, told.all]).toEqual([2, []]);
  expect(sum.records).toBe(before.records + 4);

  const again = await open(store, sum);
  expect(again.auth.user('ü')).toMatchObject({ passwordHash: 'hash', noPassword: true, roles: ['r'] });
  expect(again.auth.permissions('r')).toEqual([{ permType: read, key: bytes('a\xff'), rangeEnd: bytes('b') }]);
  expect(again.auth.revision).toBe(mvcc.auth.revision);
  expect(again.alarms.list()).toEqual([{ memberId: 2 ** 52 + 1, type: AlarmType.noSpace }]);

  again.auth.deleteUser('ü');
  again.auth.addUser('ü', 'other', false);
  again.auth.deleteRole('r');
  again.alarms.disarm(2 ** 52 + 1, AlarmType.noSpace);
  const last = await open(store, await flush(again, store));
  expect(last.auth.user('ü')).toMatchObject({ passwordHash: 'other', roles: [] });
  expect([last.auth.roleNames(), last.alarms.list()]).toEqual([[], []]);
});

test('a flipped bit in a user, and a user under another name, are damage', async () => {
  const { mvcc, store } = await fresh();
  mvcc.auth.addUser('u', 'hash', false);
  const { writes, sum } = mvcc.collectFlush();
  const row = writes.find(({ key }) => key[1] === 5);
  if (row?.type !== 'put') throw new Error('no row of a user is written');
  const put = (key: Uint8Array, value: Uint8Array): Promise<unknown> =>
    new Promise((resolve) => store.batch([...writes, { type: 'put', key, value }], { sync: true }, resolve));
  const flipped = Buffer.from(row.value);
  flipped[flipped.length - 3] = (flipped[flipped.length - 3] as number) ^ 1;
  await put(row.key, flipped);
  expect(await openOutcome(store, sum)).toMatchObject({ ok: false, damage: { kind: 'bad-record' } });
  await put(row.key, row.value);
  expect(await openOutcome(store, sum)).toMatchObject({ ok: true });
  await put(Buffer.concat([row.key, Buffer.from('x')]), row.value);
  expect(await openOutcome(store, sum)).toMatchObject({ ok: false, damage: { kind: 'misplaced-record' } });
});

test('an alarm is raised once, listed by type, and disarmed once', async () => {
  const { alarms } = (await fresh()).mvcc;
  expect(alarms.raise(7, 9)).toBeNull();
  expect(alarms.raise(7, AlarmType.none)).toBeNull();
  alarms.raise(7, AlarmType.noSpace);
  alarms.raise(7, AlarmType.noSpace);
  alarms.raise(8, AlarmType.corrupt);
  expect(alarms.list()).toHaveLength(2);
  expect(alarms.list(AlarmType.corrupt)).toEqual([{ memberId: 8, type: AlarmType.corrupt }]);
  expect(alarms.active(AlarmType.noSpace)).toBe(true);
  expect(alarms.disarm(8, AlarmType.noSpace)).toBeNull();
  expect(alarms.disarm(7, AlarmType.noSpace)).toEqual({ memberId: 7, type: AlarmType.noSpace });
  expect(alarms.active(AlarmType.noSpace)).toBe(false);
});
