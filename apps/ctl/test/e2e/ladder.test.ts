// The commands of the ladder against real servers.
import { TestCluster, waitUntil } from '@understudy/testbed';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { capture, type Captured } from '../capture.js';

let cluster: TestCluster;
beforeAll(async () => {
  // A pause of a slow machine makes no election, and no voter count as silent, for which changes are refused.
  cluster = await TestCluster.start({ flags: ['--policy', 'stabilizationTime=500ms', '--election-timeout=5000'] });
}, 180_000);
afterAll(() => cluster?.stop());

const run = (...args: string[]): Promise<Captured> =>
  capture(['--endpoints', cluster.endpoints.join(','), '--command-timeout=20s', ...args]);

async function ctl(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await run(...args);
  expect({ args, code, stderr }).toEqual({ args, code: 0, stderr: '' });
  return stdout;
}

async function idOf(name: string): Promise<string> {
  const row = (await ctl('member', 'list')).split('\n').find((line) => line.split(', ')[2] === name);
  return row?.split(', ')[0] as string;
}

describe('the ladder', { timeout: 180_000 }, () => {
  it('is shown with quorum, tolerance, members and what is next, in every format', async () => {
    // A new leader has not heard of anybody yet.
    const simple = await waitUntil('all answer, and there is nothing to do', async () => {
      const status = await ctl('cluster', 'status');
      return /3 of 3 voters answer/.test(status) && /next: nothing/.test(status) && status;
    });
    expect(simple).toMatch(
      /^cluster \w{16}, term \d+, leader n\d \(\w{16}\)\n3 of 3 voters answer; quorum 2, slack 1: /,
    );
    expect(simple).toContain(', n2, voter, , ');
    expect(simple).toContain('\nnext: nothing\n');
    expect(JSON.parse(await ctl('cluster', 'status', '-w=json'))).toMatchObject({ voters: 3, quorum: 2, slack: 1 });
    expect(await ctl('cluster', 'status', '-w=fields')).toContain('"members.0.role" : "voter"\n');
    expect(await ctl('cluster', 'status', '-w=table')).toContain('| TOLERATES |');
    expect(await ctl('standby', 'list')).toBe('');
  });

  it('has a policy that is read, set as a whole, taken back and refused with the reason', async () => {
    expect(await ctl('policy', 'get', 'failoverAfter')).toBe('failoverAfter=15s\n');
    expect(await ctl('policy', 'set', 'failoverAfter=2s', 'maxLearners=3')).toBe(
      'maxLearners=3 (default 4)\nfailoverAfter=2s (default 15s)\n',
    );
    expect(await ctl('policy', 'set', 'maxLearners=default')).toBe('maxLearners=4\n');
    expect(await ctl('policy', 'get')).toContain('stabilizationTime=500ms (default 10s)\n');
    expect(await run('policy', 'set', 'failoverAfter=3s', 'maxReaders=99')).toEqual({
      code: 1,
      stdout: '',
      stderr: 'Error: understudy: maxReaders must be an integer from 0 to 64, not 99\n',
    });
    expect(await ctl('policy', 'get', 'failoverAfter')).toContain('failoverAfter=2s');
    expect(await run('policy', 'set', 'failoverAfter=3s', '--if-version=1')).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/the policy has version \d, not 1/),
    });
    expect(await run('policy', 'set')).toMatchObject({ code: 128 });
    expect(await run('policy', 'set', 'failoverAfter')).toMatchObject({ code: 128 });
    expect(await run('policy', 'get', 'nonsense')).toMatchObject({
      code: 128,
      stderr: expect.stringMatching(
        /^Error: there is no policy setting "nonsense"; there are activeSize, .*, spreadBy\n$/,
      ),
    });
    expect(await run('policy', 'set', 'failoverAfter=99h')).toMatchObject({
      code: 1,
      stderr: 'Error: understudy: failoverAfter must be from 100ms to 1h, in whole milliseconds, not 99h\n',
    });
  });

  it('is paused and resumed, and a plan tells what would be done', async () => {
    expect(await ctl('pause')).toBe('automation paused\n');
    expect(await ctl('pause')).toBe('automation was paused already\n');
    expect(await ctl('cluster', 'status')).toContain('automation is paused');
    expect(await ctl('plan', '--explain')).toMatch(/^nothing to do\nhold: .*paused.*\nslack 1; /);
    expect(await ctl('plan', '--explain', '--ignore-paused')).not.toContain('paused');
    expect(await ctl('resume')).toBe('automation resumed\n');
    expect(await run('plan', 'nonsense=1')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("no policy setting 'nonsense'"),
    });
  });

  it('takes a member that votes by itself, demotes it, promotes it, and says nothing against doing it twice', async () => {
    const n4 = await cluster.prepareMember('n4');
    const added = await ctl('member', 'add', 'n4', `--peer-urls=${n4.peerUrl}`, '--zone=west');
    const id = /^Member (\w{16}) added/.exec(added)?.[1] as string;
    expect(await ctl('member', 'list')).toContain(`${id}, unstarted, , ${n4.peerUrl}, , true`);
    // Replaced, it ends rather than stand by.
    n4.process.start(['--on-removal=exit']);
    await waitUntil(
      'n4 votes',
      async () =>
        (await ctl('member', 'list')).includes(`${id}, started, n4, ${n4.peerUrl}, `) &&
        /n4, .*, false$/m.test(await ctl('member', 'list')),
    );
    // Its lag is 0 between two writes, and what the leader did is written down after it is applied.
    await waitUntil('n4 is in sync', async () =>
      /, n4, voter, west, replicating, 0, /.test(await ctl('cluster', 'status')),
    );
    await waitUntil('the promotion is told', async () =>
      /\ndone at \S+: promote n4/.test(await ctl('cluster', 'status')),
    );
    expect(await ctl('member', 'demote', id)).toMatch(/^Member \w{16} demoted in cluster \w{16}\n$/);
    expect(await ctl('member', 'demote', id)).toContain('does not vote in');
    await waitUntil('it is promoted by command', async () => (await run('member', 'promote', id)).code === 0);
    expect(await ctl('member', 'promote', id)).toContain('promoted in');
  });

  it('replaces a voter by a machine that is named, and drains without one only where tolerance allows it', async () => {
    const old = await idOf('n4');
    const n5 = await cluster.prepareMember('n5');
    const answer = await ctl('member', 'replace', old, 'n5', `--peer-urls=${n5.peerUrl}`);
    expect(answer).toContain('UNDERSTUDY_INITIAL_CLUSTER="n5=');
    n5.process.start(['--on-removal=exit']);
    await waitUntil('n5 has the place of n4', async () => {
      const list = await ctl('member', 'list');
      return /n5, .*, false$/m.test(list) && !list.includes(old);
    });
    expect(await cluster.member('n4').process.exited()).toEqual({ code: 0, signal: null });
    const id = await idOf('n5');
    const refused = await run('member', 'replace', id);
    expect(refused).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('there is no standby; name the peer URLs'),
    });
    expect(await ctl('cluster', 'status')).not.toContain('drain');
    expect(await ctl('drain', id)).toBe(`Member ${id} is drained\n`);
    await waitUntil('n5 is gone', async () => !(await ctl('member', 'list')).includes(id));
    await waitUntil('three answer', async () => (await ctl('cluster', 'status')).includes('3 of 3 voters answer'));
  });

  it.each([
    [['member', 'add', 'x', '--peer-urls=http://127.0.0.1:1', '--reader', '--voter'], 128],
    [['member', 'add', 'x', '--peer-urls=http://127.0.0.1:1', '--promote=auto'], 128],
    [['member', 'add', 'x', '--peer-urls=http://127.0.0.1:1', '--learner', '--promote=often'], 1],
    [['member', 'replace', '1', '--peer-urls=http://127.0.0.1:1'], 128],
    [['member', 'replace', '1', 'x', '--peer-urls=http://127.0.0.1:1'], 1],
    [['member', 'demote'], 128],
    [['drain'], 128],
    [['drain', '1'], 1],
    [['pause', 'now'], 128],
    [['cluster', 'nonsense'], 1],
  ])('%j ends with %i and one line, and changes nothing', async (args, code) => {
    const before = await ctl('member', 'list');
    const ended = await run(...args);
    expect(ended).toMatchObject({ code, stdout: '', stderr: expect.stringMatching(/^Error: [^\n]+\n$/) });
    expect(await ctl('member', 'list')).toBe(before);
  });
});
