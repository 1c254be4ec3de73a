/**
 * A state machine for states that fit in memory and in one file: the embedder brings `apply`, `serialize` and
 * `restore`, this brings durability, snapshots and installs. Every flush writes the whole state: for megabytes, not
 * gigabytes.
 */
import { createHash } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type ConfChange, type ConfState, EMPTY_CONF_STATE, type SnapshotMeta } from '@understudy/raft-core';
import { RaftNodeError } from './errors.js';
import { decodeImage, encodeImage, moveImage, openImage, type StateImage, writeImage } from './state-image.js';
import type { Command, StagedSnapshot, StateMachine, StateSnapshot } from './state-machine.js';

/** What the embedder brings. All of it synchronous; `apply` deterministic, and never throwing on a bad command. */
export interface FileState<Result, Local = unknown> {
  apply(command: Command<Local>): Result;
  /** The whole state; the bytes are not changed afterwards. */
  serialize(): Uint8Array;
  /** Replaces the whole state by what `serialize` gave, here or on another member. */
  restore(bytes: Uint8Array): void;
  /** After each committed change of the configuration; `change` is null for one that was refused. */
  onConfChange?(change: ConfChange | null, confState: ConfState): void;
}

export interface FileStateMachineOptions {
  /** Made, with its parents, when it is not there. */
  readonly directory: string;
  /** Largest snapshot taken from a peer, bytes. Default 256 MiB. */
  readonly maxSnapshotBytes?: number;
}

interface Staged extends StagedSnapshot {
  readonly image: StateImage;
}

const CHUNK_BYTES = 256 * 1024;
const NOTHING: SnapshotMeta = { index: 0, term: 0, confState: EMPTY_CONF_STATE };

type Done = (error: Error | null) => void;

export class FileStateMachine<Result, Local = unknown> implements StateMachine<Result, Local> {
  /** What was wrong with the state that `open` found; null where it was whole, or there was none. */
  readonly damage: string | null;
  readonly #state: FileState<Result, Local>;
  readonly #path: string;
  readonly #stagedPath: string;
  readonly #maxSnapshotBytes: number;
  #durable: SnapshotMeta;
  // durable.index <= applied.index
  #applied: SnapshotMeta;
  #staged: Staged | null;
  // The removal of what was discarded last.
  #discarding: Promise<void> = Promise.resolve();

  private constructor(
    state: FileState<Result, Local>,
    options: FileStateMachineOptions,
    { durable, staged, damage }: { durable: SnapshotMeta; staged: Staged | null; damage: string | null },
  ) {
    this.#state = state;
    this.#path = statePath(options);
    this.#stagedPath = stagedPath(options);
    this.#maxSnapshotBytes = options.maxSnapshotBytes ?? 256 * 1024 * 1024;
    this.#durable = durable;
    this.#applied = durable;
    this.#staged = staged;
    this.damage = damage;
  }

  /**
   * Restores the state from its file, where there is one. A damaged file is set aside, as `state.damaged`, and the state
   * is built again by the node; see `damage`. Rejects with `damaged` where the file is of another version.
   */
  static async open<Result, Local = unknown>(
    state: FileState<Result, Local>,
    options: FileStateMachineOptions,
  ): Promise<FileStateMachine<Result, Local>> {
    await mkdir(options.directory, { recursive: true });
    const { image, damage } = await openImage(statePath(options));
    if (image !== null) state.restore(image.state);
    const { bytes } = await openImage(stagedPath(options));
    const staged = bytes === null ? null : stagedOf(bytes, stagedPath(options));
    return new FileStateMachine(state, options, { durable: image?.meta ?? NOTHING, staged, damage });
  }

  get durable(): SnapshotMeta {
    return this.#durable;
  }

  apply(command: Command<Local>): Result {
    return this.#state.apply(command);
  }

  applyConfChange(change: ConfChange | null, at: SnapshotMeta): void {
    this.#applied = { index: at.index, term: at.term, confState: at.confState };
    this.#state.onConfChange?.(change, at.confState);
  }

  appliedTo(index: number, term: number): void {
    this.#applied = { index, term, confState: this.#applied.confState };
  }

  flush(done: (error: Error | null, durable: SnapshotMeta | null) => void): void {
    const meta = this.#applied;
    writeImage(this.#path, encodeImage({ meta, state: this.#state.serialize() })).then(
      () => {
        this.#durable = meta;
        done(null, meta);
      },
      (error: Error) => done(error, null),
    );
  }

  openSnapshot(done: (error: Error | null, snapshot: StateSnapshot | null) => void): void {
    const meta = this.#applied;
    const image = encodeImage({ meta, state: this.#state.serialize() });
    const snapshot: StateSnapshot = {
      meta,
      sizeHint: image.length,
      chunks: (signal) => inChunks(image, signal),
      close: () => {},
    };
    setImmediate(() => done(null, snapshot));
  }

  async stageSnapshot(meta: SnapshotMeta, chunks: AsyncIterable<Uint8Array>): Promise<StagedSnapshot> {
    const parts: Uint8Array[] = [];
    let size = 0;
    for await (const chunk of chunks) {
      size += chunk.length;
      if (size > this.#maxSnapshotBytes) {
        throw new RaftNodeError('too-large', `a snapshot of more than ${this.#maxSnapshotBytes} bytes`);
      }
      parts.push(chunk);
    }
    const bytes = Buffer.concat(parts, size);
    const staged = stagedOf(bytes, `snapshot at ${meta.index}`);
    if (staged.meta.index !== meta.index || staged.meta.term !== meta.term) {
      throw new RaftNodeError('damaged', `snapshot at ${meta.index} holds the state at ${staged.meta.index}`);
    }
    await this.#discarding;
    await writeImage(this.#stagedPath, bytes);
    this.#staged = staged;
    return staged;
  }

  stagedSnapshot(): StagedSnapshot | null {
    return this.#staged;
  }

  installSnapshot(staged: StagedSnapshot, done: Done): void {
    const found = this.#staged;
    if (found === null || found.hash !== staged.hash) {
      // Moved into place before a crash: `open` has restored it.
      const inPlace = this.#durable.index === staged.meta.index;
      setImmediate(() => done(inPlace ? null : new RaftNodeError('damaged', `no snapshot ${staged.hash} is staged`)));
      return;
    }
    const { meta, state } = found.image;
    moveImage(this.#stagedPath, this.#path).then(
      () => {
        this.#state.restore(state);
        this.#durable = meta;
        this.#applied = meta;
        this.#staged = null;
        done(null);
      },
      (error: Error) => done(error),
    );
  }

  discardStaged(): void {
    this.#staged = null;
    // What is left of it is found, and thrown away again, at the next start.
    this.#discarding = rm(this.#stagedPath, { force: true }).catch(() => {});
  }

  async close(): Promise<void> {
    await this.#discarding;
  }
}

function statePath({ directory }: FileStateMachineOptions): string {
  return join(directory, 'state');
}

function stagedPath({ directory }: FileStateMachineOptions): string {
  return join(directory, 'staged');
}

function stagedOf(bytes: Buffer, name: string): Staged {
  const image = decodeImage(bytes, name);
  return { image, meta: image.meta, hash: createHash('sha256').update(bytes).digest('hex') };
}

async function* inChunks(image: Uint8Array, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < image.length; at += CHUNK_BYTES) {
    signal.throwIfAborted();
    yield image.subarray(at, at + CHUNK_BYTES);
  }
}
