import { beforeEach, describe, expect, test } from 'vitest';
import { type Compare, CompareResult, CompareTarget, checkTxn, type Mvcc, type RequestOp } from '../src/index.js';
import {
  bytes,
  compareOf,
  fresh,
  ok,
  opDelete,
  opPut,
  opRange,
  opTxn,
  putOf,
  Recorder,
  rangeOf,
  text,
  watchOf,
} from './harness.js';

let mvcc: Mvcc;

beforeEach(async () => {
  ({ mvcc } = await fresh());
});

const txn = (compare: Compare[], success: RequestOp[], failure: RequestOp[] = []) =>
  mvcc.txn({ compare, success, failure });
const succeeds = (...compare: Compare[]): boolean => ok(txn(compare, [])).succeeded;
const { equal, greater, less, notEqual } = CompareResult;

describe('compare', () => {
  // a: create 2, mod 4, version 2, value m, lease 7. b: create 3, mod 3, version 1, value n, no lease.
  beforeEach(() => {
    ok(mvcc.leaseGrant(7n, 10));
    mvcc.put(putOf('a', 'k'));
    mvcc.put(putOf('b', 'n'));
    mvcc.put(putOf('a', 'm', { lease: 7n }));
  });

  test.each([
    [CompareTarget.version, { version: 1 }, { version: 2 }, { version: 3 }],
    [CompareTarget.create, { createRevision: 1 }, { createRevision: 2 }, { createRevision: 3 }],
    [CompareTarget.mod, { modRevision: 3 }, { modRevision: 4 }, { modRevision: 5 }],
    [CompareTarget.value, { value: bytes('l') }, { value: bytes('m') }, { value: bytes('ma') }],
    [CompareTarget.lease, { lease: 6n }, { lease: 7n }, { lease: 8n }],
  ])('target %i: the stored side against a smaller, the same and a larger one', (target, below, same, above) => {
    const verdicts = [equal, greater, less, notEqual].map((result) =>
      [below, same, above].map((given) => succeeds(compareOf('a', { target, result, ...given }))),
    );
    expect(verdicts).toEqual([
      [false, true, false],
      [true, false, false],
      [false, false, true],
      [true, false, true],
    ]);
  });

  test('a missing key has zeros, except that no comparison with its value holds', () => {
    expect(succeeds(compareOf('x', { target: CompareTarget.version, version: 0 }))).toBe(true);
    expect(succeeds(compareOf('x', { target: CompareTarget.create, createRevision: 0 }))).toBe(true);
    expect(succeeds(compareOf('x', { target: CompareTarget.mod, result: less, modRevision: 1 }))).toBe(true);
    expect(succeeds(compareOf('x', { target: CompareTarget.lease, lease: 0n }))).toBe(true);
    for (const result of [equal, notEqual, less, greater]) {
      expect(succeeds(compareOf('x', { target: CompareTarget.value, result, value: bytes('') }))).toBe(false);
    }
  });

  test('what is not given counts as zero', () => {
    expect(succeeds(compareOf('x', { target: CompareTarget.mod }))).toBe(true);
    expect(succeeds(compareOf('a', { target: CompareTarget.mod }))).toBe(false);
  });

  test('over a range it has to hold for every key, over an empty one for zeros', () => {
    expect(succeeds(compareOf('a', { target: CompareTarget.version, result: greater, version: 0 }, 'c'))).toBe(true);
    expect(succeeds(compareOf('a', { target: CompareTarget.version, result: greater, version: 1 }, 'c'))).toBe(false);
    expect(succeeds(compareOf('a', { target: CompareTarget.mod, result: less, modRevision: 5 }, '\0'))).toBe(true);
    expect(succeeds(compareOf('x', { target: CompareTarget.create, createRevision: 0 }, '\0'))).toBe(true);
    expect(succeeds(compareOf('x', { target: CompareTarget.value, result: notEqual }, '\0'))).toBe(false);
  });

  test('all have to hold; none does', () => {
    expect(succeeds()).toBe(true);
    expect(succeeds(compareOf('a', { version: 2 }), compareOf('b', { version: 2 }))).toBe(false);
  });
});

describe('execution', () => {
  test('everything is one revision, and later operations see earlier ones', () => {
    mvcc.put(putOf('old', '1'));
    const sink = new Recorder();
    mvcc.watch(watchOf('\0', '\0'), sink);
    const { revision, responses } = ok(
      txn([], [opRange('a', 'z'), opPut('n', '2'), opRange('a', 'z'), opDelete('old'), opRange('a', 'z'), opPut('m')]),
    );
    expect(revision).toBe(3);
    expect(responses.map(({ responseRange }) => responseRange?.kvs.map((kv) => text(kv.key)))).toEqual([
      ['old'],
      undefined,
      ['n', 'old'],
      undefined,
      ['n'],
      undefined,
    ]);
    const revisions = responses.map((op) => Object.values(op).find((one) => one !== undefined)?.header?.revision);
    expect(revisions).toEqual([2, 3, 3, 3, 3, 3]);
    mvcc.endApply();
    expect(sink.batches).toHaveLength(1);
    expect(sink.told).toEqual(['put n=2@3', 'del old@3', 'put m=@3']);
  });

  test('one that changes nothing makes no revision', () => {
    expect(ok(txn([], [opRange('a'), opDelete('a')])).revision).toBe(1);
    expect(ok(txn([compareOf('a', { version: 1 })], [opPut('a')], [])).revision).toBe(1);
    expect(mvcc.revision).toBe(1);
  });

  test('nested comparisons are decided before anything is changed', () => {
    const inner = opTxn([compareOf('a', { version: 0 })], [opPut('b', 'was missing')], [opPut('b', 'was there')]);
    const { responses } = ok(txn([], [opPut('a', '1'), inner]));
    expect(responses[1]?.responseTxn).toMatchObject({ succeeded: true, revision: 0 });
    expect(text(ok(mvcc.range(rangeOf('b'))).kvs[0]?.value as Uint8Array)).toBe('was missing');
  });

  test('only the branch that is taken is run, at every depth', () => {
    const deep = opTxn([], [opTxn([compareOf('x', { version: 9 })], [opPut('p')], [opPut('q')])], [opPut('r')]);
    ok(txn([], [deep, opTxn([], [opPut('s')])]));
    expect(ok(mvcc.range(rangeOf('a', 'z'))).kvs.map((kv) => text(kv.key))).toEqual(['q', 's']);
  });
});

