/**
 * An order-independent sum over the rows of the small tables, as mvcc keeps one over its records: a row that is lost, or
 * came back in an older version, shows at the next open. Kept up to date with the writes of each flush.
 */
import { crc32c, type StoreRecord, type StoreWrite } from '@understudy/store';

export interface TableSum {
  readonly rows: number;
  /** Of the rows' checksums, modulo 2^32. */
  readonly sum: number;
}

export const EMPTY_TABLE_SUM: TableSum = Object.freeze({ rows: 0, sum: 0 });

export class RunningTableSum {
  /** The checksum of each row, by its key in hexadecimal. */
  readonly #rows = new Map<string, number>();
  #sum = 0;

  add({ key, value }: StoreRecord): void {
    const name = Buffer.from(key).toString('hex');
    const checksum = crc32c(value, crc32c(key));
    this.#sum = (this.#sum - (this.#rows.get(name) ?? 0) + checksum) >>> 0;
    this.#rows.set(name, checksum);
  }

  /** What a flush writes. */
  apply(writes: readonly StoreWrite[]): void {
    for (const write of writes) {
      if (write.type === 'put') this.add(write);
      else this.#remove(write.key);
    }
  }

  value(): TableSum {
    return { rows: this.#rows.size, sum: this.#sum };
  }

  #remove(key: Uint8Array): void {
    const name = Buffer.from(key).toString('hex');
    this.#sum = (this.#sum - (this.#rows.get(name) ?? 0)) >>> 0;
    this.#rows.delete(name);
  }
}
