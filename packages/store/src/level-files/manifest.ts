/**
 * Which tables a LevelDB is made of, read from its manifest: a log of changes, in records of blocks of 32 KiB. Other
 * tables in the directory are leftovers of interrupted compactions, and may be in any state.
 */
import { crc32c } from '../crc32c.js';
import { ByteReader, readU32, unmaskChecksum } from './byte-reader.js';

const BLOCK_BYTES = 32 * 1024;
const HEADER_BYTES = 7;
const RecordPart = { Full: 1, First: 2, Middle: 3, Last: 4 } as const;

const Tag = {
  Comparator: 1,
  LogNumber: 2,
  NextFileNumber: 3,
  LastSequence: 4,
  CompactPointer: 5,
  DeletedFile: 6,
  NewFile: 7,
  PreviousLogNumber: 9,
} as const;

/** File numbers and sizes; null where the manifest does not parse, which LevelDB notices itself when it opens. */
export function readLiveTables(manifest: Uint8Array): ReadonlyMap<number, number> | null {
  const tables = new Map<number, number>();
  for (const record of readRecords(manifest)) {
    if (record === null || !applyEdit(new ByteReader(record), tables)) return null;
  }
  return tables;
}

function applyEdit(edit: ByteReader, tables: Map<number, number>): boolean {
  while (!edit.done) {
    switch (edit.varint()) {
      case Tag.Comparator:
        edit.skip(edit.varint());
        break;
      case Tag.LogNumber:
      case Tag.NextFileNumber:
      case Tag.LastSequence:
      case Tag.PreviousLogNumber:
        edit.varint();
        break;
      case Tag.CompactPointer:
        edit.varint();
        edit.skip(edit.varint());
        break;
      case Tag.DeletedFile:
        edit.varint();
        tables.delete(edit.varint());
        break;
      case Tag.NewFile: {
        edit.varint();
        const file = edit.varint();
        tables.set(file, edit.varint());
        edit.skip(edit.varint());
        edit.skip(edit.varint());
        break;
      }
      default:
        return false;
    }
  }
  return !edit.overrun;
}

/** Whole records in order; null in the place of a broken one, which ends them. An unfinished last one is none. */
function* readRecords(log: Uint8Array): Generator<Uint8Array | null> {
  let parts: Uint8Array[] = [];
  let at = 0;
  for (;;) {
    const left = BLOCK_BYTES - (at % BLOCK_BYTES);
    // What is too short for a header at the end of a block is filled with zeros.
    if (left < HEADER_BYTES) at += left;
    if (at + HEADER_BYTES > log.length) return;
    const end = at + HEADER_BYTES + ((log[at + 4] as number) | ((log[at + 5] as number) << 8));
    if (end > log.length) return;
    if (crc32c(log, 0, at + 6, end) !== unmaskChecksum(readU32(log, at))) {
      yield null;
      return;
    }
    const part = log[at + 6];
    if (part === RecordPart.Full || part === RecordPart.First) parts = [];
    parts.push(log.subarray(at + HEADER_BYTES, end));
    if (part === RecordPart.Full || part === RecordPart.Last) yield Buffer.concat(parts);
    at = end;
  }
}
