import { expect, test } from 'vitest';
import { flipBits } from './closed-log.js';

test('hundreds of flipped bits in every file are noticed, or change nothing', { timeout: 300_000 }, async () => {
  expect((await flipBits(400)).get('damaged')).toBeGreaterThan(300);
});
