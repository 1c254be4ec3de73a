/**
 * The two shapes of a record. Entries have a fixed header of 36 bytes, written and checked on the hot path; everything
 * else is a body behind a header of 12. Both begin with the format version and the kind, and carry a CRC32C over all of
 * themselves but the checksum.
 */
import type { Entry, EntryType } from '@understudy/raft-core';
import { crc32c } from '@understudy/store';
import type { RollingChain } from './chain.js';
import { NOT_A_NUMBER, readNumber, readU32, writeNumber, writeU32 } from './fields.js';

export const RECORD_VERSION = 1;

export const RecordKind = { Entry: 1, State: 2, Snapshot: 3, Install: 4, Identity: 5, HighWater: 6 } as const;
export type RecordKind = (typeof RecordKind)[keyof typeof RecordKind];

export const ENTRY_HEADER_BYTES = 36;
export const RECORD_HEADER_BYTES = 12;

export type RecordFault =
  /** Shorter than its header, or not as long as its header says. */
  | 'length'
  | 'checksum'
  /** Intact, but of a format that this version does not know. */
  | 'version'
  /** Intact, but another kind of record, or another entry's. */
  | 'misplaced'
  /** Intact, but a field is out of range. */
  | 'field';

export type RecordRead<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly reason: RecordFault };

/** An entry as it was read, with the link that its record claims. */
export interface EntryRead {
  readonly entry: Entry;
  readonly dataCrc: number;
  readonly chainHi: number;
  readonly chainLo: number;
}

/** Writes the record at `at` and moves `chain` over the entry; gives the position after it. */
export function writeEntry(into: Uint8Array, at: number, entry: Entry, chain: RollingChain): number {
  const { data } = entry;
  const dataCrc = crc32c(data);
  chain.extend(entry.type, data.length, entry.index, entry.term, dataCrc);
  into[at] = RECORD_VERSION;
  into[at + 1] = RecordKind.Entry;
  into[at + 2] = entry.type;
  into[at + 3] = 0;
  writeU32(into, at + 4, data.length);
  writeNumber(into, at + 8, entry.index);
  writeNumber(into, at + 16, entry.term);
  writeU32(into, at + 24, chain.lo);
  writeU32(into, at + 28, chain.hi);
  // Data before header: the data's own checksum is a link of the chain, and is then only continued here.
  writeU32(into, at + 32, crc32c(into, dataCrc, at, at + 32));
  into.set(data, at + ENTRY_HEADER_BYTES);
  return at + ENTRY_HEADER_BYTES + data.length;
}

/** `index` is the one in the record's key. The entry's data shares memory with `bytes`. */
export function readEntry(index: number, bytes: Uint8Array): RecordRead<EntryRead> {
  if (bytes.length < ENTRY_HEADER_BYTES) return { ok: false, reason: 'length' };
  const dataCrc = crc32c(bytes, 0, ENTRY_HEADER_BYTES);
  if (crc32c(bytes, dataCrc, 0, 32) !== readU32(bytes, 32)) return { ok: false, reason: 'checksum' };
  if (bytes[0] !== RECORD_VERSION) return { ok: false, reason: 'version' };
  if (bytes[1] !== RecordKind.Entry || readNumber(bytes, 8) !== index) return { ok: false, reason: 'misplaced' };
  if (readU32(bytes, 4) !== bytes.length - ENTRY_HEADER_BYTES) return { ok: false, reason: 'length' };
  const term = readNumber(bytes, 16);
  if (term === NOT_A_NUMBER) return { ok: false, reason: 'field' };
  // An entry type that this version does not know is not damage: the member stops when it is to apply it.
  const entry: Entry = { term, index, type: bytes[2] as EntryType, data: bytes.subarray(ENTRY_HEADER_BYTES) };
  return { ok: true, value: { entry, dataCrc, chainHi: readU32(bytes, 28), chainLo: readU32(bytes, 24) } };
}

/** A record of any other kind around `body`. */
export function frameRecord(kind: RecordKind, body: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(RECORD_HEADER_BYTES + body.length);
  bytes[0] = RECORD_VERSION;
  bytes[1] = kind;
  writeU32(bytes, 4, body.length);
  bytes.set(body, RECORD_HEADER_BYTES);
  writeU32(bytes, 8, crc32c(bytes, crc32c(body), 0, 8));
  return bytes;
}

/** The body of a record; bytes after it are ignored, since a slot of a file is longer than what is in it. */
export function unframeRecord(kind: RecordKind, bytes: Uint8Array): RecordRead<Uint8Array> {
  if (bytes.length < RECORD_HEADER_BYTES) return { ok: false, reason: 'length' };
  const end = RECORD_HEADER_BYTES + readU32(bytes, 4);
  if (end > bytes.length) return { ok: false, reason: 'length' };
  const checksum = crc32c(bytes, crc32c(bytes, 0, RECORD_HEADER_BYTES, end), 0, 8);
  if (checksum !== readU32(bytes, 8)) return { ok: false, reason: 'checksum' };
  if (bytes[0] !== RECORD_VERSION) return { ok: false, reason: 'version' };
  if (bytes[1] !== kind) return { ok: false, reason: 'misplaced' };
  return { ok: true, value: bytes.subarray(RECORD_HEADER_BYTES, end) };
}
