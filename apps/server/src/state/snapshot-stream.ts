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

/** Each chunk is valid until the next is asked for: all are written into the same memory. */
export async function* encodeRecords(cursor: StoreCursor, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  yield new Uint8Array([STREAM_VERSION]);
  let space = Buffer.alloc(0);
  for (;;) {
    signal.throwIfAborted();
    const records = await nextRecords(cursor, RECORDS_A_CHUNK);
    if (records.length === 0) return;
    const bytes = encodedBytes(records);
    if (space.length < bytes) space = Buffer.allocUnsafe(bytes);
    encodeInto(space, records);
    yield space.subarray(0, bytes);
  }
}

function encodedBytes(records: readonly StoreRecord[]): number {
  let bytes = 0;
  for (const { key, value } of records) bytes += RECORD_HEADER_BYTES + key.length + value.length;
  return bytes;
}

function encodeInto(space: Buffer, records: readonly StoreRecord[]): void {
  let at = 0;
  for (const { key, value } of records) {
    space.writeUInt32LE(key.length, at);
    space.writeUInt32LE(value.length, at + 4);
    space.set(key, at + RECORD_HEADER_BYTES);
    space.set(value, at + RECORD_HEADER_BYTES + key.length);
    at += RECORD_HEADER_BYTES + key.length + value.length;
  }
}

export class SnapshotStreamError extends Error {
  override readonly name = 'SnapshotStreamError';
}

/**
 * Cuts a stream into records, whatever the sizes of its chunks. Ask `end` at the end: a cut stream is an error. Records
 * are views of the chunks; only one that two chunks share is copied.
 */
export class RecordDecoder {
  // What there is of a record that is not whole yet; the first piece has its header, where that is whole.
  #pieces: Buffer[] = [];
  #pieceBytes = 0;
  #begun = false;

  push(chunk: Uint8Array): StoreRecord[] {
    let bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    if (!this.#begun && bytes.length > 0) {
      if (bytes[0] !== STREAM_VERSION) {
        throw new SnapshotStreamError(`snapshot stream has version ${bytes[0]}; this server knows ${STREAM_VERSION}`);
      }
      this.#begun = true;
      bytes = bytes.subarray(1);
    }
    const records: StoreRecord[] = [];
    let at = this.#completeFirst(bytes, records);
    while (bytes.length - at >= RECORD_HEADER_BYTES) {
      const size = sizeOf(bytes, at);
      if (bytes.length - at < size) break;
      records.push(recordOf(bytes.subarray(at, at + size)));
      at += size;
    }
    if (at < bytes.length) this.#keep(bytes.subarray(at));
    return records;
  }

  end(): void {
    if (!this.#begun || this.#pieceBytes > 0) {
      throw new SnapshotStreamError(`snapshot stream ends within a record, with ${this.#pieceBytes} bytes over`);
    }
  }

  /** Of the record that earlier chunks began; returns how many of these bytes are part of it. */
  #completeFirst(bytes: Buffer, records: StoreRecord[]): number {
    if (this.#pieceBytes === 0) return 0;
    let at = 0;
    if (this.#pieceBytes < RECORD_HEADER_BYTES) {
      const part = bytes.subarray(0, RECORD_HEADER_BYTES - this.#pieceBytes);
      this.#keep(part);
      this.#pieces = [Buffer.concat(this.#pieces)];
      at = part.length;
      if (this.#pieceBytes < RECORD_HEADER_BYTES) return at;
    }
    // The cast is sound: there are bytes, and so a first piece.
    const size = sizeOf(this.#pieces[0] as Buffer, 0);
    const part = bytes.subarray(at, at + size - this.#pieceBytes);
    this.#keep(part);
    if (this.#pieceBytes === size) {
      records.push(recordOf(Buffer.concat(this.#pieces, size)));
      this.#pieces = [];
      this.#pieceBytes = 0;
    }
    return at + part.length;
  }

  #keep(piece: Buffer): void {
    this.#pieces.push(piece);
    this.#pieceBytes += piece.length;
  }
}

function sizeOf(bytes: Buffer, at: number): number {
  const size = RECORD_HEADER_BYTES + bytes.readUInt32LE(at) + bytes.readUInt32LE(at + 4);
  if (size > MAX_RECORD_BYTES) throw new SnapshotStreamError(`snapshot stream has a record of ${size} bytes`);
  return size;
}

function recordOf(bytes: Buffer): StoreRecord {
  const valueAt = RECORD_HEADER_BYTES + bytes.readUInt32LE(0);
  return { key: bytes.subarray(RECORD_HEADER_BYTES, valueAt), value: bytes.subarray(valueAt) };
}
