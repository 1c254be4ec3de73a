import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { example } from '../examples/three-members.js';
import { resolveOptions } from '../src/index.js';

const read = (path: string): string => readFileSync(join(import.meta.dirname, '..', path), 'utf8');

it('the example of the README is the one in examples, and runs', () => {
  expect(read('README.md')).toContain(`\`\`\`ts\n${read('examples/three-members.ts')}\`\`\``);
  expect(example()).toEqual(['hi', 'hi', 'hi']);
});

it('the README tells every option and its default', () => {
  const readme = read('README.md');
  const shown = (value: unknown): string => (value === Number.MAX_SAFE_INTEGER ? 'no limit' : String(value));
  for (const [name, value] of Object.entries(resolveOptions({ id: 1 }))) {
    if (name === 'id') continue;
    const row = readme.split('\n').find((line) => line.startsWith(`| \`${name}\` |`));
    expect(row, name).toContain(`| ${shown(value)} |`);
  }
});
