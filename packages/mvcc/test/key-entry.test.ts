import fc from 'fast-check';
import { expect, test } from 'vitest';
import { KeyEntry } from '../src/key-entry.js';

/** An entry with a version at each revision; negative: a deletion. */
function entryOf(revisions: readonly number[]): KeyEntry {
  const [first = 0, ...rest] = revisions;
  const entry = new KeyEntry(Math.abs(first), first < 0 ? 1 : 0, 0, 0, first, 10);
  for (const main of rest) entry.advance(Math.abs(main), main < 0 ? 1 : 0, 0, 0, main, 10 + entry.count);
  return entry;
}

test.each([
  // versions, compacted at, dropped
  [[2, 4, 6], 1, 0],
  [[2, 4, 6], 3, 0],
  [[2, 4, 6], 4, 1],
  [[2, 4, 6], 5, 1],
  [[2, 4, 6], 6, 2],
  [[2, 4, 6], 9, 2],
  [[2, -4, 6], 4, 1],
  [[2, -4, 6], 5, 2],
  [[2, -4], 4, 1],
  [[2, -4], 5, 2],
])('of versions %j a compaction at %i drops the oldest %i', (revisions, revision, dropped) => {
  expect(entryOf(revisions).countDroppedBy(revision)).toBe(dropped);
});

test('a version is found at every revision, before and after old ones are dropped', () => {
  const revisions = fc.uniqueArray(fc.integer({ min: 2, max: 200 }), { minLength: 1, maxLength: 60, size: 'max' });
  fc.assert(
    fc.property(revisions, fc.nat(220), fc.nat(59), (unsorted, at, drop) => {
      let expected = unsorted.sort((a, b) => a - b);
      const entry = entryOf(expected);
      const dropped = Math.min(drop, expected.length - 1);
      if (dropped > 0) entry.dropOldest(dropped);
      expected = expected.slice(dropped);
      expect(entry.count).toBe(expected.length);
      const position = expected.findLastIndex((main) => main <= at);
      expect(entry.positionAt(at)).toBe(position);
      if (position < 0) return;
      expect(entry.mainAt(position)).toBe(expected[position]);
      expect(entry.checksumAt(position)).toBe(expected[position]);
      expect(entry.sizeAt(position)).toBe(10 + position + dropped);
    }),
  );
});
