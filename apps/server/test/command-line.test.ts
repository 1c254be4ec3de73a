import { afterAll, describe, expect, it } from 'vitest';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Config, resolveConfig } from '../src/config/config.js';
import { parseCommandLine } from '../src/config/command-line.js';

function configOf(argv: readonly string[], env: Readonly<Record<string, string>> = {}): Config {
  const parsed = parseCommandLine(argv, env, '0.0.0');
  if (parsed.kind !== 'run') throw new Error('not a run');
  return resolveConfig(parsed.flags, false);
}

describe('command line', () => {
  it('takes --a=b and --a b alike', () => {
    expect(configOf(['--name=n1']).name).toBe('n1');
    expect(configOf(['--name', 'n1']).name).toBe('n1');
  });

  it('takes one dash for two, as programs of Go do', () => {
    expect(configOf(['-name=n1', '-heartbeat-interval', '50', '-wal-paranoid'])).toMatchObject({
      name: 'n1',
      heartbeatIntervalMs: 50,
      walParanoid: true,
    });
    expect(() => configOf(['-pre-vote=false'])).toThrow(/--pre-vote: /);
    expect(() => configOf(['-no-such-flag'])).toThrow(/unknown option/);
  });

  it('takes members that have not started and so have no name, as member add prints them, of a cluster that exists', () => {
    const listed = 'default=http://localhost:2380,n1=http://a:1,=http://b:1,=http://c:1';
    const { initialCluster } = configOf([`--initial-cluster=${listed}`, '--initial-cluster-state=existing']);
    expect(initialCluster.at(-1)).toEqual({ name: '', peerUrls: ['http://b:1', 'http://c:1'] });
  });

  it('takes what the environment says, and the command line over it', () => {
    const env = { UNDERSTUDY_NAME: 'fromenv', UNDERSTUDY_HEARTBEAT_INTERVAL: '50', UNDERSTUDY_ELECTION_TIMEOUT: '500' };
    expect(configOf([], env)).toMatchObject({ name: 'fromenv', heartbeatIntervalMs: 50 });
    expect(configOf(['--name=fromflag'], env).name).toBe('fromflag');
  });

  it('reads booleans with and without a value, and durations with units', () => {
    expect(configOf(['--wal-paranoid']).walParanoid).toBe(true);
    expect(configOf(['--strict-reconfig-check=false']).strictReconfigCheck).toBe(false);
    expect(configOf(['--strict-reconfig-check=0']).strictReconfigCheck).toBe(false);
    expect(configOf(['--strict-reconfig-check=T']).strictReconfigCheck).toBe(true);
    expect(configOf(['--election-timeout=2s']).electionTimeoutMs).toBe(2000);
  });

  it('defaults to a cluster of this member alone, advertised where it listens', () => {
    const config = configOf(['--listen-peer-urls=http://127.0.0.1:9380']);
    expect(config.initialCluster).toEqual([{ name: 'default', peerUrls: ['http://127.0.0.1:9380'] }]);
    expect(config.advertiseClientUrls).toEqual(config.listenClientUrls);
  });

  const refused: readonly [string, readonly string[], RegExp][] = [
    ['an unknown flag', ['--no-such-flag'], /unknown option '--no-such-flag'/],
    ['a stray argument', ['stray'], /too many arguments/],
    ['a count that is none', ['--snapshot-count=many'], /"many" is not a whole number/],
    ['a boolean that is none', ['--wal-paranoid=maybe'], /"maybe" is neither true nor false/],
    ['a URL without a scheme', ['--listen-client-urls=127.0.0.1:2379'], /--listen-client-urls: "127.0.0.1:2379"/],
    ['a URL with a path', ['--listen-client-urls=http://a:1/x'], /must not have a path/],
    ['port 0, which nobody could be told', ['--listen-peer-urls=http://127.0.0.1:0'], /has port 0/],
    ['https without a certificate', ['--listen-client-urls=https://a:1'], /TLS/],
    ['an election timeout too close to the heartbeat', ['--election-timeout=300'], /at least 5 times/],
    ['a number out of range', ['--max-txn-ops=0'], /--max-txn-ops: 0 is outside/],
    [
      'fewer bytes for learners than help anybody',
      ['--learner-bytes-per-second=1000'],
      /--learner-bytes-per-second: 1000 is outside/,
    ],
    ['an unknown word', ['--initial-cluster-state=old'], /"old" is not one of new, existing/],
    [
      'a first member without a name',
      ['--initial-cluster=default=http://localhost:2380,=http://a:1'],
      /--initial-cluster: "=http:\/\/a:1" is not NAME=URL; only/,
    ],
    ['a cluster without this member', ['--initial-cluster=x=http://a:1'], /has no member "default"/],
    [
      'a cluster that gives this member other URLs',
      ['--initial-cluster=default=http://a:1'],
      /--initial-advertise-peer-urls/,
    ],
    ['one URL for two members', ['--initial-cluster=default=http://a:1,x=http://a:1'], /is given to "default" and "x"/],
    ["etcd's v2 discovery", ['--discovery=http://d/t'], /--discovery: .*--bootstrap-expect, or use --discovery-srv/],
    ['--join beside --initial-cluster', ['--join=http://a:1', '--initial-cluster=default=http://b:1'], /--join: goes/],
    ['more expected than named', ['--bootstrap-expect=2', '--join=http://a:1'], /2 machines are expected.*names 1/],
    ['a bootstrap of nobody', ['--bootstrap-expect=0', '--join=http://a:1'], /0 is outside 1..9/],
    [
      'client URLs where peer URLs are expected',
      ['--bootstrap-expect=1', '--join=http://a:1', '--listen-client-urls=http://a:1'],
      /http:\/\/a:1 is this machine's client URL/,
    ],
    [
      'a first voter that is only to stand by',
      ['--role=standby-only', '--bootstrap-expect=1', '--join=http://a:1', '--listen-peer-urls=http://a:1'],
      /--role: .*become voters/,
    ],
    ['a standby for no cluster', ['--role=standby-only'], /--role: .*give it --join/],
    [
      'a setting that the policy does not have',
      ['--policy=actveSize=3'],
      /--policy: there is no policy setting 'actve/,
    ],
    [
      'a policy out of range',
      ['--policy=activeSize=3 failoverAfter=99h'],
      /--policy: failoverAfter must be from 100ms/,
    ],
    [
      'a policy beyond what is kept',
      ['--policy=promoteMaxLag=9', '--snapshot-catchup-entries=8'],
      /--policy: promoteMax/,
    ],
    ['a number of learners out of range', ['--max-learners=65'], /--max-learners: maxLearners must be .* 1 to 64/],
    ['a zone with a space', ['--zone=a b'], /--zone: "a b"/],
    ['a retention that is no duration', ['--auto-compaction-retention=soon'], /"soon" is not a duration/],
  ];
  it.each(refused)('refuses %s in one line that names it', (_what, argv, text) => {
    expect(() => configOf(argv)).toThrow(text);
    try {
      configOf(argv);
    } catch (error) {
      expect((error as Error).message).not.toContain('\n');
      expect((error as Error).name).toBe('ConfigError');
    }
  });

  it('tells the environment variables that are no flag, and no others', () => {
    const env = { UNDERSTUDY_NAME: 'n1', UNDERSTUDY_NMAE: 'n1', UNDERSTUDY_TRACE: '1', OTHER: 'x' };
    expect(parseCommandLine([], env, '0.0.0')).toMatchObject({ kind: 'run', unknownVariables: ['UNDERSTUDY_NMAE'] });
  });

  it("tells the environment variables that are etcd's, and does not read them", () => {
    const env = { ETCD_NAME: 'n1', ETCD_WAL_DIR: '/x', ETCD_PORT: 'tcp://10.0.0.1:2379', ETCDCTL_API: '3' };
    expect(parseCommandLine([], env, '0.0.0')).toMatchObject({ etcdVariables: ['ETCD_NAME', 'ETCD_WAL_DIR'] });
    expect(configOf([], env).name).toBe('default');
  });

  it('gives a URL without a port the port of its scheme, so that URLs can be compared', () => {
    expect(configOf(['--listen-peer-urls=http://a']).listenPeerUrls).toEqual(['http://a:80']);
  });

  it('refuses a bad environment variable by its name', () => {
    expect(() => configOf([], { UNDERSTUDY_MAX_TXN_OPS: 'x' })).toThrow(/^UNDERSTUDY_MAX_TXN_OPS: /);
  });
});

