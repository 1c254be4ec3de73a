import { beforeEach, describe, expect, test } from 'vitest';
import type { Mvcc } from '../src/index.js';
import { deleteOf, flush, fresh, ok, putOf, rangeOf, text } from './harness.js';

let mvcc: Mvcc;
let store: Awaited<ReturnType<typeof fresh>>['store'];

beforeEach(async () => {
  ({ mvcc, store } = await fresh());
});

const show = (outcome: ReturnType<Mvcc['range']>): string[] =>
  ok(outcome).kvs.map((kv) => `${text(kv.key)}=${text(kv.value)} ${kv.createRevision}/${kv.modRevision}/${kv.version}`);

describe('put', () => {
  test('the first change makes revision 2, each next one more', () => {
    expect(mvcc.revision).toBe(1);
    expect(ok(mvcc.put(putOf('a', '1'))).revision).toBe(2);
    expect(ok(mvcc.put(putOf('a', '2'))).revision).toBe(3);
    expect(show(mvcc.range(rangeOf('a')))).toEqual(['a=2 2/3/2']);
  });

  test('a key that was deleted begins again at version 1', () => {
    mvcc.put(putOf('a', '1'));
    mvcc.deleteRange(deleteOf('a'));
    mvcc.put(putOf('a', '2'));
    expect(show(mvcc.range(rangeOf('a')))).toEqual(['a=2 4/4/1']);
  });

  test('the version before is told where asked for', () => {
    expect(ok(mvcc.put(putOf('a', '1', { prevKv: true }))).prevKv).toBeUndefined();
    const { prevKv } = ok(mvcc.put(putOf('a', '2', { prevKv: true })));
    expect(prevKv).toMatchObject({ createRevision: 2, modRevision: 2, version: 1, lease: 0n });
    expect(text(prevKv?.value as Uint8Array)).toBe('1');
    expect(ok(mvcc.put(putOf('a', '3'))).prevKv).toBeUndefined();
  });

  test('the value or the lease is kept where asked for', () => {
    ok(mvcc.leaseGrant(5n, 10));
    mvcc.put(putOf('a', '1', { lease: 5n }));
    mvcc.put(putOf('a', '', { ignoreValue: true }));
    expect(ok(mvcc.range(rangeOf('a'))).kvs[0]).toMatchObject({ lease: 0n, version: 2 });
    expect(show(mvcc.range(rangeOf('a')))).toEqual(['a=1 2/3/2']);
    mvcc.put(putOf('a', '1', { lease: 5n }));
    mvcc.put(putOf('a', '9', { ignoreLease: true }));
    expect(ok(mvcc.range(rangeOf('a'))).kvs[0]).toMatchObject({ lease: 5n, version: 4 });
  });

  test.each([
    [putOf('', 'x'), 'empty-key'],
    [putOf('a', 'x', { ignoreValue: true }), 'value-provided'],
    [putOf('a', 'x', { ignoreLease: true, lease: 1n }), 'lease-provided'],
    [putOf('a', 'x', { lease: 1n }), 'lease-not-found'],
    [putOf('a', '', { ignoreValue: true }), 'key-not-found'],
    [putOf('a', '', { ignoreLease: true }), 'key-not-found'],
  ])('a bad put changes nothing: case %#', (request, reason) => {
    expect(mvcc.put(request)).toEqual({ ok: false, reason });
    expect(mvcc.revision).toBe(1);
  });
});

describe('delete', () => {
  beforeEach(() => {
    for (const key of ['a', 'b', 'ba', 'c']) mvcc.put(putOf(key, key));
  });

  test('nothing deleted makes no revision', () => {
    expect(ok(mvcc.deleteRange(deleteOf('x')))).toMatchObject({ deleted: 0, revision: 5 });
    expect(ok(mvcc.deleteRange(deleteOf('c', 'b')))).toMatchObject({ deleted: 0, revision: 5 });
  });

  test('a range goes in one revision and tells what was there', () => {
    const { deleted, revision, prevKvs } = ok(mvcc.deleteRange(deleteOf('b', 'c', true)));
    expect([deleted, revision]).toEqual([2, 6]);
    expect(prevKvs.map((kv) => text(kv.key))).toEqual(['b', 'ba']);
    expect(show(mvcc.range(rangeOf('\0', '\0')))).toEqual(['a=a 2/2/1', 'c=c 5/5/1']);
    expect(show(mvcc.range(rangeOf('\0', '\0', { revision: 5 })))).toHaveLength(4);
  });

  test('an end of zero means everything from the key on', () => {
    expect(ok(mvcc.deleteRange(deleteOf('b', '\0'))).deleted).toBe(3);
    expect(ok(mvcc.deleteRange(deleteOf('\0', '\0'))).deleted).toBe(1);
    expect(mvcc.stats().keys).toBe(0);
  });
});

test('keys that were deleted and put again are counted again', () => {
  for (let i = 0; i < 300; i++) mvcc.put(putOf(`k${i}`));
  expect(ok(mvcc.deleteRange(deleteOf('k1', 'k2'))).deleted).toBe(111);
  expect(ok(mvcc.range(rangeOf('k', 'l', { countOnly: true }))).count).toBe(189);
  for (let i = 100; i < 150; i++) mvcc.put(putOf(`k${i}`));
  expect(ok(mvcc.range(rangeOf('k', 'l', { countOnly: true }))).count).toBe(239);
  expect(ok(mvcc.range(rangeOf('k', 'l', { limit: 1, sortOrder: 2 }))).kvs.map((kv) => text(kv.key))).toEqual(['k99']);
});

