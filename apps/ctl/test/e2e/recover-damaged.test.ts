// A quorum is lost for ever, and the log of the survivor is damaged: what is intact of it is brought back, without gaps.
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { TestCluster, type TestMember } from '@understudy/testbed';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { capture } from '../capture.js';

const READY_MS = 60_000;
const KEYS = 120;

let cluster: TestCluster;
beforeAll(async () => {
  // A pause of a slow machine makes no election, which would leave the outcome of a write unknown.
  cluster = await TestCluster.start({ voters: 3, flags: ['--election-timeout=5000'] });
  for (let i = 0; i < KEYS; i++) {
    const put = [
      '--endpoints',
      cluster.endpoints.join(','),
      '--command-timeout=20s',
      'put',
      `key/${number(i)}`,
      `${'v'.repeat(600)} ${i}`,
    ];
    expect(await capture(put)).toMatchObject({ code: 0 });
  }
  await Promise.all(cluster.members.map(({ process }) => process.end('SIGKILL')));
}, 180_000);
afterAll(() => cluster?.stop());

const number = (i: number): string => String(i).padStart(3, '0');

/** Flips a bit in the middle of the largest file of LevelDB's, where entries are that were acknowledged. */
async function damage({ dataDir }: TestMember): Promise<void> {
  const directory = join(dataDir, 'member', 'wal', 'log');
  const names = (await readdir(directory)).filter((name) => /\.(log|ldb)$/.test(name));
  const sizes = await Promise.all(names.map(async (name) => (await stat(join(directory, name))).size));
  const path = join(directory, names[sizes.indexOf(Math.max(...sizes))] as string);
  const bytes = await readFile(path);
  const at = Math.floor(bytes.length * 0.6);
  bytes.writeUInt8((bytes[at] as number) ^ 1, at);
  await writeFile(path, bytes);
}

/** Keys from the first one on, without a gap, each with its value; how many. */
async function intactKeys(member: TestMember): Promise<number> {
  const { stdout } = await capture([
    '--endpoints',
    member.clientUrl,
    '--command-timeout=20s',
    'get',
    'key/',
    '--prefix',
  ]);
  const lines = stdout.trim().split('\n');
  const found = lines.flatMap((key, at) => (at % 2 === 0 ? [[key, lines[at + 1]]] : []));
  expect(found).toEqual(found.map((_, i) => [`key/${number(i)}`, `${'v'.repeat(600)} ${i}`]));
  return found.length;
}

async function serves(member: TestMember, ...flags: string[]): Promise<number> {
  member.process.start(flags);
  await member.process.answers(`${member.clientUrl}/health`, READY_MS);
  const intact = await intactKeys(member);
  const endpoint = ['--endpoints', member.clientUrl, '--command-timeout=20s'];
  expect(await capture([...endpoint, 'put', 'after', 'it'])).toMatchObject({ code: 0 });
  const { stdout } = await capture([...endpoint, 'member', 'list', '-w=json']);
  expect((JSON.parse(stdout) as { members: object[] }).members).toHaveLength(1);
  return intact;
}

it('by the tool, which says before what is lost', async () => {
  const survivor = cluster.member('n1');
  await damage(survivor);
  const dry = await capture(['recover', survivor.dataDir, '--dry-run']);
  expect(dry).toMatchObject({ code: 0, stderr: '' });
  expect(dry.stdout).toMatch(/\nthe log is damaged: \w/);
  const revision = Number(/kept: everything up to index \d+ of term \d+, revision (\d+)/.exec(dry.stdout)?.[1]);
  const [, from = '', to = ''] = /lost for certain: index (\d+) to (\d+), which this member had/.exec(dry.stdout) ?? [];
  expect(Number(to)).toBeGreaterThan(Number(from));
  expect(await capture(['recover', survivor.dataDir, '--yes'])).toMatchObject({ code: 0 });
  const intact = await serves(survivor);
  // What was said is what came.
  expect(intact).toBe(revision - 1);
  expect(intact).toBeGreaterThan(10);
  expect(intact).toBeLessThan(KEYS);
  // It is whole from now on.
  await survivor.process.end('SIGKILL');
  expect(await capture(['wal', 'verify', survivor.dataDir])).toMatchObject({ code: 0 });
  expect(await serves(survivor)).toBe(intact);
  await survivor.process.end('SIGKILL');
}, 180_000);

it('by --force-new-cluster', async () => {
  const survivor = cluster.member('n3');
  await damage(survivor);
  const intact = await serves(survivor, '--force-new-cluster');
  expect(intact).toBeGreaterThan(10);
  expect(intact).toBeLessThan(KEYS);
  expect(survivor.process.output).toMatch(/made this member a cluster of one by force/);
  await survivor.process.end('SIGKILL');
}, 180_000);
