/**
 * Rebuilds the index from the store, a bounded number of records at a time, and judges every record on the way: its
 * checksum, its place, and at the end the sum over all. Whatever does not fit is damage, and the state is not opened.
 */
import type { Store, StoreCursor, StoreRecord } from '@understudy/store';
import { keyOf } from './key-bytes.js';
import type { KvState } from './kv-state.js';
import type { Damage } from './mvcc-error.js';
import { isNamedKind, kindOfKey, readUint32, readUint53, stateRange } from './record-key.js';
import { equalSums, RecordKind, type RecordsSum, RunningSum } from './records-sum.js';
import { decodeLease, decodeMeta, type Meta, smallRecordBytes, stateChecksumOf, stateFaultOf } from './state-record.js';
import {
  checksumOf,
  createRevisionOf,
  faultOf,
  isTombstone,
  keyBytesOf,
  leaseOf,
  mainOf,
  subOf,
  versionOf,
} from './version-record.js';

export interface Opened {
  readonly sum: RunningSum;
  /** null: the store was empty. */
  readonly meta: Meta | null;
  readonly metaChecksum: number | null;
}

type ScanOutcome = { readonly ok: true; readonly opened: Opened } | { readonly ok: false; readonly damage: Damage };

export class OpenScan {
  private readonly sum = new RunningSum();
  private meta: Meta | null = null;
  private metaChecksum: number | null = null;
  private readonly cursor: StoreCursor;

  constructor(
    store: Store,
    prefix: number,
    private readonly state: KvState,
    private readonly expectedSum: RecordsSum | null,
    private readonly maxRecords: number,
    private readonly done: (error: Error | null, outcome: ScanOutcome | null) => void,
  ) {
    this.cursor = store.cursor(stateRange(prefix));
  }

  /** Calls `done` once, from a callback of the store. */
  run(): void {
    // A store may call back at once: then this goes around in a loop instead of calling itself deeper and deeper.
    let depth = 0;
    let again = false;
    const readOn = (): void => {
      again = true;
      if (depth > 0) return;
      depth++;
      while (again) {
        again = false;
        this.cursor.next(this.maxRecords, (error, records) => {
          if (this.take(error, records)) readOn();
        });
      }
      depth--;
    };
    readOn();
  }

  /** True: read on. */
  private take(error: Error | null, records: readonly StoreRecord[]): boolean {
    if (error !== null) {
      this.finish(error, null);
      return false;
    }
    for (const { key, value } of records) {
      const damage = this.judge(key, value);
      if (damage === null) continue;
      this.finish(null, { ok: false, damage });
      return false;
    }
    if (records.length > 0) return true;
    const damage = this.judgeSum();
    if (damage !== null) {
      this.finish(null, { ok: false, damage });
      return false;
    }
    const { sum, meta, metaChecksum } = this;
    this.finish(null, { ok: true, opened: { sum, meta, metaChecksum } });
    return false;
  }

  private finish(error: Error | null, outcome: ScanOutcome | null): void {
    this.cursor.close();
    this.done(error, outcome);
  }

  private judge(key: Uint8Array, value: Uint8Array): Damage | null {
    const kind = kindOfKey(key);
    if (kind === RecordKind.revision) return this.judgeVersion(key, value);
    if (kind === null) return damageAt('misplaced-record', key, 'no record of this state has such a key');
    const fault = stateFaultOf(value, isNamedKind(kind) ? undefined : smallRecordBytes);
    if (fault !== null) return damageAt(fault, key, describeFault(fault, value));
    if (isNamedKind(kind)) {
      const placed = this.state.tables.get(kind)?.restore(key, value, this.sum) === true;
      return placed ? null : damageAt('misplaced-record', key, 'it holds a row of another name');
    }
    return kind === RecordKind.meta ? this.takeMeta(value) : this.judgeLease(key, value);
  }

  private takeMeta(value: Uint8Array): null {
    this.meta = decodeMeta(value);
    this.metaChecksum = stateChecksumOf(value);
    this.sum.add(RecordKind.meta, 0, 0, this.metaChecksum);
    return null;
  }

  private judgeLease(key: Uint8Array, value: Uint8Array): Damage | null {
    const lease = decodeLease(value);
    const major = readUint32(key, 2);
    const minor = readUint32(key, 6);
    if ((BigInt(major) << 32n) + BigInt(minor) !== BigInt.asUintN(64, lease.id)) {
      return damageAt('misplaced-record', key, `it holds lease ${lease.id}`);
    }
    const checksum = stateChecksumOf(value);
    this.sum.add(RecordKind.lease, major, minor, checksum);
    this.state.leases.restore(lease, checksum);
    return null;
  }

  private judgeVersion(key: Uint8Array, value: Uint8Array): Damage | null {
    const fault = faultOf(value);
    if (fault !== null) return damageAt(fault, key, describeFault(fault, value));
    const main = mainOf(value);
    const sub = subOf(value);
    if (readUint53(key, 2) !== main || readUint32(key, 10) !== sub) {
      return damageAt('misplaced-record', key, `it holds version ${main}.${sub}`);
    }
    if (this.meta === null || main > this.meta.revision) {
      return damageAt('misplaced-record', key, `the state ends at revision ${this.meta?.revision ?? 'none'}`);
    }
    const checksum = checksumOf(value);
    this.sum.add(RecordKind.revision, main, sub, checksum);
    this.state.restore(
      keyOf(keyBytesOf(value)),
      main,
      sub * 2 + (isTombstone(value) ? 1 : 0),
      createRevisionOf(value),
      versionOf(value),
      leaseOf(value),
      checksum,
      value.length,
    );
    return null;
  }

  private judgeSum(): Damage | null {
    const found = this.sum.value();
    const expected = this.expectedSum ?? { high: 0, low: 0, records: 0 };
    if (equalSums(found, expected)) return null;
    const message = `${found.records} sound records with sum ${hex(found)}; ${expected.records} with sum ${hex(expected)} were written`;
    return { kind: 'wrong-sum', message };
  }
}

function describeFault(fault: 'unknown-version' | 'bad-record', value: Uint8Array): string {
  if (fault === 'unknown-version') return `format version ${value[0]} is unknown`;
  return `its ${value.length} bytes do not match their checksum`;
}

function damageAt(kind: Damage['kind'], key: Uint8Array, what: string): Damage {
  return { kind, message: `record ${Buffer.from(key).toString('hex')}: ${what}` };
}

function hex(sum: RecordsSum): string {
  return sum.high.toString(16).padStart(8, '0') + sum.low.toString(16).padStart(8, '0');
}
