/**
 * The table of faults in ARCHITECTURE.md names the test files that show what it says. This says which of them are not
 * there, and which rows name none.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

const HEADER = '| fault | what happens | shown by |';
const SAME = 'the same';
const GROUPS = ['packages', 'apps'];

/** One line for each row that names what is not there, or nothing; empty where the table tells the truth. */
export function checkFaultTable(root: string): string[] {
  const lines = readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8').split('\n');
  const start = lines.indexOf(HEADER);
  if (start < 0) return ['ARCHITECTURE.md has no table of faults'];
  const findings: string[] = [];
  for (let number = start + 2; (lines[number] ?? '') !== ''; number++) {
    const cells = (lines[number] as string).split('|').slice(1, -1);
    const [fault = '', , shown = ''] = cells.map((cell) => cell.trim());
    const named = [...shown.matchAll(/`([^`]+)`/g)].map(([, path]) => path as string);
    // What no test can show is written down somewhere, behind a link.
    if (named.length === 0 && !shown.startsWith(SAME) && !shown.includes(']('))
      findings.push(`${fault}: no test is named`);
    for (const path of named) if (!exists(root, path)) findings.push(`${fault}: there is no ${path}`);
  }
  return findings;
}

/** `wal-level/test/damage*.test.ts`, `server/test/damage/`: within a package, with a star for any part of the last name. */
function exists(root: string, path: string): boolean {
  const pattern = new RegExp(`^${basename(path).split('*').map(escaped).join('.*')}$`);
  return GROUPS.some((group) => namesIn(join(root, group, dirname(path))).some((name) => pattern.test(name)));
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
