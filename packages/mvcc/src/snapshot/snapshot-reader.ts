/**
 * Reads a snapshot file and judges all of it: every record by its own checksum, all of them by their sum, the file by its
 * hash. Whoever restores writes the records as they come, and believes them only once `readSnapshot` has resolved.
 */
import { createHash, type Hash } from 'node:crypto';
import { crc32c, type StoreRecord } from '@understudy/store';
import { keyOf } from '../key-bytes.js';
import { MvccError } from '../mvcc-error.js';
import { isNamedKind, kindOfKey, readUint32, readUint53 } from '../record-key.js';
import { equalSums, RecordKind, RunningSum } from '../records-sum.js';
import { decodeMeta, decodeRow, smallRecordBytes, stateChecksumOf, stateFaultOf } from '../state-record.js';
import { checksumOf, faultOf, isTombstone, keyBytesOf, mainOf, subOf } from '../version-record.js';
import {
  blockBytes,
  endMark,
  formatVersion,
  magic,
  maxHeaderBytes,
  maxRecordBytes,
  preambleBytes,
  recordHeaderBytes,
  type SnapshotHeader,
  trailerBytes,
} from './snapshot-format.js';

export interface SnapshotStatus extends SnapshotHeader {
  /** Of the file. */
  readonly bytes: number;
  /** SHA-256, hexadecimal: the file's trailer. */
  readonly hash: string;
  readonly records: number;
  /** Keys that exist at the revision. */
  readonly keys: number;
  readonly leases: number;
}

export interface ReadSnapshotOptions {
  /** False: the hash at the end may be another; records and their sum are checked all the same. Default true. */
  readonly checkHash?: boolean;
}

export interface SnapshotSink {
  /** With the prefix byte first, as the store wants it. Awaited before the next ones come. */
  records(records: readonly StoreRecord[]): Promise<void> | void;
}

/** Rejects with MvccError `damaged-snapshot` where the file is not whole and sound; with what the sink rejects with. */
export async function readSnapshot(
  chunks: AsyncIterable<Uint8Array>,
  prefix: number,
  sink: SnapshotSink = { records: () => undefined },
  { checkHash = true }: ReadSnapshotOptions = {},
): Promise<SnapshotStatus> {
  const parser = new SnapshotParser(prefix, checkHash);
  for await (const chunk of chunks) {
    const records = parser.push(chunk);
    if (records.length > 0) await sink.records(records);
  }
  return parser.end();
}

class SnapshotParser {
  private readonly hash: Hash = createHash('sha256');
  private readonly sum = new RunningSum();
  private readonly live = new Set<string>();
  private rest: Buffer = Buffer.alloc(0);
  private header: SnapshotHeader | null = null;
  /** Of the file, taken out of `rest`. */
  private bytes = 0;
  private leases = 0;
  private revision: number | null = null;
  private ended = false;

  constructor(
    private readonly prefix: number,
    private readonly checkHash: boolean,
  ) {}

  push(chunk: Uint8Array): StoreRecord[] {
    this.rest = this.rest.length === 0 ? Buffer.from(chunk) : Buffer.concat([this.rest, chunk]);
    if (this.header === null && !this.takeHeader()) return [];
    const records: StoreRecord[] = [];
    let at = 0;
    while (!this.ended && this.rest.length - at >= 4) {
      const keyBytes = this.rest.readUInt32LE(at);
      if (keyBytes === endMark) {
        this.ended = true;
        break;
      }
      if (this.rest.length - at < recordHeaderBytes) break;
      const valueBytes = this.rest.readUInt32LE(at + 4);
      const size = recordHeaderBytes + keyBytes + valueBytes;
      if (size > maxRecordBytes) throw damaged(`a record of ${size} bytes at ${this.bytes + at}`);
      if (this.rest.length - at < size) break;
      const key = Buffer.alloc(1 + keyBytes, this.prefix);
      key.set(this.rest.subarray(at + recordHeaderBytes, at + recordHeaderBytes + keyBytes), 1);
      const value = this.rest.subarray(at + recordHeaderBytes + keyBytes, at + size);
      this.judge(key, value, this.bytes + at);
      records.push({ key, value });
      at += size;
    }
    this.take(at);
    return records;
  }

