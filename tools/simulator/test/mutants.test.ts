import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { buildMutant, misfits } from '../src/mutants/build.js';
import { hunt } from '../src/mutants/hunt.js';
import { MUTANTS } from '../src/mutants/mutants.js';

const QUICK = [
  'vote-before-fsync',
  'commit-old-term',
  'batch-without-sync',
  'recovering-member-counts',
  'watch-loses-refused-batch',
];
const MAX_SEEDS = 50;

test('there are more than twenty-five mutants, each with a name of its own', () => {
  expect(MUTANTS.length).toBeGreaterThanOrEqual(25);
  expect(new Set(MUTANTS.map(({ name }) => name)).size).toBe(MUTANTS.length);
});

test('every edit of every mutant fits the sources as they are', () => {
  expect(misfits(MUTANTS)).toEqual([]);
});

test("the README's table has every mutant", () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  for (const { mistake, name } of MUTANTS) expect(readme).toContain(`| \`${name}\` | ${mistake} |`);
});

test.each(QUICK)('the mutant %s is found', { timeout: 600_000 }, async (name) => {
  const mutant = MUTANTS.find((candidate) => candidate.name === name);
  if (mutant === undefined) throw new Error(`no mutant ${name}`);
  const { seeds } = await hunt(mutant, MAX_SEEDS);
  expect(seeds).not.toBeNull();
});

test('a mutant whose text is not in the source any more is refused', async () => {
  const edit = { file: 'packages/raft-core/src/raft.ts', find: 'no such text', replace: '' };
  await expect(buildMutant({ name: 'gone', mistake: '', edits: [edit] })).rejects.toThrow('not once');
});
