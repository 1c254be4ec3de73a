// Whole runs against fake members on real sockets.
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FakeCluster } from '../../../packages/client/test/fake/fake-cluster.js';
import { capture, type Captured, type CaptureOptions } from './capture.js';

let cluster: FakeCluster;
beforeEach(async () => {
  cluster = await FakeCluster.start(3);
});
afterEach(() => cluster.close());

function ctl(args: readonly string[], options?: CaptureOptions): Promise<Captured> {
  return capture(['--endpoints', cluster.endpoints.join(','), ...args], options);
}

async function stdoutOf(args: readonly string[], options?: CaptureOptions): Promise<string> {
  const { code, stdout, stderr } = await ctl(args, options);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return stdout;
}

describe('put, get and del', () => {
  it('write, read and delete', async () => {
    expect(await stdoutOf(['put', 'a', '1'])).toBe('OK\n');
    expect(await stdoutOf(['put', 'a', '2', '--prev-kv'])).toBe('OK\na\n1\n');
    expect(await stdoutOf(['get', 'a'])).toBe('a\n2\n');
    expect(await stdoutOf(['get', 'a', '--rev=2', '--print-value-only'])).toBe('1\n');
    expect(await stdoutOf(['del', 'a', '--prev-kv'])).toBe('1\na\n2\n');
    expect(await stdoutOf(['get', 'a'])).toBe('');
  });

  it('take ranges, orders and limits', async () => {
    for (const key of ['a/1', 'a/2', 'b']) await ctl(['put', key, key]);
    expect(await stdoutOf(['get', 'a/', '--prefix', '--keys-only'])).toBe('a/1\n\na/2\n\n');
    expect(await stdoutOf(['get', 'a/2', '--from-key', '--print-value-only'])).toBe('a/2\nb\n');
    expect(await stdoutOf(['get', '', '--prefix', '--order=DESCEND', '--limit=1'])).toBe('b\nb\n');
    expect(await stdoutOf(['get', 'a', 'b', '--sort-by=create', '--print-value-only'])).toBe('a/1\na/2\n');
    expect(await stdoutOf(['get', 'a/1', '--consistency=s', '--hex'])).toBe('\\x61\\x2f\\x31\n\\x61\\x2f\\x31\n');
    expect(await stdoutOf(['get', '', '--prefix', '--count-only', '-w=fields'])).toContain('"Count" : 3\n');
    expect(await stdoutOf(['del', '', '--prefix'])).toBe('3\n');
  });

  it('take the value from stdin as it is, and words after -- whatever they look like', async () => {
    await stdoutOf(['put', 'k'], { stdin: 'v w\nx\n' });
    expect(await stdoutOf(['get', 'k'])).toBe('k\nv w\nx\n\n');
    await stdoutOf(['put', '--', '-k', '-v']);
    expect(await stdoutOf(['get', '--', '-k'])).toBe('-k\n-v\n');
  });

  it.each([
    [['put'], 128, 'put command needs 1 argument and input from stdin or 2 arguments'],
    [['put', 'a'], 128, 'put command needs 1 argument and input from stdin or 2 arguments'],
    [['put', 'a', 'b', '--ignore-value'], 128, "put command needs only 1 argument when 'ignore-value' is set"],
    [
      ['put', 'a', 'b', '--lease=zz'],
      128,
      'bad lease ID (strconv.ParseInt: parsing "zz": invalid syntax), expecting ID in Hex',
    ],
    [['put', 'a', 'b', '--lease=12'], 1, 'etcdserver: requested lease not found'],
    [['put', '', 'b'], 1, 'etcdserver: key is not provided'],
    [['get'], 128, 'get command needs one argument as key and an optional argument as range_end'],
    [
      ['get', 'a', 'b', '--prefix'],
      128,
      'too many arguments, only accept one argument when `--prefix` or `--from-key` is set',
    ],
    [
      ['get', 'a', '--prefix', '--from-key'],
      128,
      '`--prefix` and `--from-key` cannot be set at the same time, choose one',
    ],
    [['get', 'a', '--order=UP'], 4, 'bad sort order UP'],
    [['get', 'a', '--sort-by=X'], 4, 'bad sort target X'],
    [['get', 'a', '--consistency=z'], 4, 'unknown consistency flag "z"'],
    [['get', 'a', '--rev=1000'], 1, 'etcdserver: mvcc: required revision is a future revision'],
    [['get', 'a', '--print-value-only', '-w=json'], 128, 'print-value-only is only for `--write-out=simple`'],
    [['get', 'a', '-w=xml'], 4, 'unsupported output format'],
    [['get', 'a', '-w=table'], 4, 'table not supported as output format'],
    [['get', 'a', '--bogus'], 1, 'unknown flag: --bogus'],
    [
      ['get', 'a', '--limit=x'],
      1,
      'invalid argument "x" for "--limit" flag: strconv.ParseInt: parsing "x": invalid syntax',
    ],
    [
      ['get', 'a', '--command-timeout=5'],
      1,
      'invalid argument "5" for "--command-timeout" flag: time: missing unit in duration "5"',
    ],
    [['del'], 128, 'del command needs one argument as key and an optional argument as range_end'],
    [['compaction'], 128, 'compaction command needs 1 argument'],
    [['compaction', 'x'], 1, 'strconv.ParseInt: parsing "x": invalid syntax'],
    [['bogus'], 1, 'unknown command "bogus" for "understudyctl"; see --help'],
    [['lease', 'bogus'], 1, 'unknown command "bogus" for "understudyctl lease"'],
  ])('%j ends with %i and one line', async (args, code, message) => {
    expect(await ctl(args)).toEqual({ code, stdout: '', stderr: `Error: ${message}\n` });
  });
});

