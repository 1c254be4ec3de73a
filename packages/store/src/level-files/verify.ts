/** Checks a LevelDB's tables before LevelDB reads them. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readLogRecords } from './log-records.js';
import { readLiveTables } from './manifest.js';
import { findTableFault } from './table.js';

/** Anything else in CURRENT is damage, and may not even be a path. */
const MANIFEST_NAME = /^MANIFEST-\d+$/;

/** The first fault found, in words that name the file; null when there is none, or no LevelDB. Rejects on I/O errors. */
export async function findLevelFault(directory: string): Promise<string | null> {
  const current = await readIfAny(join(directory, 'CURRENT'));
  if (current === null) return findOrphans(directory);
  const name = Buffer.from(current).toString('latin1').trim();
  if (!MANIFEST_NAME.test(name)) return 'CURRENT does not name a manifest';
  const manifest = await readIfAny(join(directory, name));
  const tables = manifest && readLiveTables(manifest);
  // What is wrong with these LevelDB finds itself, and refuses.
  if (!tables) return null;
  for (const [file, size] of tables) {
    const number = String(file).padStart(6, '0');
    // A missing table LevelDB notices; it may also have been deleted just now, by a process that has the store open.
    const table =
      (await readIfAny(join(directory, `${number}.ldb`))) ?? (await readIfAny(join(directory, `${number}.sst`)));
    if (table === null) continue;
    if (table.length !== size) return `table ${number} has ${table.length} bytes in place of ${size}`;
    const fault = findTableFault(table);
    if (fault !== null) return `table ${number}: ${fault}`;
  }
  return null;
}

/**
 * Without CURRENT LevelDB makes a new store over the old one's files, and deletes them. The first steps of a new store
 * leave no more than its first manifest, should a crash cut them short.
 */
async function findOrphans(directory: string): Promise<string | null> {
  const names = await readdir(directory).catch(() => []);
  const orphan = names.find((name) => /\.(ldb|sst|log)$/.test(name) || /^MANIFEST-(?!000001$)/.test(name));
  return orphan === undefined ? null : `CURRENT is missing, and ${orphan} is there`;
}

/**
 * The first broken record of LevelDB's own logs of writes, in words that name the file and the byte; null where there is
 * none. Not damage by itself, since a crash leaves a torn end: it says where a loss comes from that was found otherwise.
 * To be asked before the store is opened, which turns those logs into tables.
 */
export async function findLogFault(directory: string): Promise<string | null> {
  const names = await readdir(directory).catch(() => []);
  for (const name of names.filter((file) => file.endsWith('.log')).sort()) {
    const log = await readIfAny(join(directory, name));
    if (log === null) continue;
    for (const record of readLogRecords(log)) {
      if (typeof record === 'number') return `${name}: the record at byte ${record} fails its checksum`;
    }
  }
  return null;
}

async function readIfAny(path: string): Promise<Uint8Array | null> {
  try {
    return await readFile(path);
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'EISDIR')) return null;
    throw error;
  }
}
