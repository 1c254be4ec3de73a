/**
 * Who may speak HTTP to us. A browser tells where a page came from (Origin) and which name it used for us (Host); a
 * foreign one of either is a cross-site request or DNS rebinding, and is refused unless it is allow-listed.
 * Addresses given as IP literals cannot be rebound and are always accepted.
 */
import { isIP } from 'node:net';
import type { Config } from '../config/config.js';

export interface HostGuardOptions {
  /** Host names that are ours: those of the listened and advertised URLs. */
  readonly ownHosts: readonly string[];
  /** More host names, from `--host-whitelist`; `*` accepts any. */
  readonly extraHosts: readonly string[];
  /** Web origins besides our own, from `--cors`; `*` accepts any. */
  readonly origins: readonly string[];
}

export type HostVerdict = { readonly ok: true } | { readonly ok: false; readonly text: string };

const OK: HostVerdict = { ok: true };

export class HostGuard {
  readonly #hosts: ReadonlySet<string>;
  readonly #origins: ReadonlySet<string>;

  constructor(options: HostGuardOptions) {
    this.#hosts = new Set(['localhost', ...options.ownHosts, ...options.extraHosts].map((host) => host.toLowerCase()));
    this.#origins = new Set(options.origins.map((origin) => origin.toLowerCase().replace(/\/$/, '')));
  }

  check(host: string | undefined, origin: string | undefined): HostVerdict {
    if (host !== undefined && !this.#knowsHost(host)) {
      return { ok: false, text: `host "${host.slice(0, 100)}" is not one of this server's; see --host-whitelist` };
    }
    if (origin !== undefined && !this.#knowsOrigin(origin, host)) {
      return { ok: false, text: `origin "${origin.slice(0, 100)}" may not use this server; see --cors` };
    }
    return OK;
  }

  /** The origin to echo in Access-Control-Allow-Origin; null for none. */
  allowedOrigin(origin: string | undefined, host: string | undefined): string | null {
    return origin !== undefined && this.#knowsOrigin(origin, host) ? origin : null;
  }

  #knowsHost(host: string): boolean {
    if (this.#hosts.has('*')) return true;
    const name = hostName(host);
    return isIP(name) !== 0 || this.#hosts.has(name);
  }

  #knowsOrigin(origin: string, host: string | undefined): boolean {
    const lower = origin.toLowerCase();
    if (this.#origins.has('*') || this.#origins.has(lower)) return true;
    return (
      host !== undefined && (lower === `http://${host.toLowerCase()}` || lower === `https://${host.toLowerCase()}`)
    );
  }
}

/** The name in a Host header: without the port, without the brackets of an IPv6 literal. */
function hostName(host: string): string {
  const bracketed = /^\[([^\]]*)\](:\d+)?$/.exec(host);
  if (bracketed) return bracketed[1] as string;
  return host.replace(/:\d*$/, '').toLowerCase();
}

/** Those of the URLs that this process listens on and advertises. */
function ownHosts(config: Pick<Config, 'listenClientUrls' | 'advertiseClientUrls' | 'listenMetricsUrls'>): string[] {
  const urls = [...config.listenClientUrls, ...config.advertiseClientUrls, ...config.listenMetricsUrls];
  return urls.map((url) => new URL(url).hostname.replace(/^\[|\]$/g, ''));
}

/** The guard of every port that clients use. */
export function hostGuard(
  config: Parameters<typeof ownHosts>[0] & Pick<Config, 'hostWhitelist' | 'corsOrigins'>,
): HostGuard {
  return new HostGuard({
    ownHosts: ownHosts(config),
    extraHosts: config.hostWhitelist,
    origins: config.corsOrigins,
  });
}
