// wal verify and dump on the directory of a real server: while it runs, when it was killed, and damaged.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { TestCluster } from '@understudy/testbed';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { capture } from '../capture.js';
import { runCtl } from './processes.js';

let cluster: TestCluster;
let dataDir: string;
let refusal: Awaited<ReturnType<typeof runCtl>>;
beforeAll(async () => {
  cluster = await TestCluster.start({ voters: 1 });
  dataDir = cluster.members[0]?.dataDir as string;
  for (let i = 0; i < 5; i++)
    await capture(['--endpoints', cluster.endpoints.join(','), 'put', `key${i}`, `value${i}`]);
  // A process of its own: the lock is one of processes.
  refusal = await runCtl(['wal', 'verify', dataDir]);
  await cluster.members[0]?.process.end('SIGKILL');
}, 180_000);
afterAll(() => cluster?.stop());

function content(directory: string): Record<string, string> {
  const found = readdirSync(directory, { recursive: true, withFileTypes: true }).filter((file) => file.isFile());
  const hash = (path: string): string => createHash('sha256').update(readFileSync(path)).digest('hex');
  return Object.fromEntries(found.map((file) => join(file.parentPath, file.name)).map((path) => [path, hash(path)]));
}

it('refuse a directory that a process has open, and name it', () => {
  expect(refusal).toMatchObject({ code: 1, stdout: '' });
  expect(refusal.stderr).toMatch(/^Error: \S+wal is open in process \d+; stop it first\n$/);
});

it('find a killed server healthy, and change nothing', async () => {
  const before = content(dataDir);
  const { code, stdout, stderr } = await capture(['wal', 'verify', dataDir]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(/\nhealthy\nmember \w{16} of cluster \w{16}\ndirectory \w{32}, opened 1 times\nentries 1 to /);
  expect(content(dataDir)).toEqual(before);
});

it('print entries, from one index to another, with their data', async () => {
  const all = (await capture(['wal', 'dump', dataDir])).stdout.trim().split('\n');
  expect(all[0]).toMatch(/^index 1, term 1, conf-change, \d+ bytes$/);
  const { stdout } = await capture(['wal', 'dump', dataDir, '--from=2', '--to=4', '--data', '-w=json']);
  const some = stdout.trim().split('\n');
  expect(some.map((line) => (JSON.parse(line) as { index: number }).index)).toEqual([2, 3, 4]);
  const data = await capture(['wal', 'dump', dataDir, '--data', '-w=json']);
  const values = data.stdout
    .trim()
    .split('\n')
    .map((line) => Buffer.from((JSON.parse(line) as { data: string }).data, 'base64').toString('latin1'));
  expect(values.filter((text) => /key\d.*value\d/s.test(text))).toHaveLength(5);
});

it('name the record that is damaged, what is intact and what to do, with exit code 1', async () => {
  const log = join(dataDir, 'member', 'wal', 'log');
  const name = readdirSync(log).find((file) => file.endsWith('.log')) as string;
  const whole = readFileSync(join(log, name));
  const at = whole.indexOf('value2');
  const damaged = Buffer.from(whole);
  damaged.writeUInt8((whole[at] as number) ^ 4, at);
  writeFileSync(join(log, name), damaged);
  const { code, stdout } = await capture(['wal', 'verify', dataDir]);
  expect(code).toBe(1);
  expect(stdout).toMatch(/\ndamaged: [\w-]+ entry at index \d+: /);
  expect(stdout).toContain(`${name}: `);
  expect(stdout).toContain('what to do: start it with its peers running');
  const json = JSON.parse((await capture(['wal', 'verify', dataDir, '-w=json'])).stdout) as Record<string, unknown>;
  expect(json).toMatchObject({ verdict: 'damaged', recovery: { voteProven: true } });
  const dump = await capture(['wal', 'dump', dataDir]);
  expect(dump.code).toBe(1);
  expect(dump.stdout).toContain('index 1, ');
  expect(dump.stderr).toMatch(/^Error: damaged: .*"wal verify" says more\n$/);
  writeFileSync(join(log, name), whole);
});

it('say so where there is no log, or no identity', async () => {
  expect(await capture(['wal', 'verify', join(dataDir, 'absent')])).toMatchObject({ code: 6 });
  const wal = join(dataDir, 'member', 'wal');
  rmSync(join(wal, 'log'), { recursive: true });
  expect((await capture(['wal', 'verify', dataDir])).stdout).toContain('damaged: missing state at index 1');
  rmSync(join(wal, 'identity'));
  const lost = await capture(['wal', 'verify', dataDir]);
  expect(lost.code).toBe(1);
  expect(lost.stdout).toContain('add it again');
});
