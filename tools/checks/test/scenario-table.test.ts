import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { checkScenarioTable } from '../src/scenario-table.js';

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'understudy-table-'));
  for (const group of ['packages', 'apps', 'tools']) mkdirSync(join(root, group));
  write('apps/server/test/e2e/outage.long.test.ts', `it('nobody is lost', () => {});`);
  write('tools/simulator/test/standbys.test.ts', `it("it's one", () => {});`);
});

afterEach(() => rmSync(root, { recursive: true }));

function write(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

function findings(...rows: string[]): string[] {
  const head = ['| scenario | outcome | simulator | real processes |', '|---|---|---|---|'];
  write('ARCHITECTURE.md', ['# Title', '', ...head, ...rows, '', 'more'].join('\n'));
  return checkScenarioTable(root);
}

it('every test that the table of scenarios names exists', () => {
  expect(checkScenarioTable(fileURLToPath(new URL('../../../', import.meta.url)))).toEqual([]);
});

it('a cell may name several tests, or say that there is none', () => {
  expect(findings("| a | b | `standbys`: it's one<br>`standbys`: it's one | `outage.long`: nobody is lost |")).toEqual(
    [],
  );
  expect(findings('| a | b | — | — |', '| **heading** | | | |')).toEqual([]);
});

it('a file or a title that is not there is told', () => {
  expect(findings('| a | b | `standby`: one | `outage.long`: nobody |')).toEqual([
    'a: there is no test file standby',
    'a: outage.long has no test "nobody"',
  ]);
});

it('a test stands in the column of its kind', () => {
  expect(findings("| a | b | `outage.long`: nobody is lost | `standbys`: it's one |")).toEqual([
    'a: there is no test file outage.long',
    'a: there is no test file standbys',
  ]);
});

it('a cell that names no test, and a row that has too few cells, are told', () => {
  expect(findings('| a | b | somewhere | — |', '| c | d | — |')).toEqual([
    'a: "somewhere" is not written `file`: title',
    'c: 3 cells instead of 4',
  ]);
});

it('a line within the table that is no row of it is told', () => {
  expect(findings('| a | b | — | — |', '=======', '| c | d | — | — |')).toEqual([': 0 cells instead of 4']);
});

it('a document without the table is told', () => {
  write('ARCHITECTURE.md', 'nothing');
  expect(checkScenarioTable(root)).toEqual(['ARCHITECTURE.md has no table of scenarios']);
});
