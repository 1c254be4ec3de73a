/**
 * Where the state databases of a member lie, and which of them is in use. A snapshot from a peer is written to a new
 * directory; what makes it the state is one atomic rename of the file CURRENT. A crash leaves either the old state or
 * the new one, and directories that nobody names are swept away at the next start.
 */
import { randomBytes } from 'node:crypto';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { StagedSnapshot } from '@understudy/raft-node';
import { crc32c } from '@understudy/store';
import { readText, writeDurably } from '../durable-file.js';

const CURRENT_FILE = 'CURRENT';
const STAGED_FILE = 'STAGED';
const DIRECTORY_NAME = /^state-[0-9a-f]{12}$/;

interface StagedFile extends StagedSnapshot {
  readonly directory: string;
}

export class StateDirectory {
  readonly #root: string;
  #current: string;
  #staged: StagedFile | null;

  /** Why nobody can say which database is the state; null where that is known. Nothing is removed then. */
  readonly damage: string | null;

  static async open(root: string): Promise<StateDirectory> {
    await mkdir(root, { recursive: true });
    const directories = await stateDirectories(root);
    const named = await readText(join(root, CURRENT_FILE));
    const damage = damageOf(root, named, directories);
    const current = damage === null && named !== undefined ? named.trim() : freshName();
    if (damage !== null) return new StateDirectory(root, current, null, damage);
    if (named === undefined) await writeDurably(root, CURRENT_FILE, current);
    const staged = readStaged(await readText(join(root, STAGED_FILE)));
    for (const name of directories) {
      if (name !== current && name !== staged?.directory) await rm(join(root, name), { recursive: true });
    }
    return new StateDirectory(root, current, staged, null);
  }

  private constructor(root: string, current: string, staged: StagedFile | null, damage: string | null) {
    this.#root = root;
    this.#current = current;
    this.#staged = staged;
    this.damage = damage;
  }

  /** Throws the state away, for one that is to be built again: CURRENT names a new database first. */
  async startOver(): Promise<void> {
    const kept = this.#staged?.directory === this.#current ? undefined : this.#staged?.directory;
    this.#current = freshName();
    // A name without a directory would be that of a damaged CURRENT.
    await mkdir(this.current);
    await writeDurably(this.#root, CURRENT_FILE, this.#current);
    for (const name of await stateDirectories(this.#root)) {
      if (name !== this.#current && name !== kept) await this.remove(join(this.#root, name));
    }
  }

  /** The database in use. */
  get current(): string {
    return join(this.#root, this.#current);
  }

  /** A complete snapshot that waits to be installed; null when there is none, or when it is the state already. */
  get staged(): StagedSnapshot | null {
    return this.#staged === null || this.#staged.directory === this.#current ? null : this.#staged;
  }

  /** A directory for a snapshot that is being received. */
  newDirectory(): string {
    return join(this.#root, freshName());
  }

  directoryOf(staged: StagedSnapshot): string {
    if (this.#staged?.hash !== staged.hash) throw new Error(`no snapshot with hash ${staged.hash} is staged`);
    return join(this.#root, this.#staged.directory);
  }

  async markStaged(directory: string, snapshot: StagedSnapshot): Promise<void> {
    const staged = { ...snapshot, directory: directory.slice(this.#root.length + 1) };
    await writeDurably(this.#root, STAGED_FILE, stagedText(staged));
    const replaced = this.#staged;
    this.#staged = staged;
    if (replaced !== null && replaced.directory !== this.#current)
      await this.remove(join(this.#root, replaced.directory));
  }

  /** The commit point of an install. */
  async switchTo(staged: StagedSnapshot): Promise<void> {
    const directory = this.directoryOf(staged);
    this.#current = directory.slice(this.#root.length + 1);
    await writeDurably(this.#root, CURRENT_FILE, this.#current);
  }

  async forgetStaged(): Promise<void> {
    const staged = this.#staged;
    this.#staged = null;
    await rm(join(this.#root, STAGED_FILE), { force: true });
    if (staged !== null && staged.directory !== this.#current) await this.remove(join(this.#root, staged.directory));
  }

  async remove(directory: string): Promise<void> {
    await rm(directory, { recursive: true, force: true });
  }
}

async function stateDirectories(root: string): Promise<string[]> {
  const entries = await readdir(root, { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory() && DIRECTORY_NAME.test(entry.name)).map(({ name }) => name);
}

/** CURRENT is durable before the first database is made: without it, nobody can say which of them is the state. */
function damageOf(root: string, named: string | undefined, directories: readonly string[]): string | null {
  if (named === undefined) {
    return directories.length === 0
      ? null
      : `${root} has ${directories.join(', ')}, but no file ${CURRENT_FILE} that names one`;
  }
  const name = named.trim();
  const file = join(root, CURRENT_FILE);
  if (!DIRECTORY_NAME.test(name)) return `${file} names no state directory: "${named.slice(0, 40)}"`;
  // At the first start of all, the name is there before any database.
  if (directories.length === 0 || directories.includes(name)) return null;
  return `${file} names ${name}, which is not there; ${directories.join(', ')} is`;
}

/** What cannot be read is as good as never staged: the log's intent, if any, is then given up. */
function readStaged(text: string | undefined): StagedFile | null {
  if (text === undefined) return null;
  try {
    const { checksum, staged } = JSON.parse(text) as { checksum: number; staged: StagedFile };
    return crc32c(Buffer.from(JSON.stringify(staged))) === checksum ? staged : null;
  } catch {
    return null;
  }
}

function stagedText(staged: StagedFile): string {
  return JSON.stringify({ checksum: crc32c(Buffer.from(JSON.stringify(staged))), staged });
}

function freshName(): string {
  return `state-${randomBytes(6).toString('hex')}`;
}