it('compaction says what it did', async () => {
  await ctl(['put', 'a', '1']);
  expect(await stdoutOf(['compaction', '2'])).toBe('compacted revision 2\n');
  expect((await ctl(['compaction', '2'])).stderr).toBe(
    'Error: etcdserver: mvcc: required revision has been compacted\n',
  );
});

describe('txn', () => {
  const TXN = 'mod("k") > "0"\n\nget k\n\nput k "1 2"\n\n';

  it('carries out one side, then the other', async () => {
    expect(await stdoutOf(['txn'], { stdin: TXN })).toBe('FAILURE\n\nOK\n');
    expect(await stdoutOf(['txn'], { stdin: TXN })).toBe('SUCCESS\n\nk\n1 2\n');
  });

  it('asks for its parts when it is interactive', async () => {
    expect(await stdoutOf(['txn', '-i'], { stdin: TXN })).toBe(
      'compares:\nsuccess requests (get, put, del):\nfailure requests (get, put, del):\nFAILURE\n\nOK\n',
    );
  });

  it.each([
    ['', [], 3, 'EOF'],
    ['mod("k") > "0"\n\nget k\n', [], 3, 'EOF'],
    ['foo\n', [], 3, 'malformed comparison: foo'],
    ['', ['x'], 128, 'txn command does not accept argument'],
  ])('%j is refused', async (stdin, args, code, message) => {
    expect(await ctl(['txn', ...args], { stdin })).toEqual({ code, stdout: '', stderr: `Error: ${message}\n` });
  });
});

