// The quick tour of the README, as it is written there, on the ladder that `npm start` begins.
import { type ChildProcessWithoutNullStreams, execFile, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { freePorts } from '@understudy/testbed';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));
const CLUSTER = new URL('../../cluster.ts', import.meta.url).href;
const CTL = join(ROOT, 'apps/ctl/bin/understudyctl.js');
const STEP_TIMEOUT_MS = 120_000;

const run = promisify(execFile);

let folder: string;
let endpoints: string[];
let start: ChildProcessWithoutNullStreams;
let output = '';

/** Waits for a table, printed from here on, whose rows are in these roles. */
function table(roles: Readonly<Record<string, string>>, from = 0): Promise<Map<string, number>> {
  const rows = Object.entries(roles).map(
    ([name, role]) => new RegExp(`^ {2}${name} +[0-9a-f]{16} +(${role}) +(\\S+)`, 'm'),
  );
  return new Promise((resolve, reject) => {
    const look = (): void => {
      const tables = output
        .slice(from)
        .split(/^ {2}member +id/m)
        .slice(1);
      const found = tables.map((text) => rows.map((row) => row.exec(text))).find((matches) => matches.every(Boolean));
      if (found === undefined) return;
      clearTimeout(deadline);
      start.stdout.off('data', look);
      resolve(new Map(Object.keys(roles).map((name, index) => [name, Number(found[index]?.[2])])));
    };
    const deadline = setTimeout(
      () => reject(new Error(`no table with ${JSON.stringify(roles)}:\n${output.slice(-6000)}`)),
      STEP_TIMEOUT_MS,
    );
    start.stdout.on('data', look);
    look();
  });
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'understudy-tour-'));
  const ports = await freePorts(10);
  endpoints = ports.slice(0, 5).map((port) => `127.0.0.1:${port}`);
  const args = [
    `--data-dir=${folder}`,
    `--client-ports=${ports.slice(0, 5).join(',')}`,
    `--peer-ports=${ports.slice(5).join(',')}`,
  ];
  const script = `process.exitCode = await (await import(${JSON.stringify(CLUSTER)})).main(${JSON.stringify(args)});`;
  start = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], { cwd: ROOT });
  for (const stream of [start.stdout, start.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
  }
});

afterAll(async () => {
  const ended = new Promise((resolve) => start.once('close', resolve));
  start.kill('SIGTERM');
  await ended;
  rmSync(folder, { recursive: true, force: true });
}, 180_000);

describe('the quick tour of the README', { timeout: 4 * STEP_TIMEOUT_MS }, () => {
  let pids: Map<string, number>;

  it('begins with three voters, a learner that is not promoted, and a standby', async () => {
    const voter = 'leader|voter';
    pids = await table({ n1: voter, n2: voter, n3: voter, n4: 'learner', n5: 'standby' });
    expect(new Set(pids.values()).size).toBe(5);
  });

  it('has lines that work', async () => {
    const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
    const tour = readme.slice(readme.indexOf('## Quick tour'), readme.indexOf('## Packages'));
    const lines = [...tour.matchAll(/^npx ctl (.*)$/gm)].map(([, words]) => (words as string).split(' '));
    expect(lines.length).toBeGreaterThanOrEqual(5);
    const printed: string[] = [];
    for (const words of lines) {
      // A watch has no end of its own.
      if (words[0] === 'watch') continue;
      const { stdout } = await run(process.execPath, [CTL, `--endpoints=${endpoints.slice(0, 3).join(',')}`, ...words]);
      printed.push(stdout);
    }
    expect(printed.slice(0, 2)).toEqual(['OK\n', 'hello\nworld\n']);
    expect(printed.join('')).toContain('n4');
    const [, , url, body] = /curl -X (\S+) http:\/\/127\.0\.0\.1:2379(\S+) -d '(.*)'/.exec(tour) ?? [];
    const response = await fetch(`http://${endpoints[0]}${url}`, { method: 'POST', body: body as string });
    expect(((await response.json()) as { members: unknown[] }).members).toHaveLength(4);
  });

  it('moves the learner, and then the standby, into the places of two lost voters', async () => {
    const from = output.length;
    const leader = /^ {2}(n[123]) +[0-9a-f]{16} +leader/m.exec(output)?.[1] as string;
    process.kill(pids.get(leader) as number, 'SIGKILL');
    await table({ [leader]: 'no answer', n4: 'leader|voter', n5: 'standby' }, from);
    const second = ['n1', 'n2', 'n3'].find((name) => name !== leader) as string;
    process.kill(pids.get(second) as number, 'SIGKILL');
    await table({ [second]: 'no answer', n4: 'leader|voter', n5: 'leader|voter' }, from);
    const { stdout } = await run(process.execPath, [
      CTL,
      `--endpoints=${endpoints[3]},${endpoints[4]}`,
      'get',
      'hello',
    ]);
    expect(stdout).toBe('hello\nworld\n');
  });
});
