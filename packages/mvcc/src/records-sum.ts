/**
 * The sum over all stored records, independent of their order: a 64-bit addition of one hash per record, held as two
 * uint32. Kept up to date by adding what a flush writes and subtracting what it deletes, so the scan that opens the
 * state can tell a lost or resurrected record, which each record's own checksum cannot.
 */

export interface RecordsSum {
  /** uint32 */
  readonly high: number;
  /** uint32 */
  readonly low: number;
  readonly records: number;
}

/** Words that keep the kinds of records apart in the sum. */
export const RecordKind = { meta: 1, lease: 2, revision: 3, auth: 4, user: 5, role: 6, alarm: 7 } as const;
export type RecordKind = (typeof RecordKind)[keyof typeof RecordKind];

/** The kinds whose records have a name: rows of small tables. */
export type NamedKind = 4 | 5 | 6 | 7;

/** A 32-bit finalizer (multiply, xor-shift): every input bit reaches every output bit. */
export function mix32(input: number): number {
  let h = input | 0;
  h = Math.imul(h ^ (h >>> 16), 0x7feb352d);
  h = Math.imul(h ^ (h >>> 15), 0x846ca68b);
  return (h ^ (h >>> 16)) | 0;
}

/** A sum that can be added to and taken from. */
export class RunningSum {
  private high = 0; // uint32
  private low = 0; // uint32
  private records = 0; // >= 0

  /** `major` and `minor` identify the record within its kind, `checksum` is its CRC32C. */
  add(kind: RecordKind, major: number, minor: number, checksum: number): void {
    const low = this.low + lowHash(kind, major, minor, checksum);
    this.low = low >>> 0;
    this.high = (this.high + highHash(kind, major, minor, checksum) + (low > 0xffffffff ? 1 : 0)) >>> 0;
    this.records++;
  }

  subtract(kind: RecordKind, major: number, minor: number, checksum: number): void {
    const low = this.low - lowHash(kind, major, minor, checksum);
    this.low = low >>> 0;
    this.high = (this.high - highHash(kind, major, minor, checksum) - (low < 0 ? 1 : 0)) >>> 0;
    this.records--;
  }

  value(): RecordsSum {
    return { high: this.high, low: this.low, records: this.records };
  }

  /** 32 bits of the whole. */
  fold(): number {
    return (mix32(this.high ^ this.records) ^ this.low) >>> 0;
  }
}

export function equalSums(a: RecordsSum, b: RecordsSum): boolean {
  return a.high === b.high && a.low === b.low && a.records === b.records;
}

function lowHash(kind: number, major: number, minor: number, checksum: number): number {
  return mix32(mix32(checksum ^ kind) + mix32(major) + minor) >>> 0;
}

function highHash(kind: number, major: number, minor: number, checksum: number): number {
  return mix32(mix32(checksum + kind) ^ mix32(major / 0x100000000) ^ mix32(major + minor)) >>> 0;
}