describe('lease', () => {
  it('grants, shows, renews, lists and revokes', async () => {
    expect(await stdoutOf(['lease', 'grant', '60'])).toBe('lease 00000000000003e8 granted with TTL(60s)\n');
    await stdoutOf(['put', 'k', 'v', '--lease=3e8']);
    expect(await stdoutOf(['lease', 'timetolive', '3e8', '--keys'])).toMatch(
      /^lease 00000000000003e8 granted with TTL\(60s\), remaining\(5\ds\), attached keys\(\[k\]\)\n$/,
    );
    expect(await stdoutOf(['lease', 'keep-alive', '--once', '3e8'])).toBe(
      'lease 00000000000003e8 keepalived with TTL(60)\n',
    );
    expect(await stdoutOf(['lease', 'list'])).toBe('found 1 leases\n00000000000003e8\n');
    expect(await stdoutOf(['lease', 'revoke', '3e8'])).toBe('lease 00000000000003e8 revoked\n');
    expect(await stdoutOf(['get', 'k'])).toBe('');
    expect(await stdoutOf(['lease', 'timetolive', '3e8'])).toBe('lease 00000000000003e8 already expired\n');
    expect(await stdoutOf(['lease', 'keep-alive', '3e8'])).toBe('lease 00000000000003e8 expired or revoked.\n');
  });

  it('keep-alive renews until it is interrupted, and then ends well', async () => {
    await ctl(['lease', 'grant', '1']);
    const interrupt = new AbortController();
    const { code, stdout, stderr } = await ctl(['lease', 'keep-alive', '3e8'], {
      interrupted: interrupt.signal,
      onStdout: (text) => {
        if (text.split('\n').length > 2) interrupt.abort();
      },
    });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toBe('lease 00000000000003e8 keepalived with TTL(1)\n'.repeat(2));
  });

  it.each([
    [['grant'], 128, 'lease grant command needs TTL argument'],
    [['grant', 'x'], 128, 'bad TTL (strconv.ParseInt: parsing "x": invalid syntax)'],
    [['grant', '5', '-w=table'], 4, 'table not supported as output format'],
    [['revoke'], 128, 'lease revoke command needs 1 argument'],
    [['revoke', 'xyz'], 128, 'bad lease ID arg (strconv.ParseInt: parsing "xyz": invalid syntax), expecting ID in Hex'],
    [['revoke', '5'], 1, 'failed to revoke lease (etcdserver: requested lease not found)'],
    [['keep-alive'], 128, 'lease keep-alive command needs lease ID as argument'],
    [['keep-alive', '--once', '5'], 2, 'etcdserver: requested lease not found'],
    [['timetolive'], 128, 'lease timetolive command needs lease ID as argument'],
  ])('%j ends with %i and one line', async (args, code, message) => {
    expect(await ctl(['lease', ...args])).toEqual({ code, stdout: '', stderr: `Error: ${message}\n` });
  });
});

