import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { formatPolicySettings, policySettingNames, resolvePolicy } from '@understudy/membership';
import { freePorts, waitUntil } from '@understudy/testbed';
import { expect, it } from 'vitest';
import { embed } from '../examples/embed.js';
import { parseCommandLine } from '../src/config/command-line.js';

const readme = await readFile(join(import.meta.dirname, '../README.md'), 'utf8');

it('the example of the README is the one in examples, and serves', async () => {
  const source = await readFile(join(import.meta.dirname, '../examples/embed.ts'), 'utf8');
  expect(readme).toContain(`\`\`\`ts\n${source}\`\`\``);
  const directory = await mkdtemp(join(tmpdir(), 'embedded-'));
  const [client, peer] = (await freePorts(2)).map((port) => `http://127.0.0.1:${port}`) as [string, string];
  const server = await embed(directory, client, peer);
  await waitUntil('the embedded server is ready', async () => (await fetch(`${client}/readyz`)).ok);
  await server.stop();
  expect(await server.ended).toEqual({ kind: 'stopped', reason: 'stopped' });
  await rm(directory, { recursive: true });
});

it('the table of the policy has every setting, and its default', () => {
  const resolved = resolvePolicy();
  if (!resolved.ok) throw new Error(resolved.text);
  const written = new Map(formatPolicySettings(resolved.policy).map((word) => word.split('=', 2) as [string, string]));
  const table = readme.slice(readme.indexOf('| policy | default |'), readme.indexOf('`--policy "name=value'));
  const rows = table.split('\n').flatMap((line) => {
    const [, names = '', defaults = ''] = line.split('|');
    const values = [...defaults.matchAll(/`([^`]+)`/g)].map(([, value]) => value);
    return [...names.matchAll(/`(\w+)`/g)].map(([, name], at) => [name, values[at]] as const);
  });
  expect(rows.map(([name]) => name).sort()).toEqual(policySettingNames().sort());
  // That of promoteMaxLag follows from two flags.
  for (const [name, value] of rows)
    if (name !== 'promoteMaxLag') expect([name, value]).toEqual([name, written.get(name as string)]);
});

it('the table of flags has every flag, and no other', () => {
  let help = '';
  const write = process.stdout.write;
  process.stdout.write = (text: string | Uint8Array): boolean => {
    help += text.toString();
    return true;
  };
  try {
    parseCommandLine(['--help'], {}, '0.0.0');
  } finally {
    process.stdout.write = write;
  }
  const offered = [...help.matchAll(/^ {2}--([a-z-]+)/gm)].map(([, name]) => name).sort();
  const rows = readme.split('\n').filter((line) => line.startsWith('| `--'));
  const described = rows.flatMap((row) =>
    [...(row.split('|')[1] ?? '').matchAll(/--([a-z-]+)/g)].map(([, name]) => name),
  );
  expect(described.sort()).toEqual(offered);
});
