/** LevelDB's log format, of its manifest and of its log of writes: records in blocks of 32 KiB, each piece with a CRC. */
import { crc32c } from '../crc32c.js';
import { readU32, unmaskChecksum } from './byte-reader.js';

const BLOCK_BYTES = 32 * 1024;
const HEADER_BYTES = 7;
const RecordPart = { Full: 1, First: 2, Middle: 3, Last: 4 } as const;

/** Whole records in order; a broken one, as its position in the file, ends them. An unfinished last one is none. */
export function* readLogRecords(log: Uint8Array): Generator<Uint8Array | number> {
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
      yield at;
      return;
    }
    const part = log[at + 6];
    if (part === RecordPart.Full || part === RecordPart.First) parts = [];
    parts.push(log.subarray(at + HEADER_BYTES, end));
    if (part === RecordPart.Full || part === RecordPart.Last) yield Buffer.concat(parts);
    at = end;
  }
}