describe('watch', () => {
  /** Runs a watch, makes some changes once it watches, and interrupts it when it has printed enough. */
  async function watch(args: readonly string[], enough: string): Promise<Captured> {
    const interrupt = new AbortController();
    const running = ctl(['watch', ...args], {
      interrupted: interrupt.signal,
      onStdout: (text) => {
        if (text.endsWith(enough)) interrupt.abort();
      },
    });
    while (cluster.store.listeners.size === 0) await delay(2);
    await ctl(['put', 'w', 'v1']);
    await ctl(['put', 'w', 'v2']);
    await ctl(['del', 'w']);
    return running;
  }

  it('prints what happens until it is interrupted, and then ends well', async () => {
    const captured = await watch(['w', '--prev-kv'], 'DELETE\nw\nv2\nw\n\n');
    expect(captured).toEqual({ code: 0, stdout: 'PUT\nw\nv1\nPUT\nw\nv1\nw\nv2\nDELETE\nw\nv2\nw\n\n', stderr: '' });
  });

  it('begins with a revision, for a prefix, in JSON', async () => {
    await ctl(['put', 'w/1', 'x']);
    const { stdout } = await watch(
      ['w', '--prefix', '--rev=2', '-w=json'],
      '"mod_revision":5}}],"CompactRevision":0,"Canceled":false,"Created":false}\n',
    );
    expect(stdout.split('\n')).toHaveLength(5);
    expect(JSON.parse(stdout.split('\n')[0] as string)).toMatchObject({ Events: [{ kv: { value: 'eA==' } }] });
  });

  it('runs a program for each event, with the event in its environment', async () => {
    const script = 'echo "$ETCD_WATCH_EVENT_TYPE $UNDERSTUDY_WATCH_KEY $ETCD_WATCH_VALUE $ETCD_WATCH_REVISION"';
    const { stdout, stderr } = await watch(['w', '--', '/bin/sh', '-c', script], '"DELETE" "w" "" 4\n');
    expect(stderr).toBe('');
    expect(stdout).toBe('PUT\nw\nv1\n"PUT" "w" "v1" 2\nPUT\nw\nv2\n"PUT" "w" "v2" 3\nDELETE\nw\n\n"DELETE" "w" "" 4\n');
  });

  it.each([
    [['/bin/false'], 'command ["/bin/false"] error (exit status 1)\n'],
    [
      ['no-such-program'],
      'command ["no-such-program"] error (exec: "no-such-program": executable file not found in $PATH)\n',
    ],
  ])('ends when its program %j fails', async (words, stderr) => {
    expect(await watch(['w', '--', ...words], 'never')).toEqual({ code: 1, stdout: 'PUT\nw\nv1\n', stderr });
  });

  it('takes watches from stdin, one a line, and says which lines are none', async () => {
    await ctl(['put', 'w', 'v1']);
    await ctl(['put', 'x y', 'v2']);
    const lines = [
      'watch w --rev=1',
      '',
      'get w',
      'watch',
      'watch --bad',
      'watch "x\\x20" --prefix --rev=1 -- echo ran',
    ];
    let close = (): void => undefined;
    const both = new Promise<void>((resolve) => {
      close = resolve;
    });
    async function* stdin(): AsyncGenerator<string> {
      yield `${lines.join('\n')}\n`;
      await both;
    }
    const onStdout = (text: string): void => {
      if (text.includes('ran\n') && text.includes('w\nv1\n')) close();
    };
    const { code, stdout, stderr } = await ctl(['watch', '-i'], { stdin: stdin(), onStdout });
    expect(stdout).toContain('PUT\nw\nv1\n');
    expect(stdout).toContain('PUT\nx y\nv2\n');
    expect(stderr.split('\n')).toEqual([
      'Invalid command get w (only support watch)',
      'Invalid command watch (bad number of arguments)',
      expect.stringMatching(/^Invalid command watch --bad \(.*unknown option '--bad'\)$/),
      'Error: Error reading watch request line: EOF',
      '',
    ]);
    expect(code).toBe(3);
  });

  it('takes key and range end from the environment where it is given none', async () => {
    await ctl(['put', 'b', 'v']);
    const interrupt = new AbortController();
    const { stdout } = await ctl(['watch', '--rev=1'], {
      env: { ETCDCTL_WATCH_KEY: 'a', ETCDCTL_WATCH_RANGE_END: 'c' },
      interrupted: interrupt.signal,
      onStdout: () => interrupt.abort(),
    });
    expect(stdout).toBe('PUT\nb\nv\n');
  });

  it('ends when what it is to begin with is compacted', async () => {
    for (const value of ['1', '2', '3']) await ctl(['put', 'w', value]);
    await ctl(['compaction', '3']);
    expect(await ctl(['watch', 'w', '--rev=2'])).toEqual({
      code: 5,
      stdout: '',
      stderr:
        'watch was canceled (etcdserver: mvcc: required revision has been compacted)\nError: watch is canceled by the server\n',
    });
  });

  it.each([
    [[], 'bad number of arguments'],
    [['a', 'b', '--prefix'], '`range_end` and `--prefix` are mutually exclusive'],
  ])('%j is refused', async (args, message) => {
    expect(await ctl(['watch', ...args])).toEqual({ code: 128, stdout: '', stderr: `Error: ${message}\n` });
  });
});

