/**
 * What the simulated disk may leave of a log after a crash, beside what LevelDB leaves of its own files: a file that was
 * cut anywhere opens with whole batches, the oldest first, and never with a part of one.
 */
import { cpSync, mkdtempSync, readdirSync, rmSync, statSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLevelStore, type StoreWrite } from '@understudy/store';
import { completed, readRange, writeBatch } from '@understudy/store/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Disk } from '../src/disk/disk.js';
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

const describe = (records: readonly { key: Uint8Array; value: Uint8Array }[]): string =>
  records.map(({ key, value }) => `${Buffer.from(key).toString('hex')}:${value[0]}`).join(' ');

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

test('the simulated disk leaves such prefixes after a power cut, and every one of them', () => {
  const states = prefixes();
  const random = Random.of(4, 'disk');
  const found = new Set<number>();
  for (let round = 0; round < 400; round++) {
    const disk = new Disk(random, { minMs: 1, maxMs: 1 });
    for (let number = 1; number <= BATCHES; number++) disk.log.apply(batchOf(number), number <= 10);
    disk.crash('power');
    const kept = states.get(describe(disk.log.view()));
    expect(kept).toBeDefined();
    found.add(kept as number);
  }
  expect([...found].sort((a, b) => a - b)).toEqual(Array.from({ length: BATCHES - 9 }, (_, i) => i + 10));
});

test('a killed process loses nothing that the system took, and a batch on its way is there in whole or not', () => {
  const random = Random.of(5, 'disk');
  const found = new Set<string>();
  for (let round = 0; round < 200; round++) {
    const disk = new Disk(random, { minMs: 1, maxMs: 1 });
    disk.log.apply(batchOf(1), true);
    disk.log.apply(batchOf(2), false);
    disk.inFlight.push({ medium: disk.log, writes: [batchOf(3)[0] as StoreWrite] });
    disk.crash('kill');
    found.add(describe(disk.log.view()));
  }
  expect([...found].sort()).toEqual(['1001:1 1002:2 20:2', '1001:1 1002:2 20:3']);
});
