import { expect, test } from 'vitest';
import { type IdentityCopy, judgeIdentity } from '../src/identity.js';

const MEMBER = { memberId: 5, clusterId: 7 };
const identity = (bootCount: number, memberId = 5, directoryId = 'aa'.repeat(16)) => ({
  memberId,
  clusterId: 7,
  directoryId,
  bootCount,
  formerClusterId: 0,
});
const copy = (...args: Parameters<typeof identity>): IdentityCopy => ({ ok: true, value: identity(...args) });
const BROKEN: IdentityCopy = { ok: false, reason: 'checksum' };

test('an empty directory becomes the expected member', () => {
  expect(judgeIdentity({ file: null, record: null, inUse: false, expected: MEMBER })).toEqual({
    kind: 'new',
    member: MEMBER,
  });
});

test('an empty directory for nobody is refused', () => {
  const verdict = judgeIdentity({ file: null, record: null, inUse: false, expected: null });
  expect(verdict).toMatchObject({ kind: 'refused', code: 'identity-required' });
});

test('two equal copies are taken, with or without an expectation', () => {
  for (const expected of [MEMBER, null]) {
    const verdict = judgeIdentity({ file: copy(3), record: copy(3), inUse: true, expected });
    expect(verdict).toEqual({ kind: 'known', identity: identity(3), restored: null });
  }
});

test('a crash between the two copies of a boot count leaves the higher one', () => {
  for (const [file, record] of [
    [3, 4],
    [4, 3],
  ] as const) {
    const verdict = judgeIdentity({ file: copy(file), record: copy(record), inUse: true, expected: MEMBER });
    expect(verdict).toMatchObject({ kind: 'known', identity: { bootCount: 4 } });
  }
});

test.each([
  ['file', null, copy(2)],
  ['file', BROKEN, copy(2)],
  ['record', copy(2), null],
  ['record', copy(2), BROKEN],
] as const)('one lost copy, the %s, is restored', (restored, file, record) => {
  const verdict = judgeIdentity({ file, record, inUse: true, expected: MEMBER });
  expect(verdict).toEqual({ kind: 'known', identity: identity(2), restored });
});

test('no copy left beside a log is a lost identity, and says how each was lost', () => {
  expect(judgeIdentity({ file: null, record: BROKEN, inUse: true, expected: MEMBER })).toEqual({
    kind: 'refused',
    code: 'identity-lost',
    detail: 'the file is absent and the record is unreadable',
  });
});

test('copies of different members or directories are a conflict', () => {
  for (const file of [copy(2, 6), copy(2, 5, 'bb'.repeat(16))]) {
    const verdict = judgeIdentity({ file, record: copy(2), inUse: true, expected: null });
    expect(verdict).toMatchObject({ kind: 'refused', code: 'identity-conflict' });
  }
});

test('the directory of another member or cluster is refused by both names', () => {
  const verdict = judgeIdentity({ file: copy(2, 255), record: copy(2, 255), inUse: true, expected: MEMBER });
  expect(verdict).toEqual({
    kind: 'refused',
    code: 'identity-mismatch',
    detail: `the directory is of member 00000000000000ff of cluster 0000000000000007, directory ${'aa'.repeat(16)}, not of member 0000000000000005 of cluster 0000000000000007`,
  });
});

test('a crash in the midst of a change of cluster leaves the older copy, which the younger one answers for', () => {
  const forced = { ...identity(4), clusterId: 99, formerClusterId: 7 };
  for (const [file, record] of [
    [copy(3), { ok: true, value: forced } as const],
    [{ ok: true, value: forced } as const, copy(3)],
  ] as const) {
    expect(judgeIdentity({ file, record, inUse: true, expected: null })).toMatchObject({
      kind: 'known',
      identity: { clusterId: 99 },
    });
  }
  const older = { file: copy(2), record: { ok: true, value: forced } as const, inUse: true, expected: null };
  expect(judgeIdentity(older)).toMatchObject({ kind: 'refused', code: 'identity-conflict' });
});
