/** Small files that a crash leaves either as they were or as they are to be. */
import { open, readFile, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** Temporary file, fsync, rename, fsync of the directory. */
export async function writeDurably(directory: string, name: string, text: string): Promise<void> {
  const temporary = join(directory, `${name}.tmp`);
  const file = await open(temporary, 'w', 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await renameDurably(temporary, join(directory, name));
}

/** Within a directory, or between two: the new name is durable once this resolves. */
export async function renameDurably(from: string, to: string): Promise<void> {
  await rename(from, to);
  const parent = await open(dirname(to), 'r');
  try {
    await parent.sync();
  } finally {
    await parent.close();
  }
}

/** Undefined where there is no such file. */
export async function readText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
