import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CompactionRequest, PutRequest, WatchRequest, type WatchResponse } from '@understudy/protocol';
import { waitUntil } from '@understudy/testbed';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Access } from '../src/services/auth/access.js';
import type { Member } from '../src/services/member.js';
import { MemberCounts } from '../src/telemetry/member-counts.js';
import { ServiceTableBuilder, type StreamHandler, type StreamSink } from '../src/services/rpc.js';
import { addWatchService } from '../src/services/watch-stream.js';
import { CommandKind, encodeCommand } from '../src/state/command.js';
import { ReplicatedState } from '../src/state/replicated-state.js';
import { StateDirectory } from '../src/state/state-directory.js';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** A door that can be full, and remembers what it was given. */
class Door implements StreamSink {
  readonly sent: WatchResponse[] = [];
  ended: unknown = false;
  /** Messages that it takes before it is full. */
  room = Number.POSITIVE_INFINITY;

  send(message: object): boolean {
    this.sent.push(message as WatchResponse);
    this.room -= 1;
    return this.room > 0;
  }

  end(error?: unknown): void {
    this.ended = error ?? true;
  }

  /** Revisions of the events, in the order in which they came. */
  get revisions(): number[] {
    return this.sent.flatMap(({ events }) => events.map(({ kv }) => kv?.modRevision ?? 0));
  }
}

let directory: string;
let state: ReplicatedState;
let door: Door;
let stream: StreamHandler;
let index = 0;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'watch-stream-'));
  state = await ReplicatedState.open({ directory: await StateDirectory.open(directory), mvccOptions: {} });
  const header = (revision = state.mvcc.revision) => ({ clusterId: 1, memberId: 1, revision, raftTerm: 1 });
  const table = new ServiceTableBuilder();
  const config = { maxRequestBytes: 1024 * 1024, watchProgressIntervalMs: 50 };
  const metrics = { counts: new MemberCounts() };
  const member = { state, header, config, metrics } as unknown as Member;
  addWatchService(table, member, new Access(member, null, 60_000));
  door = new Door();
  const [open] = [...table.streams.values()];
  stream = open?.(door, { raw: null, timeoutMs: undefined }) as StreamHandler;
});
afterEach(async () => {
  stream.onClose();
  await state.close();
  await rm(directory, { recursive: true, force: true });
});

function apply(kind: CommandKind, request: Uint8Array): void {
  index += 1;
  state.apply({ index, term: 1, data: encodeCommand(kind, request), local: undefined });
  state.appliedTo(index, 1);
}

function put(key: string, value: string | Uint8Array = 'x'): number {
  const data = typeof value === 'string' ? bytes(value) : value;
  apply(CommandKind.Put, PutRequest.encode(PutRequest.create({ key: bytes(key), value: data })));
  return state.mvcc.revision;
}

const ask = (request: Partial<WatchRequest>): void => stream.onMessage(WatchRequest.create(request));

function create(fields: Partial<NonNullable<WatchRequest['createRequest']>> = {}): void {
  const usual = { key: bytes('a'), rangeEnd: bytes('z'), startRevision: 0, progressNotify: false, filters: [] };
  ask({ createRequest: { ...usual, prevKv: false, watchId: 0, fragment: false, ...fields } });
}

