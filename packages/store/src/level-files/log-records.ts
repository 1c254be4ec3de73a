/** LevelDB's log format, of its manifest and of its log of writes: records in blocks of 32 KiB, each piece with a CRC. */
import { crc32c } from '../crc32c.js';
import { readU32, unmaskChecksum } from './byte-reader.js';

const BLOCK_BYTES = 32 * 1024;
const HEADER_BYTES = 7;
const RecordPart = { Full: 1, First: 2, Middle: 3, Last: 4 } as const;

/** Where the pieces that can be read end, and how: with the file, within a piece, or before one that is broken. */
export interface LogEnd {
  readonly at: number;
  readonly how: 'whole' | 'torn' | 'broken';
}

interface Piece {
  readonly part: number;
  readonly bytes: Uint8Array;
}

/** Whole records in order; a broken one, as its position in the file, ends them. An unfinished last one is none. */
export function* readLogRecords(log: Uint8Array): Generator<Uint8Array | number> {
  const pieces = readPieces(log);
  let parts: Uint8Array[] = [];
  for (let next = pieces.next(); ; next = pieces.next()) {
    if (next.done) {
      if (next.value.how === 'broken') yield next.value.at;
      return;
    }
    const { bytes, part } = next.value;
    if (part === RecordPart.Full || part === RecordPart.First) parts = [];
    parts.push(bytes);
    if (part === RecordPart.Full || part === RecordPart.Last) yield Buffer.concat(parts);
  }
}

export function endOfLog(log: Uint8Array): LogEnd {
  const pieces = readPieces(log);
  let last: number = RecordPart.Full;
  for (let next = pieces.next(); ; next = pieces.next()) {
    if (!next.done) last = next.value.part;
    else if (next.value.how === 'whole' && (last === RecordPart.First || last === RecordPart.Middle)) {
      return { at: next.value.at, how: 'torn' };
    } else return next.value;
  }
}

function* readPieces(log: Uint8Array): Generator<Piece, LogEnd> {
  let at = 0;
  for (;;) {
    const left = BLOCK_BYTES - (at % BLOCK_BYTES);
    // What is too short for a header at the end of a block is filled with zeros.
    if (left < HEADER_BYTES) at += left;
    if (at >= log.length) return { at: log.length, how: 'whole' };
    if (at + HEADER_BYTES > log.length) return { at, how: 'torn' };
    const end = at + HEADER_BYTES + ((log[at + 4] as number) | ((log[at + 5] as number) << 8));
    if (end > log.length) return { at, how: 'torn' };
    if (crc32c(log, 0, at + 6, end) !== unmaskChecksum(readU32(log, at))) return { at, how: 'broken' };
    yield { part: log[at + 6] as number, bytes: log.subarray(at + HEADER_BYTES, end) };
    at = end;
  }
}
