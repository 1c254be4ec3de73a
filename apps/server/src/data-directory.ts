/** What lies where in a data directory, and where the data of a member that was removed goes. */
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { formatId } from './bootstrap/member-id.js';
import { ConfigError } from './config/config-error.js';
import { renameDurably } from './durable-file.js';

export interface DataDirectory {
  /** What follows lies in it, and the file of known members. */
  readonly member: string;
  /** The Raft log, with the identity and the lock of the directory. */
  readonly wal: string;
  /** The state databases. */
  readonly state: string;
}

const MEMBER = 'member';
/** `removed-NUMBER-MEMBER`: the higher the number, the younger. */
const SET_ASIDE = /^removed-(\d{6})-([0-9a-f]{16})$/;
/** Data of removed members that is kept, for the day when somebody wants to look at it. */
const KEPT = 2;

export async function openDataDirectory(path: string): Promise<DataDirectory> {
  await makeDirectory(join(path, MEMBER), path);
  return dataDirectoryOf(path);
}

/** Where things are, or would be. */
export function dataDirectoryOf(path: string): DataDirectory {
  const member = join(path, MEMBER);
  return { member, wal: join(member, 'wal'), state: join(member, 'state') };
}

/** Makes the directory itself; throws ConfigError where that cannot be. */
export async function makeDirectory(path: string, shown = path): Promise<void> {
  try {
    await mkdir(path, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new ConfigError(`--data-dir: cannot use ${shown}: ${(error as Error).message}`);
  }
}

/** The data of member `id` goes out of the way, and the oldest of what was set aside before it goes for good. */
export async function setMemberAside(path: string, id: number): Promise<string> {
  const earlier = await setAside(path);
  const number = Number(earlier.at(-1)?.number ?? 0) + 1;
  const name = `removed-${String(number).padStart(6, '0')}-${formatId(id)}`;
  await renameDurably(join(path, MEMBER), join(path, name));
  for (const { name: old } of earlier.slice(0, Math.max(0, earlier.length + 1 - KEPT))) {
    await rm(join(path, old), { recursive: true });
  }
  return join(path, name);
}

/** Ids that this machine had as a member, as far back as its data is kept; 16 hexadecimal digits. */
export async function formerMemberIds(path: string): Promise<string[]> {
  return (await setAside(path)).map(({ id }) => id);
}

/** Oldest first. */
async function setAside(path: string): Promise<{ name: string; number: string; id: string }[]> {
  const names = (await readdir(path)).sort();
  return names.flatMap((name) => {
    const [, number, id] = SET_ASIDE.exec(name) ?? [];
    return number === undefined || id === undefined ? [] : [{ name, number, id }];
  });
}
