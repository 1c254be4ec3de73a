/** The small records: a lease, the meta record with the revisions of the whole state, and rows of the small tables. */
import { crc32c } from '@understudy/store';
import { readUint32, readUint53, writeUint53 } from './record-key.js';

const formatVersion = 1;
const checksumAt = 1;
const bodyAt = 5;
const leaseBytes = bodyAt + 24;
const metaBytes = bodyAt + 24;
/** Of a lease's record and of the meta record. */
export const smallRecordBytes = metaBytes;

export interface Meta {
  readonly revision: number;
  /** -1 before the first compaction. compacted <= revision */
  readonly compacted: number;
  /** The compaction whose records are all gone. scrubbed <= compacted */
  readonly scrubbed: number;
}

export interface LeaseRecord {
  readonly id: bigint;
  /** Seconds. */
  readonly ttl: number;
  /** 0: no checkpoint. */
  readonly remainingTtl: number;
}

export function encodeMeta(meta: Meta): Buffer {
  const record = Buffer.allocUnsafe(metaBytes);
  writeUint53(record, meta.revision, bodyAt);
  // Stored one higher, since both begin at -1.
  writeUint53(record, meta.compacted + 1, bodyAt + 8);
  writeUint53(record, meta.scrubbed + 1, bodyAt + 16);
  return seal(record);
}

export function decodeMeta(record: Uint8Array): Meta {
  return {
    revision: readUint53(record, bodyAt),
    compacted: readUint53(record, bodyAt + 8) - 1,
    scrubbed: readUint53(record, bodyAt + 16) - 1,
  };
}

export function encodeLease(lease: LeaseRecord): Buffer {
  const record = Buffer.allocUnsafe(leaseBytes);
  record.writeBigInt64BE(lease.id, bodyAt);
  writeUint53(record, lease.ttl, bodyAt + 8);
  writeUint53(record, lease.remainingTtl, bodyAt + 16);
  return seal(record);
}

export function decodeLease(record: Uint8Array): LeaseRecord {
  return {
    id: Buffer.from(record.buffer, record.byteOffset, record.byteLength).readBigInt64BE(bodyAt),
    ttl: readUint53(record, bodyAt + 8),
    remainingTtl: readUint53(record, bodyAt + 16),
  };
}

/** Of a sealed record; an int32. */
export function stateChecksumOf(record: Uint8Array): number {
  return readUint32(record, checksumAt) | 0;
}

/** A row of a small table: its name and its fields, as JSON. */
export function encodeRow(name: string, value: object): Buffer {
  const body = Buffer.from(JSON.stringify({ name, value }));
  const record = Buffer.allocUnsafe(bodyAt + body.length);
  record.set(body, bodyAt);
  return seal(record);
}

export function decodeRow(record: Uint8Array): { readonly name: string; readonly value: object } {
  return JSON.parse(Buffer.from(record.buffer, record.byteOffset + bodyAt, record.length - bodyAt).toString()) as {
    name: string;
    value: object;
  };
}

/** Null where the record is sound. `bytes`: what its kind has, where that is fixed. */
export function stateFaultOf(record: Uint8Array, bytes?: number): 'unknown-version' | 'bad-record' | null {
  if (record.length === 0) return 'bad-record';
  if (record[0] !== formatVersion) return 'unknown-version';
  if (record.length < bodyAt || (bytes !== undefined && record.length !== bytes)) return 'bad-record';
  return crc32c(record, 0, bodyAt) === readUint32(record, checksumAt) ? null : 'bad-record';
}

function seal(record: Buffer): Buffer {
  record[0] = formatVersion;
  record.writeUInt32BE(crc32c(record, 0, bodyAt), checksumAt);
  return record;
}
