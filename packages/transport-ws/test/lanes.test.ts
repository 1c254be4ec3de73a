import { afterEach, expect, test } from 'vitest';
import { bytes, closeMembers, pair, text } from './cluster.js';

afterEach(closeMembers);

test('frames arrive in the order in which they were sent, on both lanes and in both directions', async () => {
  const [one, two] = await pair();
  for (let i = 0; i < 500; i += 1) {
    for (const lane of ['control', 'bulk'] as const) {
      expect(one.transport.send(2, lane, bytes(`${i}`))).toBe('sent');
      expect(two.transport.send(1, lane, bytes(`${i}`))).toBe('sent');
    }
    if (i % 50 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  const expected = Array.from({ length: 500 }, (_, i) => `${i}`);
  for (const side of [one, two]) {
    await side.recorder.until(() => side.recorder.frames.length === 1000);
    for (const lane of ['control', 'bulk'] as const) {
      expect(side.recorder.frames.filter((f) => f.lane === lane).map((f) => text(f.frame))).toEqual(expected);
    }
  }
});

test('all frames of one turn to one lane travel as one message', async () => {
  const [one, two] = await pair();
  const before = one.transport.peerDetails(2)?.counters.messagesOut ?? -1;
  for (let i = 0; i < 100; i += 1) one.transport.send(2, 'bulk', bytes(`${i}`));
  await Promise.resolve();
  one.transport.send(2, 'bulk', bytes('in a promise of the same turn'));
  await two.recorder.until(() => two.recorder.frames.length === 101);
  expect(one.transport.peerDetails(2)?.counters.messagesOut).toBe(before + 1);
  expect(two.transport.peerDetails(1)?.counters).toMatchObject({ messagesIn: 1, framesIn: 101 });
});
