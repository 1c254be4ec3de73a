import { describe, expect, it } from 'vitest';
import { findMismatch, type MemberHash, unequalHash } from '../src/corruption/compare-hashes.js';

const LEADER = 1;

function hash(member: number, of: Partial<MemberHash> = {}): MemberHash {
  return { member, hash: 0xabc, hashRevision: 100, compactRevision: 50, revision: 100, ...of };
}

const find = (peers: readonly MemberHash[], after: Partial<MemberHash> = {}): number | undefined =>
  findMismatch(hash(LEADER), hash(LEADER, after), peers)?.member;

describe('the leader finds', () => {
  it('nobody where all hashes are equal', () => {
    expect(findMismatch(hash(LEADER), hash(LEADER), [hash(2), hash(3)])).toBeNull();
  });

  it('a member with another hash of the same span, and says which hashes', () => {
    const mismatch = findMismatch(hash(LEADER), hash(LEADER), [hash(2), hash(3, { hash: 0xdef })]);
    expect(mismatch).toEqual({ member: 3, why: 'hash of revision 100: abc and def' });
  });

  it('a member that is ahead of it, in revisions or in compactions', () => {
    expect(find([hash(2, { revision: 101 })])).toBe(2);
    expect(find([hash(2, { compactRevision: 51, hash: 1 })])).toBe(2);
  });

  it('nobody ahead where it has got there itself meanwhile', () => {
    expect(find([hash(2, { revision: 103 })], { revision: 103, hashRevision: 103, hash: 7 })).toBeUndefined();
    const compacted = { compactRevision: 60, hash: 7 };
    expect(find([hash(2, compacted)], compacted)).toBeUndefined();
  });

  it('nothing against a member that has compacted less: their hashes are of different spans', () => {
    expect(find([hash(2, { compactRevision: 40, hash: 1 })])).toBeUndefined();
  });

  it('itself, where two hashes of its own differ', () => {
    expect(find([hash(2)], { hash: 0xdef })).toBe(LEADER);
  });
});

describe('hashes before serving', () => {
  it('are unequal only where both are of the same span', () => {
    expect(unequalHash(hash(1), hash(2))).toBeNull();
    expect(unequalHash(hash(1), hash(2, { hash: 1 }))).toMatch('abc and 1');
    expect(unequalHash(hash(1), hash(2, { hash: 1, compactRevision: 51 }))).toBeNull();
    expect(unequalHash(hash(1), hash(2, { hash: 1, hashRevision: 99 }))).toBeNull();
  });
});
