import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PutRequest, RangeRequest } from '@understudy/protocol';
import { ConfChangeTransition, ConfChangeType, type ConfState, EMPTY_CONF_STATE } from '@understudy/raft-core';
import type { StateSnapshot } from '@understudy/raft-node';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CommandKind, encodeCommand, encodeExpiry } from '../src/state/command.js';
import { encodeConfChangeContext } from '../src/state/conf-change-context.js';
import { encodeLadderCommand, type SetDrain, type SetPolicy, type SetSilences } from '../src/state/ladder-command.js';
import { encodeMemberRecord, newMemberRecord } from '../src/state/member-record.js';
import { ReplicatedState } from '../src/state/replicated-state.js';
import { StateDirectory } from '../src/state/state-directory.js';

const VOTER_1: ConfState = { ...EMPTY_CONF_STATE, voters: [1] };
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'replicated-state-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

async function open(name: string): Promise<ReplicatedState> {
  return ReplicatedState.open({ directory: await StateDirectory.open(join(directory, name)), mvccOptions: {} });
}

let index = 0;
function put(state: ReplicatedState, key: string, value: string): void {
  index += 1;
  const request = PutRequest.encode(PutRequest.create({ key: bytes(key), value: bytes(value) }));
  state.apply({ index, term: 3, data: encodeCommand(CommandKind.Put, request), local: undefined });
  state.appliedTo(index, 3);
}

function value(state: ReplicatedState, key: string): string | undefined {
  const result = state.mvcc.range(RangeRequest.create({ key: bytes(key) }));
  if (!result.ok || result.kvs[0] === undefined) return undefined;
  return new TextDecoder().decode(result.kvs[0].value);
}

function addFirstMember(state: ReplicatedState): void {
  index += 1;
  const record = newMemberRecord({ id: 1, peerUrls: ['http://a:1'] });
  const change = {
    transition: ConfChangeTransition.Auto,
    changes: [{ type: ConfChangeType.AddNode, nodeId: 1 }],
    context: encodeConfChangeContext({ members: [record] }),
  };
  state.applyConfChange(change, { index, term: 1, confState: VOTER_1 });
  state.appliedTo(index, 1);
}

const flushed = (state: ReplicatedState): Promise<void> =>
  new Promise((resolve, reject) => state.flush((error) => (error === null ? resolve() : reject(error))));

const snapshotOf = (state: ReplicatedState): Promise<StateSnapshot> =>
  new Promise((resolve, reject) =>
    state.openSnapshot((error, snapshot) => (snapshot === null ? reject(error) : resolve(snapshot))),
  );

const installed = (state: ReplicatedState): Promise<void> =>
  new Promise((resolve, reject) => {
    const staged = state.stagedSnapshot();
    if (staged === null) reject(new Error('nothing is staged'));
    else state.installSnapshot(staged, (error) => (error === null ? resolve() : reject(error)));
  });

