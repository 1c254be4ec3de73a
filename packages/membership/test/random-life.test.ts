import { expect, it } from 'vitest';
import { live } from './model/world.js';

it('breaks no rule in 20,000 random steps of twenty clusters', () => {
  const { broken, actions } = live(1, 20, 1_000);
  expect(broken).toBe('');
  // A life in which little happens would prove little.
  expect(actions.size).toBeGreaterThan(12);
}, 120_000);