describe("etcd's flags", () => {
  it('that mean nothing here are accepted where they ask for what is done anyway', () => {
    const asIs = ['--pre-vote', '--enable-v2=false', '--logger=zap', '--proxy', 'off', '--metrics=extensive'];
    expect(configOf([...asIs, '--name=n1']).name).toBe('n1');
  });

  it.each([
    [['--pre-vote=false'], {}, /--pre-vote: pre-vote is always on/],
    [['--wal-dir=/x'], {}, /--wal-dir: .*--data-dir/],
    [['--proxy=on'], {}, /--proxy: .*see --join/],
    [['--enable-pprof'], {}, /--enable-pprof: .*node/],
    [['gateway', 'start'], {}, /gateway: .*--join/],
    [['grpc-proxy', 'start'], {}, /grpc-proxy: .*--standby-mode=forward/],
    [[], { UNDERSTUDY_BCRYPT_COST: '31' }, /--bcrypt-cost: .*scrypt/],
  ])('are refused with a reason: %j %j', (argv, env, text) => {
    expect(() => configOf(argv, env as Record<string, string>)).toThrow(text);
  });

  it('take the bounds that etcd takes', () => {
    const most = ['--max-concurrent-streams=4294967295', '--grpc-keepalive-timeout=0'];
    expect(configOf(most)).toMatchObject({ maxConcurrentStreams: 4_294_967_295, grpcKeepAliveTimeoutMs: 0 });
    for (const none of ['0', '0s', '0h']) {
      expect(configOf([`--auto-compaction-retention=${none}`]).autoCompaction).toEqual({ mode: 'off' });
    }
  });

  it.skipIf(!existsSync('/usr/bin/etcd'))('are all known', () => {
    const help = execFileSync('etcd', ['--help'], { encoding: 'utf8' });
    const names = [...help.matchAll(/^ {2}--([a-z0-9-]+) /gm)].map(([, name]) => name as string);
    expect(names.length).toBeGreaterThan(70);
    const unknown = names.filter((name) => {
      try {
        parseCommandLine([`--${name}=x`], {}, '0.0.0');
        return false;
      } catch (error) {
        return /unknown option/.test((error as Error).message);
      }
    });
    expect(unknown.filter((name) => name !== 'force-new-cluster')).toEqual([]);
  });
});

