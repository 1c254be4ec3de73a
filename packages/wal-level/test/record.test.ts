import type { EntryType } from '@understudy/raft-core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CHAIN_START, RollingChain } from '../src/chain.js';
import { decodeHighWater, encodeHighWater } from '../src/high-water.js';
import { decodeIdentity, encodeIdentity } from '../src/identity.js';
import { entryKey, indexOfKey } from '../src/keys.js';
import { decodeState, encodeState, type LogState } from '../src/log-state.js';
import { ENTRY_HEADER_BYTES, type RecordRead, readEntry, writeEntry } from '../src/record.js';
import { decodeInstall, decodeSnapshot, encodeInstall, encodeSnapshot } from '../src/snapshot-record.js';
import { entryAt, snapshotAt } from './memory-log.js';

const NUMBER = fc.nat(Number.MAX_SAFE_INTEGER);
const MAX = Number.MAX_SAFE_INTEGER;
const POINT = (index: number, term: number) => ({ index, term, chain: { hi: 0xfedcba98, lo: 0x89abcdef } });
const STATE: LogState = {
  counter: 2 ** 40,
  hardState: { term: 2 ** 33, vote: MAX, commit: 2 ** 32 + 1 },
  anchor: POINT(2 ** 31, 5),
  last: POINT(2 ** 32 + 9, 2 ** 33),
  snapshotIndex: 2 ** 31,
  installIndex: 2 ** 32 + 20,
  recovery: { highWaterIndex: 2 ** 33 + 1, highWaterTerm: 2 ** 34, voteProven: true },
};
const HIGH_WATER = {
  counter: 2 ** 40,
  lastIndex: 2 ** 34,
  chain: { hi: 0xffffffff, lo: 1 },
  term: 3,
  vote: MAX,
  bootCount: 12,
  systemBootId: '0123456789abcdef'.repeat(2),
  paranoid: true,
  voteLost: true,
};
const IDENTITY = {
  memberId: MAX,
  clusterId: 2 ** 32,
  directoryId: 'fe'.repeat(16),
  bootCount: 3,
  formerClusterId: 2 ** 40,
};
const INSTALL = { ...snapshotAt(2 ** 35, 2 ** 33), hash: 'sha-256 of it' };

function recordOf(index: number, term = 2): Uint8Array {
  const entry = entryAt(index, term, 30);
  const bytes = new Uint8Array(ENTRY_HEADER_BYTES + 30);
  writeEntry(bytes, 0, entry, new RollingChain(CHAIN_START));
  return bytes;
}

const KINDS: Record<
  string,
  { bytes: Uint8Array; decode: (bytes: Uint8Array) => RecordRead<unknown>; value?: unknown }
> = {
  entry: { bytes: recordOf(2 ** 40), decode: (bytes) => readEntry(2 ** 40, bytes) },
  state: { bytes: encodeState(STATE), decode: decodeState, value: STATE },
  snapshot: { bytes: encodeSnapshot(snapshotAt(7, 3)), decode: decodeSnapshot, value: snapshotAt(7, 3) },
  install: { bytes: encodeInstall(INSTALL), decode: decodeInstall, value: INSTALL },
  identity: { bytes: encodeIdentity(IDENTITY), decode: decodeIdentity, value: IDENTITY },
  'high-water': { bytes: encodeHighWater(HIGH_WATER), decode: decodeHighWater, value: HIGH_WATER },
};

for (const [name, { bytes, decode, value }] of Object.entries(KINDS)) {
  describe(`a record of kind ${name}`, () => {
    test('comes back as it was written', () => {
      const read = decode(bytes);
      expect(read.ok).toBe(true);
      if (read.ok && value !== undefined) expect(read.value).toEqual(value);
    });

    test('with any single bit flipped is refused', () => {
      for (let bit = 0; bit < 8 * bytes.length; bit++) {
        const damaged = bytes.slice();
        damaged[bit >>> 3] = (damaged[bit >>> 3] ?? 0) ^ (1 << (bit & 7));
        expect(decode(damaged).ok, `bit ${bit}`).toBe(false);
      }
    });

    test('cut short anywhere is refused', () => {
      for (let length = 0; length < bytes.length; length++) expect(decode(bytes.slice(0, length)).ok).toBe(false);
    });

    test('read as another kind is refused', () => {
      for (const other of Object.values(KINDS)) {
        if (other.decode !== decode) expect(other.decode(bytes).ok).toBe(false);
      }
    });
  });
}

test('an entry of any size, type, term and index comes back whole', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), fc.nat(255), NUMBER, NUMBER, (data, type, term, index) => {
      const entry = { term, index, type: type as EntryType, data };
      const chain = new RollingChain(CHAIN_START);
      const bytes = new Uint8Array(ENTRY_HEADER_BYTES + data.length + 3);
      const end = writeEntry(bytes, 3, entry, chain);
      const read = readEntry(index, bytes.subarray(3, end));
      expect(read).toMatchObject({
        ok: true,
        value: { entry: { term, index, type }, chainHi: chain.hi, chainLo: chain.lo },
      });
      if (read.ok) expect([...read.value.entry.data]).toEqual([...data]);
    }),
  );
});

test('an intact record under the key of another index is misplaced', () => {
  expect(readEntry(8, recordOf(7))).toEqual({ ok: false, reason: 'misplaced' });
});

test('a state whose numbers contradict each other is refused', () => {
  expect(decodeState(encodeState({ ...STATE, anchor: POINT(STATE.last.index + 1, 5) }))).toEqual({
    ok: false,
    reason: 'field',
  });
  const hardState = { ...STATE.hardState, commit: STATE.last.index + 1 };
  expect(decodeState(encodeState({ ...STATE, hardState }))).toEqual({ ok: false, reason: 'field' });
});

test('keys keep the order of indexes up to 2^53 and give them back', () => {
  fc.assert(
    fc.property(NUMBER, NUMBER, (a, b) => {
      expect(indexOfKey(entryKey(a))).toBe(a);
      expect(Math.sign(Buffer.compare(entryKey(a), entryKey(b)))).toBe(Math.sign(a - b));
    }),
  );
  expect(indexOfKey(Uint8Array.of(0x20))).toBeNull();
});
