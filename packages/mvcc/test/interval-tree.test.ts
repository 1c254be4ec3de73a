import fc from 'fast-check';
import { expect, test } from 'vitest';
import { IntervalTree } from '../src/interval-tree.js';

const letter = fc.constantFrom(...'abcdefghij');

test('a key finds exactly the intervals that contain it, whatever was added and removed', () => {
  const change = fc.record({ from: letter, to: letter, item: fc.nat(5), remove: fc.boolean() });
  fc.assert(
    fc.property(fc.array(change, { maxLength: 150, size: 'max' }), (changes) => {
      const tree = new IntervalTree<string>();
      const model = new Set<string>();
      for (const { from, to, item, remove } of changes) {
        const name = `${from}${to}${item}`;
        if (remove) {
          tree.remove(from, to, name);
          model.delete(name);
        } else {
          tree.add(from, to, name);
          model.add(name);
        }
      }
      for (const key of 'abcdefghijk') {
        const found: string[] = [];
        tree.collect(key, found);
        const expected = [...model].filter((name) => key >= name.slice(0, 1) && key < name.slice(1, 2));
        expect(found.sort()).toEqual(expected.sort());
      }
    }),
  );
});
