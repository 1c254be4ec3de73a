/**
 * A disk that loses its power: an ext4 file system in a file, mounted by loop. The power is cut by copying the file while
 * every process that writes to the disk is stopped, and going on from the copy.
 *
 * What the copy holds is what the file system has handed to the block device. Pages that ext4 still kept to itself, and a
 * journal that it had not committed, are lost as in a real cut, and the mount of the copy replays the journal as after
 * one. What it does not show is a drive that forgets its own volatile cache: to the loop device, a write that has reached
 * the file is as good as flushed. So a write without any sync is caught here, a sync that fails to flush the drive is not.
 *
 * The kernel writes pages back also while processes are stopped, and a copy is not atomic: the device's counters of
 * requests say whether anything was written meanwhile, and then the copy is made again.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { basename } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const COPY_ATTEMPTS = 100;

export class ImageDisk {
  readonly #mountPoint: string;
  readonly #base: string;
  #cuts = 0;
  #mounted = false;

  /** Makes the file and mounts it on `mountPoint`; rejects where this machine does not let it. */
  static async make(file: string, mountPoint: string, sizeMiB: number): Promise<ImageDisk> {
    const disk = new ImageDisk(file, mountPoint);
    await run('truncate', ['-s', `${sizeMiB}M`, disk.#image]);
    await run('mkfs.ext4', ['-q', '-F', disk.#image]);
    await disk.#mount();
    return disk;
  }

  private constructor(base: string, mountPoint: string) {
    this.#base = base;
    this.#mountPoint = mountPoint;
  }

  get #image(): string {
    return `${this.#base}.${this.#cuts}`;
  }

  /** The copy that the disk goes on from; whoever writes to it is stopped. */
  async copy(): Promise<void> {
    const { stdout } = await run('losetup', ['-n', '-O', 'NAME', '-j', this.#image]);
    const device = basename(stdout.trim());
    const requests = async (): Promise<string> => {
      const [counters, inFlight] = await Promise.all(
        ['stat', 'inflight'].map((name) => readFile(`/sys/block/${device}/${name}`, 'utf8')),
      );
      return /^\s*0\s+0\s*$/.test(inFlight ?? '') ? `${counters}` : 'in flight';
    };
    for (let attempt = 0; attempt < COPY_ATTEMPTS; attempt += 1) {
      const before = await requests();
      await run('cp', ['--sparse=always', this.#image, `${this.#base}.${this.#cuts + 1}`]);
      if (before !== 'in flight' && before === (await requests())) return;
    }
    throw new Error(`${device} never stood still for a copy`);
  }

  /** Mounts the copy in place of what it was made of; nobody has a file open any more. */
  async goOnFromCopy(): Promise<void> {
    await this.#unmount();
    await rm(this.#image);
    this.#cuts += 1;
    await this.#mount();
  }

  async remove(): Promise<void> {
    await this.#unmount();
    for (const number of [this.#cuts, this.#cuts + 1]) await rm(`${this.#base}.${number}`, { force: true });
  }

  async #mount(): Promise<void> {
    await run('mount', ['-o', 'loop', this.#image, this.#mountPoint]);
    this.#mounted = true;
  }

  async #unmount(): Promise<void> {
    if (this.#mounted) await run('umount', [this.#mountPoint]);
    this.#mounted = false;
  }
}

/** Why this machine cannot mount an image; null where it can. */
export async function whyNoImages(directory: string): Promise<string | null> {
  const mountPoint = await mkdtemp(`${directory}/mount-`);
  try {
    const disk = await ImageDisk.make(`${mountPoint}.image`, mountPoint, 16);
    await disk.remove();
    return null;
  } catch (error) {
    await rm(`${mountPoint}.image.0`, { force: true });
    return (error as Error).message.split('\n')[0] as string;
  } finally {
    await rm(mountPoint, { recursive: true, force: true });
  }
}
