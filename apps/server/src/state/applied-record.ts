/**
 * The one record that says what the state database stands for. It is written in the same batch as the state it
 * describes, and holds the sum over all key-value records, so that a lost or foreign record shows at the next open.
 */
import type { RecordsSum } from '@understudy/mvcc';
import type { SnapshotMeta } from '@understudy/raft-core';
import { crc32c } from '@understudy/store';
import type { TableSum } from './table-sum.js';
import { readVersioned, withVersion } from './versioned-json.js';

export const APPLIED_KEY = new Uint8Array([0x01]);
const APPLIED_VERSION = 1;
const CRC_BYTES = 4;

export interface AppliedRecord extends SnapshotMeta {
  /** Order-independent, over the key-value records; null while there are none. */
  readonly recordsSum: RecordsSum | null;
  /** Over the rows of the tables of members, of the ladder and of standbys. */
  readonly tablesSum: TableSum;
}

export function encodeAppliedRecord(record: AppliedRecord): Uint8Array {
  const body = withVersion(APPLIED_VERSION, record);
  const bytes = Buffer.alloc(body.length + CRC_BYTES);
  bytes.set(body);
  bytes.writeUInt32LE(crc32c(body), body.length);
  return bytes;
}

/** Null when the record is damaged. */
export function decodeAppliedRecord(bytes: Uint8Array): AppliedRecord | null {
  if (bytes.length <= CRC_BYTES) return null;
  const body = bytes.subarray(0, bytes.length - CRC_BYTES);
  const stored = Buffer.from(bytes.buffer, bytes.byteOffset + body.length, CRC_BYTES).readUInt32LE(0);
  if (stored !== crc32c(body)) return null;
  return readVersioned(body, APPLIED_VERSION, 'applied record') as AppliedRecord;
}
