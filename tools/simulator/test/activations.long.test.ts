import { test } from 'vitest';
import { oneSlotForFifty } from './activations.js';

test('fifty standbys for one slot, a thousand times: exactly one is activated each time', {
  timeout: 600_000,
}, async () => {
  await oneSlotForFifty(1_000);
});
