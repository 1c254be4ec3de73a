// A quorum is lost for ever: one survivor of three is brought back, by the tool and by the flag.
import { TestCluster, type TestMember } from '@understudy/testbed';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { capture } from '../capture.js';

const READY_MS = 60_000;

let cluster: TestCluster;
beforeAll(async () => {
  // A pause of a slow machine makes no election, which would leave the outcome of a write unknown.
  cluster = await TestCluster.start({ voters: 3, flags: ['--election-timeout=5000'] });
  for (let i = 1; i <= 20; i++) {
    const put = await capture([
      '--endpoints',
      cluster.endpoints.join(','),
      '--command-timeout=20s',
      'put',
      `key/${i}`,
      `value ${i}`,
    ]);
    expect(put).toMatchObject({ code: 0 });
  }
  await Promise.all(cluster.members.map(({ process }) => process.end('SIGKILL')));
}, 240_000);
afterAll(() => cluster?.stop());

const ask = (from: TestMember, ...args: string[]) =>
  capture(['--endpoints', from.clientUrl, '--command-timeout=20s', ...args]);

async function start(member: TestMember, ...flags: string[]): Promise<void> {
  member.process.start(flags);
  await member.process.answers(`${member.clientUrl}/health`, READY_MS);
}

async function memberCount(member: TestMember): Promise<number> {
  const { stdout } = await ask(member, 'member', 'list', '-w=json');
  return (JSON.parse(stdout) as { members: object[] }).members.length;
}

it('says what is kept and lost, and changes nothing unless it is told to go on', async () => {
  const { dataDir } = cluster.member('n1');
  const dry = await capture(['recover', dataDir, '--dry-run']);
  expect(dry).toMatchObject({ code: 0, stderr: '' });
  expect(dry.stdout).toMatch(
    /^member \w{16} of cluster \w{16}\nkept: everything up to index \d+ of term \d+, revision 21\n/,
  );
  expect(dry.stdout).toMatch(/\nremoved: \w{16}, \w{16}\n/);
  const refused = await capture(['recover', dataDir], { stdin: 'no\n' });
  expect(refused).toMatchObject({ code: 1, stderr: 'Error: nothing was changed\n' });
  expect((await capture(['recover', dataDir, '--dry-run'])).stdout).toBe(dry.stdout);
  expect(await capture(['recover', `${dataDir}-absent`, '--yes'])).toMatchObject({ code: 6 });
}, 180_000);

it('brings one survivor back with its data, alone, in a cluster that the others are not of', async () => {
  const [survivor, old] = [cluster.member('n1'), cluster.member('n2')];
  const { stdout } = await capture(['recover', survivor.dataDir], { stdin: 'recover\n' });
  const clusterId = /is cluster (\w{16}) now/.exec(stdout)?.[1] as string;
  await start(survivor);
  const { stdout: text } = await ask(survivor, 'get', 'key/', '--prefix', '--print-value-only');
  expect(text.trim().split('\n').sort()).toEqual(Array.from({ length: 20 }, (_, i) => `value ${i + 1}`).sort());
  expect(await ask(survivor, 'put', 'after', 'it')).toMatchObject({ code: 0 });
  expect(await memberCount(survivor)).toBe(1);
  old.process.start();
  expect(await old.process.exited()).toMatchObject({ code: 1 });
  expect(old.process.output).toContain(`are cluster ${clusterId}`);
  await survivor.process.end('SIGKILL');
  await start(survivor);
  expect((await ask(survivor, 'get', 'after', '--print-value-only')).stdout).toBe('it\n');
  await survivor.process.end('SIGKILL');
}, 180_000);

it('does the same by --force-new-cluster, once', async () => {
  const survivor = cluster.member('n3');
  for (const round of [1, 2]) {
    await start(survivor, '--force-new-cluster');
    const { stdout } = await ask(survivor, 'get', 'key/7', '--print-value-only');
    expect({ round, stdout }).toEqual({ round, stdout: 'value 7\n' });
    expect(await memberCount(survivor)).toBe(1);
    await survivor.process.end('SIGKILL');
  }
}, 180_000);