  end(): SnapshotStatus {
    const { header } = this;
    if (header === null || !this.ended) throw damaged(`it ends after ${this.bytes + this.rest.length} bytes`);
    const tail = blockBytes - (this.bytes % blockBytes || blockBytes) || blockBytes;
    if (this.rest.length !== tail + trailerBytes) {
      throw damaged(`${this.rest.length} bytes follow its last record, not ${tail + trailerBytes}`);
    }
    const trailer = this.rest.subarray(tail);
    this.take(tail);
    const found = this.hash.digest();
    if (this.checkHash && !found.equals(trailer)) throw damaged('its hash is not the one at its end');
    const sum = this.sum.value();
    if (!equalSums(sum, header.sum))
      throw damaged(`it has ${sum.records} records, not the ${header.sum.records} it names`);
    if ((this.revision ?? 1) !== header.revision)
      throw damaged(`it is of revision ${this.revision}, not ${header.revision}`);
    return {
      ...header,
      bytes: this.bytes + trailerBytes,
      hash: found.toString('hex'),
      records: sum.records,
      keys: this.live.size,
      leases: this.leases,
    };
  }

  private takeHeader(): boolean {
    if (this.rest.length < preambleBytes) return false;
    if (!this.rest.subarray(0, magic.length).equals(magic)) throw damaged('it does not begin as a snapshot does');
    const version = this.rest[magic.length];
    if (version !== formatVersion) throw damaged(`it has format version ${version}; ${formatVersion} is known`);
    const size = this.rest.readUInt32LE(magic.length + 1);
    if (size > maxHeaderBytes) throw damaged(`its header has ${size} bytes`);
    if (this.rest.length < preambleBytes + size) return false;
    try {
      this.header = JSON.parse(this.rest.toString('utf8', preambleBytes, preambleBytes + size)) as SnapshotHeader;
    } catch (cause) {
      throw damaged('its header cannot be read', cause);
    }
    this.take(preambleBytes + size);
    return true;
  }

  private take(bytes: number): void {
    this.hash.update(this.rest.subarray(0, bytes));
    this.bytes += bytes;
    this.rest = this.rest.subarray(bytes);
  }

  private judge(key: Uint8Array, value: Uint8Array, at: number): void {
    const kind = kindOfKey(key);
    if (kind === RecordKind.revision) {
      this.judgeVersion(key, value, at);
      return;
    }
    const fault = kind === null ? 'unknown' : stateFaultOf(value, isNamedKind(kind) ? undefined : smallRecordBytes);
    if (fault !== null) throw damaged(`${fault} at ${at}`);
    const checksum = stateChecksumOf(value);
    if (kind === RecordKind.meta) {
      this.revision = decodeMeta(value).revision;
      this.sum.add(kind, 0, 0, checksum);
    } else if (kind === RecordKind.lease) {
      this.leases++;
      this.sum.add(kind, readUint32(key, 2), readUint32(key, 6), checksum);
    } else if (isNamedKind(kind)) {
      this.sum.add(kind, crc32c(Buffer.from(decodeRow(value).name)), 0, checksum);
    }
  }

  private judgeVersion(key: Uint8Array, value: Uint8Array, at: number): void {
    const fault = faultOf(value);
    if (fault !== null) throw damaged(`${fault} at ${at}`);
    if (readUint53(key, 2) !== mainOf(value) || readUint32(key, 10) !== subOf(value)) {
      throw damaged(`a record under another's key at ${at}`);
    }
    this.sum.add(RecordKind.revision, mainOf(value), subOf(value), checksumOf(value));
    if (isTombstone(value)) this.live.delete(keyOf(keyBytesOf(value)));
    else this.live.add(keyOf(keyBytesOf(value)));
  }
}

function damaged(what: string, cause?: unknown): MvccError {
  return new MvccError('damaged-snapshot', `the snapshot is damaged: ${what}`, cause === undefined ? {} : { cause });
}
