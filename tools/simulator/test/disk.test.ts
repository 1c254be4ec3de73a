/**
 * What the simulated disk may leave of a log after a crash or a damage, beside what LevelDB makes of its own files: one
 * that was cut anywhere opens with whole batches, the oldest first; other damage loses batches, or ends at the open.
 */
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLevelStore, type StoreWrite } from '@understudy/store';
import { completed, MemoryMedium, readRange, writeBatch } from '@understudy/store/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Disk } from '../src/disk/disk.js';
import { LOG_DAMAGES } from '../src/disk/damage.js';
import { Random } from '../src/random.js';

const BATCHES = 30;
const CUTS = 60;
let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'understudy-disk-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Each batch replaces one record, as the log's state record is, adds one, and deletes one of some batches before. */
function batchOf(number: number): StoreWrite[] {
  const writes: StoreWrite[] = [
    { type: 'put', key: Uint8Array.of(0x20), value: Uint8Array.of(number) },
    { type: 'put', key: Uint8Array.of(0x10, number), value: new Uint8Array(40 + number).fill(number) },
  ];
  if (number > 5) writes.push({ type: 'del', key: Uint8Array.of(0x10, number - 5) });
  return writes;
}

/** As the log's own: the record of its state, and an entry. */
function logBatch(number: number): StoreWrite[] {
  return [
    { type: 'put', key: Uint8Array.of(0x20), value: Uint8Array.of(number) },
    { type: 'put', key: logKey(number), value: Uint8Array.of(number) },
  ];
}

const logKey = (number: number): Uint8Array => Uint8Array.of(0x10, 0, 0, 0, 0, 0, 0, number);

const describe = (records: readonly { key: Uint8Array; value: Uint8Array }[]): string =>
  records.map(({ key, value }) => `${Buffer.from(key).toString('hex')}:${value[0]}`).join(' ');

/** As a store on the disk does it. */
function write(disk: Disk, writes: readonly StoreWrite[], sync: boolean): void {
  disk.log.apply(writes, sync);
  disk.written(disk.log, writes, sync ? 0 : disk.log.unsyncedBatches);
}

/** What a disk holds after the first so many batches. */
function prefixes(): Map<string, number> {
  const states = new Map<string, number>();
  const disk = new Disk(Random.of(1, 'disk'), { minMs: 1, maxMs: 1 });
  states.set(describe(disk.log.view()), 0);
  for (let number = 1; number <= BATCHES; number++) {
    disk.log.apply(batchOf(number), true);
    states.set(describe(disk.log.view()), number);
  }
  return states;
}

test('LevelDB opens a cut file with whole batches, the oldest first', async () => {
  const source = join(folder, 'source');
  const store = await openLevelStore(source);
  for (let number = 1; number <= BATCHES; number++) await writeBatch(store, batchOf(number));
  const image = join(folder, 'image');
  cpSync(source, image, { recursive: true });
  await completed((done) => store.close(done));

  const states = prefixes();
  const random = Random.of(3, 'cuts');
  const found = new Set<number>();
  for (let cut = 0; cut < CUTS; cut++) {
    const copy = join(folder, `cut-${cut}`);
    cpSync(image, copy, { recursive: true });
    rmSync(join(copy, 'LOCK'), { force: true });
    const log = readdirSync(copy).find((name) => name.endsWith('.log')) as string;
    const { size } = statSync(join(copy, log));
    truncateSync(join(copy, log), random.below(size + 1));
    const opened = await openLevelStore(copy);
    const kept = states.get(describe(await readRange(opened)));
    await completed((done) => opened.close(done));
    expect(kept).toBeDefined();
    found.add(kept as number);
  }
  // The cuts fell all over the file, or this shows nothing.
  expect(found.size).toBeGreaterThan(10);
});

test('the simulated disk leaves such prefixes after a power cut, and every one of them; and pages out of order', () => {
  const states = prefixes();
  const random = Random.of(4, 'disk');
  const found = new Set<number>();
  let outOfOrder = 0;
  for (let round = 0; round < 800; round++) {
    const disk = new Disk(random, { minMs: 1, maxMs: 1 });
    for (let number = 1; number <= BATCHES; number++) write(disk, batchOf(number), number <= 10);
    disk.crash('power');
    const kept = states.get(describe(disk.log.view()));
    if (kept !== undefined) found.add(kept);
    else outOfOrder++;
    // What was synced is there in any case.
    expect(disk.log.get(Uint8Array.of(0x20))?.[0]).toBeGreaterThanOrEqual(10);
  }
  expect([...found].sort((a, b) => a - b)).toEqual(Array.from({ length: BATCHES - 9 }, (_, i) => i + 10));
  expect(outOfOrder).toBeGreaterThan(100);
});

test('a killed process loses nothing that the system took, and a batch on its way is there in whole or not', () => {
  const random = Random.of(5, 'disk');
  const found = new Set<string>();
  for (let round = 0; round < 200; round++) {
    const disk = new Disk(random, { minMs: 1, maxMs: 1 });
    write(disk, batchOf(1), true);
    write(disk, batchOf(2), false);
    disk.inFlight.push({ medium: disk.log, writes: [batchOf(3)[0] as StoreWrite] });
    disk.crash('kill');
    found.add(describe(disk.log.view()));
  }
  expect([...found].sort()).toEqual(['1001:1 1002:2 20:2', '1001:1 1002:2 20:3']);
});