describe('replicated state', () => {
  it('comes back from disk as far as it was flushed, members and configuration with it', async () => {
    const state = await open('a');
    addFirstMember(state);
    put(state, 'kept', '1');
    await flushed(state);
    const { durable } = state;
    put(state, 'not flushed', '2');
    await state.close();
    const again = await open('a');
    expect(again.durable).toEqual(durable);
    expect(again.confState).toEqual(VOTER_1);
    expect(again.members.get(1)?.peerUrls).toEqual(['http://a:1']);
    expect([value(again, 'kept'), value(again, 'not flushed')]).toEqual(['1', undefined]);
    await again.close();
  });

  it('tells how long each flush took, and what it announces only after the turn that applied it', async () => {
    const flushes: number[] = [];
    const at = await StateDirectory.open(join(directory, 'a'));
    const state = await ReplicatedState.open({ directory: at, mvccOptions: {}, onFlush: (ms) => flushes.push(ms) });
    let announced = 0;
    state.on('members', () => {
      announced += 1;
    });
    addFirstMember(state);
    expect(announced).toBe(0);
    await flushed(state);
    expect(announced).toBe(1);
    expect(flushes).toEqual([expect.any(Number)]);
    await state.close();
  });

  it('a snapshot carries the state as of its index to another member, which serves from it after the install', async () => {
    const [source, target] = [await open('source'), await open('target')];
    addFirstMember(source);
    put(source, 'a', '1');
    const snapshot = await snapshotOf(source);
    put(source, 'a', 'later');
    await target.stageSnapshot(snapshot.meta, snapshot.chunks(new AbortController().signal));
    snapshot.close();
    expect(value(target, 'a')).toBeUndefined();
    await installed(target);
    expect(value(target, 'a')).toBe('1');
    expect(target.durable).toEqual(snapshot.meta);
    const databases = async (): Promise<string[]> =>
      (await readdir(join(directory, 'target'))).filter((name) => name.startsWith('state-'));
    expect(await databases()).toHaveLength(1);
    expect(target.stagedSnapshot()).toBeNull();
    await Promise.all([source.close(), target.close()]);
    const again = await open('target');
    expect(value(again, 'a')).toBe('1');
    await again.close();
    expect(await databases()).toHaveLength(1);
  });

  it('a crash before the install leaves the old state and the staged snapshot; the install can be done again', async () => {
    const [source, target] = [await open('source'), await open('target')];
    addFirstMember(source);
    put(source, 'a', '1');
    const snapshot = await snapshotOf(source);
    await target.stageSnapshot(snapshot.meta, snapshot.chunks(new AbortController().signal));
    snapshot.close();
    await Promise.all([source.close(), target.close()]);
    const again = await open('target');
    expect(value(again, 'a')).toBeUndefined();
    expect(again.stagedSnapshot()?.meta).toEqual(snapshot.meta);
    await installed(again);
    expect(value(again, 'a')).toBe('1');
    await again.close();
  });

  it('of two snapshots that were received the later is installed, and one that is given up leaves nothing', async () => {
    const [source, target] = [await open('source'), await open('target')];
    const databases = async (): Promise<number> =>
      (await readdir(join(directory, 'target'))).filter((name) => name.startsWith('state-')).length;
    const receive = async (text: string): Promise<void> => {
      put(source, 'a', text);
      const snapshot = await snapshotOf(source);
      await target.stageSnapshot(snapshot.meta, snapshot.chunks(new AbortController().signal));
      snapshot.close();
    };
    await receive('1');
    await receive('2');
    expect(await databases()).toBe(2);
    await installed(target);
    expect([value(target, 'a'), await databases()]).toEqual(['2', 1]);
    await receive('3');
    target.discardStaged();
    await flushed(target);
    expect([value(target, 'a'), target.stagedSnapshot(), await databases()]).toEqual(['2', null, 1]);
    await receive('4');
    await installed(target);
    expect([value(target, 'a'), await databases()]).toEqual(['4', 1]);
    await Promise.all([source.close(), target.close()]);
    const again = await open('target');
    expect(value(again, 'a')).toBe('4');
    await again.close();
  });

  it('a snapshot that is cut short, or stands for another index, is refused and leaves nothing behind', async () => {
    const [source, target] = [await open('source'), await open('target')];
    put(source, 'a', '1');
    const snapshot = await snapshotOf(source);
    const { meta } = snapshot;
    const parts: Uint8Array[] = [];
    for await (const chunk of snapshot.chunks(new AbortController().signal)) parts.push(chunk);
    snapshot.close();
    const whole = Buffer.concat(parts);
    async function* once(part: Uint8Array): AsyncGenerator<Uint8Array> {
      yield part;
    }
    await expect(target.stageSnapshot(meta, once(whole.subarray(0, -1)))).rejects.toThrow(/ends within a record/);
    await expect(target.stageSnapshot({ ...meta, index: meta.index + 1 }, once(whole))).rejects.toThrow(
      /stands for index/,
    );
    expect(target.stagedSnapshot()).toBeNull();
    expect((await readdir(join(directory, 'target'))).filter((name) => name.startsWith('state-'))).toHaveLength(1);
    await Promise.all([source.close(), target.close()]);
  });

  it('a member that publishes itself from another data directory is refused', async () => {
    const state = await open('a');
    addFirstMember(state);
    const publish = (id: number, directoryId: string): unknown => {
      const record = newMemberRecord({ id, name: 'n1', peerUrls: [], clientUrls: ['http://c:1'], directoryId });
      const data = encodeCommand(CommandKind.PublishMember, encodeMemberRecord(record));
      return state.apply({ index: 9, term: 1, data, local: undefined });
    };
    expect(publish(1, 'first')).toEqual({ ok: true });
    expect(publish(1, 'second')).toEqual({ ok: false, reason: 'other-directory' });
    expect(publish(2, 'any')).toEqual({ ok: false, reason: 'unknown-member' });
    expect(state.members.get(1)).toMatchObject({ name: 'n1', directoryId: 'first', peerUrls: ['http://a:1'] });
    await state.close();
  });

  it('keeps policy, drains and silences on disk, until the member is gone', async () => {
    const state = await open('a');
    addFirstMember(state);
    const change = (kind: CommandKind, command: SetPolicy | SetDrain | SetSilences, term = 3): unknown =>
      state.apply({ index: 9, term, data: encodeCommand(kind, encodeLadderCommand(command)), local: undefined });
    const set = { version: null, set: { maxLearners: 2, paused: true }, reset: [] };
    expect(change(CommandKind.SetPolicy, set)).toEqual({ ok: true });
    expect(change(CommandKind.SetPolicy, { version: 1, set: {}, reset: ['paused'] })).toEqual({ ok: true });
    expect(change(CommandKind.SetPolicy, { ...set, version: 1 })).toEqual({ ok: false, reason: 'other-version' });
    expect(change(CommandKind.SetDrain, { id: 1, draining: true })).toEqual({ ok: true });
    expect(change(CommandKind.SetDrain, { id: 2, draining: true })).toEqual({ ok: false, reason: 'unknown-member' });
    const silences = [1, 2].map((id) => ({ id, quietForMs: 70, silentForMs: 700, fallsAgoMs: [] }));
    expect(change(CommandKind.SetSilences, { term: 3, silences })).toEqual({ ok: true });
    expect(change(CommandKind.SetSilences, { term: 3, silences: [] }, 4)).toEqual({ ok: false, reason: 'stale-term' });
    await flushed(state);
    await state.close();

    const again = await open('a');
    const { ladder } = again;
    expect(ladder.policyVersion).toBe(2);
    expect(ladder.policyFields).toEqual({ maxLearners: 2 });
    expect(ladder.isDraining(1)).toBe(true);
    expect(ladder.silences).toEqual([silences[0]]);
    const changes = [{ type: ConfChangeType.RemoveNode, nodeId: 1 }];
    const removal = {
      transition: ConfChangeTransition.Auto,
      changes,
      context: encodeConfChangeContext({ members: [], automaticAtMs: 5 }),
    };
    again.applyConfChange(removal, { index: 11, term: 3, confState: EMPTY_CONF_STATE });
    expect(ladder.isDraining(1)).toBe(false);
    expect(ladder.silences).toEqual([]);
    await flushed(again);
    await again.close();
    const third = await open('a');
    expect(third.ladder.isDraining(1)).toBe(false);
    expect(third.ladder.removals).toEqual([{ atMs: 5, memberIds: [1] }]);
    await third.close();
  });

  it('a leader of another term cannot end a lease', async () => {
    const state = await open('a');
    state.mvcc.leaseGrant(7n, 60);
    const expire = (term: number): unknown => {
      const data = encodeCommand(CommandKind.ExpireLease, encodeExpiry({ lease: 7n, term: 3 }));
      return state.apply({ index: 9, term, data, local: undefined });
    };
    expect(expire(4)).toEqual({ ok: false, reason: 'stale-term' });
    expect(state.mvcc.leaseIds()).toEqual([7n]);
    expect(expire(3)).toMatchObject({ ok: true });
    expect(state.mvcc.leaseIds()).toEqual([]);
    await state.close();
  });

  it('stops at a command that it does not know', async () => {
    const state = await open('a');
    const apply = (data: Uint8Array): unknown => state.apply({ index: 1, term: 1, data, local: undefined });
    expect(() => apply(new Uint8Array([1, 99]))).toThrow(/kind 99/);
    expect(() => apply(new Uint8Array([2, 1]))).toThrow(/version 2/);
    await state.close();
  });
});
