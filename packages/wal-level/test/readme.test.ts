import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { example } from '../examples/keep-a-log.js';
import { temporaryDirectory } from './wal-directory.js';

const here = import.meta.dirname;

test('the example of the README is the one in examples, and runs', async () => {
  const readme = await readFile(join(here, '../README.md'), 'utf8');
  const source = await readFile(join(here, '../examples/keep-a-log.ts'), 'utf8');
  expect(readme).toContain(`\`\`\`ts\n${source}\`\`\``);
  expect(await example(await temporaryDirectory())).toBe('boot 2: to be, or not to be');
});
