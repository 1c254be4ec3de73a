import { expect, it } from 'vitest';
import { live } from './model/world.js';

it('breaks no rule in 500,000 random steps of clusters 1 to 500', () => {
  const { broken, actions } = live(1, 500, 1_000);
  expect(broken).toBe('');
  expect([...actions.keys()].sort()).toEqual([
    'activate',
    'alarm',
    'fix-active-size',
    'forget',
    'promote',
    'release',
    'remove drained',
    'remove never-started',
    'remove over-size',
    'remove replaced',
    'remove silent',
    'remove stalled',
    'remove surplus',
    'reserve',
    'swap',
    'transfer-leadership',
  ]);
}, 1_200_000);
