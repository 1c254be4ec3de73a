/**
 * Who opened the directory last, in words. The lock itself is LevelDB's, which the system drops with the process; this
 * note only names the holder when the lock is refused, so a stale one blocks nobody.
 */
import { writeFile } from 'node:fs/promises';
import { readFileIfAny } from './atomic-file.js';

export async function writeOpenedBy(path: string): Promise<void> {
  await writeFile(path, `${process.pid}\n`);
}

/** `process 4711`, or a plain word where nobody left a note. */
export async function describeHolder(path: string): Promise<string> {
  const note = await readFileIfAny(path).catch(() => null);
  const pid = note === null ? '' : new TextDecoder().decode(note).trim();
  if (!/^\d+$/.test(pid)) return 'another process';
  return Number(pid) === process.pid ? `this process (${pid})` : `process ${pid}`;
}
