import { ClientError } from '@understudy/client';
import { describe, expect, it } from 'vitest';
import { describeError } from '../src/exit-code.js';
import { formatDuration, parseDuration } from '../src/go-duration.js';
import { goStyleArguments } from '../src/go-style-arguments.js';
import { parseInt64, parseUint64Hex, saturate } from '../src/number-argument.js';
import { quoted } from '../src/output/byte-text.js';
import { humanBytes } from '../src/output/human-bytes.js';
import { stringify } from '../src/output/json-value.js';

describe('durations', () => {
  it.each([
    ['5s', 5000],
    ['1.5s', 1500],
    ['300ms', 300],
    ['1h2m3s', 3_723_000],
    ['-1s', -1000],
    ['250us', 0.25],
    ['0', 0],
    ['.5s', 500],
  ])('%s is %d ms', (text, ms) => {
    expect(parseDuration(text)).toEqual({ ok: true, ms });
  });

  it.each([
    ['', 'time: invalid duration ""'],
    ['x', 'time: invalid duration "x"'],
    ['5', 'time: missing unit in duration "5"'],
    ['5x', 'time: unknown unit "x" in duration "5x"'],
  ])('%j is none', (text, reason) => {
    expect(parseDuration(text)).toEqual({ ok: false, reason });
  });

  it.each([
    [0, '0s'],
    [0.000_5, '500ns'],
    [0.012_5, '12.5µs'],
    [1.446_696, '1.446696ms'],
    [5001, '5.001s'],
    [90_250, '1m30.25s'],
    [3_723_000, '1h2m3s'],
    [60_000, '1m0s'],
  ])('%d ms is written %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });
});

describe('numbers', () => {
  it('are 64 bits wide, in decimal or hexadecimal', () => {
    expect(parseInt64('7fffffffffffffff', 16)).toEqual({ ok: true, value: 0x7fff_ffff_ffff_ffffn });
    expect(parseInt64('-12', 10)).toEqual({ ok: true, value: -12n });
    expect(parseUint64Hex('ffffffffffffffff')).toEqual({ ok: true, value: 0xffff_ffff_ffff_ffffn });
  });

  it('that are none are refused in the words of Go', () => {
    expect(parseInt64('zz', 16)).toEqual({ ok: false, reason: 'strconv.ParseInt: parsing "zz": invalid syntax' });
    expect(parseInt64('0x12', 16)).toMatchObject({ ok: false });
    expect(parseInt64('9223372036854775808', 10)).toEqual({
      ok: false,
      reason: 'strconv.ParseInt: parsing "9223372036854775808": value out of range',
    });
    expect(parseUint64Hex('-1')).toEqual({ ok: false, reason: 'strconv.ParseUint: parsing "-1": invalid syntax' });
  });

  it('beyond what a number holds saturate', () => {
    expect(saturate(2n ** 60n)).toBe(Number.MAX_SAFE_INTEGER);
    expect(saturate(-(2n ** 60n))).toBe(-Number.MAX_SAFE_INTEGER);
  });
});

it.each([
  [0, '0 B'],
  [9, '9 B'],
  [999, '999 B'],
  [1500, '1.5 kB'],
  [20_480, '20 kB'],
  [24_576, '25 kB'],
  [1_234_567, '1.2 MB'],
  [2_147_483_648, '2.1 GB'],
])('%d bytes are %s', (bytes, text) => {
  expect(humanBytes(bytes)).toBe(text);
});

it.each([
  [Buffer.from('a"b\\c\n\t'), '"a\\"b\\\\c\\n\\t"'],
  [Buffer.from('wörld 字'), '"wörld 字"'],
  [Uint8Array.of(0, 0xff, 0xc3, 0x28), '"\\x00\\xff\\xc3("'],
  [Buffer.from('\u200b\u{e000}'), '"\\u200b\\ue000"'],
])('%j is quoted as %s', (bytes, text) => {
  expect(quoted(bytes)).toBe(text);
});

it('JSON keeps every bit of an integer, and escapes what HTML would read', () => {
  expect(stringify({ a: 8_109_190_693_390_938_662n, b: ['<&>', null, true, 1], c: {} })).toBe(
    '{"a":8109190693390938662,"b":["\\u003c\\u0026\\u003e",null,true,1],"c":{}}',
  );
});

describe('command lines in the style of Go', () => {
  it('may give switches a value', () => {
    expect(goStyleArguments(['get', '--prefix=true', '--hex=false', '--limit=5', '-w=json'])).toEqual({
      words: ['get', '--prefix', '--limit=5', '-w', 'json'],
      execWords: [],
    });
  });

  it('end their flags with --, which for a watch begins a program', () => {
    expect(goStyleArguments(['put', 'k', '--', '-v'])).toEqual({ words: ['put', 'k', '--', '-v'], execWords: [] });
    expect(goStyleArguments(['watch', 'k', '--', 'sh', '-c', 'env'])).toEqual({
      words: ['watch', 'k'],
      execWords: ['sh', '-c', 'env'],
    });
  });
});

describe('a call that took too long', () => {
  const late = (cause?: Error): string =>
    describeError(
      new ClientError('DEADLINE_EXCEEDED', 'the call took longer than 5000 ms', { outcome: 'unknown', cause }),
    );

  it('is told as etcdctl does, with what a server said meanwhile, and with nothing that none said', () => {
    expect(late()).toBe('context deadline exceeded');
    expect(late(new Error('connect ECONNREFUSED'))).toBe('context deadline exceeded');
    expect(late(new Error('etcdserver: no leader'))).toBe('context deadline exceeded (etcdserver: no leader)');
  });
});
