import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ClusterReport } from '../src/bootstrap/discovery.js';
import { formerMemberIds, setMemberAside } from '../src/data-directory.js';
import { clientTargets } from '../src/standby/client-target.js';
import { findOwnRecord } from '../src/standby/own-record.js';
import { clearStandbyInfo, newStandbyInfo, readStandbyInfo, writeStandbyInfo } from '../src/standby/standby-info.js';
import type { MemberView } from '../src/state/member-view.js';

function member(number: number, more: Partial<MemberView> = {}): MemberView {
  return {
    id: `000000000000000${number}`,
    name: `n${number}`,
    peerUrls: [`http://n${number}:2380`],
    clientUrls: [`http://n${number}:2379`],
    isLearner: false,
    directoryId: `d${number}`,
    registration: '',
    ...more,
  };
}

function cluster(members: readonly MemberView[], leader = 0): ClusterReport {
  const leaderId = leader === 0 ? '' : `000000000000000${leader}`;
  return { clusterId: '000000000000000c', members, leaderId, appliedIndex: 9 };
}

describe('whether this machine is a member', () => {
  const own = { registration: '00000000000000aa', peerUrls: ['http://n4:2380'], formerIds: ['0000000000000009'] };

  it('is said by a record that names its registration, and by no other standby', () => {
    const activated = member(5, { directoryId: '', registration: own.registration });
    expect(findOwnRecord(cluster([member(1), activated]), own)).toBe(activated);
    expect(findOwnRecord(cluster([member(1), { ...activated, registration: '00000000000000bb' }]), own)).toBeNull();
  });

  it('is said by a record with its peer URLs that an operator added', () => {
    const added = member(4, { directoryId: '' });
    expect(findOwnRecord(cluster([member(1), added]), own)).toBe(added);
    const twoUrls = { ...added, peerUrls: [...added.peerUrls, 'http://n4:2381'] };
    expect(findOwnRecord(cluster([twoUrls]), own)).toBeNull();
  });

  it('is not said by a record that has run with a directory, nor by one that it had before', () => {
    expect(findOwnRecord(cluster([member(4)]), own)).toBeNull();
    expect(findOwnRecord(cluster([member(9, { directoryId: '', registration: own.registration })]), own)).toBeNull();
    expect(findOwnRecord(cluster([member(1), member(2)]), own)).toBeNull();
  });
});

describe('where a standby sends clients', () => {
  it('is the leader first, then the other voters, then learners; never itself', () => {
    const members = [member(1), member(2, { isLearner: true }), member(3), member(4)];
    const urls = (...numbers: number[]) => numbers.map((number) => `http://n${number}:2379`);
    expect(clientTargets(cluster(members, 3), [])).toEqual(urls(3, 1, 4, 2));
    expect(clientTargets(cluster(members, 3), urls(3))).toEqual(urls(1, 4, 2));
    expect(clientTargets(cluster(members), [])).toEqual(urls(1, 3, 4, 2));
  });

  it('is nowhere while nobody is known, or nobody has published a URL', () => {
    expect(clientTargets(null, [])).toEqual([]);
    expect(clientTargets(cluster([member(1, { clientUrls: [] })], 1), [])).toEqual([]);
  });
});

describe('what a standby keeps', () => {
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'standby-'));
  });
  afterEach(() => rm(directory, { recursive: true }));

  it('is read back as it was written, and gone once it is cleared', async () => {
    expect(await readStandbyInfo(directory)).toBeNull();
    const info = newStandbyInfo(cluster([member(1)], 1));
    await writeStandbyInfo(directory, info);
    expect(await readStandbyInfo(directory)).toEqual(info);
    expect(await readdir(directory)).toEqual(['standby.json']);
    await clearStandbyInfo(directory);
    expect(await readStandbyInfo(directory)).toBeNull();
  });

  it.each(['', '{', '{"version":2,"registration":"00000000000000aa","cluster":null}', '{"version":1,"cluster":null}'])(
    'is refused by its name where it cannot be read: %s',
    async (text) => {
      await writeFile(join(directory, 'standby.json'), text);
      await expect(readStandbyInfo(directory)).rejects.toThrow(/standby\.json cannot be read/);
    },
  );

  it('is the data of the last two times that it was a member, and their ids', async () => {
    for (const id of [0xa, 0xb, 0xc]) {
      await mkdir(join(directory, 'member'));
      await setMemberAside(directory, id);
    }
    expect(await readdir(directory)).toEqual(['removed-000002-000000000000000b', 'removed-000003-000000000000000c']);
    expect(await formerMemberIds(directory)).toEqual(['000000000000000b', '000000000000000c']);
  });
});
