import { expect, it } from 'vitest';
import { ALL_ACTIONS } from './model/all-actions.js';
import { live } from './model/world.js';

it('breaks no rule in 500,000 random steps of clusters 501 to 1000', () => {
  const { broken, actions } = live(501, 500, 1_000);
  expect(broken).toBe('');
  expect([...actions.keys()].sort()).toEqual(ALL_ACTIONS);
}, 1_200_000);
