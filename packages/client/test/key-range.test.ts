import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { prefixEnd, toWireRange } from '../src/key-range.js';

describe('prefixEnd', () => {
  it('ends right after the last key with the prefix', () => {
    const inRange = (key: Uint8Array, prefix: Uint8Array): boolean => {
      const end = prefixEnd(prefix);
      const open = end.length === 1 && end[0] === 0;
      return Buffer.compare(key, prefix) >= 0 && (open || Buffer.compare(key, end) < 0);
    };
    const bytes = fc.uint8Array({ minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(bytes, bytes, (prefix, key) => {
        const hasPrefix = Buffer.compare(key.subarray(0, prefix.length), prefix) === 0;
        return inRange(key, prefix) === hasPrefix;
      }),
      { numRuns: 2000 },
    );
  });
});

describe('toWireRange', () => {
  const text = (range: { key: Uint8Array; rangeEnd: Uint8Array }): [string, string] => [
    Buffer.from(range.key).toString('latin1'),
    Buffer.from(range.rangeEnd).toString('latin1'),
  ];

  it.each([
    ['k', 'k', ''],
    [{ key: 'k' }, 'k', ''],
    [{ prefix: 'k/' }, 'k/', 'k0'],
    [{ prefix: '' }, '\0', '\0'],
    [{ prefix: Uint8Array.of(0x61, 0xff) }, 'a\xff', 'b'],
    [{ prefix: Uint8Array.of(0xff) }, '\xff', '\0'],
    [{ from: 'a', to: 'c' }, 'a', 'c'],
    [{ from: 'b' }, 'b', '\0'],
    [{ from: '' }, '\0', '\0'],
  ] as const)('%j is [%j, %j)', (keys, key, rangeEnd) => {
    expect(text(toWireRange(keys))).toEqual([key, rangeEnd]);
  });
});
