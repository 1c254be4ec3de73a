/** Writes a snapshot file as a stream of chunks; the layout is in `snapshot-format.ts`. */
import { createHash } from 'node:crypto';
import type { StoreRecord } from '@understudy/store';
import {
  blockBytes,
  endMark,
  formatVersion,
  magic,
  preambleBytes,
  recordHeaderBytes,
  type SnapshotHeader,
} from './snapshot-format.js';

/** `batches` are all records of the state in the order of their keys, and nothing else. */
export async function* writeSnapshot(
  header: SnapshotHeader,
  batches: AsyncIterable<readonly StoreRecord[]>,
): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256');
  let bytes = 0;
  const counted = (chunk: Buffer): Buffer => {
    hash.update(chunk);
    bytes += chunk.length;
    return chunk;
  };
  yield counted(preamble(header));
  for await (const records of batches) yield counted(encodeRecords(records));
  const padding = (blockBytes - ((bytes + 4) % blockBytes)) % blockBytes;
  const end = Buffer.alloc(4 + padding);
  end.writeUInt32LE(endMark, 0);
  yield counted(end);
  yield hash.digest();
}

function preamble(header: SnapshotHeader): Buffer {
  const body = Buffer.from(JSON.stringify(header));
  const bytes = Buffer.alloc(preambleBytes + body.length);
  bytes.set(magic);
  bytes[magic.length] = formatVersion;
  bytes.writeUInt32LE(body.length, magic.length + 1);
  bytes.set(body, preambleBytes);
  return bytes;
}

function encodeRecords(records: readonly StoreRecord[]): Buffer {
  let size = 0;
  for (const { key, value } of records) size += recordHeaderBytes + key.length - 1 + value.length;
  const chunk = Buffer.allocUnsafe(size);
  let at = 0;
  for (const { key, value } of records) {
    // The prefix byte is the host's.
    chunk.writeUInt32LE(key.length - 1, at);
    chunk.writeUInt32LE(value.length, at + 4);
    chunk.set(key.subarray(1), at + recordHeaderBytes);
    chunk.set(value, at + recordHeaderBytes + key.length - 1);
    at += recordHeaderBytes + key.length - 1 + value.length;
  }
  return chunk;
}
