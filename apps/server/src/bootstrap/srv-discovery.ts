/**
 * Peers by DNS, as etcd has it: the SRV records `_etcd-server._tcp` of a domain, and `_etcd-server-ssl._tcp` for those
 * that speak TLS. Every machine that asks gets the same list in the same order, which makes it good for a bootstrap.
 */
import type { SrvRecord } from 'node:dns';
import { resolveSrv } from 'node:dns/promises';
import { ConfigError } from '../config/config-error.js';
import type { GivenFlags } from '../config/command-line.js';
import { canonicalUrl } from '../config/urls.js';

type Resolver = (name: string) => Promise<readonly SrvRecord[]>;

const NOTHING_THERE: ReadonlySet<string> = new Set(['ENOTFOUND', 'ENODATA']);

/** The peer URLs that `--discovery-srv` leads to; none without it. Throws ConfigError where it leads nowhere. */
export async function discoverPeers(flags: GivenFlags, resolve: Resolver = resolveSrv): Promise<readonly string[]> {
  const domain = flags.text('discovery-srv');
  if (domain === undefined) return [];
  const suffix = flags.text('discovery-srv-name');
  const service = (base: string): string => `_${base}${suffix === undefined ? '' : `-${suffix}`}._tcp.${domain}`;
  const [secure, plain] = await Promise.all([
    records(service('etcd-server-ssl'), resolve),
    records(service('etcd-server'), resolve),
  ]);
  const urls = [...urlsOf('https:', secure), ...urlsOf('http:', plain)];
  if (urls.length > 0) return urls;
  throw new ConfigError(`--discovery-srv: ${domain} has no SRV records ${service('etcd-server')}`);
}

async function records(name: string, resolve: Resolver): Promise<readonly SrvRecord[]> {
  try {
    return await resolve(name);
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException;
    if (NOTHING_THERE.has(code)) return [];
    throw new ConfigError(`--discovery-srv: could not look up ${name}: ${message}`);
  }
}

function urlsOf(protocol: string, found: readonly SrvRecord[]): string[] {
  return [...found]
    .sort((a, b) => a.priority - b.priority || b.weight - a.weight || compareText(a.name, b.name) || a.port - b.port)
    .map(({ name, port }) => canonicalUrl(new URL(`${protocol}//${name.replace(/\.$/, '')}:${port}`)));
}

function compareText(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
