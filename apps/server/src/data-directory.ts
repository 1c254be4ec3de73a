/** What lies where in a member's data directory. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ConfigError } from './config/config-error.js';

export interface DataDirectory {
  /** The Raft log, with the identity and the lock of the directory. */
  readonly wal: string;
  /** The state databases. */
  readonly state: string;
}

export async function openDataDirectory(path: string): Promise<DataDirectory> {
  const member = join(path, 'member');
  try {
    await mkdir(member, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new ConfigError(`--data-dir: cannot use ${path}: ${(error as Error).message}`);
  }
  return { wal: join(member, 'wal'), state: join(member, 'state') };
}
