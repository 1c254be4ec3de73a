/** `--auth-token`: how clients prove who they are once they have shown a password. etcd's syntax. */
import { readFileSync } from 'node:fs';
import { JWT_METHODS } from '../services/auth/jwt.js';
import { ConfigError } from './config-error.js';
import { parseDurationMs } from './duration.js';

export interface JwtConfig {
  readonly method: string;
  readonly publicKey: Buffer | null;
  readonly privateKey: Buffer | null;
  readonly ttlMs: number;
}

/** Null: simple tokens. */
export function parseAuthToken(text: string): JwtConfig | null {
  if (text === 'simple') return null;
  const [kind, ...parts] = text.split(',');
  if (kind !== 'jwt') throw new ConfigError(`--auth-token: "${kind}" is not one of simple, jwt`);
  const given = new Map(parts.map((part) => splitOnce(part)));
  for (const name of given.keys()) {
    if (!['sign-method', 'pub-key', 'priv-key', 'ttl'].includes(name)) {
      throw new ConfigError(`--auth-token: "${name}" is not one of sign-method, pub-key, priv-key, ttl`);
    }
  }
  const method = given.get('sign-method') ?? '';
  if (!JWT_METHODS.includes(method)) {
    throw new ConfigError(`--auth-token: sign-method "${method}" is not one of ${JWT_METHODS.join(', ')}`);
  }
  const ttl = given.get('ttl') ?? '5m';
  const ttlMs = parseDurationMs(ttl, 1000);
  if (ttlMs === null || ttlMs < 1000) throw new ConfigError(`--auth-token: ttl "${ttl}" is no duration of at least 1s`);
  return { method, publicKey: key(given, 'pub-key'), privateKey: key(given, 'priv-key'), ttlMs };
}

function splitOnce(part: string): [string, string] {
  const at = part.indexOf('=');
  return at === -1 ? [part, ''] : [part.slice(0, at), part.slice(at + 1)];
}

function key(given: ReadonlyMap<string, string>, name: string): Buffer | null {
  const path = given.get(name);
  if (path === undefined || path === '') return null;
  try {
    return readFileSync(path);
  } catch (error) {
    throw new ConfigError(`--auth-token: ${name} cannot be read: ${(error as Error).message}`);
  }
}
