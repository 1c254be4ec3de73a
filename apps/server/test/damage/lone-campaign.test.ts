import { expect, test } from 'vitest';
import { damageLoneServers } from './lone-campaign.js';

test('damage to any file of a lone server is refused with what to do, made good, or changes nothing', async () => {
  const { table, faults } = await damageLoneServers(1, 30);
  expect(faults).toEqual([]);
  expect(table.count('no change')).toBe(0);
  expect(table.count('refused')).toBeGreaterThan(3);
}, 300_000);
