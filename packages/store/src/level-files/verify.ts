/** Checks a LevelDB's tables before LevelDB reads them. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readLiveTables } from './manifest.js';
import { findTableFault } from './table.js';

/** The first fault found, in words that name the file; null when there is none, or no LevelDB. Rejects on I/O errors. */
export async function findLevelFault(directory: string): Promise<string | null> {
  const current = await readIfAny(join(directory, 'CURRENT'));
  const manifest = current && (await readIfAny(join(directory, Buffer.from(current).toString('latin1').trim())));
  const tables = manifest && readLiveTables(manifest);
  // What is wrong with these LevelDB finds itself, and refuses.
  if (!tables) return null;
  for (const [file, size] of tables) {
    const name = String(file).padStart(6, '0');
    // A missing table LevelDB notices; it may also have been deleted just now, by a process that has the store open.
    const table =
      (await readIfAny(join(directory, `${name}.ldb`))) ?? (await readIfAny(join(directory, `${name}.sst`)));
    if (table === null) continue;
    if (table.length !== size) return `table ${name} has ${table.length} bytes in place of ${size}`;
    const fault = findTableFault(table);
    if (fault !== null) return `table ${name}: ${fault}`;
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
