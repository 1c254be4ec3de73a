/** Logs in temporary directories, and promises over their callbacks. */
import { cp, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Entry } from '@understudy/raft-core';
import type { LogWrite, RaftLog } from '@understudy/raft-node';
import { completed } from '@understudy/store/testing';
import { afterEach } from 'vitest';
import { WalLevel, type WalLevelOptions } from '../src/index.js';
import { MEMBER } from './memory-log.js';

const made: string[] = [];
const openLogs = new Set<WalLevel>();

export async function temporaryDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'understudy-wal-'));
  made.push(directory);
  return directory;
}

afterEach(async () => {
  for (const log of openLogs) await close(log);
  for (const directory of made.splice(0)) await rm(directory, { recursive: true, force: true });
});

export async function openLog(directory: string, options: WalLevelOptions = {}): Promise<WalLevel> {
  const log = await WalLevel.open({ directory }, { identity: MEMBER, ...options });
  openLogs.add(log);
  return log;
}

export async function close(log: WalLevel): Promise<void> {
  openLogs.delete(log);
  await completed((done) => log.close(done));
}

export const append = (log: RaftLog, write: LogWrite): Promise<void> => completed((done) => log.append(write, done));
export const compact = (log: RaftLog, index: number): Promise<void> => completed((done) => log.compact(index, done));

/** The directory as it is at this moment, the high-water file first: what a crash now might leave. */
export async function imageOf(directory: string): Promise<string> {
  const copy = await temporaryDirectory();
  const names = await readdir(directory);
  names.sort((a, b) => Number(b.startsWith('high-water')) - Number(a.startsWith('high-water')));
  // LevelDB's lock is not copied by a crash either.
  const filter = (source: string): boolean => !source.endsWith('LOCK');
  for (const name of names) await cp(join(directory, name), join(copy, name), { recursive: true, filter });
  return copy;
}

export async function readWholeLog(log: RaftLog): Promise<Entry[]> {
  const all: Entry[] = [];
  for (let next = log.firstIndex(); next <= log.lastIndex(); ) {
    const found = log.entries(next, log.lastIndex() + 1, 1 << 20);
    if (found === 'pending') {
      await completed((done) => log.fetch(next, log.lastIndex() + 1, 1 << 20, done));
    } else if (typeof found === 'string') {
      throw new Error(`${found} at ${next}`);
    } else {
      all.push(...found);
      next += found.length;
    }
  }
  return all;
}
