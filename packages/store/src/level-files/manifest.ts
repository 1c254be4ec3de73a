/**
 * Which tables and which log of writes a LevelDB is made of, read from its manifest: a log of changes. Other
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

export interface Manifest {
  /** Sizes by file number. */
  readonly tables: ReadonlyMap<number, number>;
  /** File number of the log of writes whose records may be in no table yet; 0 for none. */
  readonly log: number;
}

/** Null where the manifest does not parse, which LevelDB notices itself when it opens. */
export function readManifest(bytes: Uint8Array): Manifest | null {
  const manifest = { tables: new Map<number, number>(), log: 0 };
  for (const record of readLogRecords(bytes)) {
    if (typeof record === 'number' || !applyEdit(new ByteReader(record), manifest)) return null;
  }
  return manifest;
}

function applyEdit(edit: ByteReader, manifest: { readonly tables: Map<number, number>; log: number }): boolean {
  const { tables } = manifest;
  while (!edit.done) {
    switch (edit.varint()) {
      case Tag.Comparator:
        edit.skip(edit.varint());
        break;
      case Tag.LogNumber:
        manifest.log = edit.varint();
        break;
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
