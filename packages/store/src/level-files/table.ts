/**
 * Checks the checksum of every block of a LevelDB table. LevelDB could, and through `level` does not: it parses a
 * damaged block as it is, serves what comes out, or ends the process on an assertion.
 */
import { crc32c } from '../crc32c.js';
import { ByteReader, readU32, unmaskChecksum } from './byte-reader.js';
import { decompressSnappy } from './snappy.js';

const FOOTER_BYTES = 48;
const MAGIC_LOW = 0x8b80fb57;
const MAGIC_HIGH = 0xdb477524;
/** After each block: one byte of compression, four of checksum. */
const TRAILER_BYTES = 5;
const UNCOMPRESSED = 0;

interface BlockHandle {
  readonly offset: number;
  readonly size: number;
}

/** What is wrong with the table, in words; null when nothing is. */
export function findTableFault(table: Uint8Array): string | null {
  const footerAt = table.length - FOOTER_BYTES;
  if (footerAt < 0) return `${table.length} bytes are too few`;
  if (readU32(table, table.length - 8) !== MAGIC_LOW || readU32(table, table.length - 4) !== MAGIC_HIGH) {
    return 'the footer is not that of a table';
  }
  const footer = new ByteReader(table, footerAt, table.length - 8);
  const metaindex = readHandle(footer);
  const index = readHandle(footer);
  if (footer.overrun) return 'the footer is broken';
  // The metaindex names the filter block, which a lookup believes as much as the data.
  for (const directory of [metaindex, index]) {
    const fault = findFaultUnder(table, directory);
    if (fault !== null) return fault;
  }
  return null;
}

/** Checks a block of handles and the blocks that it names. */
function findFaultUnder(table: Uint8Array, directory: BlockHandle): string | null {
  const fault = findBlockFault(table, directory);
  if (fault !== null) return fault;
  const handles = readHandles(table, directory);
  if (handles === null) return `the block of handles at ${directory.offset} does not parse`;
  for (const handle of handles) {
    const inner = findBlockFault(table, handle);
    if (inner !== null) return inner;
  }
  return null;
}

function findBlockFault(table: Uint8Array, { offset, size }: BlockHandle): string | null {
  const end = offset + size;
  if (end + TRAILER_BYTES > table.length) return `a block of ${size} bytes at ${offset} is beyond the end`;
  if (crc32c(table, 0, offset, end + 1) === unmaskChecksum(readU32(table, end + 1))) return null;
  return `the block of ${size} bytes at ${offset} fails its checksum`;
}

/** The handles that are the values of a block; keys are skipped. */
function readHandles(table: Uint8Array, { offset, size }: BlockHandle): BlockHandle[] | null {
  const raw = table.subarray(offset, offset + size);
  const block = table[offset + size] === UNCOMPRESSED ? raw : decompressSnappy(raw);
  if (block === null || block.length < 4) return null;
  const restarts = readU32(block, block.length - 4);
  const end = block.length - 4 - 4 * restarts;
  if (end < 0) return null;
  const handles: BlockHandle[] = [];
  const reader = new ByteReader(block, 0, end);
  while (!reader.done) {
    reader.varint();
    const keyBytes = reader.varint();
    const valueBytes = reader.varint();
    reader.skip(keyBytes);
    const valueAt = reader.at;
    handles.push(readHandle(reader));
    reader.skip(valueBytes - (reader.at - valueAt));
  }
  return reader.overrun ? null : handles;
}

function readHandle(reader: ByteReader): BlockHandle {
  return { offset: reader.varint(), size: reader.varint() };
}
