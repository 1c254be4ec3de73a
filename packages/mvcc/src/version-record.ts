/**
 * The record of one version of one key, or of its deletion. Encoded once, when the change is applied; the same bytes
 * are the value in memory and what is flushed. The layout is in the README, `On disk`.
 */
import { crc32c } from '@understudy/store';
import type { KeyValue } from './key-value.js';
import { readUint32, readUint53, writeUint53 } from './record-key.js';

const formatVersion = 1;
const tombstoneFlag = 1;
const checksumAt = 1;
const bodyAt = 5;
const flagsAt = 5;
const mainAt = 6;
const subAt = 14;
const createAt = 18;
const versionAt = 26;
const leaseAt = 34;
const keyLengthAt = 42;
const keyAt = 46;
const noBytes = new Uint8Array(0);

export function putSize(key: Uint8Array, value: Uint8Array): number {
  return keyAt + key.length + value.length;
}

export function tombstoneSize(key: Uint8Array): number {
  return keyAt + key.length;
}

/** Writes `putSize` bytes to `target` from `at` on. Returns the checksum, as an int32. */
export function encodePut(
  target: Buffer,
  at: number,
  main: number,
  sub: number,
  createRevision: number,
  version: number,
  lease: bigint,
  key: Uint8Array,
  value: Uint8Array,
): number {
  target[at + flagsAt] = 0;
  writeUint53(target, main, at + mainAt);
  target.writeUInt32BE(sub, at + subAt);
  writeUint53(target, createRevision, at + createAt);
  writeUint53(target, version, at + versionAt);
  if (lease === 0n) writeUint53(target, 0, at + leaseAt);
  else target.writeBigInt64BE(lease, at + leaseAt);
  target.writeUInt32BE(key.length, at + keyLengthAt);
  target.set(key, at + keyAt);
  target.set(value, at + keyAt + key.length);
  return seal(target, at, putSize(key, value));
}

/** Writes `tombstoneSize` bytes to `target` from `at` on. Returns the checksum, as an int32. */
export function encodeTombstone(target: Buffer, at: number, main: number, sub: number, key: Uint8Array): number {
  target.fill(0, at + flagsAt, at + keyAt);
  target[at + flagsAt] = tombstoneFlag;
  writeUint53(target, main, at + mainAt);
  target.writeUInt32BE(sub, at + subAt);
  target.writeUInt32BE(key.length, at + keyLengthAt);
  target.set(key, at + keyAt);
  return seal(target, at, tombstoneSize(key));
}

function seal(target: Buffer, at: number, size: number): number {
  const checksum = crc32c(target, 0, at + bodyAt, at + size);
  target[at] = formatVersion;
  target.writeUInt32BE(checksum, at + checksumAt);
  return checksum | 0;
}

/** Null where the record is sound; else what is wrong with it. */
export function faultOf(record: Uint8Array): 'unknown-version' | 'bad-record' | null {
  if (record.length === 0) return 'bad-record';
  if (record[0] !== formatVersion) return 'unknown-version';
  if (record.length < keyAt || keyAt + keyLengthOf(record) > record.length) return 'bad-record';
  return crc32c(record, 0, bodyAt) === readUint32(record, checksumAt) ? null : 'bad-record';
}

/** The stored CRC32C as an int32, the form in which the index keeps it. */
export function checksumOf(record: Uint8Array): number {
  return readUint32(record, checksumAt) | 0;
}

export function isTombstone(record: Uint8Array): boolean {
  return ((record[flagsAt] as number) & tombstoneFlag) !== 0;
}

export function mainOf(record: Uint8Array): number {
  return readUint53(record, mainAt);
}

export function subOf(record: Uint8Array): number {
  return readUint32(record, subAt);
}

export function createRevisionOf(record: Uint8Array): number {
  return readUint53(record, createAt);
}

export function versionOf(record: Uint8Array): number {
  return readUint53(record, versionAt);
}

export function leaseOf(record: Uint8Array): bigint {
  if (readUint53(record, leaseAt) === 0) return 0n;
  return Buffer.from(record.buffer, record.byteOffset, record.byteLength).readBigInt64BE(leaseAt);
}

export function keyBytesOf(record: Uint8Array): Uint8Array {
  return record.subarray(keyAt, keyAt + keyLengthOf(record));
}

export function valueBytesOf(record: Uint8Array): Uint8Array {
  return record.subarray(keyAt + keyLengthOf(record));
}

export function keyValueOf(record: Uint8Array, keysOnly: boolean): KeyValue {
  return {
    key: keyBytesOf(record),
    createRevision: createRevisionOf(record),
    modRevision: mainOf(record),
    version: versionOf(record),
    value: keysOnly ? noBytes : valueBytesOf(record),
    lease: leaseOf(record),
  };
}

function keyLengthOf(record: Uint8Array): number {
  return readUint32(record, keyLengthAt);
}
