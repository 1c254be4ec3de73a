// The real etcdctl, where it is installed, against three voters over gRPC.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { TestCluster, waitUntil } from '@understudy/testbed';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const ETCDCTL = '/usr/bin/etcdctl';

describe.skipIf(!existsSync(ETCDCTL))('etcdctl works unchanged', { timeout: 180_000 }, () => {
  let cluster: TestCluster;

  beforeAll(async () => {
    // A pause of a slow machine makes no election, which would leave the outcome of a write unknown.
    cluster = await TestCluster.start({ flags: ['--election-timeout=5000'] });
    await cluster.leader();
  }, 180_000);
  afterAll(() => cluster.stop());

  function start(args: readonly string[]) {
    const all = [`--endpoints=${cluster.endpoints.join(',')}`, ...args];
    const child = spawn(ETCDCTL, all, { env: { ...process.env, ETCDCTL_API: '3' } });
    const said = { text: '', errors: '' };
    child.stdout.on('data', (chunk) => {
      said.text += chunk;
    });
    child.stderr.on('data', (chunk) => {
      said.errors += chunk;
    });
    return { child, said };
  }

  async function etcdctl(...args: string[]): Promise<string> {
    const { child, said } = start(args);
    const [code] = await once(child, 'close');
    expect({ code, errors: said.errors }).toEqual({ code: 0, errors: '' });
    return said.text;
  }

  it('for keys and transactions', async () => {
    expect(await etcdctl('put', 'stage', 'left')).toBe('OK\n');
    expect(await etcdctl('get', 'stage')).toBe('stage\nleft\n');
    expect(await etcdctl('del', 'stage')).toBe('1\n');
  });

  it('for watches', async () => {
    const { child, said } = start(['watch', '--prefix', 'watched/']);
    try {
      const told = await waitUntil('the watch tells of a put', async () => {
        await etcdctl('put', 'watched/a', '1');
        return said.text === '' ? null : said.text;
      });
      expect(told).toMatch(/^PUT\nwatched\/a\n1\n/);
    } finally {
      child.kill();
    }
  });

  it('for leases', async () => {
    const id = /^lease ([0-9a-f]+) granted/.exec(await etcdctl('lease', 'grant', '600'))?.[1] as string;
    await etcdctl('put', 'leased', 'x', `--lease=${id}`);
    expect(await etcdctl('lease', 'keep-alive', '--once', id)).toBe(`lease ${id} keepalived with TTL(600)\n`);
    expect(await etcdctl('lease', 'timetolive', id, '--keys')).toContain('attached keys([leased])');
    await etcdctl('lease', 'revoke', id);
    expect(await etcdctl('get', 'leased')).toBe('');
  });

  it('for members and endpoints', async () => {
    const members = (await etcdctl('member', 'list')).trim().split('\n');
    expect(members.map((line) => line.split(', ')[2]).sort()).toEqual(['n1', 'n2', 'n3']);
    expect(await etcdctl('endpoint', 'status')).toContain(', true, false, ');
    expect((await etcdctl('endpoint', 'status')).trim().split('\n')).toHaveLength(3);
  });
});
