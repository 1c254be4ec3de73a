/**
 * Keeps a second process out of the data directory of a standby, as the log does for a member. It is an empty store,
 * since its lock dies with the process that holds it; whatever else is wrong with it, it is made again. `lockLevel` of
 * the store is for a directory that is somebody else's, and would leave its folder in the system's temporary one behind
 * each time this process, which lives long, is killed.
 */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { openLevelStore, type Store } from '@understudy/store';
import { ConfigError } from '../config/config-error.js';
import { closeStore } from '../state/store-calls.js';

const DIRECTORY = 'standby-lock';

/** Resolves with what lets go of it. Throws ConfigError where another process stands by in this directory. */
export async function lockStandby(dataDir: string): Promise<() => Promise<void>> {
  const store = await open(dataDir, true);
  return () => closeStore(store);
}

async function open(dataDir: string, again: boolean): Promise<Store> {
  const directory = join(dataDir, DIRECTORY);
  try {
    return await openLevelStore(directory);
  } catch (error) {
    const { code } = error as { code?: string };
    if (code === 'locked') {
      throw new ConfigError(`--data-dir: ${dataDir} is in use: another process stands by in it`);
    }
    if (!again || code !== 'corrupted') throw error;
    await rm(directory, { recursive: true, force: true });
    return open(dataDir, false);
  }
}
