import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { example } from '../examples/roles.js';
import { temporaryDirectory } from './temporary-directory.js';

const here = import.meta.dirname;

test('the example of the README is the one in examples, and runs', async () => {
  const readme = await readFile(join(here, '../README.md'), 'utf8');
  const source = await readFile(join(here, '../examples/roles.ts'), 'utf8');
  expect(readme).toContain(`\`\`\`ts\n${source}\`\`\``);
  expect(await example(await temporaryDirectory())).toEqual(['intact', 'role/7']);
});
