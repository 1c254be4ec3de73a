/**
 * A state database as a stream of bytes, for a peer: a version byte, then records of [key length u32][value length
 * u32][key][value], little-endian, in key order.
 */
import type { StoreCursor, StoreRecord } from '@understudy/store';
import { nextRecords } from './store-calls.js';

const STREAM_VERSION = 1;
const RECORD_HEADER_BYTES = 8;
const RECORDS_A_CHUNK = 512;
/** No record of ours is near this; a length beyond it is damage. */
const MAX_RECORD_BYTES = 256 * 1024 * 1024;

export async function* encodeRecords(cursor: StoreCursor, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  yield new Uint8Array([STREAM_VERSION]);
  for (;;) {
    signal.throwIfAborted();
    const records = await nextRecords(cursor, RECORDS_A_CHUNK);
    if (records.length === 0) return;
    yield encodeChunk(records);
  }
}

function encodeChunk(records: readonly StoreRecord[]): Uint8Array {
  let size = 0;
  for (const { key, value } of records) size += RECORD_HEADER_BYTES + key.length + value.length;
  const chunk = Buffer.allocUnsafe(size);
  let at = 0;
  for (const { key, value } of records) {
    chunk.writeUInt32LE(key.length, at);
    chunk.writeUInt32LE(value.length, at + 4);
    chunk.set(key, at + RECORD_HEADER_BYTES);
    chunk.set(value, at + RECORD_HEADER_BYTES + key.length);
    at += RECORD_HEADER_BYTES + key.length + value.length;
  }
  return chunk;
}

export class SnapshotStreamError extends Error {
  override readonly name = 'SnapshotStreamError';
}

/** Cuts a stream into records, whatever the sizes of its chunks. Ask `end` at the end: a cut stream is an error. */
export class RecordDecoder {
  #rest: Buffer = Buffer.alloc(0);
  #begun = false;

  push(chunk: Uint8Array): StoreRecord[] {
    let bytes = this.#rest.length === 0 ? Buffer.from(chunk) : Buffer.concat([this.#rest, chunk]);
    if (!this.#begun && bytes.length > 0) {
      if (bytes[0] !== STREAM_VERSION) {
        throw new SnapshotStreamError(`snapshot stream has version ${bytes[0]}; this server knows ${STREAM_VERSION}`);
      }
      this.#begun = true;
      bytes = bytes.subarray(1);
    }
    const records: StoreRecord[] = [];
    let at = 0;
    while (bytes.length - at >= RECORD_HEADER_BYTES) {
      const keyBytes = bytes.readUInt32LE(at);
      const size = RECORD_HEADER_BYTES + keyBytes + bytes.readUInt32LE(at + 4);
      if (size > MAX_RECORD_BYTES) throw new SnapshotStreamError(`snapshot stream has a record of ${size} bytes`);
      if (bytes.length - at < size) break;
      const key = bytes.subarray(at + RECORD_HEADER_BYTES, at + RECORD_HEADER_BYTES + keyBytes);
      records.push({ key, value: bytes.subarray(at + RECORD_HEADER_BYTES + keyBytes, at + size) });
      at += size;
    }
    this.#rest = bytes.subarray(at);
    return records;
  }

  end(): void {
    if (!this.#begun || this.#rest.length > 0) {
      throw new SnapshotStreamError(`snapshot stream ends within a record, with ${this.#rest.length} bytes over`);
    }
  }
}
