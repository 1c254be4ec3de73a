/**
 * The table of scenarios in ARCHITECTURE.md names tests, so that a reader can run what it claims. This finds each named
 * test by its file and its title, and says which are not there.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

const HEADER = '| scenario | outcome | simulator | real processes |';
const NONE = '—';
const SIMULATOR = join('tools', 'simulator');
const PACKAGES = ['packages', 'apps', 'tools'];

/** Sources of test files, by their names without `.test.ts`. */
type Tests = ReadonlyMap<string, string>;

/** One line for each cell that names what is not there; empty where the table tells the truth. */
export function checkScenarioTable(root: string): string[] {
  const lines = readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8').split('\n');
  const start = lines.indexOf(HEADER);
  if (start < 0) return ['ARCHITECTURE.md has no table of scenarios'];
  const { simulated, real } = readTests(root);
  const findings: string[] = [];
  for (let number = start + 2; (lines[number] ?? '') !== ''; number++) {
    const cells = (lines[number] as string).split('|').slice(1, -1);
    const [scenario = '', , ...columns] = cells.map((cell) => cell.trim());
    if (cells.length !== 4) findings.push(`${scenario}: ${cells.length} cells instead of 4`);
    for (const [index, tests] of [simulated, real].entries()) {
      const cell = columns[index] ?? '';
      for (const name of cell === '' || cell === NONE ? [] : cell.split('<br>')) {
        const problem = refuse(name.trim(), tests);
        if (problem !== null) findings.push(`${scenario}: ${problem}`);
      }
    }
  }
  return findings;
}

function refuse(name: string, tests: Tests): string | null {
  const [, file, title] = /^`([^`]+)`: (.+)$/.exec(name) ?? [];
  if (file === undefined || title === undefined) return `"${name}" is not written \`file\`: title`;
  const source = tests.get(file);
  if (source === undefined) return `there is no test file ${file}`;
  const quoted = [`'${title.replaceAll("'", "\\'")}'`, `"${title}"`, `\`${title}\``];
  return quoted.some((literal) => source.includes(literal)) ? null : `${file} has no test "${title}"`;
}

/** Those of the simulator apart from all others: two files may have one name. */
function readTests(root: string): { readonly simulated: Tests; readonly real: Tests } {
  const simulated = new Map<string, string>();
  const real = new Map<string, string>();
  for (const group of PACKAGES) {
    for (const one of readdirSync(join(root, group))) {
      const tests = join(group, one) === SIMULATOR ? simulated : real;
      for (const path of list(join(root, group, one, 'test'))) {
        const name = basename(path).replace(/\.test\.ts$/, '');
        tests.set(name, `${tests.get(name) ?? ''}${readFileSync(path, 'utf8')}`);
      }
    }
  }
  return { simulated, real };
}

function list(folder: string): string[] {
  try {
    const entries = readdirSync(folder, { recursive: true, encoding: 'utf8' });
    return entries.filter((entry) => entry.endsWith('.test.ts')).map((entry) => join(folder, entry));
  } catch {
    return [];
  }
}
