/** That a user has proven who it is, as it travels in the log: members keep the hash of the token, never the token. */
import { readVersioned, withVersion } from './versioned-json.js';

export interface TokenGrant {
  readonly user: string;
  /** Of users and roles, when the password was looked at. */
  readonly revision: number;
  /** SHA-256 of the token, hexadecimal. */
  readonly hash: string;
}

const GRANT_VERSION = 1;

export function encodeTokenGrant(grant: TokenGrant): Uint8Array {
  return withVersion(GRANT_VERSION, grant);
}

export function decodeTokenGrant(bytes: Uint8Array): TokenGrant {
  return readVersioned(bytes, GRANT_VERSION, 'grant of a token') as TokenGrant;
}
