import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SnapshotMeta } from '@understudy/raft-core';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { FileStateMachine } from '../src/index.js';
import type { StagedSnapshot, StateSnapshot } from '../src/state-machine.js';

const confState = { voters: [1, 2], votersOutgoing: [], learners: [3], learnersNext: [], autoLeave: false };
let directory = '';

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'file-state-'));
});
afterEach(() => rm(directory, { recursive: true }));

async function open(name = 'a') {
  const state = { text: '' };
  const machine = await FileStateMachine.open<number>(
    {
      apply: ({ data }) => {
        state.text += Buffer.from(data).toString();
        return state.text.length;
      },
      serialize: () => Buffer.from(state.text),
      restore: (bytes) => {
        state.text = Buffer.from(bytes).toString();
      },
    },
    { directory: join(directory, name), maxSnapshotBytes: 10_000 },
  );
  return { state, machine };
}

type Opened = Awaited<ReturnType<typeof open>>;

function applyAll({ machine }: Opened, text: string): void {
  machine.applyConfChange(null, { index: 1, term: 1, confState });
  [...text].forEach((letter, i) => {
    machine.apply({ index: i + 2, term: 1, data: Buffer.from(letter), local: undefined });
  });
  machine.appliedTo(text.length + 1, 1);
}

const flush = ({ machine }: Opened) =>
  new Promise<SnapshotMeta | null>((resolve, reject) =>
    machine.flush((error, meta) => (error === null ? resolve(meta) : reject(error))),
  );
const snapshotOf = ({ machine }: Opened) =>
  new Promise<StateSnapshot>((resolve, reject) =>
    machine.openSnapshot((error, snapshot) => (snapshot === null ? reject(error) : resolve(snapshot))),
  );
const install = ({ machine }: Opened, staged: StagedSnapshot) =>
  new Promise<void>((resolve, reject) =>
    machine.installSnapshot(staged, (error) => (error === null ? resolve() : reject(error))),
  );
const chunks = (snapshot: StateSnapshot) => snapshot.chunks(new AbortController().signal);

test('what was flushed is there again, with what it stands for; what was not is not', async () => {
  const first = await open();
  expect(first.machine.durable.index).toBe(0);
  applyAll(first, 'abc');
  expect(await flush(first)).toEqual({ index: 4, term: 1, confState });
  first.machine.apply({ index: 5, term: 1, data: Buffer.from('lost'), local: undefined });
  const second = await open();
  expect([second.state.text, second.machine.durable]).toEqual(['abc', { index: 4, term: 1, confState }]);
});

test('a file with one changed byte is set aside, whole as it is, and there is no state', async () => {
  const first = await open();
  applyAll(first, 'abc');
  await flush(first);
  const path = join(directory, 'a', 'state');
  const bytes = await readFile(path);
  bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
  await writeFile(path, bytes);
  const second = await open();
  expect([second.state.text, second.machine.durable.index]).toEqual(['', 0]);
  expect(second.machine.damage).toContain('checksum');
  expect(await readFile(`${path}.damaged`)).toEqual(bytes);
  // What is built again is kept.
  applyAll(second, 'xyz');
  await flush(second);
  const third = await open();
  expect([third.state.text, third.machine.damage]).toEqual(['xyz', null]);
});

test('a file of a later version is refused, and stays', async () => {
  const first = await open();
  applyAll(first, 'abc');
  await flush(first);
  const path = join(directory, 'a', 'state');
  const bytes = await readFile(path);
  bytes[0] = 2;
  await writeFile(path, bytes);
  await expect(open()).rejects.toMatchObject({ code: 'damaged' });
  expect(await readFile(path)).toEqual(bytes);
});

test('a staged snapshot that is damaged was never staged', async () => {
  const first = await open();
  applyAll(first, 'abc');
  const snapshot = await snapshotOf(first);
  const second = await open('b');
  await second.machine.stageSnapshot(snapshot.meta, chunks(snapshot));
  await writeFile(join(directory, 'b', 'staged'), Buffer.from([1, 2, 3]));
  expect((await open('b')).machine.stagedSnapshot()).toBeNull();
});

test('a snapshot that is staged and installed replaces the state, and survives', async () => {
  const sender = await open('sender');
  applyAll(sender, 'x'.repeat(1_000));
  const snapshot = await snapshotOf(sender);
  const receiver = await open('receiver');
  applyAll(receiver, 'old');
  const staged = await receiver.machine.stageSnapshot(snapshot.meta, chunks(snapshot));
  expect(receiver.state.text).toBe('old');
  await install(receiver, staged);
  expect([receiver.state.text.length, receiver.machine.durable.index]).toEqual([1_000, 1_001]);
  const again = await open('receiver');
  expect([again.state.text.length, again.machine.stagedSnapshot()]).toEqual([1_000, null]);
  // A start that finishes an install may call it once more.
  await install(again, staged);
});

test('a staged snapshot is found at the next start, and can be installed or thrown away then', async () => {
  const sender = await open('sender');
  applyAll(sender, 'new');
  const snapshot = await snapshotOf(sender);
  const receiver = await open('receiver');
  const staged = await receiver.machine.stageSnapshot(snapshot.meta, chunks(snapshot));
  const again = await open('receiver');
  expect(again.machine.stagedSnapshot()).toMatchObject(staged);
  again.machine.discardStaged();
  await again.machine.close();
  expect((await open('receiver')).machine.stagedSnapshot()).toBeNull();
});

test('a snapshot that was altered, is another one, or is too large is not staged', async () => {
  const sender = await open('sender');
  applyAll(sender, 'x'.repeat(100));
  const snapshot = await snapshotOf(sender);
  const { machine } = await open('receiver');
  async function* altered() {
    for await (const chunk of chunks(snapshot)) {
      const copy = Buffer.from(chunk);
      copy[copy.length - 1] = 0;
      yield copy;
    }
  }
  await expect(machine.stageSnapshot(snapshot.meta, altered())).rejects.toMatchObject({ code: 'damaged' });
  const other = { ...snapshot.meta, index: 7 };
  await expect(machine.stageSnapshot(other, chunks(snapshot))).rejects.toMatchObject({ code: 'damaged' });
  async function* endless() {
    for (;;) yield Buffer.alloc(1_000);
  }
  await expect(machine.stageSnapshot(snapshot.meta, endless())).rejects.toMatchObject({ code: 'too-large' });
  expect(machine.stagedSnapshot()).toBeNull();
});
