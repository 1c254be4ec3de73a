import { expect, test } from 'vitest';
import { MemoryMedium, MemoryStore, StepQueue } from '../src/testing/index.js';

const key = (i: number) => Uint8Array.of(i);
const put = (i: number, value: number) => ({ type: 'put', key: key(i), value: key(value) }) as const;

test('a crash takes unsynced batches, newest first, and keeps what a later sync covered', () => {
  const store = new MemoryStore();
  const { medium } = store;
  store.batch([put(1, 1)], { sync: false }, () => {});
  store.batch([put(2, 2)], { sync: true }, () => {});
  store.batch([put(1, 3), put(3, 3)], { sync: false }, () => {});
  store.batch([{ type: 'del', key: key(2) }], { sync: false }, () => {});
  medium.crash(1);
  expect(medium.view().map((record) => [record.key[0], record.value[0]])).toEqual([
    [1, 3],
    [2, 2],
    [3, 3],
  ]);
});

test('a crash before the first step of a batch loses it, a crash after it only the callback', () => {
  const queue = new StepQueue();
  const medium = new MemoryMedium();
  const store = new MemoryStore({ medium, dispatch: queue.dispatch });
  let done = 0;
  const count = () => {
    done += 1;
  };
  store.batch([put(1, 1)], { sync: true }, count);
  store.batch([put(2, 2)], { sync: true }, count);
  expect(queue.step()).toBe(true);
  queue.clear();
  medium.crash();
  expect(done).toBe(0);
  expect(medium.view().map((record) => record.key[0])).toEqual([1]);
  expect(new MemoryStore({ medium }).getSync(key(1))?.[0]).toBe(1);
});

test('a medium with an open store is locked', () => {
  const medium = new MemoryMedium();
  const store = new MemoryStore({ medium });
  expect(() => new MemoryStore({ medium })).toThrow(expect.objectContaining({ code: 'locked' }));
  store.close(() => {});
  expect(() => new MemoryStore({ medium })).not.toThrow();
});

test('damage to a record is seen by the next read and not by an older view', () => {
  const store = new MemoryStore();
  store.batch([put(1, 1), put(2, 2)], { sync: true }, () => {});
  const before = store.medium.view();
  store.medium.damage(key(1), key(9));
  store.medium.damage(key(2), null);
  expect(store.getSync(key(1))?.[0]).toBe(9);
  expect(store.getSync(key(2))).toBeUndefined();
  expect(before.length).toBe(2);
});

test('a queue that feeds itself is stopped', () => {
  const queue = new StepQueue();
  const again = () => queue.dispatch(again);
  again();
  expect(() => queue.drain(100)).toThrow(/after 100/);
});
