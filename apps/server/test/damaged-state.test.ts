import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PutRequest } from '@understudy/protocol';
import { ConfChangeTransition, ConfChangeType, EMPTY_CONF_STATE } from '@understudy/raft-core';
import { openLevelStore, type StoreRecord } from '@understudy/store';
import { completed, readRange } from '@understudy/store/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CommandKind, encodeCommand } from '../src/state/command.js';
import { encodeConfChangeContext } from '../src/state/conf-change-context.js';
import { newMemberRecord } from '../src/state/member-record.js';
import { ReplicatedState } from '../src/state/replicated-state.js';
import { StateDirectory } from '../src/state/state-directory.js';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'damaged-state-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

async function open(onDamage?: (damage: string) => void): Promise<ReplicatedState> {
  const deps = { directory: await StateDirectory.open(root), mvccOptions: {} };
  return ReplicatedState.open(onDamage === undefined ? deps : { ...deps, onDamage });
}

/** Members 1 and 2, and one key, flushed. Gives the database's directory. */
async function stateOnDisk(): Promise<string> {
  const state = await open();
  for (const id of [1, 2]) {
    const change = {
      transition: ConfChangeTransition.Auto,
      changes: [{ type: ConfChangeType.AddNode, nodeId: id }],
      context: encodeConfChangeContext({ members: [newMemberRecord({ id, peerUrls: [`http://m${id}:1`] })] }),
    };
    state.applyConfChange(change, { index: id, term: 1, confState: { ...EMPTY_CONF_STATE, voters: [1, id] } });
    state.appliedTo(id, 1);
    await new Promise<void>((resolve) => state.flush(() => resolve()));
  }
  const put = PutRequest.encode(PutRequest.create({ key: Buffer.from('k'), value: Buffer.from('v') }));
  state.apply({ index: 3, term: 1, data: encodeCommand(CommandKind.Put, put), local: undefined });
  state.appliedTo(3, 1);
  await new Promise<void>((resolve) => state.flush(() => resolve()));
  await state.close();
  return (await StateDirectory.open(root)).current;
}

type Change = (records: readonly StoreRecord[]) => readonly ({ type: 'put' } & StoreRecord)[] | { del: Uint8Array };

/** Changes records as a disk might that LevelDB does not catch. */
async function change(database: string, how: Change): Promise<void> {
  const store = await openLevelStore(database);
  const changed = how(await readRange(store, {}));
  const writes = 'del' in changed ? [{ type: 'del' as const, key: changed.del }] : changed;
  await completed((done) => store.batch(writes, { sync: true }, done));
  await completed((done) => store.close(done));
}

const first = (records: readonly StoreRecord[], prefix: number): StoreRecord =>
  records.find(({ key }) => key[0] === prefix) as StoreRecord;

function flipped(record: StoreRecord): { type: 'put' } & StoreRecord {
  const value = Buffer.from(record.value);
  value.writeUInt8((value.at(-1) as number) ^ 1, value.length - 1);
  return { type: 'put', key: record.key, value };
}

const DAMAGES: readonly [string, RegExp, Change][] = [
  ['a lost row of the members', /tables .* are damaged/, (all) => ({ del: first(all, 0x02).key })],
  ['a changed row of the members', /tables .* are damaged/, (all) => [flipped(first(all, 0x02))]],
  [
    'a row of a member that was not written',
    /tables .* are damaged/,
    (all) => [
      {
        type: 'put',
        key: Buffer.concat([first(all, 0x02).key.subarray(0, 7), Buffer.of(9)]),
        value: all[1]?.value as Uint8Array,
      },
    ],
  ],
  ['a lost record of a key', /wrong-sum/, (all) => ({ del: all.at(-1)?.key as Uint8Array })],
  ['a changed record of a key', /bad-record/, (all) => [flipped(all.at(-1) as StoreRecord)]],
  ['a changed applied record', /applied record of .* is damaged/, (all) => [flipped(first(all, 0x01))]],
  ['a lost applied record', /tables .* are damaged/, (all) => ({ del: first(all, 0x01).key })],
];

describe('a damaged state', () => {
  it.each(DAMAGES)('%s is told, and the state thrown away only then', async (_what, text, how) => {
    await change(await stateOnDisk(), how);
    await expect(open()).rejects.toThrow(text);
    const refusal = new Error('kept');
    await expect(
      open(() => {
        throw refusal;
      }),
    ).rejects.toBe(refusal);
    await expect(open()).rejects.toThrow(text);
    const told: string[] = [];
    const state = await open((damage) => told.push(damage));
    expect(told).toEqual([expect.stringMatching(text)]);
    expect([state.durable.index, state.members.list(), state.durable.confState.voters]).toEqual([0, [], []]);
    await state.close();
    await (await open()).close();
  });

  it('whose name is lost, or whose LevelDB does not open, is thrown away too', async () => {
    for (const damage of ['CURRENT', 'level']) {
      const database = await stateOnDisk();
      await writeFile(join(damage === 'level' ? database : root, 'CURRENT'), 'nonsense');
      const told: string[] = [];
      const state = await open((text) => told.push(text));
      expect([told.length, state.durable.index]).toEqual([1, 0]);
      await state.close();
      await rm(root, { recursive: true });
    }
  });

  it('is none when nothing was changed', async () => {
    await stateOnDisk();
    const state = await open();
    expect([state.durable.index, state.members.list().length]).toEqual([3, 2]);
    await state.close();
  });
});
