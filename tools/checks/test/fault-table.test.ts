import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { checkFaultTable } from '../src/fault-table.js';

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'understudy-faults-'));
  mkdirSync(join(root, 'packages', 'log', 'test'), { recursive: true });
  mkdirSync(join(root, 'apps'));
  writeFileSync(join(root, 'packages', 'log', 'test', 'damage.long.test.ts'), '');
});

afterEach(() => rmSync(root, { recursive: true }));

function findings(shownBy: string): string[] {
  const table = ['| fault | what happens | shown by |', '|---|---|---|', `| a flood | it swims | ${shownBy} |`, ''];
  writeFileSync(join(root, 'ARCHITECTURE.md'), table.join('\n'));
  return checkFaultTable(root);
}

it('every test that the table of faults names exists', () => {
  expect(checkFaultTable(fileURLToPath(new URL('../../../', import.meta.url)))).toEqual([]);
});

it.each([
  '`log/test/damage.long.test.ts`',
  '`log/test/damage*.test.ts`: 500',
  '`log/test/`',
  'the same',
  '[here](#it)',
])('%s is good', (shownBy) => {
  expect(findings(shownBy)).toEqual([]);
});

it.each([
  ['`log/test/damage.test.ts`', 'a flood: there is no log/test/damage.test.ts'],
  ['`log/test/dam*.ts`, `lag/test/damage*.test.ts`', 'a flood: there is no lag/test/damage*.test.ts'],
  ['somebody', 'a flood: no test is named'],
])('%s is told', (shownBy, finding) => {
  expect(findings(shownBy)).toEqual([finding]);
});

it('a page without the table is told', () => {
  writeFileSync(join(root, 'ARCHITECTURE.md'), '');
  expect(checkFaultTable(root)).toEqual(['ARCHITECTURE.md has no table of faults']);
});
