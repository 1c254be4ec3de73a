import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { EMPTY_CONF_STATE } from '@understudy/raft-core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { StateDirectory } from '../src/state/state-directory.js';

let root: string;
beforeEach(async () => {
  root = join(await mkdtemp(join(tmpdir(), 'state-directory-')), 'state');
});
afterEach(() => rm(join(root, '..'), { recursive: true, force: true }));

const STAGED = { meta: { index: 7, term: 2, confState: EMPTY_CONF_STATE }, hash: 'abc' };
const databases = async (): Promise<string[]> => (await readdir(root)).filter((name) => name.startsWith('state-'));

/** One in use, and one staged. */
async function withStaged(): Promise<{ directory: StateDirectory; staged: string }> {
  const directory = await StateDirectory.open(root);
  await mkdir(directory.current);
  const staged = directory.newDirectory();
  await mkdir(staged);
  await directory.markStaged(staged, STAGED);
  return { directory, staged };
}

describe('state directory', () => {
  it('names the same database at each start', async () => {
    const { current } = await StateDirectory.open(root);
    expect((await StateDirectory.open(root)).current).toBe(current);
  });

  it('sweeps what nobody names, and nothing else', async () => {
    const { directory, staged } = await withStaged();
    await mkdir(directory.newDirectory());
    await mkdir(join(root, 'kept-by-somebody-else'));
    await StateDirectory.open(root);
    expect((await databases()).sort()).toEqual([basename(directory.current), basename(staged)].sort());
    expect(await readdir(root)).toContain('kept-by-somebody-else');
  });

  it('a crash after the switch leaves the new state, and nothing staged', async () => {
    const { directory, staged } = await withStaged();
    await directory.switchTo(STAGED);
    const again = await StateDirectory.open(root);
    expect(again.current).toBe(staged);
    expect(again.staged).toBeNull();
    expect(await databases()).toEqual([basename(staged)]);
  });

  it('a snapshot that takes the place of another removes it', async () => {
    const { directory, staged } = await withStaged();
    const newer = directory.newDirectory();
    await mkdir(newer);
    await directory.markStaged(newer, { ...STAGED, hash: 'def' });
    expect(await databases()).not.toContain(basename(staged));
    expect(() => directory.directoryOf(STAGED)).toThrow(/no snapshot with hash abc/);
  });

  it('does not guess, and removes nothing, where CURRENT is lost or damaged', async () => {
    const { directory } = await withStaged();
    const before = await databases();
    await rm(join(root, 'CURRENT'));
    expect((await StateDirectory.open(root)).damage).toMatch(/no file CURRENT that names one/);
    for (const text of ['', '..', 'state-', `${basename(directory.current)}/..`]) {
      await writeFile(join(root, 'CURRENT'), text);
      expect((await StateDirectory.open(root)).damage).toMatch(/names no state directory/);
    }
    // One bit of it: a name as good as any, of which there is no directory.
    const name = Buffer.from(basename(directory.current));
    name[name.length - 1] = (name.at(-1) as number) ^ (/[af]$/.test(String(name)) ? 2 : 1);
    await writeFile(join(root, 'CURRENT'), name);
    expect((await StateDirectory.open(root)).damage).toContain(`CURRENT names ${name}, which is not there`);
    expect(await databases()).toEqual(before);
  });

  it('forgets a staged snapshot whose record is damaged, and nothing else', async () => {
    const { directory } = await withStaged();
    const text = await readFile(join(root, 'STAGED'), 'utf8');
    for (const damaged of ['{"hash', '', text.replace('abc', 'abd')]) {
      await writeFile(join(root, 'STAGED'), damaged);
      const again = await StateDirectory.open(root);
      expect([again.damage, again.staged, again.current]).toEqual([null, null, directory.current]);
    }
  });

  it('starts over with an empty database, and keeps what is staged', async () => {
    const { directory, staged } = await withStaged();
    const damaged = directory.current;
    await directory.startOver();
    expect((await databases()).sort()).toEqual([basename(directory.current), basename(staged)].sort());
    expect(directory.current).not.toBe(damaged);
    const again = await StateDirectory.open(root);
    expect([again.current, again.damage, again.staged?.hash]).toEqual([directory.current, null, 'abc']);
  });
});
