import { expect, test } from 'vitest';
import { DeadlineWheel, Waiter } from '../src/deadline-wheel.js';

class Probe extends Waiter {
  constructor(
    readonly name: string,
    readonly log: string[],
    readonly onEnd: () => void = () => {},
  ) {
    super();
  }
  override end(code: string): void {
    this.log.push(`${this.name} ${code}`);
    this.onEnd();
  }
}

function run(wheel: DeadlineWheel, ticks: number): void {
  for (let i = 0; i < ticks; i++) wheel.tick();
}

test('an item ends at its tick, also when that is rounds of the ring away', () => {
  const wheel = new DeadlineWheel();
  const log: string[] = [];
  wheel.add(new Probe('near', log), 3);
  wheel.add(new Probe('far', log), 3 + 256);
  run(wheel, 2);
  expect(log).toEqual([]);
  run(wheel, 1);
  expect(log).toEqual(['near timeout']);
  run(wheel, 255);
  expect(log).toEqual(['near timeout']);
  run(wheel, 1);
  expect(log).toEqual(['near timeout', 'far timeout']);
});

test('an item that was removed does not end, and refers to nobody', () => {
  const wheel = new DeadlineWheel();
  const log: string[] = [];
  const items = ['a', 'b', 'c'].map((name) => new Probe(name, log));
  for (const item of items) wheel.add(item, 1);
  wheel.remove(items[1] as Probe);
  wheel.remove(items[1] as Probe);
  expect([items[1]?.next, items[1]?.previous]).toEqual([null, null]);
  run(wheel, 1);
  expect(log).toEqual(['a timeout', 'c timeout']);
});

test('items may add and remove others while they end', () => {
  const wheel = new DeadlineWheel();
  const log: string[] = [];
  const other = new Probe('other', log);
  const later = new Probe('later', log);
  wheel.add(
    new Probe('first', log, () => {
      wheel.remove(other);
      wheel.add(later, 256);
    }),
    1,
  );
  wheel.add(other, 2);
  run(wheel, 2);
  expect(log).toEqual(['first timeout']);
  run(wheel, 255);
  expect(log).toEqual(['first timeout', 'later timeout']);
});
