/**
 * Which tables a LevelDB is made of, read from its manifest: a log of changes. Other
 * tables in the directory are leftovers of interrupted compactions, and may be in any state.
 */
import { ByteReader } from './byte-reader.js';
import { readLogRecords } from './log-records.js';

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
  for (const record of readLogRecords(manifest)) {
    if (typeof record === 'number' || !applyEdit(new ByteReader(record), tables)) return null;
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
