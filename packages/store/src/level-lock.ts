/**
 * LevelDB's lock of a directory, without opening what is in it: for who looks at a store, copies it or moves it away
 * while its owner must not run. LevelDB has no call for that, so an empty store elsewhere is opened whose lock file is a
 * link to the one in question. The lock dies with its process.
 */
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Level } from 'level';
import { toStoreError } from './level-errors.js';

const LOCK_FILE = 'LOCK';

/**
 * Resolves with what releases the lock. Rejects with StoreError: `locked` when a process has the store open, `io`. Not
 * for a store that this very process has open: the system's lock belongs to the process, which would lose it.
 */
export async function lockLevel(directory: string): Promise<() => Promise<void>> {
  const doing = `lock ${directory}`;
  const aside = await mkdtemp(join(tmpdir(), 'understudy-lock-'));
  const drop = (): Promise<void> => rm(aside, { recursive: true, force: true });
  try {
    // Without a lock file nobody holds it; then it is made, empty, as LevelDB makes it.
    await writeFile(join(directory, LOCK_FILE), '', { flag: 'a' });
    await symlink(resolve(directory, LOCK_FILE), join(aside, LOCK_FILE));
    const level = new Level(aside);
    await level.open();
    return async () => {
      await level.close();
      await drop();
    };
  } catch (error) {
    await drop();
    throw toStoreError(error, doing);
  }
}
