import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CHAIN_START, chainAfterSnapshot, RollingChain, sameChain } from '../src/chain.js';

const NUMBER = fc.nat(Number.MAX_SAFE_INTEGER);
const WORD = fc.nat(0xffffffff);

function link(type: number, length: number, index: number, term: number, crc: number, from = CHAIN_START) {
  const chain = new RollingChain(from);
  chain.extend(type, length, index, term, crc);
  return chain.value();
}

test('a link changes with every field it takes in, also with the upper bits of index and term', () => {
  fc.assert(
    fc.property(
      fc.nat(255),
      WORD,
      NUMBER,
      NUMBER,
      WORD,
      fc.nat(4),
      fc.nat(51),
      (type, length, index, term, crc, field, bit) => {
        const fields: [number, number, number, number, number] = [type, length, index, term, crc];
        const changed: typeof fields = [...fields];
        const width = [8, 32, 53, 53, 32][field] ?? 0;
        changed[field] = Number(BigInt(fields[field] ?? 0) ^ (1n << BigInt(bit % width)));
        expect(sameChain(link(...fields), link(...changed))).toBe(false);
      },
    ),
  );
});

test('a link depends on everything before it', () => {
  const chains = new Set<string>();
  for (let before = 0; before < 5000; before++) {
    const chain = link(0, 10, 9, 1, 1, link(0, 10, 8, 1, before));
    chains.add(`${chain.hi}.${chain.lo}`);
  }
  expect(chains.size).toBe(5000);
});

test('one changed bit changes about half of a link', () => {
  let changed = 0;
  const base = link(0, 300, 12, 3, 0x1234567);
  for (let bit = 0; bit < 32; bit++) {
    const other = link(0, 300, 12, 3, 0x1234567 ^ (1 << bit));
    for (const half of [base.hi ^ other.hi, base.lo ^ other.lo])
      changed += (half >>> 0).toString(2).replaceAll('0', '').length;
  }
  expect(changed / 32).toBeGreaterThan(28);
  expect(changed / 32).toBeLessThan(36);
});

test('a chain taken up again goes on as if it had not been put down', () => {
  const whole = new RollingChain(chainAfterSnapshot(41, 3));
  whole.extend(0, 1, 42, 3, 1);
  const again = new RollingChain(whole.value());
  const moved = new RollingChain(CHAIN_START);
  moved.moveTo(whole.hi, whole.lo);
  for (const chain of [whole, again, moved]) chain.extend(1, 2, 43, 4, 2);
  expect(again.value()).toEqual(whole.value());
  expect(moved.value()).toEqual(whole.value());
});

// Written to disks: a change of the function would turn every log in the field into a damaged one.
test('the function never changes', () => {
  const chain = new RollingChain(CHAIN_START);
  chain.extend(0, 0, 1, 1, 0);
  chain.extend(2, 300, 2 ** 33 + 5, 2 ** 40, 0xdeadbeef);
  expect(chain.value()).toMatchInlineSnapshot(`
    {
      "hi": 3997904500,
      "lo": 3275090743,
    }
  `);
});
