/** What the files of the state take on disk. Looked up when somebody asks, at most once a second. */
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

const FRESH_MS = 1000;

export class DiskUsage {
  readonly #directory: () => string;
  /** As last looked up; 0 before the first time. */
  bytes = 0;
  #lookedAtMs = Number.NEGATIVE_INFINITY;
  #looking: Promise<number> | null = null;

  /** Called at each look: a snapshot from a peer comes with a directory of its own. */
  constructor(directory: () => string) {
    this.#directory = directory;
  }

  look(): Promise<number> {
    if (this.#looking === null && performance.now() - this.#lookedAtMs < FRESH_MS) return Promise.resolve(this.bytes);
    this.#looking ??= sizeOf(this.#directory())
      .then((bytes) => {
        this.bytes = bytes;
        this.#lookedAtMs = performance.now();
        return bytes;
      })
      .finally(() => {
        this.#looking = null;
      });
    return this.#looking;
  }

  /** Files were given back or written: the next look is a new one. */
  changed(): void {
    this.#lookedAtMs = Number.NEGATIVE_INFINITY;
  }
}

/** LevelDB makes and removes files meanwhile: those that are gone count for nothing. */
async function sizeOf(directory: string): Promise<number> {
  const names = await readdir(directory).catch(() => []);
  const sizes = await Promise.all(
    names.map((name) =>
      stat(join(directory, name)).then(
        ({ size }) => size,
        () => 0,
      ),
    ),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}
