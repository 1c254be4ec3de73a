/** Checks a LevelDB's tables before LevelDB reads them. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { endOfLog } from './log-records.js';
import { type Manifest, readManifest } from './manifest.js';
import { findTableFault } from './table.js';

/** Anything else in CURRENT is damage, and may not even be a path. */
const MANIFEST_NAME = /^MANIFEST-\d+$/;

/** The first fault found, in words that name the file; null when there is none, or no LevelDB. Rejects on I/O errors. */
export async function findLevelFault(directory: string): Promise<string | null> {
  const manifest = await findManifest(directory);
  if (manifest === 'no-current') return findOrphans(directory);
  if (manifest === 'no-name') return 'CURRENT does not name a manifest';
  // What is wrong with these LevelDB finds itself, and refuses.
  if (manifest === null) return null;
  for (const [file, size] of manifest.tables) {
    const number = numberOf(file);
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

/** Null where it is absent or broken. */
async function findManifest(directory: string): Promise<Manifest | 'no-current' | 'no-name' | null> {
  const current = await readIfAny(join(directory, 'CURRENT'));
  if (current === null) return 'no-current';
  const name = manifestName(current);
  if (name === null) return 'no-name';
  const bytes = await readIfAny(join(directory, name));
  return bytes && readManifest(bytes);
}

function manifestName(current: Uint8Array): string | null {
  const name = Buffer.from(current).toString('latin1').trim();
  return MANIFEST_NAME.test(name) ? name : null;
}

/** What is wrong with the manifest, which LevelDB refuses without a word of which file it is; null where nothing is found. */
export async function findManifestFault(directory: string): Promise<string | null> {
  const current = await readIfAny(join(directory, 'CURRENT'));
  const name = current && manifestName(current);
  if (name === null) return null;
  const bytes = await readIfAny(join(directory, name));
  if (bytes === null) return `CURRENT names ${name}, which is not there`;
  const fault = findRecordFault(bytes);
  if (fault !== null) return `${name}: ${fault}`;
  return readManifest(bytes) === null ? `${name} does not parse` : null;
}

function numberOf(file: number): string {
  return String(file).padStart(6, '0');
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
 * What is wrong with LevelDB's own logs of writes: one is missing, a record is broken, or the last one is not whole. In
 * words that name the file and the byte; null where there is nothing. Not damage by itself, since a crash leaves a torn
 * end: it says where a loss comes from that was found otherwise. To be asked before the store is opened, which turns those
 * logs into tables.
 */
export async function findLogFault(directory: string): Promise<string | null> {
  const names = await readdir(directory).catch(() => []);
  const logs = names.filter((file) => file.endsWith('.log')).sort();
  const manifest = await findManifest(directory).catch(() => null);
  if (typeof manifest === 'object' && manifest !== null && manifest.log > 0) {
    const name = `${numberOf(manifest.log)}.log`;
    if (!logs.includes(name)) return `${name} is missing`;
  }
  for (const name of logs) {
    const log = await readIfAny(join(directory, name));
    const fault = log === null ? null : findRecordFault(log);
    if (fault !== null) return `${name}: ${fault}`;
  }
  return null;
}

function findRecordFault(log: Uint8Array): string | null {
  const { at, how } = endOfLog(log);
  if (how === 'broken') return `the record at byte ${at} fails its checksum`;
  return how === 'torn' ? `it ends within the record at byte ${at}` : null;
}

async function readIfAny(path: string): Promise<Uint8Array | null> {
  try {
    return await readFile(path);
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'EISDIR')) return null;
    throw error;
  }
}
