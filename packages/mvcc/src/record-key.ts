/**
 * Where records lie in the store, below the host's prefix byte: a byte for the kind, then what identifies the record,
 * big-endian, so that a scan meets the meta record, then the leases, then the versions in the order they were made, then the small
 * tables.
 */
import type { StoreRange } from '@understudy/store';
import { type NamedKind, RecordKind } from './records-sum.js';

const revisionKeyBytes = 2 + 8 + 4;
const leaseKeyBytes = 2 + 8;

export function metaKey(prefix: number): Uint8Array {
  return Uint8Array.of(prefix, RecordKind.meta);
}

export function leaseKey(prefix: number, id: bigint): Uint8Array {
  const key = Buffer.allocUnsafe(leaseKeyBytes);
  key[0] = prefix;
  key[1] = RecordKind.lease;
  key.writeBigUInt64BE(BigInt.asUintN(64, id), 2);
  return key;
}

/** Of a row of a small table: the name, in UTF-8. */
export function namedKey(prefix: number, kind: NamedKind, name: string): Uint8Array {
  return Buffer.concat([Uint8Array.of(prefix, kind), Buffer.from(name)]);
}

/** Of the version that the `sub`-th change of revision `main` made. */
export function revisionKey(prefix: number, main: number, sub: number): Uint8Array {
  const key = Buffer.allocUnsafe(revisionKeyBytes);
  key[0] = prefix;
  key[1] = RecordKind.revision;
  writeUint53(key, main, 2);
  key.writeUInt32BE(sub, 10);
  return key;
}

/** Every version of the revisions from `first` to `last`, both included. */
export function revisionRange(prefix: number, first: number, last: number): StoreRange {
  return { gte: revisionKey(prefix, first, 0), lt: revisionKey(prefix, last + 1, 0) };
}

/** Everything below the prefix. */
export function stateRange(prefix: number): StoreRange {
  const gte = Uint8Array.of(prefix);
  return prefix === 0xff ? { gte } : { gte, lt: Uint8Array.of(prefix + 1) };
}

/** Null where the key is none of ours. */
export function kindOfKey(key: Uint8Array): RecordKind | null {
  const kind = key[1];
  if (kind === RecordKind.meta && key.length === 2) return kind;
  if (kind === RecordKind.lease && key.length === leaseKeyBytes) return kind;
  if (kind === RecordKind.revision && key.length === revisionKeyBytes) return kind;
  return isNamedKind(kind) && key.length > 2 ? kind : null;
}

export function isNamedKind(kind: number | null | undefined): kind is NamedKind {
  return kind === RecordKind.auth || kind === RecordKind.user || kind === RecordKind.role || kind === RecordKind.alarm;
}

export function writeUint53(target: Buffer, value: number, at: number): void {
  target.writeUInt32BE(Math.floor(value / 0x100000000), at);
  target.writeUInt32BE(value >>> 0, at + 4);
}

export function readUint53(source: Uint8Array, at: number): number {
  return readUint32(source, at) * 0x100000000 + readUint32(source, at + 4);
}

export function readUint32(source: Uint8Array, at: number): number {
  // The casts are sound: callers have checked the length.
  return (
    (((source[at] as number) << 24) |
      ((source[at + 1] as number) << 16) |
      ((source[at + 2] as number) << 8) |
      (source[at + 3] as number)) >>>
    0
  );
}
