import type { SrvRecord } from 'node:dns';
import { expect, it } from 'vitest';
import { discoverPeers } from '../src/bootstrap/srv-discovery.js';
import { ownHostTowards } from '../src/bootstrap/surroundings.js';
import { resolveConfig } from '../src/config/config.js';
import { type GivenFlags, parseCommandLine } from '../src/config/command-line.js';

function flagsOf(...argv: string[]): GivenFlags {
  const parsed = parseCommandLine(argv, {}, '0.0.0');
  if (parsed.kind !== 'run') throw new Error('not a run');
  return parsed.flags;
}

const records: readonly SrvRecord[] = [
  { name: 'c.example.', port: 2380, priority: 1, weight: 5 },
  { name: 'b.example.', port: 2380, priority: 0, weight: 1 },
  { name: 'a.example', port: 2380, priority: 1, weight: 5 },
  { name: 'd.example', port: 2380, priority: 0, weight: 9 },
];

function resolver(zone: Record<string, readonly SrvRecord[]>): (name: string) => Promise<readonly SrvRecord[]> {
  return async (name) => {
    const found = zone[name];
    if (found === undefined) throw Object.assign(new Error(`queryS ${name}`), { code: 'ENOTFOUND' });
    return found;
  };
}

it('gives every machine the same list, whatever order DNS answers in', async () => {
  const flags = flagsOf('--discovery-srv=example.com');
  const name = '_etcd-server._tcp.example.com';
  const urls = await discoverPeers(flags, resolver({ [name]: records }));
  expect(urls).toEqual(['d', 'b', 'a', 'c'].map((host) => `http://${host}.example:2380`));
  expect(await discoverPeers(flags, resolver({ [name]: [...records].reverse() }))).toEqual(urls);
});

it('looks for the suffix that is asked for', async () => {
  const flags = flagsOf('--discovery-srv=example.com', '--discovery-srv-name=two');
  const zone = { '_etcd-server-two._tcp.example.com': records.slice(0, 1), '_etcd-server._tcp.example.com': records };
  expect(await discoverPeers(flags, resolver(zone))).toEqual(['http://c.example:2380']);
});

it('makes all of them the first members, this one too, unless told how many; the rest stand by', () => {
  const urls = ['a', 'b', 'c', 'd'].map((host) => `http://${host}.example:2380`);
  const config = (...argv: string[]) =>
    resolveConfig(flagsOf('--discovery-srv=example.com', ...argv), false, { peers: urls, ownHost: null });
  const d = '--initial-advertise-peer-urls=http://d.example:2380';
  expect(config(d).initialCluster.map(({ peerUrls }) => peerUrls)).toEqual(urls.map((url) => [url]));
  expect(config(d, '--bootstrap-expect=3').initialCluster).toEqual([]);
  expect(config(d, '--bootstrap-expect=3').join).toEqual(urls);
  expect(() => config(d, '--join=http://a:1')).toThrow(/--discovery-srv: goes without/);
});

it('says where it has looked in vain, and what the resolver said', async () => {
  const flags = flagsOf('--discovery-srv=example.com');
  await expect(discoverPeers(flags, resolver({}))).rejects.toThrow(/no SRV records _etcd-server._tcp.example.com/);
  const broken = async (): Promise<never> => Promise.reject(Object.assign(new Error('timeout'), { code: 'ETIMEOUT' }));
  await expect(discoverPeers(flags, broken)).rejects.toThrow(/could not look up .*: timeout/);
  expect(await discoverPeers(flagsOf(), broken)).toEqual([]);
});

it('finds by which address this machine is seen from another, and asks nobody for it', async () => {
  expect(await ownHostTowards('http://127.0.0.1:9')).toBe('127.0.0.1');
  expect(await ownHostTowards('http://no-such-host.invalid:9')).toBeNull();
  expect(await ownHostTowards('')).toBeNull();
});

it('listens where the cluster can reach it, where one flag says all', () => {
  const around = { peers: [], ownHost: '10.0.0.4' };
  const config = resolveConfig(flagsOf('--join=http://10.0.0.1:2379'), false, around);
  expect(config.advertisePeerUrls).toEqual(['http://10.0.0.4:2380']);
  expect(config.listenClientUrls).toEqual(['http://10.0.0.4:2379']);
  const own = '--listen-peer-urls=http://10.9.9.9:1';
  expect(resolveConfig(flagsOf(own), false, around).advertisePeerUrls).toEqual(['http://10.9.9.9:1']);
});
