import { expect, test } from 'vitest';
import { damageLoneServers } from './lone-campaign.js';

test('500 damages to the files of a lone server: none is served', async () => {
  const { table, faults } = await damageLoneServers(20_261_121, 500);
  console.log(String(table));
  expect(faults).toEqual([]);
  expect(table.count('no change')).toBe(0);
  for (const verdict of ['refused', 'built again', 'harmless']) expect(table.count(verdict)).toBeGreaterThan(20);
}, 900_000);
