/**
 * Room that is kept for the day when the disk is full: a file that is deleted then, so that the process can start again,
 * open its log and its state, and compact. While the file is missing, writes that need space are refused; it is made
 * again once there is room for it twice.
 */
import { open, rm, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from '../telemetry/logger.js';

const FILE = 'ballast';
const CHUNK_BYTES = 1024 * 1024;
const LOOK_MS = 5000;

export class Ballast {
  readonly #path: string;
  readonly #directory: string;
  readonly #bytes: number;
  readonly #logger: Logger;
  #timer: NodeJS.Timeout | null = null;
  #present = true;
  #looking: Promise<void> | null = null;
  #stopped = false;
  #released = false;

  /** `bytes` of 0 is none: nothing is kept, and nothing refused. */
  constructor(directory: string, bytes: number, logger: Logger) {
    this.#directory = directory;
    this.#path = join(directory, FILE);
    this.#bytes = bytes;
    this.#logger = logger;
  }

  /** The disk was full, and there is still no room for the ballast. */
  get missing(): boolean {
    return !this.#present;
  }

  /** Makes it where it is not there and there is room, and looks again now and then. */
  async keep(): Promise<void> {
    if (this.#bytes === 0) return;
    this.#timer = setInterval(() => void this.#lookOnce(), LOOK_MS);
    this.#timer.unref();
    await this.#lookOnce();
  }

  /** Resolves when nothing changes on the disk any more; one that is being made is left as it is. Never rejects. */
  async stop(): Promise<void> {
    this.#stopped = true;
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
    await this.#looking;
  }

  /** Gives the room back to the disk; true where there was some to give. */
  async release(): Promise<boolean> {
    this.#released = true;
    void this.stop();
    const found = await stat(this.#path).catch(() => null);
    await rm(this.#path, { force: true });
    return found !== null && found.size > 0;
  }

  #lookOnce(): Promise<void> {
    if (this.#stopped) return Promise.resolve();
    this.#looking ??= this.#look();
    return this.#looking;
  }

  async #look(): Promise<void> {
    try {
      const found = await stat(this.#path).catch(() => null);
      const there = found?.size === this.#bytes;
      const present = there || ((await this.#hasRoom()) && (await this.#make()));
      if (present !== this.#present) this.#tell(present);
      this.#present = present;
    } catch (error) {
      this.#logger.warn({ err: error }, 'could not look after the ballast');
    } finally {
      this.#looking = null;
    }
  }

  async #hasRoom(): Promise<boolean> {
    const { bavail, bsize } = await statfs(this.#directory);
    return bavail * bsize >= 2 * this.#bytes;
  }

  /** Written, not only announced: a sparse file keeps no room. False where the disk is full after all. */
  async #make(): Promise<boolean> {
    const file = await open(this.#path, 'w', 0o600);
    try {
      // Neither zeros, which some file systems do not store, nor anything that compresses to little.
      const chunk = Buffer.alloc(CHUNK_BYTES);
      for (let at = 0; at < chunk.length; at += 4) chunk.writeUInt32LE(Math.imul(at + 1, 0x9e3779b1) >>> 0, at);
      for (let left = this.#bytes; left > 0 && !this.#stopped; left -= chunk.length) {
        await file.write(chunk, 0, Math.min(left, chunk.length));
      }
      if (!this.#stopped) await file.sync();
      return !this.#released;
    } catch (error) {
      await rm(this.#path, { force: true });
      if (isDiskFull(error)) return false;
      throw error;
    } finally {
      await file.close();
      if (this.#released) await rm(this.#path, { force: true });
    }
  }

  #tell(present: boolean): void {
    const bytes = this.#bytes;
    if (present) this.#logger.info({ bytes }, 'the disk has room again: the ballast is back, and writes are taken');
    else this.#logger.error({ bytes }, 'the disk has no room for the ballast: writes that need space are refused');
  }
}

/** Whether the disk or a quota of it is full, as far down as the error tells. */
export function isDiskFull(error: unknown): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const code = (cause as { code?: unknown }).code;
    if (code === 'full' || code === 'ENOSPC' || code === 'EDQUOT') return true;
  }
  return false;
}

export class DiskFullError extends Error {
  override readonly name = 'DiskFullError';
}

/** What is to be told of a failure; where the disk is full, the ballast is released first. */
export async function explainDiskFull(error: unknown, dataDir: string, ballast: Ballast): Promise<unknown> {
  if (!isDiskFull(error)) return error;
  const released = await ballast.release().catch(() => false);
  const room = released
    ? 'the ballast is released: start again, and compact, or make room; until there is room for the ballast, writes are refused'
    : 'there is no ballast to release: make room before the next start';
  return new DiskFullError(`the disk of ${dataDir} is full, and this member stops; ${room}`, { cause: error });
}