describe('member', () => {
  it('lists, adds, updates, promotes and removes', async () => {
    expect((await stdoutOf(['member', 'list'])).split('\n')).toHaveLength(4);
    const added = await stdoutOf(['member', 'add', 'n4', '--learner', '--peer-urls=http://127.0.0.1:9']);
    expect(added).toContain('Member 00000000000000b1 added to cluster 00000000000000c1\n\nUNDERSTUDY_NAME="n4"\n');
    expect(added).toContain('UNDERSTUDY_INITIAL_CLUSTER="n4=http://127.0.0.1:9,m161=');
    expect((await stdoutOf(['member', 'list'])).split('\n')[3]).toBe(
      '00000000000000b1, unstarted, , http://127.0.0.1:9, , true',
    );
    await stdoutOf(['member', 'update', 'b1', '--peer-urls=http://127.0.0.1:8']);
    expect((await ctl(['member', 'promote', 'b1'])).stderr).toBe(
      'Error: etcdserver: can only promote a learner member which is in sync with leader\n',
    );
    expect(await stdoutOf(['member', 'remove', 'b1'])).toBe(
      'Member 00000000000000b1 removed from cluster 00000000000000c1\n',
    );
  });

  it.each([
    [['add'], 128, 'member name not provided'],
    [['add', 'a', 'b'], 128, 'too many arguments'],
    [['add', 'a'], 128, 'member peer urls not provided'],
    [['remove'], 128, 'member ID is not provided'],
    [['remove', 'zz'], 128, 'bad member ID arg (strconv.ParseUint: parsing "zz": invalid syntax), expecting ID in Hex'],
    [['remove', 'ffffffffffffffff'], 1, 'etcdserver: member not found'],
    [['update', 'b1'], 128, 'member peer urls not provided'],
    [['promote'], 128, 'member ID is not provided'],
  ])('%j ends with %i and one line', async (args, code, message) => {
    expect(await ctl(['member', ...args])).toEqual({ code, stdout: '', stderr: `Error: ${message}\n` });
  });
});

describe('endpoint', () => {
  it('status asks each one, in their order', async () => {
    cluster.elect(cluster.member(1));
    const lines = (await stdoutOf(['endpoint', 'status'])).split('\n');
    expect(lines[0]).toBe(`${cluster.endpoints[0]}, 00000000000000a1, 3.4.0, 20 kB, false, false, 3, 4, 4, `);
    expect(lines[1]).toBe(`${cluster.endpoints[1]}, 00000000000000a2, 3.4.0, 20 kB, true, false, 3, 4, 4, `);
  });

  it('status tells of a learner as of any other', async () => {
    cluster.member(2).isLearner = true;
    expect((await stdoutOf(['endpoint', 'status'])).split('\n')[2]).toContain(', false, true, ');
  });

  it('status prints what it has when one does not answer, and fails', async () => {
    await cluster.member(0).kill();
    const { code, stdout, stderr } = await ctl(['endpoint', 'status', '--command-timeout=2s']);
    expect(code).toBe(1);
    expect(stdout.split('\n')).toHaveLength(3);
    expect(stderr).toBe(`Failed to get the status of endpoint ${cluster.endpoints[0]} (context deadline exceeded)\n`);
  });

  it('health reads through each one', async () => {
    expect((await ctl(['endpoint', 'health'])).stderr).toMatch(/^(127.0.0.1:\d+ is healthy: .* took = .*s\n){3}$/);
    cluster.elect(undefined);
    const { code, stderr } = await ctl(['endpoint', 'health', '--command-timeout=2s']);
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^(127.0.0.1:\d+ is unhealthy: failed to commit proposal: etcdserver: no leader\n){3}Error: unhealthy cluster\n$/,
    );
  });

  it('--cluster asks the client urls of all members', async () => {
    const only = await capture(['--endpoints', cluster.endpoints[0] as string, 'endpoint', 'status', '--cluster']);
    expect(only.stdout.split('\n').map((line) => line.split(',')[0])).toEqual([
      ...cluster.endpoints.map((endpoint) => `http://${endpoint}`),
      '',
    ]);
  });
});

