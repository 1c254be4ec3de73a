// Users, snapshots, locks and mirrors: the tool against real servers.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EtcdGateway } from '@understudy/client';
import { TestCluster, type TestMember, waitUntil } from '@understudy/testbed';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { capture, type CaptureOptions } from '../capture.js';

const START_MS = 180_000;

describe('with a real server', { timeout: START_MS }, () => {
  let cluster: TestCluster;
  let other: TestCluster;
  let directory: string;
  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'understudyctl-'));
    [cluster, other] = await Promise.all([TestCluster.start({ voters: 1 }), TestCluster.start({ voters: 1 })]);
  }, START_MS);
  afterAll(async () => {
    await Promise.all([cluster?.stop(), other?.stop()]);
    rmSync(directory, { recursive: true, force: true });
  });

  const ctl = (args: readonly string[], options?: CaptureOptions) =>
    capture(['--endpoints', cluster.endpoints.join(','), '--command-timeout=20s', ...args], options);

  it('a snapshot is saved whole, and its status says what is in it', async () => {
    await ctl(['put', 'a', '1']);
    await ctl(['put', 'b', '2']);
    const file = join(directory, 'backup');
    expect(await ctl(['snapshot', 'save', file])).toEqual({
      code: 0,
      stdout: `Snapshot saved at ${file}\n`,
      stderr: '',
    });
    expect(existsSync(`${file}.part`)).toBe(false);
    const { stdout } = await ctl(['snapshot', 'status', file, '-w=json']);
    expect(JSON.parse(stdout)).toMatchObject({ revision: 3, totalKey: 2, totalSize: readFileSync(file).length });
    const bytes = readFileSync(file);
    bytes[bytes.length - 40] = (bytes[bytes.length - 40] ?? 0) ^ 1;
    writeFileSync(file, bytes);
    expect(await ctl(['snapshot', 'status', file])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('damaged'),
    });
    expect(await ctl(['snapshot', 'save', join(directory, 'no', 'such')])).toMatchObject({ code: 1 });
  });

  it('a snapshot becomes a new cluster of three, with the keys, under an id of its own', async () => {
    const file = join(directory, 'for-three');
    await ctl(['put', 'kept', 'v']);
    await ctl(['put', 'kept', 'w']);
    await ctl(['snapshot', 'save', file]);
    const made = await TestCluster.prepare({ voters: 3 });
    try {
      const initial = made.members.map(({ name, peerUrl }) => `${name}=${peerUrl}`).join(',');
      const restore = (member: TestMember, ...flags: string[]) =>
        ctl([
          ...['snapshot', 'restore', file, `--name=${member.name}`, `--data-dir=${member.dataDir}`],
          ...[`--initial-cluster=${initial}`, `--initial-advertise-peer-urls=${member.peerUrl}`],
          '--initial-cluster-token=understudy-test',
          ...flags,
        ]);
      for (const member of made.members) {
        expect(await restore(member)).toMatchObject({ code: 0, stdout: expect.stringMatching(/: member \w{16} of/) });
      }
      const [first] = made.members as [TestMember, ...TestMember[]];
      expect(await restore(first)).toMatchObject({ code: 1, stderr: `Error: data-dir "${first.dataDir}" exists\n` });
      for (const member of made.members) member.process.start();
      await Promise.all(made.members.map((member) => member.process.answers(`${member.clientUrl}/health`, START_MS)));
      const there = (...words: string[]) => capture(['--endpoints', made.endpoints.join(','), ...words]);
      expect((await there('get', 'kept', '--rev=3')).stdout).toBe((await ctl(['get', 'kept', '--rev=3'])).stdout);
      expect((await there('get', 'kept')).stdout).toBe('kept\nw\n');
      expect(await there('put', 'kept', 'x')).toMatchObject({ code: 0 });
      expect((await there('member', 'list')).stdout.trim().split('\n')).toHaveLength(3);
      const id = async (tool: typeof there) =>
        JSON.parse((await tool('get', 'kept', '-w=json')).stdout).header.cluster_id as number;
      expect(await id(there)).not.toBe(await id((...words) => ctl(words)));
    } finally {
      await made.stop();
    }
  });

  it('a damaged file is restored to nothing', async () => {
    const file = join(directory, 'damaged');
    await ctl(['snapshot', 'save', file]);
    const bytes = readFileSync(file);
    bytes[bytes.length - 1] = (bytes[bytes.length - 1] ?? 0) ^ 1;
    writeFileSync(file, bytes);
    const dataDir = join(directory, 'never');
    const words = ['snapshot', 'restore', file, `--data-dir=${dataDir}`];
    expect(await ctl(words)).toMatchObject({ code: 1, stderr: expect.stringContaining('its hash is not the one') });
    expect(readdirSync(directory).filter((name) => name.startsWith('never'))).toEqual([]);
    expect(await ctl([...words, '--skip-hash-check'])).toMatchObject({ code: 0 });
  });

  it('a lock is held while a program runs, and its failure is ours', async () => {
    const held = await ctl(['lock', 'm', '--', 'sh', '-c', 'echo "$ETCD_LOCK_KEY $UNDERSTUDY_LOCK_REV"']);
    expect(held).toMatchObject({ code: 0, stdout: expect.stringMatching(/^m\/[0-9a-f]+ \d+\n$/) });
    expect(await ctl(['lock', 'm', '--ttl=5', '--', 'sh', '-c', 'exit 3'])).toMatchObject({
      code: 1,
      stderr: 'Error: exit status 3\n',
    });
    expect((await ctl(['get', 'm/', '--prefix'])).stdout).toBe('');
  });

  it('a lock and an election are held until the tool is interrupted, and the next has them then', async () => {
    for (const args of [
      ['lock', 'l'],
      ['elect', 'l', 'me'],
    ]) {
      const first = new AbortController();
      const second = new AbortController();
      const out = ['', ''];
      const ends = [ctl(args, { interrupted: first.signal, onStdout: (text) => out.splice(0, 1, text) })];
      await waitUntil('the first has it', () => out[0]?.startsWith('l/') === true, START_MS);
      ends.push(ctl(args, { interrupted: second.signal, onStdout: (text) => out.splice(1, 1, text) }));
      await waitUntil(
        'both are in line',
        async () => {
          return (await ctl(['get', 'l/', '--prefix', '--keys-only'])).stdout.match(/l\//g)?.length === 2;
        },
        START_MS,
      );
      expect(out[1]).toBe('');
      first.abort();
      await waitUntil('the second has it', () => out[1]?.startsWith('l/') === true, START_MS);
      second.abort();
      expect((await Promise.all(ends)).map(({ code }) => code)).toEqual([0, 0]);
      expect((await ctl(['get', 'l/', '--prefix'])).stdout).toBe('');
    }
  });

  it('a mirror goes on where its state file says, and is compared at its end', async () => {
    const state = join(directory, 'mirror-state');
    const [target = ''] = other.endpoints;
    const there = async () =>
      (await capture(['--endpoints', target, 'get', 'to/', '--prefix', '--print-value-only'])).stdout;
    const words = ['make-mirror', '--prefix=from/', '--dest-prefix=to/', `--state-file=${state}`, target];
    for (const value of ['1', '2']) {
      await ctl(['put', `from/${value}`, value]);
      const abort = new AbortController();
      const running = ctl(words, { interrupted: abort.signal });
      await waitUntil('it is there', async () => (await there()).includes(value), START_MS);
      abort.abort();
      expect(await running).toMatchObject({ code: 0, stderr: expect.stringContaining('the mirror is true') });
    }
    expect(await there()).toBe('1\n2\n');
    expect(await ctl(['make-mirror', '--prefix=x/', `--state-file=${state}`, target])).toMatchObject({
      code: 128,
      stderr: expect.stringContaining('is of another mirror'),
    });
  });

  it('a mirror is made into an etcd, which is told by its version', async () => {
    const etcd = await TestCluster.start({ kind: 'etcd', voters: 1, flags: ['--log-level=error'] });
    try {
      const [target = ''] = etcd.endpoints;
      await ctl(['put', 'etcd/1', 'v']);
      const abort = new AbortController();
      const running = ctl(['make-mirror', '--prefix=etcd/', '--dest-prefix=there/', target], {
        interrupted: abort.signal,
      });
      const there = new EtcdGateway({ endpoint: target });
      await waitUntil('it is there', async () => (await there.range('there/1')).count === 1, START_MS);
      await there.close();
      abort.abort();
      expect(await running).toMatchObject({ code: 0, stderr: expect.stringContaining('the mirror is true: 1 keys') });
    } finally {
      await etcd.stop();
    }
  });

  it('users are made, given roles, asked for, and refused', async () => {
    await ctl(['user', 'add', 'root'], { stdin: 'r1\n' });
    await ctl(['user', 'add', 'alice:a1']);
    await ctl(['role', 'add', 'own']);
    await ctl(['role', 'grant-permission', 'own', 'readwrite', 'own/', '--prefix']);
    await ctl(['user', 'grant-role', 'alice', 'own']);
    expect((await ctl(['role', 'get', 'own'])).stdout).toBe(
      'Role own\nKV Read:\n\t[own/, own0) (prefix own/)\nKV Write:\n\t[own/, own0) (prefix own/)\n',
    );
    expect(await ctl(['auth', 'enable'])).toMatchObject({ code: 0, stdout: 'Authentication Enabled\n' });
    const env = { ETCDCTL_USER: 'alice', UNDERSTUDYCTL_PASSWORD: 'a1' };
    expect(await ctl(['put', 'own/x', '1'], { env })).toEqual({ code: 0, stdout: 'OK\n', stderr: '' });
    expect(await ctl(['--user=alice', 'get', 'own/x'], { stdin: 'a1\n' })).toMatchObject({
      code: 0,
      stdout: 'Password: own/x\n1\n',
    });
    expect(await ctl(['--user=alice:a1', 'get', 'a'])).toMatchObject({
      code: 1,
      stderr: 'Error: etcdserver: permission denied\n',
    });
    expect(await ctl(['--user=alice:no', 'get', 'own/x'])).toMatchObject({
      code: 2,
      stderr: 'Error: etcdserver: authentication failed, invalid user ID or password\n',
    });
    expect(await ctl(['get', 'a'])).toMatchObject({ code: 1, stderr: 'Error: etcdserver: user name is empty\n' });
    expect(await ctl(['--user=root:r1', 'auth', 'status'])).toMatchObject({
      stdout: expect.stringMatching(/^Authentication Status: true\nAuthRevision: \d+\n$/),
    });
    expect(await ctl(['--user=root:r1', 'auth', 'disable'])).toMatchObject({ code: 0 });
  });
});
