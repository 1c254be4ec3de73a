/** URL lists and `--initial-cluster`, as etcd writes them. */
import { ConfigError } from './config-error.js';

const DEFAULT_PORTS: Readonly<Record<string, string>> = { 'http:': '80', 'https:': '443' };

/** The canonical text of a URL list, in the order given. Each is http(s)://host:port without a path. */
export function parseUrls(text: string, flag: string): string[] {
  const urls = text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
  if (urls.length === 0) throw new ConfigError(`--${flag}: needs at least one URL`);
  return urls.map((url) => parseUrl(url, flag));
}

function parseUrl(text: string, flag: string): string {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw new ConfigError(`--${flag}: "${text}" is not a URL; write it as http://HOST:PORT`);
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new ConfigError(`--${flag}: "${text}" has scheme "${url.protocol.slice(0, -1)}"; http and https are spoken`);
  }
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '' || url.username !== '') {
    throw new ConfigError(`--${flag}: "${text}" must not have a path, a query or a user`);
  }
  if (url.port === '0') throw new ConfigError(`--${flag}: "${text}" has port 0; others must know the port`);
  return canonicalUrl(url);
}

/** As URLs are stored and compared: with the port, also where it is the scheme's own. */
export function canonicalUrl({ protocol, hostname, port }: URL): string {
  return `${protocol}//${hostname}:${port === '' ? DEFAULT_PORTS[protocol] : port}`;
}

/** Where a listener of `url` binds. */
export function listenAddress(url: string): { host: string; port: number } {
  const parsed = new URL(url);
  const host = parsed.hostname.replace(/^\[|\]$/g, '');
  return { host, port: Number(parsed.port === '' ? DEFAULT_PORTS[parsed.protocol] : parsed.port) };
}

/**
 * `name=url,name=url2,other=url` as a map of name to peer URLs, in the order given. A member that was added and has not
 * started has no name: what `member add` prints has it as `=url`.
 */
export function parseInitialCluster(text: string): Map<string, string[]> {
  const cluster = new Map<string, string[]>();
  for (const part of text.split(',').filter((piece) => piece.trim() !== '')) {
    const split = part.indexOf('=');
    if (split < 0) throw new ConfigError(`--initial-cluster: "${part}" is not NAME=URL`);
    const name = part.slice(0, split).trim();
    const [url] = parseUrls(part.slice(split + 1), 'initial-cluster') as [string];
    const urls = cluster.get(name) ?? [];
    urls.push(url);
    cluster.set(name, urls);
  }
  const seen = new Map<string, string>();
  for (const [name, urls] of cluster) {
    for (const url of urls) {
      const other = seen.get(url);
      if (other !== undefined) throw new ConfigError(`--initial-cluster: ${url} is given to "${other}" and "${name}"`);
      seen.set(url, name);
    }
  }
  return cluster;
}
