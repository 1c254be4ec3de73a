import { cp, readFile, rm, writeFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { openLevelStore } from '../src/index.js';
import { readManifest } from '../src/level-files/manifest.js';
import { decompressSnappy } from '../src/level-files/snappy.js';
import { findTableFault } from '../src/level-files/table.js';
import { findLevelFault, findLogFault } from '../src/level-files/verify.js';
import { completed, readRange, writeBatch } from '../src/testing/index.js';
import { temporaryDirectory } from './temporary-directory.js';

const RECORDS = 4000;
const directories = new Map<boolean, string>();

/** A store of several tables, compacted ones among them. */
async function filledStore(compression: boolean): Promise<string> {
  const directory = await temporaryDirectory();
  for (let round = 0; round < 6; round++) {
    const store = await openLevelStore(directory, { compression, writeBufferBytes: 64 * 1024 });
    const writes = Array.from({ length: RECORDS }, (_, i) => {
      const key = new TextEncoder().encode(`a/rather/long/common/prefix/${String(i).padStart(8, '0')}`);
      return { type: 'put', key, value: new Uint8Array(60).fill(round * i) } as const;
    });
    for (let at = 0; at < RECORDS; at += 500) await writeBatch(store, writes.slice(at, at + 500));
    await completed((done) => store.close(done));
  }
  return directory;
}

async function manifestOf(directory: string): Promise<Uint8Array> {
  return readFile(join(directory, (await readFile(join(directory, 'CURRENT'), 'latin1')).trim()));
}

/** Names of the tables that the store is made of; compactions leave others behind. */
async function tablesOf(directory: string): Promise<string[]> {
  const live = readManifest(await manifestOf(directory))?.tables;
  return [...(live?.keys() ?? [])].map((file) => `${String(file).padStart(6, '0')}.ldb`);
}

beforeAll(async () => {
  for (const compression of [true, false]) directories.set(compression, await filledStore(compression));
});

describe.each([true, false])('a store with compression %s', (compression) => {
  test('of several tables passes', async () => {
    const directory = directories.get(compression) ?? '';
    expect((await tablesOf(directory)).length).toBeGreaterThan(1);
    expect(await findLevelFault(directory)).toBeNull();
    for (const name of await tablesOf(directory)) {
      expect(findTableFault(await readFile(join(directory, name)))).toBeNull();
    }
  });

  test('with a bit flipped in any part of a table is corrupted', async () => {
    const directory = directories.get(compression) ?? '';
    const [name = ''] = await tablesOf(directory);
    const table = await readFile(join(directory, name));
    // The footer pads its two handles, of six bytes or more, to 40; that padding holds nothing.
    const isPadding = (at: number) => at >= table.length - 42 && at < table.length - 8;
    for (let at = table.length - 1; at >= 0; at -= at > table.length - 600 ? 1 : 97) {
      if (isPadding(at)) continue;
      table[at] = (table[at] ?? 0) ^ (1 << (at % 8));
      expect(findTableFault(table), `byte ${at} of ${table.length}`).not.toBeNull();
      table[at] = (table[at] ?? 0) ^ (1 << (at % 8));
    }
  });
});

test('a damaged table is refused at open by name, unless its check is turned off', async () => {
  const directory = await temporaryDirectory();
  await cp(directories.get(false) ?? '', directory, { recursive: true });
  const [name = ''] = await tablesOf(directory);
  const file = join(directory, name);
  const bytes = await readFile(file);
  bytes[50] = (bytes[50] ?? 0) ^ 1;
  await writeFile(file, bytes);
  await expect(openLevelStore(directory)).rejects.toMatchObject({
    code: 'corrupted',
    message: expect.stringContaining(`table ${name.slice(0, 6)}: the block of`),
  });
  const store = await openLevelStore(directory, { verifyTables: false });
  await completed((done) => store.close(done));
});

test('a table of another length is refused, and a table that is no part of the store is not looked at', async () => {
  const directory = await temporaryDirectory();
  await cp(directories.get(true) ?? '', directory, { recursive: true });
  await writeFile(join(directory, '999999.ldb'), 'left by an interrupted compaction');
  const store = await openLevelStore(directory);
  expect((await readRange(store)).length).toBe(RECORDS);
  await completed((done) => store.close(done));
  const [name = ''] = await tablesOf(directory);
  await writeFile(join(directory, name), (await readFile(join(directory, name))).subarray(1));
  await expect(openLevelStore(directory)).rejects.toThrow(/has \d+ bytes in place of \d+/);
});

test('a manifest with any byte damaged gives the tables of a shorter one, or none at all', async () => {
  const directory = directories.get(true) ?? '';
  const manifest = await manifestOf(directory);
  const outline = (bytes: Uint8Array): string | null => {
    const tables = readManifest(bytes)?.tables;
    return tables === undefined ? null : JSON.stringify([...tables]);
  };
  const whole = outline(manifest);
  const prefixes = new Set(Array.from(manifest, (_, end) => outline(manifest.subarray(0, end))));
  expect(prefixes.size).toBeGreaterThan(5);
  for (let at = 0; at < manifest.length; at++) {
    manifest[at] = (manifest[at] ?? 0) ^ 0x10;
    const found = outline(manifest);
    if (found !== null) expect(prefixes).toContain(found);
    manifest[at] = (manifest[at] ?? 0) ^ 0x10;
  }
  expect(outline(manifest)).toBe(whole);
});

test.each([
  ['zeros', new Uint8Array(16)],
  ['nothing', new Uint8Array(0)],
  ['half a name', Buffer.from('MANIFEST-')],
  ['a directory', Buffer.from('..\n')],
  ['a very long name', Buffer.alloc(5_000, 'M')],
])('a store whose CURRENT holds %s is corrupted', async (_what, current) => {
  const directory = await temporaryDirectory();
  await cp(directories.get(true) ?? '', directory, { recursive: true });
  await writeFile(join(directory, 'CURRENT'), current);
  await expect(openLevelStore(directory)).rejects.toMatchObject({ code: 'corrupted' });
});

test('a store without CURRENT is corrupted, and its files stay; a crash while it was made is none', async () => {
  const directory = await temporaryDirectory();
  await cp(directories.get(true) ?? '', directory, { recursive: true });
  await rm(join(directory, 'CURRENT'));
  const before = (await readdir(directory)).sort();
  await expect(openLevelStore(directory)).rejects.toThrow(/CURRENT is missing, and \S+ is there/);
  expect((await readdir(directory)).sort()).toEqual(before);
  const young = await temporaryDirectory();
  await writeFile(join(young, 'MANIFEST-000001'), '');
  const store = await openLevelStore(young);
  await completed((done) => store.close(done));
});

test('a directory without a store has no fault', async () => {
  const directory = await temporaryDirectory();
  expect(await findLevelFault(directory)).toBeNull();
  expect(await findLevelFault(join(directory, 'absent'))).toBeNull();
  await rm(directory, { recursive: true });
});

test('snappy: literals, near and far copies, overlapping ones; and what is not snappy is refused', () => {
  const text = (bytes: Uint8Array | null) => bytes && new TextDecoder().decode(bytes);
  // 'abc', then 9 bytes from 3 back, which overlap what they write; then 4 from 12 back, with a two-byte offset.
  const packed = Uint8Array.of(16, 2 << 2, 97, 98, 99, (5 << 2) | 1, 3, (3 << 2) | 2, 12, 0);
  expect(text(decompressSnappy(packed))).toBe('abcabcabcabcabca');
  const literal = Uint8Array.of(70, 60 << 2, 69, ...new Array(70).fill(120));
  expect(text(decompressSnappy(literal))).toBe('x'.repeat(70));
  for (const broken of [[5, 8, 1, 2], [2, 4, 1, 1, 9], [4, 0, 97, 1, 9], [0x80], [200, 1, 0, 97]]) {
    expect(decompressSnappy(Uint8Array.from(broken))).toBeNull();
  }
});

test('what is wrong with the log of writes is told with its file and place', async () => {
  const source = await temporaryDirectory();
  const store = await openLevelStore(source);
  for (let number = 1; number <= 40; number++) {
    await writeBatch(store, [{ type: 'put', key: Uint8Array.of(number), value: new Uint8Array(2_000).fill(number) }]);
  }
  const image = await temporaryDirectory();
  await cp(source, image, { recursive: true });
  await completed((done) => store.close(done));
  const name = (await readdir(image)).find((file) => file.endsWith('.log')) ?? '';
  const whole = await readFile(join(image, name));
  const faultOf = async (bytes: Uint8Array): Promise<string | null> => {
    await writeFile(join(image, name), bytes);
    return findLogFault(image);
  };
  // A batch of one such record: twelve bytes of its own, and the put; before it, a header.
  const record = 7 + 12 + 1 + 2 + 2 + 2_000;
  expect(await faultOf(whole)).toBeNull();
  expect(await faultOf(whole.subarray(0, 2 * record))).toBeNull();
  expect(await faultOf(whole.subarray(0, 2 * record + 5))).toBe(
    `${name}: it ends within the record at byte ${2 * record}`,
  );
  expect(await faultOf(whole.subarray(0, 2 * record + 500))).toBe(
    `${name}: it ends within the record at byte ${2 * record}`,
  );
  // The first piece of a record that goes on in the next block is there, and nothing else of it.
  expect(await faultOf(whole.subarray(0, 32 * 1024))).toBe(`${name}: it ends within the record at byte ${32 * 1024}`);
  const flipped = Buffer.from(whole);
  flipped[3 * record + 100] = 0xff;
  expect(await faultOf(flipped)).toBe(`${name}: the record at byte ${3 * record} fails its checksum`);
  await rm(join(image, name));
  expect(await findLogFault(image)).toBe(`${name} is missing`);
});

test.each([
  ['a flipped bit', (bytes: Buffer) => bytes.fill((bytes[60] ?? 0) ^ 4, 60, 61)],
  ['zeros', (bytes: Buffer) => bytes.fill(0)],
])('a manifest with %s is refused by name', async (_what, damage) => {
  const directory = await temporaryDirectory();
  await cp(directories.get(false) ?? '', directory, { recursive: true });
  const name = (await readFile(join(directory, 'CURRENT'), 'latin1')).trim();
  await writeFile(join(directory, name), damage(await readFile(join(directory, name))));
  await expect(openLevelStore(directory)).rejects.toMatchObject({
    code: 'corrupted',
    message: expect.stringMatching(new RegExp(`\\(${name}: the record at byte \\d+ fails its checksum\\)$`)),
  });
});

test('a CURRENT that names a manifest which is not there is told as that', async () => {
  const directory = await temporaryDirectory();
  await cp(directories.get(false) ?? '', directory, { recursive: true });
  await writeFile(join(directory, 'CURRENT'), 'MANIFEST-999999\n');
  await expect(openLevelStore(directory)).rejects.toMatchObject({
    code: 'corrupted',
    message: expect.stringMatching(/\(CURRENT names MANIFEST-999999, which is not there\)$/),
  });
});
