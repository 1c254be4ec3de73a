/** Traces as text: what bytes of an entry read like. */
import { expect, it } from 'vitest';
import { EntryType } from '../src/index.js';
import { describeEntry } from '../src/testing/index.js';

const shown = (...data: number[]): string =>
  describeEntry({ term: 1, index: 2, type: EntryType.Normal, data: Uint8Array.from(data) });

it.each([
  ['characters of one to four bytes', [0x61, 0xc3, 0xa4, 0xe2, 0x82, 0xac, 0xf0, 0x9f, 0x98, 0x80], '"aä€😀"'],
  ['control characters', [0x00, 0x0a, 0x22, 0x5c, 0x7f, 0xc2, 0x85], '"\\x00\\n\\"\\\\\\x7f\\u0085"'],
  ['what cannot be seen', [0xe2, 0x80, 0x8b, 0xf3, 0xa0, 0x80, 0x81], '"\\u200b\\U000e0001"'],
  ['bytes that begin nothing', [0x80, 0xc1, 0xff], '"\\x80\\xc1\\xff"'],
  ['a character that is cut off', [0xe2, 0x82], '"\\xe2\\x82"'],
  ['half a pair of UTF-16', [0xed, 0xa0, 0x80], '"\\xed\\xa0\\x80"'],
  ['a longer form than need be', [0xe0, 0x81, 0x81], '"\\xe0\\x81\\x81"'],
])('an entry shows %s', (_, data, text) => {
  expect(shown(...data)).toBe(`1/2 EntryNormal ${text}`);
});
