/**
 * How the files of a log are damaged behind everybody's back. A test holds what may be left against what real LevelDB
 * files, damaged in the same ways, were opened with.
 */
import type { HighWaterMedium } from '@understudy/wal-level/testing';
import type { StoreRecord } from '@understudy/store';
import type { Random } from '../random.js';
import type { Disk } from './disk.js';

/**
 * `flip`: a bit of a record. `lose`: a record. `zero`: a page of records. `hole`: batches out of the middle, as a damaged
 * page of LevelDB's own log does. `older`: the files are those of some batches before. `unopenable`: LevelDB refuses them,
 * as it does when one is deleted. `high-water`: one or both files of the high-water record.
 */
export const LOG_DAMAGES = ['flip', 'lose', 'zero', 'hole', 'older', 'unopenable', 'high-water'] as const;
export type LogDamage = (typeof LOG_DAMAGES)[number];

const PAGE_BYTES = 4_096;
const MAX_HOLE = 20;

/** False where there is nothing to damage. */
export function damageLog(disk: Disk, how: LogDamage, random: Random): boolean {
  const records = disk.log.view();
  if (records.length === 0 || disk.unopenable) return false;
  switch (how) {
    case 'flip':
      return flip(disk, random.pick(records), random);
    case 'lose':
      disk.log.damage(random.pick(records).key, null);
      return true;
    case 'zero':
      zeroPage(disk, records, random);
      return true;
    case 'hole':
      return lose(disk, random, false);
    case 'older':
      return lose(disk, random, true);
    case 'unopenable':
      disk.unopenable = true;
      return true;
    case 'high-water':
      return damageHighWater(disk.highWater, random);
  }
}

function flip(disk: Disk, { key, value }: StoreRecord, random: Random): boolean {
  if (value.length === 0) return false;
  const changed = value.slice();
  const at = random.below(changed.length);
  changed[at] = (changed[at] as number) ^ (1 << random.below(8));
  disk.log.damage(key, changed);
  return true;
}

/** The page may begin and end within a record. */
function zeroPage(disk: Disk, records: readonly StoreRecord[], random: Random): void {
  let at = random.below(records.length);
  let skip = random.below((records[at] as StoreRecord).value.length + 1);
  for (let left = PAGE_BYTES; left > 0 && at < records.length; at++, skip = 0) {
    const { key, value } = records[at] as StoreRecord;
    const changed = value.slice();
    changed.fill(0, skip, skip + left);
    left -= key.length + value.length - skip;
    disk.log.damage(key, changed);
  }
}

function lose(disk: Disk, random: Random, toTheEnd: boolean): boolean {
  const { length } = disk.history;
  if (length < 2) return false;
  const from = random.integer(1, length - 1);
  const until = toTheEnd ? length : Math.min(length, from + random.integer(1, MAX_HOLE));
  disk.log = disk.history.keep((at) => at < from || at >= until);
  return true;
}

function damageHighWater(medium: HighWaterMedium, random: Random): boolean {
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