describe('a refused transaction changes nothing', () => {
  beforeEach(() => {
    mvcc.put(putOf('a', '1'));
    mvcc.put(putOf('a', '2'));
    mvcc.put(putOf('a', '3'));
    ok(mvcc.compact(3));
  });

  test.each([
    ['lease-not-found', [opPut('b'), opPut('c', '', { lease: 1n })]],
    ['key-not-found', [opPut('b'), opPut('c', '', { ignoreValue: true })]],
    ['key-not-found', [opPut('b'), opPut('c', '', { ignoreLease: true, ignoreValue: true })]],
    ['future-revision', [opPut('b'), opRange('a', '', { revision: 5 })]],
    ['compacted', [opPut('b'), opRange('a', '', { revision: 2 })]],
    ['lease-not-found', [opRange('a', '', { revision: 5 }), opPut('b', '', { lease: 1n })]],
    ['compacted', [opTxn([], [opPut('b'), opRange('a', '', { revision: 2 })])]],
    ['empty-op', [opPut('b'), {}]],
    ['empty-key', [opPut('b'), opDelete('')]],
    ['value-provided', [opPut('b'), opPut('a', 'x', { ignoreValue: true })]],
  ] as const)('%s, case %#', (reason, success) => {
    expect(txn([], [...success])).toEqual({ ok: false, reason });
    expect(mvcc.revision).toBe(4);
  });

  test('a branch that is not taken may name what does not exist', () => {
    expect(txn([], [opPut('b')], [opPut('c', '', { lease: 1n })]).ok).toBe(true);
  });
});

describe('no key is written twice', () => {
  const either = (success: RequestOp[], failure: RequestOp[]): RequestOp => opTxn([], success, failure);

  test.each([
    ['two puts', [opPut('a'), opPut('a')], true],
    ['a put after a deletion', [opDelete('a'), opPut('a')], true],
    ['a put before a deletion', [opPut('b'), opDelete('a', 'c')], true],
    ['two deletions', [opDelete('a'), opDelete('a', 'c')], false],
    ['a put beside a deletion', [opDelete('a', 'c'), opPut('c')], false],
    ['branches of one nested transaction', [either([opPut('a')], [opPut('a')])], false],
    ['two nested transactions', [either([opPut('a')], []), either([], [opPut('a')])], true],
    ['a nested put and one beside it', [either([opPut('a')], []), opPut('a')], true],
    ['a nested put in a deleted range', [either([], [opPut('b')]), opDelete('a', 'c')], true],
    ['a nested deletion and a put beside it', [either([opDelete('a')], []), opPut('a')], true],
    ['a put and an unbounded deletion, as etcd', [opPut('b'), opDelete('a', '\0')], false],
  ])('%s', (_, ops, refused) => {
    const reason = refused ? 'duplicate-key' : null;
    expect(checkTxn({ compare: [], success: ops, failure: [] }, 128)).toBe(reason);
    expect(checkTxn({ compare: [], success: [], failure: ops }, 128)).toBe(reason);
    expect(txn([], ops).ok).toBe(!refused);
  });

  test('where the rule has its gap, both versions are of one revision, in order', () => {
    mvcc.put(putOf('b', 'old'));
    const sink = new Recorder();
    mvcc.watch(watchOf('b', '', { prevKv: true }), sink);
    ok(txn([], [opDelete('a', '\0'), opPut('b', 'new')]));
    mvcc.endApply();
    expect(sink.told).toEqual(['del b@3 (was old)', 'put b=new@3']);
    expect(ok(mvcc.range(rangeOf('b'))).kvs[0]).toMatchObject({ createRevision: 3, modRevision: 3, version: 1 });
  });
});

test('the number of operations is bounded over all levels together', () => {
  const puts = (count: number, from = 0): RequestOp[] => Array.from({ length: count }, (_, i) => opPut(`k${from + i}`));
  const request = (success: RequestOp[]) => ({ compare: [], success, failure: [] });
  expect(checkTxn(request(puts(4)), 4)).toBeNull();
  expect(checkTxn(request(puts(5)), 4)).toBe('too-many-ops');
  expect(checkTxn(request([opTxn([], puts(3))]), 4)).toBeNull();
  expect(checkTxn(request([opTxn([], puts(4))]), 4)).toBe('too-many-ops');
  expect(checkTxn({ compare: [compareOf('')], success: [], failure: [] }, 4)).toBe('empty-key');
});
