// The endpoints of a run: as they are given, by DNS, and with TLS where the flags speak of TLS and the endpoint of nothing.
import type { SrvRecord } from 'node:dns';
import { resolveSrv } from 'node:dns/promises';
import { CtlError, ExitCode } from './exit-code.js';

export interface Discovery {
  /** Empty: none. */
  readonly domain: string;
  /** Empty: the usual one. */
  readonly service: string;
}

type Resolver = (name: string) => Promise<readonly SrvRecord[]>;

/** With `https://` where an endpoint has no scheme and TLS is wanted. */
export function withScheme(endpoint: string, tls: boolean): string {
  return tls && !endpoint.includes('://') ? `https://${endpoint}` : endpoint;
}

/**
 * What the SRV records `_etcd-client-ssl._tcp` and `_etcd-client._tcp` of a domain name.
 * @throws CtlError where there are none
 */
export async function discoverEndpoints(
  { domain, service }: Discovery,
  insecure: boolean,
  resolve: Resolver = resolveSrv,
): Promise<string[]> {
  const suffix = service === '' ? '' : `-${service}`;
  const names = [
    { name: `_etcd-client-ssl${suffix}._tcp.${domain}`, scheme: 'https' },
    { name: `_etcd-client${suffix}._tcp.${domain}`, scheme: 'http' },
  ].filter(({ scheme }) => insecure || scheme === 'https');
  const failures: string[] = [];
  const found = await Promise.all(
    names.map(async ({ name, scheme }) => {
      try {
        const records = await resolve(name);
        return records.map(({ name: host, port }) => `${scheme}://${host.replace(/\.$/, '')}:${port}`);
      } catch (error) {
        const { code = '', message } = error as NodeJS.ErrnoException;
        failures.push(`lookup ${name}: ${NOTHING.has(code) ? 'no such host' : message}`);
        return [];
      }
    }),
  );
  const endpoints = found.flat();
  if (endpoints.length > 0) return endpoints;
  throw new CtlError(ExitCode.error, `dns lookup errors: ${failures.join(' and ')}`);
}

const NOTHING: ReadonlySet<string> = new Set(['ENOTFOUND', 'ENODATA']);
