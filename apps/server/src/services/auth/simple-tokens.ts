/**
 * Tokens that this member knows: every member hears of each through the log, as its hash, and forgets it a while after
 * it was last used here. Nothing is stored: after a restart clients prove themselves again, which they do unasked. What a
 * token proves ends with the user's password, with the user, and with authentication.
 */
import { createHash, randomBytes } from 'node:crypto';
import type { AuthState } from '@understudy/mvcc';
import type { TokenGrant } from '../../state/token-grant.js';

const TOKEN_BYTES = 18;
/** Whoever gets here has that many passwords; the longest unused are forgotten. */
const MAX_TOKENS = 100_000;

interface KnownToken {
  readonly user: string;
  readonly revision: number;
  expiresAtMs: number;
}

export class SimpleTokens {
  readonly #ttlMs: number;
  /** By hash; the longest unused first. */
  readonly #known = new Map<string, KnownToken>();

  constructor(ttlMs: number) {
    this.#ttlMs = ttlMs;
  }

  get size(): number {
    return this.#known.size;
  }

  granted({ hash, user, revision }: TokenGrant, nowMs: number): void {
    for (const [old, { expiresAtMs }] of this.#known) {
      if (expiresAtMs > nowMs && this.#known.size < MAX_TOKENS) break;
      this.#known.delete(old);
    }
    this.#known.set(hash, { user, revision, expiresAtMs: nowMs + this.#ttlMs });
  }

  /** Whose it is; null where it is not known (any more). Counts as a use. */
  userOf(token: string, auth: AuthState, nowMs: number): string | null {
    const hash = hashOfToken(token);
    const known = this.#known.get(hash);
    if (known === undefined) return null;
    this.#known.delete(hash);
    if (known.expiresAtMs <= nowMs || !auth.stillProven(known.user, known.revision)) return null;
    known.expiresAtMs = nowMs + this.#ttlMs;
    this.#known.set(hash, known);
    return known.user;
  }
}

/** The secret part of a new token. */
export function newSecret(): string {
  return randomBytes(TOKEN_BYTES).toString('base64url');
}

/** A token says from which index on members know it: one that is behind waits, instead of refusing it. */
export function tokenOf(secret: string, index: number): string {
  return `${secret}.${index}`;
}

/** 0 where the token says nothing of the kind. */
export function indexOfToken(token: string): number {
  const [, index] = /^[\w-]{24}\.(\d{1,16})$/.exec(token) ?? [];
  return index === undefined ? 0 : Number(index);
}

export function hashOfToken(token: string): string {
  const [secret = ''] = token.split('.');
  return createHash('sha256').update(secret).digest('hex');
}
