import { expect, it } from 'vitest';
import { KeyValue } from '../src/key-value.js';
import { batches } from '../src/mirror.js';
import type { WatchEvent } from '../src/watcher.js';

function events(text: string): WatchEvent[] {
  return text.split(' ').map((word) => {
    const [key = '', revision = '0', bytes = '0'] = word.split(/[@+]/);
    const value = Buffer.alloc(Number(bytes));
    const wire = { createRevision: 1, modRevision: Number(revision), version: 1, lease: 0n, value };
    return { type: 'put', kv: new KeyValue({ ...wire, key: Buffer.from(key) }), prevKv: undefined };
  });
}

it.each([
  ['a@1 b@2 c@3', ['abc<=3']],
  ['a@1 a@2 b@3', ['a<=1', 'ab<=3']],
  ['a@1 b@1 c@2 d@2', ['ab<=1', 'cd<=2']],
  ['a@1 b@2 c@2 d@2', ['a<=1', 'bcd<=2']],
  ['a@1 b@2 c@2 d@2 e@2 f@3', ['a<=1', 'bcd<=1', 'ef<=3']],
  ['a@1+60 b@2+60 c@3+30', ['a<=1', 'bc<=3']],
  ['a@1 b@2+60 c@2+60 d@3+300 e@4', ['a<=1', 'b<=1', 'c<=2', 'd<=3', 'e<=4']],
])('the changes %s are written as %j', (text, expected) => {
  const found = [...batches(events(text), 3, 100)].map(
    ({ batch, upTo }) => `${batch.map(({ kv }) => kv.keyText()).join('')}<=${upTo}`,
  );
  expect(found).toEqual(expected);
});
