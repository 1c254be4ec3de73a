import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EMPTY_CONF_STATE } from '@understudy/raft-core';
import { waitUntil } from '@understudy/testbed';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { canRefetch } from '../src/recovery/damage.js';
import { KnownMembersFile, knownMembers, readKnownMembers } from '../src/recovery/known-members.js';
import { newMemberRecord } from '../src/state/member-record.js';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'known-members-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const records = [1, 2, 3].map((id) => newMemberRecord({ id, peerUrls: [`http://m${id}:1`] }));
const known = knownMembers(1, records, { ...EMPTY_CONF_STATE, voters: [1, 2], learners: [3] });

describe('the file of known members', () => {
  it('has what it was told last, and changes nothing for a state that knows nobody', async () => {
    const file = new KnownMembersFile(directory, (error) => expect(error).toBeNull());
    file.keep(knownMembers(1, records.slice(0, 1), EMPTY_CONF_STATE));
    file.keep(known);
    file.keep({ self: 1, members: [] });
    await waitUntil('the file is written', async () => (await readKnownMembers(directory))?.members.length === 3);
    expect(await readKnownMembers(directory)).toEqual(known);
    expect(known.members.map(({ voter }) => voter)).toEqual([true, true, false]);
  });

  it('is written to its end before it is closed, and never after', async () => {
    const file = new KnownMembersFile(directory, (error) => expect(error).toBeNull());
    file.keep(known);
    await file.close();
    expect(await readKnownMembers(directory)).toEqual(known);
    file.keep(knownMembers(1, records.slice(0, 1), EMPTY_CONF_STATE));
    await file.close();
    expect(await readKnownMembers(directory)).toEqual(known);
    expect(await readdir(directory)).toEqual(['known-members']);
  });

  it('is as good as absent when it is damaged', async () => {
    expect(await readKnownMembers(directory)).toBeNull();
    new KnownMembersFile(directory, () => undefined).keep(known);
    await waitUntil('the file is written', async () => (await readKnownMembers(directory)) !== null);
    const path = join(directory, 'known-members');
    const text = await readFile(path, 'utf8');
    for (const damaged of ['', text.slice(0, -5), text.replace('m2', 'm4'), '{}']) {
      await writeFile(path, damaged);
      expect(await readKnownMembers(directory)).toBeNull();
    }
  });
});

describe('a member has peers to recover from', () => {
  const voters = (self: number, count: number) => ({
    self,
    members: Array.from({ length: count }, (_, i) => ({ id: i + 1, peerUrls: [], voter: true })),
  });
  it.each([
    ['one of three', voters(1, 3), true],
    ['one of two', voters(1, 2), false],
    ['the only one', voters(1, 1), false],
    ['a learner beside one voter', { self: 3, members: known.members.slice(0, 1) }, true],
    [
      'a voter beside learners',
      { self: 1, members: [known.members[0], known.members[2]].filter((m) => m !== undefined) },
      false,
    ],
    ['nobody knows anybody', { self: 0, members: [] }, false],
  ])('%s: %o', (_who, members, expected) => {
    expect(canRefetch(members)).toBe(expected);
  });
});
