/**
 * The stream of Maintenance.Snapshot: the member's state at one moment as a snapshot file of `@understudy/mvcc`, in
 * pieces, as fast as the client takes them.
 */
import { writeSnapshot } from '@understudy/mvcc';
import { MaintenanceService, type SnapshotRequest, type SnapshotResponse } from '@understudy/protocol';
import { formatId } from '../bootstrap/member-id.js';
import { timed } from '../telemetry/member-metrics.js';
import type { Member } from './member.js';
import type { ServiceTableBuilder, TypedStreamHandler } from './rpc.js';

/** Of one answer. */
const BLOB_BYTES = 64 * 1024;
/** Of the hash at the end of a file, and of the rest of its last block. */
const END_BYTES = 32;

interface Sink {
  send(message: SnapshotResponse): boolean;
  end(error?: unknown): void;
}

export function addSnapshotService(table: ServiceTableBuilder, member: Member): void {
  table.addStream(MaintenanceService.methods.snapshot, (sink) => new SnapshotSave(member, sink));
}

class SnapshotSave implements TypedStreamHandler<SnapshotRequest> {
  readonly #member: Member;
  readonly #sink: Sink;
  #begun = false;
  #closed = false;
  /** Who waits for the door to take more; null: nobody. */
  #resume: (() => void) | null = null;

  constructor(member: Member, sink: Sink) {
    this.#member = member;
    this.#sink = sink;
  }

  onMessage(): void {
    if (this.#begun) return;
    this.#begun = true;
    timed(this.#member.metrics.works.snapshot, () => this.#save()).then(
      () => this.#end(undefined),
      (error: unknown) => this.#end(error),
    );
  }

  onDrain(): void {
    this.#wake();
  }

  onHalfClose(): void {
    // Nothing more to ask was expected.
  }

  onClose(): void {
    this.#closed = true;
    this.#wake();
  }

  async #save(): Promise<void> {
    const { state, id, clusterId } = this.#member;
    const exported = await state.openExport();
    try {
      const { index, term, revision, sum } = exported;
      const header = { clusterId: formatId(clusterId), memberId: formatId(id), index, term, revision, sum };
      let left = exported.sizeHint;
      for await (const chunk of writeSnapshot(header, exported.batches())) {
        for (let at = 0; at < chunk.length; at += BLOB_BYTES) {
          const blob = chunk.subarray(at, at + BLOB_BYTES);
          // The size is an estimate until the end is there.
          left = Math.max(left - blob.length, END_BYTES);
          const last = chunk.length === END_BYTES;
          await this.#send({ header: this.#member.header(), remainingBytes: last ? 0 : left, blob, version: '' });
          if (this.#closed) return;
        }
      }
    } finally {
      exported.close();
    }
  }

  async #send(message: SnapshotResponse): Promise<void> {
    if (this.#closed || this.#sink.send(message)) return;
    await new Promise<void>((resolve) => {
      this.#resume = resolve;
    });
  }

  #wake(): void {
    const resume = this.#resume;
    this.#resume = null;
    resume?.();
  }

  #end(error: unknown): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#sink.end(error);
  }
}