describe('a watch stream', () => {
  it('says that a watch is created before it tells any event, also where history comes first', async () => {
    const first = put('a');
    const last = put('b');
    create({ startRevision: first });
    await waitUntil('history', () => door.revisions.length === 2);
    expect(door.sent[0]).toMatchObject({ created: true, watchId: 0, events: [] });
    const next = put('c');
    expect(door.revisions).toEqual([first, last, next]);
    expect(door.sent.at(-1)).toMatchObject({ watchId: 0, header: { revision: next }, canceled: false });
  });

  it('gives each watch an id of its own, and takes the ones that are asked for', () => {
    create({ watchId: 1 });
    create();
    create();
    create({ watchId: 7 });
    expect(door.sent.map(({ watchId }) => watchId)).toEqual([1, 0, 2, 7]);
  });

  it("refuses an id twice and an empty range, in etcd's words, and the stream goes on", () => {
    create({ watchId: 7 });
    create({ watchId: 7 });
    create({ key: bytes('b'), rangeEnd: bytes('a') });
    expect(door.sent.slice(1)).toMatchObject([
      {
        watchId: -1,
        created: true,
        canceled: true,
        cancelReason: 'mvcc: duplicate watch ID provided on the WatchStream',
      },
      { watchId: -1, created: true, canceled: true, cancelReason: 'mvcc: watcher range is empty' },
    ]);
    const revision = put('a');
    expect(door.revisions).toEqual([revision]);
  });

  it('tells a cancelled watch nothing more', () => {
    create();
    ask({ cancelRequest: { watchId: 0 } });
    expect(door.sent.at(-1)).toMatchObject({ watchId: 0, canceled: true });
    put('a');
    ask({ cancelRequest: { watchId: 0 } });
    expect(door.sent).toHaveLength(2);
  });

  it('ends a watch whose history is compacted, and says up to where', async () => {
    put('a');
    const revision = put('a');
    apply(CommandKind.Compact, CompactionRequest.encode({ revision, physical: false }));
    create({ startRevision: 1 });
    await waitUntil('the end', () => door.sent.at(-1)?.canceled === true);
    expect(door.sent.at(-1)).toMatchObject({ watchId: 0, compactRevision: revision, events: [] });
  });

  it('keeps nothing for a full door but what it had taken, and loses and repeats nothing', async () => {
    create();
    door.room = 1;
    const revisions = Array.from({ length: 50 }, () => put('a'));
    expect(door.revisions).toEqual(revisions.slice(0, 1));
    expect(state.mvcc.stats().watchesBlocked).toBe(1);
    for (let drained = 0; door.revisions.length < 50; drained++) {
      expect(drained).toBeLessThan(100);
      const before = door.revisions.length;
      door.room = 1;
      stream.onDrain();
      if (before < 50) await waitUntil('more', () => door.revisions.length > before);
    }
    expect(door.revisions).toEqual(revisions);
  });

  it('cuts a long history into answers that fit a frame, each at its own revision', async () => {
    const value = new Uint8Array(400 * 1024);
    const revisions = Array.from({ length: 10 }, () => put('a', value));
    create({ startRevision: revisions[0] as number });
    door.room = 1;
    await waitUntil('the first piece', () => door.revisions.length > 0);
    expect(door.revisions.length).toBeLessThan(4);
    expect(door.sent.at(-1)?.header?.revision).toBe(door.revisions.at(-1));
    // The answer comes behind the pieces that wait.
    ask({ progressRequest: {} });
    door.room = Number.POSITIVE_INFINITY;
    stream.onDrain();
    await waitUntil('the answer about progress', () => door.sent.at(-1)?.watchId === -1);
    expect(door.revisions).toEqual(revisions);
    expect(door.sent.at(-1)?.header?.revision).toBe(revisions.at(-1));
  });

  it('tells a watch that asks for it of progress, every interval in which nothing happened, and no other', async () => {
    const revision = put('elsewhere/1');
    create({ key: bytes('a'), rangeEnd: bytes('b'), progressNotify: true });
    create({ key: bytes('c'), rangeEnd: bytes('d') });
    const progress = () => door.sent.filter(({ created, events }) => !created && events.length === 0);
    await waitUntil('two notices', () => progress().length >= 2);
    expect(new Set(progress().map(({ watchId }) => watchId))).toEqual(new Set([0]));
    expect(progress()[0]?.header?.revision).toBe(revision);
    const next = put('elsewhere/2');
    await waitUntil('a notice of the new revision', () => progress().at(-1)?.header?.revision === next);
  });

  it('goes on after a half-close until its last watch is over', () => {
    create();
    create();
    stream.onHalfClose();
    const revision = put('a');
    expect(door.revisions).toEqual([revision, revision]);
    ask({ cancelRequest: { watchId: 0 } });
    expect(door.ended).toBe(false);
    ask({ cancelRequest: { watchId: 1 } });
    expect(door.ended).toBe(true);
  });

  it('ends at a half-close where nothing is watched', () => {
    stream.onHalfClose();
    expect(door.ended).toBe(true);
  });

  it('leaves no watch behind when its client goes away', () => {
    create();
    create();
    expect(state.mvcc.stats().watches).toBe(2);
    stream.onClose();
    expect(state.mvcc.stats().watches).toBe(0);
  });
});
