// What a client dials. Endpoints are written as etcd's tools write them (`127.0.0.1:2379`, `http://host:2379`); they are
// dialled as WebSockets, `https` becomes `wss`. Pure: parsing resolves no name and opens nothing.

export interface Endpoint {
  /** As the user wrote it; the name it has in errors and in `status(endpoint)`. */
  readonly name: string;
  /** What is dialled: `ws://127.0.0.1:2379/`. Two spellings of one address have the same url. */
  readonly url: string;
  readonly secure: boolean;
}

export type ParsedEndpoint =
  | { readonly ok: true; readonly endpoint: Endpoint }
  | { readonly ok: false; readonly reason: string };

const SCHEMES: Readonly<Record<string, string>> = { 'http:': 'ws:', 'https:': 'wss:', 'ws:': 'ws:', 'wss:': 'wss:' };
const DEFAULT_PORT = '2379';

/** Reads `host:port`, `host` (port 2379), or a url of http, https, ws or wss with neither user, query nor fragment. */
export function parseEndpoint(text: string): ParsedEndpoint {
  const name = text.trim();
  if (name === '') return { ok: false, reason: 'an endpoint is empty' };
  const bare = !name.includes('://');
  let url: URL;
  try {
    url = new URL(bare ? `http://${name}` : name);
  } catch {
    return { ok: false, reason: `${quote(name)} is neither host:port nor a url` };
  }
  const scheme = Object.hasOwn(SCHEMES, url.protocol) ? SCHEMES[url.protocol] : undefined;
  if (scheme === undefined) return { ok: false, reason: `${quote(name)} has the scheme ${quote(url.protocol)}` };
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    return { ok: false, reason: `${quote(name)} may have no user, password, query or fragment` };
  }
  const port = bare && url.port === '' ? portOfBare(name) : url.port;
  const authority = port === '' ? url.hostname : `${url.hostname}:${port}`;
  return { ok: true, endpoint: { name, url: `${scheme}//${authority}${url.pathname}`, secure: scheme === 'wss:' } };
}

// Parsed as http, a bare `host:80` loses its port, since 80 is http's own; a bare host means etcd's.
function portOfBare(name: string): string {
  return /^[^/]*:0*80(\/|$)/.test(name) ? '80' : DEFAULT_PORT;
}

function quote(text: string): string {
  return JSON.stringify(text);
}