test('what was torn comes back with the power that fails, but not behind a batch that the log wrote since', () => {
  const random = Random.of(7, 'disk');
  const found = new Map<boolean, Set<string>>([
    [false, new Set()],
    [true, new Set()],
  ]);
  for (const goesOn of [false, true]) {
    for (let round = 0; round < 200; round++) {
      const disk = new Disk(random, { minMs: 1, maxMs: 1 });
      write(disk, logBatch(1), true);
      disk.inFlight.push({ medium: disk.log, writes: logBatch(2) });
      disk.crash('kill');
      if (disk.torn === null) continue;
      // The next start drops the torn entry; it, too, is killed with its batch on the way.
      const dropping: StoreWrite[] = [logBatch(3)[0] as StoreWrite, { type: 'del', key: logKey(2) }];
      if (goesOn) disk.inFlight.push({ medium: disk.log, writes: dropping });
      disk.crash('kill');
      disk.crash('power');
      found.get(goesOn)?.add(
        disk.log
          .view()
          .map(({ key, value }) => `${key.length}:${value[0]}`)
          .join(' '),
      );
    }
  }
  // The first entry, maybe the second, and the record that every batch replaces.
  expect([...(found.get(false) ?? [])]).toEqual(['8:1 8:2 1:2']);
  expect([...(found.get(true) ?? [])].sort()).toEqual(['8:1 1:3', '8:1 8:2 1:2']);
});

/** Large enough for LevelDB's own log to have several of its blocks, and for tables beside it. */
const MANY = 90;
const OPENED_AGAIN_AT = [12, 25];
const IMAGES = 160;
const wide = Array.from({ length: MANY + 1 }, (_, number) => {
  const random = Random.of(number, 'wide');
  return Uint8Array.from({ length: 1_500 }, () => random.below(256));
});

function wideBatch(number: number): StoreWrite[] {
  return batchOf(number).map((write) =>
    write.type === 'put' && write.key[0] === 0x10 ? { ...write, value: wide[number] as Uint8Array } : write,
  );
}

type Left = 'refused' | 'whole' | 'older' | 'hole' | 'changed';

/** How the records of a damaged log differ from those of the whole one. */
function classifier(): (records: readonly { key: Uint8Array; value: Uint8Array }[]) => Left {
  const full = (records: readonly { key: Uint8Array; value: Uint8Array }[]): string =>
    records
      .map(({ key, value }) => `${Buffer.from(key).toString('hex')}:${value.length}:${value[0]}:${value[9]}`)
      .join();
  const known = new Map<string, Left>();
  for (let from = 1; from <= MANY + 1; from++) {
    for (let until = MANY + 1; until >= from; until--) {
      const medium = new MemoryMedium();
      for (let number = 1; number <= MANY; number++) {
        if (number < from || number >= until) medium.apply(wideBatch(number), true);
      }
      const left = from === until ? 'whole' : until > MANY ? 'older' : 'hole';
      const text = full(medium.view());
      if (!known.has(text)) known.set(text, left);
    }
  }
  return (records) => known.get(full(records)) ?? 'changed';
}

const WAYS = ['cut', 'flip', 'zero', 'delete'] as const;

function damageFile(path: string, way: (typeof WAYS)[number], random: Random): void {
  const bytes = readFileSync(path);
  rmSync(path);
  if (way === 'delete') return;
  const page = 4_096 * random.below(Math.ceil(bytes.length / 4_096));
  if (way === 'flip') {
    const at = random.below(bytes.length);
    bytes[at] = (bytes[at] as number) ^ (1 << random.below(8));
  } else if (way === 'zero') bytes.subarray(page, page + 4_096).fill(0);
  writeFileSync(path, way === 'cut' ? bytes.subarray(0, random.below(bytes.length)) : bytes);
}

test('whatever a damage leaves of LevelDB files, the simulated disk leaves of a log', {
  timeout: 300_000,
}, async () => {
  const source = join(folder, 'wide');
  let store = await openLevelStore(source);
  for (let number = 1; number <= MANY; number++) {
    if (OPENED_AGAIN_AT.includes(number)) {
      await completed((done) => store.close(done));
      store = await openLevelStore(source);
    }
    await writeBatch(store, wideBatch(number));
  }
  const image = join(folder, 'wide-image');
  cpSync(source, image, { recursive: true });
  await completed((done) => store.close(done));
  rmSync(join(image, 'LOCK'), { force: true });
  const names = readdirSync(image).filter((name) => !name.startsWith('LOG'));
  expect(names.filter((name) => name.endsWith('.ldb')).length).toBeGreaterThan(0);

  const classify = classifier();
  const random = Random.of(6, 'damage');
  const real = new Map<Left, string>();
  for (let number = 0; number < IMAGES; number++) {
    const copy = join(folder, `damaged-${number}`);
    cpSync(image, copy, { recursive: true });
    const [name, way] = [random.pick(names), random.pick(WAYS)];
    damageFile(join(copy, name), way, random);
    let left: Left = 'refused';
    const opened = await openLevelStore(copy).catch(() => null);
    if (opened !== null) {
      left = classify(await readRange(opened));
      await completed((done) => opened.close(done));
    }
    real.set(left, `${way} of ${name}`);
    rmSync(copy, { recursive: true, force: true });
  }

  const simulated = new Set<Left>();
  for (let round = 0; round < 400; round++) {
    const disk = new Disk(random, { minMs: 1, maxMs: 1 });
    for (let number = 1; number <= MANY; number++) write(disk, wideBatch(number), true);
    if (disk.damageLog(random.pick(LOG_DAMAGES)))
      simulated.add(disk.unopenable ? 'refused' : classify(disk.log.view()));
  }
  // The damage did something, or this shows nothing.
  expect([...real.keys()]).toEqual(expect.arrayContaining(['refused', 'older', 'hole']));
  for (const [left, how] of real) expect(simulated, how).toContain(left);
});
