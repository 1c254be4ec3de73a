import fc from 'fast-check';
import { expect, test } from 'vitest';
import { KeyEntry } from '../src/key-entry.js';
import { RecordCache } from '../src/record-cache.js';

test('what the cache still has of an entry is what was put in last', () => {
  const addition = fc.record({ entry: fc.nat(20), size: fc.integer({ min: 1, max: 70 }) });
  fc.assert(
    fc.property(fc.array(addition, { minLength: 30, maxLength: 200, size: 'max' }), (additions) => {
      const cache = new RecordCache(1_000);
      const entries = Array.from({ length: 21 }, () => new KeyEntry(1, 0, 1, 1, 0, 0));
      const last = new Map<KeyEntry, Uint8Array>();
      let hits = 0;
      additions.forEach(({ entry: at, size }, i) => {
        const entry = entries[at] as KeyEntry;
        const record = new Uint8Array(size).fill(i);
        entry.advance(i + 2, 0, 1, 1, 0, size);
        expect(cache.view(entry)).toBeNull();
        cache.add(entry, record);
        last.set(entry, record);
        for (const [known, expected] of last) {
          const view = cache.view(known);
          if (view === null) continue;
          hits++;
          if (Buffer.compare(view, expected) !== 0) expect.fail('the view holds something else');
        }
      });
      expect(hits).toBeGreaterThan(0);
    }),
  );
});

test('a cache of no bytes keeps nothing', () => {
  const cache = new RecordCache(0);
  const entry = new KeyEntry(1, 0, 1, 1, 0, 5);
  cache.add(entry, new Uint8Array(5));
  expect(cache.view(entry)).toBeNull();
});