it('move-leader finds the leader among the endpoints', async () => {
  expect(await stdoutOf(['move-leader', 'a3'])).toBe(
    'Leadership transferred from 00000000000000a1 to 00000000000000a3\n',
  );
  expect(cluster.leader).toBe(cluster.member(2));
  expect(await ctl(['move-leader'])).toMatchObject({
    code: 128,
    stderr: 'Error: move-leader command needs 1 argument\n',
  });
  expect(await ctl(['move-leader', '12'])).toMatchObject({
    code: 1,
    stderr: 'Error: etcdserver: bad leader transferee\n',
  });
  const follower = await capture(['--endpoints', cluster.endpoints[0] as string, 'move-leader', 'a2']);
  expect(follower).toMatchObject({
    code: 128,
    stderr: `Error: no leader endpoint given at [${cluster.endpoints[0]}]\n`,
  });
});

describe('global flags', () => {
  it('may stand before and after the command, and come from the environment', async () => {
    const endpoints = cluster.endpoints.join(',');
    await ctl(['put', 'a', '1']);
    for (const env of [{ UNDERSTUDYCTL_ENDPOINTS: endpoints }, { ETCDCTL_ENDPOINTS: endpoints }] as const) {
      expect((await capture(['get', 'a'], { env: { ...env } as Record<string, string> })).stdout).toBe('a\n1\n');
    }
    const env = { UNDERSTUDYCTL_ENDPOINTS: endpoints, ETCDCTL_ENDPOINTS: '127.0.0.1:1', UNDERSTUDYCTL_HEX: 'true' };
    expect((await capture(['get', 'a'], { env })).stdout).toBe('\\x61\n\\x31\n');
    expect((await capture(['get', 'a', '--endpoints', endpoints])).stdout).toBe('a\n1\n');
  });

  it('say who asks', async () => {
    const tokens: (string | undefined)[] = [];
    for (const member of cluster.members) {
      member.intercept = (method, call) => {
        if (method.name === 'Put') tokens.push(call.token);
        return false;
      };
    }
    await stdoutOf(['put', 'a', '1', '--user=root:secret']);
    await stdoutOf(['put', 'a', '1', '--user=root', '--password=secret']);
    expect(tokens).toEqual(['token of root', 'token of root']);
    expect((await ctl(['put', 'a', '1', '--user=root:guess'])).stderr).toBe(
      'Error: etcdserver: authentication failed, invalid user ID or password\n',
    );
  });

  it('say how long to wait for somebody', async () => {
    const { code, stderr } = await capture(['--endpoints=127.0.0.1:1', 'get', 'a', '--command-timeout=150ms']);
    expect({ code, stderr }).toEqual({ code: 1, stderr: 'Error: context deadline exceeded\n' });
  });
});

describe('help', () => {
  it('is there for the tool and for every command', async () => {
    const tool = await capture(['--help']);
    expect(tool.code).toBe(0);
    const commands = [...tool.stdout.slice(tool.stdout.indexOf('Commands:')).matchAll(/^ {2}(\S+) {2,}/gm)].map(
      ([, name]) => name,
    );
    expect(commands).toEqual(
      expect.arrayContaining(['put', 'get', 'del', 'txn', 'watch', 'lease', 'member', 'endpoint']),
    );
    for (const name of commands) {
      if (name === 'help') continue;
      const { code, stdout } = await capture([name as string, '--help']);
      expect(code).toBe(0);
      expect(stdout).toContain('Global Options:');
    }
  });

  it('is what a group of commands prints alone', async () => {
    expect((await capture(['member'])).stdout).toContain('Usage: understudyctl member <command>');
  });
});

it.each([
  [['defrag', '--data-dir=/x'], /--data-dir: .*by itself/],
  [['snapshot', 'restore', 'file', '--wal-dir=/x'], /--wal-dir: .*--data-dir/],
  [['migrate', 'now'], /migrate: .*make-mirror/],
])("what etcdctl has for etcd's files alone is refused with the reason: %j", async (args, text) => {
  const { code, stderr } = await ctl(args);
  expect([code, stderr]).toEqual([128, expect.stringMatching(text)]);
});

it('version tells the version of the tool and of its API', async () => {
  expect((await capture(['version'])).stdout).toMatch(/^understudyctl version: \d+\.\d+\.\d+\nAPI version: 3\.4\n$/);
});
