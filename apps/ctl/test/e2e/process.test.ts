// The tool as a process of its own: arguments, streams, signals and exit codes as a shell sees them.
import { afterEach, beforeEach, expect, it } from 'vitest';
import { FakeCluster } from '../../../../packages/client/test/fake/fake-cluster.js';
import { runCtl, startCtl } from './processes.js';

let cluster: FakeCluster;
beforeEach(async () => {
  cluster = await FakeCluster.start(1);
});
afterEach(() => cluster.close());

it('writes, reads and fails with the exit codes of etcdctl', async () => {
  const env = { UNDERSTUDYCTL_ENDPOINTS: cluster.endpoints.join(',') };
  expect(await runCtl(['put', 'k', 'wörld'], env)).toEqual({ code: 0, stdout: 'OK\n', stderr: '' });
  expect(await runCtl(['get', 'k'], env)).toEqual({ code: 0, stdout: 'k\nwörld\n', stderr: '' });
  expect(await runCtl(['get'], env)).toMatchObject({ code: 128, stdout: '' });
  expect(await runCtl(['get', 'k', '--bogus'], env)).toEqual({
    code: 1,
    stdout: '',
    stderr: 'Error: unknown flag: --bogus\n',
  });
});

it('loads no database for a command that needs none', async () => {
  const report = 'for (const file of process.report.getReport().sharedObjects) console.error(file)';
  const listed = {
    NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(`process.on("exit", () => { ${report} })`)}`,
  };
  const help = await runCtl(['--help'], listed);
  expect(help.stdout).toMatch(/recover/);
  expect(help.stderr).toMatch(/libc/);
  expect(help.stderr).not.toMatch(/level/);
  // What would be seen.
  expect((await runCtl(['wal', 'verify', 'no-such-directory'], listed)).stderr).toMatch(/classic-level/);
});

it.each(['SIGINT', 'SIGTERM'] as const)('a watch ends well with %s', async (signal) => {
  const child = startCtl(['--endpoints', cluster.endpoints.join(','), 'watch', 'k', '--rev=1']);
  let stdout = '';
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  await new Promise<void>((resolve) => {
    child.stdout?.on('data', (chunk: Buffer) => {
      stdout += chunk.toString();
      if (stdout === 'PUT\nk\nv\n') resolve();
    });
    const put = (): void => {
      if (cluster.store.listeners.size === 0) return void setTimeout(put, 5);
      cluster.store.put(
        {
          key: Buffer.from('k'),
          value: Buffer.from('v'),
          lease: 0n,
          prevKv: false,
          ignoreValue: false,
          ignoreLease: false,
        },
        { clusterId: 0, memberId: 0, revision: 0, raftTerm: 0 },
      );
    };
    put();
  });
  child.kill(signal);
  expect(await ended).toBe(0);
  expect(stdout).toBe('PUT\nk\nv\n');
});

it('a call that hangs ends with SIGINT', async () => {
  cluster.member(0).intercept = (method) => method.name === 'Put';
  const child = startCtl(['--endpoints', cluster.endpoints.join(','), '--command-timeout=60s', 'put', 'k', 'v']);
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  await new Promise<void>((resolve) => {
    const look = (): void => {
      if (cluster.member(0).countOf('Put') === 0) return void setTimeout(look, 5);
      child.kill('SIGINT');
      resolve();
    };
    look();
  });
  expect(await ended).not.toBe(0);
});
