/** A log at rest, with a known content, and every kind of bit flip in its files. */
import { cp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { WalError } from '../src/index.js';
import { entriesFrom, hardStateOf, writeOf } from './memory-log.js';
import { append, close, compact, openLog, readWholeLog, temporaryDirectory } from './wal-directory.js';

/** A closed log of several boots: entries in tables and in LevelDB's own log. */
export async function closedLog(): Promise<string> {
  const directory = await temporaryDirectory();
  for (let boot = 0; boot < 3; boot++) {
    const log = await openLog(directory);
    for (let i = 0; i < 10; i++) {
      const first = log.lastIndex() + 1;
      await append(log, writeOf({ entries: entriesFrom(first, 4, 1, 60), hardState: hardStateOf(1, 5, first) }));
    }
    if (boot === 1) await compact(log, 9);
    await close(log);
  }
  return directory;
}

const ENTRIES = entriesFrom(10, 111, 1, 60).map(({ index, data }) => `${index} ${Buffer.from(data).toString('hex')}`);

export async function outcomeOf(directory: string): Promise<{ error: WalError | null; same: boolean }> {
  try {
    const log = await openLog(directory);
    const entries = (await readWholeLog(log)).map(({ index, data }) => `${index} ${Buffer.from(data).toString('hex')}`);
    const { term, vote, commit } = log.hardState;
    const same = entries.join() === ENTRIES.join() && term === 1 && vote === 5 && commit === 117;
    await close(log);
    return { error: null, same };
  } catch (error) {
    return { error: error as WalError, same: false };
  }
}

export async function filesOf(directory: string): Promise<string[]> {
  const found = await readdir(directory, { recursive: true, withFileTypes: true });
  const skipped = ['LOCK', 'LOG', 'LOG.old', 'opened-by'];
  return found
    .filter((file) => file.isFile() && !skipped.includes(file.name))
    .map((file) => join(file.parentPath, file.name));
}

/** Opens a copy of the log for each of `probes` flips in each file; gives how often each error code came of it. */
export async function flipBits(probes: number): Promise<ReadonlyMap<string, number>> {
  const directory = await closedLog();
  const noticed = new Map<string, number>();
  for (const file of await filesOf(directory)) {
    const { length } = await readFile(file);
    // Slots of the high-water file are mostly unused space.
    const used = file.includes('high-water') ? 80 : length;
    for (let probe = 0; probe < probes && used > 0; probe++) {
      const copy = await temporaryDirectory();
      await cp(directory, copy, { recursive: true });
      const damaged = join(copy, file.slice(directory.length));
      const bytes = await readFile(damaged);
      const at = Math.floor((used * (probe + 0.5)) / probes);
      bytes[at] = (bytes[at] ?? 0) ^ (1 << (probe % 8));
      await writeFile(damaged, bytes);
      const { error, same } = await outcomeOf(copy);
      const code = error?.code ?? 'opened';
      expect(same || code === 'damaged' || code.startsWith('identity-'), `${file} at ${at}: ${code}`).toBe(true);
      if (error !== null) noticed.set(code, (noticed.get(code) ?? 0) + 1);
      await rm(copy, { recursive: true });
    }
  }
  return noticed;
}
