import { EventEmitter } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AuthService, ClusterService, LeaseService, type MethodDescriptor, PermissionType } from '@understudy/protocol';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Access } from '../src/services/auth/access.js';
import { Dispatcher } from '../src/services/dispatcher.js';
import { LeaderCalls } from '../src/services/leader-calls.js';
import { addLeaseService } from '../src/services/lease.js';
import type { Member } from '../src/services/member.js';
import { ServiceTableBuilder } from '../src/services/rpc.js';
import { encodeAuthCommand } from '../src/state/auth-command.js';
import { CommandKind, encodeCommand } from '../src/state/command.js';
import { ReplicatedState } from '../src/state/replicated-state.js';
import { StateDirectory } from '../src/state/state-directory.js';

const bytes = (text: string): Uint8Array => Buffer.from(text);
const { methods } = AuthService;
const { memberRemove } = ClusterService.methods;
const { leaseTimeToLive } = LeaseService.methods;

let directory: string;
let state: ReplicatedState;
let access: Access;
let dispatcher: Dispatcher;
let index = 0;
/** What the follower hears of before a read barrier lets it go on. */
let news: () => void;
/** What the leader was asked, and what it answers of a lease. */
let asked: string[];
let leased: readonly string[];

/** A follower with users and roles of its own, and a leader that does whatever it is asked. */
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'forwarded-judgement-'));
  state = await ReplicatedState.open({ directory: await StateDirectory.open(directory), mvccOptions: {} });
  [news, asked, leased] = [() => undefined, [], []];
  const leader = new LeaderCalls({ node: { isLeader: true } } as unknown as Member);
  leader.add(memberRemove, async ({ id }) => {
    asked.push(`remove ${id}`);
    return memberRemove.output.create({});
  });
  leader.add(leaseTimeToLive, async () => leaseTimeToLive.output.create({ ttl: 5, keys: leased.map(bytes) }));
  const node = Object.assign(new EventEmitter(), {
    isLeader: false,
    leader: 2,
    callPeer: (_to: number, body: Uint8Array) => leader.answer(body),
  });
  const readBarrier = async (): Promise<void> => news();
  const metrics = { rpcs: { unary: () => undefined } };
  const member = { state, node, metrics, readBarrier, isLearner: false } as unknown as Member;
  const calls = new LeaderCalls(member);
  const table = new ServiceTableBuilder();
  access = new Access(member, null, 60_000);
  addLeaseService(table, member, calls, access);
  table.add(
    memberRemove,
    calls.add(memberRemove, () => Promise.reject(new Error('it does not lead'))),
  );
  dispatcher = new Dispatcher(member, table, access, calls);
  enable();
});
afterEach(async () => {
  await state.close();
  await rm(directory, { recursive: true, force: true });
});

function change<I extends object>(method: MethodDescriptor<I>, request: Partial<I>): void {
  index += 1;
  const command = encodeAuthCommand(method, method.input.encode(method.input.create(request)));
  state.apply({ index, term: 1, data: encodeCommand(CommandKind.ChangeAuth, command), local: undefined });
  state.appliedTo(index, 1);
}

/** root; `boss`, who is as good; and `u`, who reads `a`. All are known by the common name of a certificate. */
function enable(): void {
  for (const name of ['root', 'boss', 'u']) change(methods.userAdd, { name, hashedPassword: 'hash' });
  for (const user of ['root', 'boss']) change(methods.userGrantRole, { user, role: 'root' });
  change(methods.roleAdd, { name: 'r' });
  const perm = { permType: PermissionType.READ, key: bytes('a'), rangeEnd: new Uint8Array(0) };
  change(methods.roleGrantPermission, { name: 'r', perm });
  change(methods.userGrantRole, { user: 'u', role: 'r' });
  change(methods.authEnable, {});
}

const as = (commonName: string) => ({ raw: null, timeoutMs: 2000, commonName });
const DENIED = { text: 'etcdserver: permission denied' };

describe('a call that this member passes on to the leader', () => {
  it('is judged by everything that was acknowledged before it', async () => {
    const remove = (id: number): Promise<object> =>
      dispatcher.unary(memberRemove as unknown as MethodDescriptor, memberRemove.input.create({ id }), as('boss'));
    await remove(7);
    expect(asked).toEqual(['remove 7']);
    // Acknowledged by others, and not heard of here yet.
    news = () => state.mvcc.auth.revokeRole('boss', 'root');
    await expect(remove(8)).rejects.toMatchObject(DENIED);
    expect(asked).toEqual(['remove 7']);
  });

  it('tells the keys of a lease only to who may read them, also those that this member does not know', async () => {
    const keysOf = (user: string): Promise<object> => {
      const request = leaseTimeToLive.input.create({ id: 5n, keys: true });
      return dispatcher.unary(leaseTimeToLive as unknown as MethodDescriptor, request, as(user));
    };
    leased = ['a'];
    expect(await keysOf('u')).toMatchObject({ ttl: 5 });
    leased = ['a', 'secret'];
    await expect(keysOf('u')).rejects.toMatchObject(DENIED);
    expect(await keysOf('boss')).toMatchObject({ ttl: 5 });
  });
});
