import fc from 'fast-check';
import { expect, test } from 'vitest';
import { KeyCursor } from '../src/key-cursor.js';
import { KeyEntry } from '../src/key-entry.js';
import { KeyTree } from '../src/key-tree.js';

const live = () => new KeyEntry(2, 0, 2, 1, 0, 0);

/** Applies numbers: a key that is there dies, or goes if it is dead; any other comes. */
function grow(steps: readonly number[]): { tree: KeyTree; model: Map<string, boolean> } {
  const tree = new KeyTree();
  const model = new Map<string, boolean>();
  for (const step of steps) {
    const key = String(step).padStart(4, '0');
    const alive = model.get(key);
    if (alive === undefined) {
      tree.insert(key, live());
      model.set(key, true);
    } else if (alive) {
      const entry = tree.get(key) as KeyEntry;
      entry.advance(3, 1, 0, 0, 0, 0);
      tree.addLive(key, -1);
      model.set(key, false);
    } else {
      tree.remove(key);
      model.delete(key);
    }
  }
  return { tree, model };
}

function expectSame(tree: KeyTree, model: Map<string, boolean>, from: string, to: string): void {
  const sorted = [...model.keys()].sort();
  const cursor = new KeyCursor(tree, from, to);
  const walked: string[] = [];
  for (let entry = cursor.next(); entry !== null; entry = cursor.next()) {
    expect(entry.live).toBe(model.get(cursor.key));
    walked.push(cursor.key);
  }
  expect(walked).toEqual(sorted.filter((key) => key >= from && key < to));
  const alive = sorted.filter((key) => model.get(key) === true);
  expect(tree.size).toBe(sorted.length);
  expect(tree.live).toBe(alive.length);
  expect(tree.liveBefore(to)).toBe(alive.filter((key) => key < to).length);
  for (let rank = 0; rank < alive.length; rank += 7) expect(tree.liveKeyAt(rank)).toBe(alive[rank]);
}

test('keys that come, die and go leave an ordered tree with true counts', () => {
  const step = fc.nat(1_500);
  fc.assert(
    fc.property(fc.array(step, { minLength: 1_000, maxLength: 4_000, size: 'max' }), step, step, (steps, a, b) => {
      const { tree, model } = grow(steps);
      expectSame(tree, model, String(Math.min(a, b)).padStart(4, '0'), String(Math.max(a, b)).padStart(4, '0'));
      expectSame(tree, model, '', 'x');
    }),
    { numRuns: 25 },
  );
});

test('a tree that loses all its keys is empty again and grows again', () => {
  const up = Array.from({ length: 5_000 }, (_, i) => i);
  const down = up.filter((i) => i % 3 === 0).concat(up.filter((i) => i % 3 !== 0).reverse());
  const { tree, model } = grow([...up, ...down, ...down]);
  expect(tree.size).toBe(0);
  expectSame(tree, model, '', 'x');
  const again = grow([...up, ...down, ...down, ...up]);
  expectSame(again.tree, again.model, '1000', '2000');
});

test('counts stay true when nodes with few live keys left are merged', () => {
  const up = Array.from({ length: 5_000 }, (_, i) => i);
  const gone = up.filter((i) => i % 40 !== 0);
  const { tree, model } = grow([...up, ...gone, ...gone]);
  expect(tree.live).toBe(125);
  expectSame(tree, model, '1000', '2000');
  expectSame(tree, model, '', 'x');
});

test('a key that died comes to life in the counts', () => {
  const { tree } = grow([...Array.from({ length: 300 }, (_, i) => i), 150]);
  expect(tree.liveBefore('0200')).toBe(199);
  (tree.get('0150') as KeyEntry).advance(4, 0, 4, 1, 0, 0);
  tree.addLive('0150', 1);
  expect(tree.liveBefore('0200')).toBe(200);
  expect(tree.liveKeyAt(150)).toBe('0150');
});