describe('range', () => {
  // Revisions 2 to 8; versions: a 1, b 3, c 2, d 1. Values sort the other way round.
  beforeEach(() => {
    for (const [key, value] of ['a9', 'b8', 'c7', 'b6', 'd5', 'c4', 'b3'].map((kv) => [kv[0], kv[1]])) {
      mvcc.put(putOf(key as string, value));
    }
  });

  const keys = (outcome: ReturnType<Mvcc['range']>): string =>
    ok(outcome)
      .kvs.map((kv) => text(kv.key))
      .join('');

  test.each([
    ['one key', rangeOf('b'), 'b', 1, false],
    ['a missing key', rangeOf('x'), '', 0, false],
    ['a range without its end', rangeOf('a', 'c'), 'ab', 2, false],
    ['from a key on', rangeOf('b', '\0'), 'bcd', 3, false],
    ['all', rangeOf('\0', '\0'), 'abcd', 4, false],
    ['a range that ends before it begins', rangeOf('c', 'a'), '', 0, false],
    ['a limit', rangeOf('a', 'z', { limit: 2 }), 'ab', 4, true],
    ['a limit that does not cut', rangeOf('a', 'z', { limit: 4 }), 'abcd', 4, false],
    ['an old revision', rangeOf('a', 'z', { revision: 4 }), 'abc', 3, false],
    ['an old revision and a limit', rangeOf('a', 'z', { revision: 4, limit: 1 }), 'a', 3, true],
    ['only the count', rangeOf('a', 'z', { countOnly: true, limit: 1 }), '', 4, false],
    ['descending', rangeOf('a', 'z', { sortOrder: 2 }), 'dcba', 4, false],
    ['the last two', rangeOf('a', 'z', { sortOrder: 2, limit: 2 }), 'dc', 4, true],
    ['the last two of an old revision', rangeOf('a', 'z', { sortOrder: 2, limit: 2, revision: 4 }), 'cb', 3, true],
    ['by version', rangeOf('a', 'z', { sortTarget: 1, sortOrder: 1 }), 'adcb', 4, false],
    ['by create revision, descending', rangeOf('a', 'z', { sortTarget: 2, sortOrder: 2 }), 'dcba', 4, false],
    ['by mod revision', rangeOf('a', 'z', { sortTarget: 3, sortOrder: 1 }), 'adcb', 4, false],
    ['by mod revision, the last one', rangeOf('a', 'z', { sortTarget: 3, sortOrder: 2, limit: 1 }), 'b', 4, true],
    ['by value', rangeOf('a', 'z', { sortTarget: 4, sortOrder: 1 }), 'bcda', 4, false],
    ['by value at an old revision', rangeOf('a', 'z', { sortTarget: 4, sortOrder: 1, revision: 4 }), 'cba', 3, false],
    ['by a target alone: ascending, after the limit', rangeOf('a', 'z', { sortTarget: 4, limit: 1 }), 'b', 4, true],
    ['a least mod revision', rangeOf('a', 'z', { minModRevision: 7 }), 'bc', 4, false],
    ['a greatest mod revision', rangeOf('a', 'z', { maxModRevision: 6 }), 'ad', 4, false],
    ['create revisions between', rangeOf('a', 'z', { minCreateRevision: 3, maxCreateRevision: 4 }), 'bc', 4, false],
    ['bounds before the limit', rangeOf('a', 'z', { minCreateRevision: 3, limit: 2 }), 'bc', 4, true],
    ['the count ignores bounds', rangeOf('a', 'z', { minModRevision: 7, countOnly: true }), '', 4, false],
  ])('%s', async (_, request, expected, count, more) => {
    for (const source of ['memory', 'store']) {
      const outcome = mvcc.range(request);
      expect([source, keys(outcome)]).toEqual([source, expected]);
      expect(ok(outcome)).toMatchObject({ count, more, revision: 8 });
      await flush(mvcc, store);
    }
  });

  test('keys alone come without values, and with everything else', () => {
    const { kvs } = ok(mvcc.range(rangeOf('b', '', { keysOnly: true })));
    expect(kvs).toHaveLength(1);
    expect(kvs[0]).toMatchObject({ createRevision: 3, modRevision: 8, version: 3, value: new Uint8Array(0) });
    const old = ok(mvcc.range(rangeOf('b', '', { keysOnly: true, revision: 5 })));
    expect(old.kvs[0]).toMatchObject({ createRevision: 3, modRevision: 5, version: 2, lease: 0n });
    expect(old.kvs[0]?.value).toHaveLength(0);
  });

  test('a revision that is not there yet, or not any more, is refused; the compacted one itself is not', () => {
    expect(mvcc.range(rangeOf('a', '', { revision: 9 }))).toEqual({ ok: false, reason: 'future-revision' });
    ok(mvcc.compact(5));
    expect(mvcc.range(rangeOf('a', '', { revision: 4 }))).toEqual({ ok: false, reason: 'compacted' });
    expect(show(mvcc.range(rangeOf('a', 'z', { revision: 5 })))).toEqual(['a=9 2/2/1', 'b=6 3/5/2', 'c=7 4/4/1']);
    expect(mvcc.range(rangeOf(''))).toEqual({ ok: false, reason: 'empty-key' });
  });
});
