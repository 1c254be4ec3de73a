/**
 * A state machine for tests: the list of what was applied, with its own durable image and staged snapshot. It checks
 * that it is called by the contract: in order, without gaps, nothing while a snapshot is put into place.
 */
import assert from 'node:assert/strict';
import { type ConfChange, type ConfState, EMPTY_CONF_STATE, type SnapshotMeta } from '@understudy/raft-core';
import {
  type Command,
  LongApply,
  type StagedSnapshot,
  type StateMachine,
  type StateSnapshot,
} from '../state-machine.js';

interface Image {
  readonly meta: SnapshotMeta;
  readonly list: readonly string[];
}

const EMPTY: Image = { meta: { index: 0, term: 0, confState: EMPTY_CONF_STATE }, list: [] };

/** What is on the disk; it outlives the machine. */
export class ListDisk {
  durable: Image = EMPTY;
  staged: { readonly image: Image; readonly hash: string } | null = null;

  /** What was there is not usable any more. */
  lose(): void {
    this.durable = EMPTY;
    this.staged = null;
  }
}

export interface ListSnapshot extends StateSnapshot {
  /** All of it, for drivers without promises. */
  readonly bytes: Uint8Array;
}

export class ListMachine implements StateMachine<number, string> {
  list: string[];
  applied: SnapshotMeta;
  /** What proposers on this member attached. */
  readonly locals: string[] = [];
  /** Steps taken of the last long command. */
  steps = 0;
  /** Views that are open. */
  openSnapshots = 0;
  #installing = false;

  constructor(
    readonly disk: ListDisk,
    /** Lets a disk operation finish later. */
    private readonly defer: (run: () => void) => void,
  ) {
    this.list = [...disk.durable.list];
    this.applied = disk.durable.meta;
  }

  get durable(): SnapshotMeta {
    return this.disk.durable.meta;
  }

  /** The length of the list once the command is in it; the command `boom` throws, `long 7` takes seven turns. */
  apply(command: Command<string>): number | LongApply<number> {
    const text = Buffer.from(command.data).toString();
    const [, turns] = /^long (\d+)$/.exec(text) ?? [];
    return turns === undefined ? this.#applyNow(command, text) : this.#applyIn(Number(turns), command, text);
  }

  #applyIn(turns: number, command: Command<string>, text: string): LongApply<number> {
    let left = turns;
    this.steps = 0;
    return new LongApply(() => {
      this.steps++;
      left--;
      return left > 0 ? null : { result: this.#applyNow(command, text) };
    });
  }

  #applyNow(command: Command<string>, text: string): number {
    this.#advance(command.index, command.term, this.applied.confState);
    if (text === 'boom') throw new Error('boom');
    if (command.local !== undefined) this.locals.push(command.local);
    this.list.push(text);
    return this.list.length;
  }

  applyConfChange(_change: ConfChange | null, at: { index: number; term: number; confState: ConfState }): void {
    this.#advance(at.index, at.term, at.confState);
  }

  appliedTo(index: number, term: number): void {
    if (index === this.applied.index) return;
    this.#advance(index, term, this.applied.confState, true);
  }

  flush(done: (error: Error | null, durable: SnapshotMeta | null) => void): void {
    const image = this.#image();
    this.defer(() => {
      assert(!this.#installing, 'a flush ends while a snapshot is put into place');
      this.disk.durable = image;
      done(null, image.meta);
    });
  }

  openSnapshot(done: (error: Error | null, snapshot: ListSnapshot | null) => void): void {
    const { meta, list } = this.#image();
    const bytes = Buffer.from(JSON.stringify(list));
    this.defer(() => {
      this.openSnapshots++;
      const close = () => {
        this.openSnapshots--;
      };
      done(null, { meta, sizeHint: bytes.length, bytes, chunks: () => inChunks(bytes), close });
    });
  }

  async stageSnapshot(meta: SnapshotMeta, chunks: AsyncIterable<Uint8Array>): Promise<StagedSnapshot> {
    const parts: Uint8Array[] = [];
    for await (const chunk of chunks) parts.push(chunk);
    return this.stage(meta, Buffer.concat(parts));
  }

  stage(meta: SnapshotMeta, bytes: Uint8Array): StagedSnapshot {
    const list = JSON.parse(Buffer.from(bytes).toString()) as string[];
    const hash = bytes.length.toString(16);
    this.disk.staged = { image: { meta, list }, hash };
    return { meta, hash };
  }

  stagedSnapshot(): StagedSnapshot | null {
    const { staged } = this.disk;
    return staged === null ? null : { meta: staged.image.meta, hash: staged.hash };
  }

  installSnapshot(staged: StagedSnapshot, done: (error: Error | null) => void): void {
    this.#installing = true;
    this.defer(() => {
      this.#installing = false;
      const image = this.disk.staged?.image;
      if (image !== undefined) {
        assert.equal(image.meta.index, staged.meta.index);
        this.disk.durable = image;
        this.disk.staged = null;
      }
      this.list = [...this.disk.durable.list];
      this.applied = this.disk.durable.meta;
      done(null);
    });
  }

  discardStaged(): void {
    this.disk.staged = null;
  }

  async close(): Promise<void> {}

  #image(): Image {
    return { meta: this.applied, list: [...this.list] };
  }

  #advance(index: number, term: number, confState: ConfState, gap = false): void {
    assert(!this.#installing, `entry ${index} is applied while a snapshot is put into place`);
    assert(index > this.applied.index, `entry ${index} is applied after ${this.applied.index}`);
    // Empty entries show only in `appliedTo`.
    if (!gap) assert(term >= this.applied.term, `term ${term} is applied after ${this.applied.term}`);
    this.applied = { index, term, confState };
  }
}

async function* inChunks(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 1024) yield bytes.subarray(at, at + 1024);
}