describe('a configuration file', () => {
  const directory = mkdtempSync(join(tmpdir(), 'config-file-'));
  const file = join(directory, 'etcd.conf.yml');
  const written = (text: string): string => {
    writeFileSync(file, text);
    return `--config-file=${file}`;
  };
  afterAll(() => rmSync(directory, { recursive: true }));

  it('says what the command line and the environment do not', () => {
    const flag = written(
      'name: fromfile\nheartbeat-interval: 50\nelection-timeout: 700\nstrict-reconfig-check: false\n',
    );
    const env = { UNDERSTUDY_ELECTION_TIMEOUT: '500' };
    expect(configOf([flag, '--name=given'], env)).toMatchObject({
      name: 'given',
      heartbeatIntervalMs: 50,
      electionTimeoutMs: 500,
      strictReconfigCheck: false,
    });
  });

  it("has etcd's sections for TLS, and its flags that mean nothing here", () => {
    const flag = written('pre-vote: true\npeer-transport-security:\n  cert-file: /c\n  key-file: /k\n');
    expect(configOf([flag]).peerTls).toMatchObject({ certFile: '/c', keyFile: '/k' });
  });

  it.each([
    ['no-such-flag: 1', /no flag is called "no-such-flag"/],
    ['heartbeat-interval: soon', /heartbeat-interval: "soon" is not a duration/],
    ['wal-dir: /x', /--wal-dir/],
    ['- a', /must have names of flags as keys/],
    ['name: {a: b}', /name must be a value/],
    ['a: [', /cannot be read/],
  ])('is refused for %j', (text, error) => {
    expect(() => configOf([written(text)])).toThrow(error);
  });

  it('that is not there is named', () => {
    expect(() => configOf(['--config-file=/no/such'])).toThrow(/--config-file: \/no\/such cannot be read/);
  });
});
