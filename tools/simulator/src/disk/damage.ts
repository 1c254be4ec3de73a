/**
 * How the files of a member are damaged behind everybody's back. A test holds what may be left of a store against what
 * real LevelDB files, damaged in the same ways, were opened with.
 */
import type { MemoryMedium } from '@understudy/store/testing';
import type { StoreRecord } from '@understudy/store';
import type { HighWaterMedium } from '@understudy/wal-level/testing';
import type { Random } from '../random.js';
import type { BatchHistory } from './batch-history.js';

/**
 * Of a store. `flip`: a bit of a record. `lose`: a record. `zero`: a page of records. `hole`: batches out of the middle, as
 * a damaged page of LevelDB's own log does. `older`: the files are those of some batches before. `unopenable`: LevelDB
 * refuses them, as it does when one is deleted.
 */
export const STORE_DAMAGES = ['flip', 'lose', 'zero', 'hole', 'older', 'unopenable'] as const;
export type StoreDamage = (typeof STORE_DAMAGES)[number];

/** `high-water`: one or both files of the high-water record. `identity`: the file with the copy of the identity. */
export const LOG_DAMAGES = [...STORE_DAMAGES, 'high-water', 'identity'] as const;
export type LogDamage = (typeof LOG_DAMAGES)[number];

export interface StoreFiles {
  readonly medium: MemoryMedium;
  /** What was written to `medium`. */
  readonly history: BatchHistory;
}

const PAGE_BYTES = 4_096;
const MAX_HOLE = 20;

/** What is left; null where there is nothing to damage. */
export function damageStore(files: StoreFiles, how: StoreDamage, random: Random): MemoryMedium | 'unopenable' | null {
  const { medium } = files;
  const records = medium.view();
  if (records.length === 0) return null;
  switch (how) {
    case 'flip':
      return flip(medium, random.pick(records), random) ? medium : null;
    case 'lose':
      medium.damage(random.pick(records).key, null);
      return medium;
    case 'zero':
      zeroPage(medium, records, random);
      return medium;
    case 'hole':
      return lose(files, random, false);
    case 'older':
      return lose(files, random, true);
    case 'unopenable':
      return 'unopenable';
  }
}

function flip(medium: MemoryMedium, { key, value }: StoreRecord, random: Random): boolean {
  if (value.length === 0) return false;
  const changed = Uint8Array.from(value);
  const at = random.below(changed.length);
  changed[at] = (changed[at] as number) ^ (1 << random.below(8));
  medium.damage(key, changed);
  return true;
}

/** The page may begin and end within a record. */
function zeroPage(medium: MemoryMedium, records: readonly StoreRecord[], random: Random): void {
  let at = random.below(records.length);
  let skip = random.below((records[at] as StoreRecord).value.length + 1);
  for (let left = PAGE_BYTES; left > 0 && at < records.length; at++, skip = 0) {
    const { key, value } = records[at] as StoreRecord;
    const changed = Uint8Array.from(value);
    changed.fill(0, skip, skip + left);
    left -= key.length + value.length - skip;
    medium.damage(key, changed);
  }
}

function lose({ history }: StoreFiles, random: Random, toTheEnd: boolean): MemoryMedium | null {
  const { length } = history;
  if (length < 2) return null;
  const from = random.integer(1, length - 1);
  const until = toTheEnd ? length : Math.min(length, from + random.integer(1, MAX_HOLE));
  return history.keep((at) => at < from || at >= until);
}

/** False where there is nothing to damage. */
export function damageHighWater(medium: HighWaterMedium, random: Random): boolean {
  const { content } = medium;
  if (content === null) return false;
  const slotBytes = content.length / 2;
  const slots = random.pick([[0], [1], [0, 1]]);
  for (const slot of slots) {
    if (random.chance(0.5)) content.fill(0, slot * slotBytes, (slot + 1) * slotBytes);
    else {
      // Behind the record is padding, which means nothing.
      const at = slot * slotBytes + random.below(64);
      content[at] = (content[at] as number) ^ (1 << random.below(8));
    }
  }
  medium.sync();
  return true;
}
