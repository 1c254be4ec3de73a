/**
 * JSON Web Tokens (RFC 7519) as etcd makes them: signed by a member's key, good on every member that has the public one,
 * for as long as they say and as users and roles stay as they were. Only the one configured algorithm is accepted,
 * whatever a token's header says.
 */
import {
  createHmac,
  createPrivateKey,
  createPublicKey,
  constants,
  type KeyObject,
  sign,
  timingSafeEqual,
  verify,
} from 'node:crypto';

export interface JwtClaims {
  readonly username: string;
  /** Of users and roles. */
  readonly revision: number;
}

interface Algorithm {
  readonly kind: 'hmac' | 'rsa' | 'pss' | 'ec' | 'ed25519';
  /** Of the digest; absent where the algorithm has its own. */
  readonly hash?: string;
  readonly curve?: string;
}

const ALGORITHMS: Readonly<Record<string, Algorithm>> = {
  HS256: { kind: 'hmac', hash: 'sha256' },
  HS384: { kind: 'hmac', hash: 'sha384' },
  HS512: { kind: 'hmac', hash: 'sha512' },
  RS256: { kind: 'rsa', hash: 'sha256' },
  RS384: { kind: 'rsa', hash: 'sha384' },
  RS512: { kind: 'rsa', hash: 'sha512' },
  PS256: { kind: 'pss', hash: 'sha256' },
  PS384: { kind: 'pss', hash: 'sha384' },
  PS512: { kind: 'pss', hash: 'sha512' },
  ES256: { kind: 'ec', hash: 'sha256', curve: 'prime256v1' },
  ES384: { kind: 'ec', hash: 'sha384', curve: 'secp384r1' },
  ES512: { kind: 'ec', hash: 'sha512', curve: 'secp521r1' },
  EdDSA: { kind: 'ed25519' },
};

export const JWT_METHODS: readonly string[] = Object.keys(ALGORITHMS);
const MIN_RSA_BITS = 2048;

export interface JwtKeys {
  readonly method: string;
  /** PEM; for HMAC the secret itself. */
  readonly publicKey: Buffer | null;
  readonly privateKey: Buffer | null;
}

export class Jwt {
  readonly #method: string;
  readonly #algorithm: Algorithm;
  readonly #ttlMs: number;
  readonly #verifyKey: KeyObject | Buffer;
  /** Null: this member only verifies. */
  readonly #signKey: KeyObject | Buffer | null;

  /** Throws an Error that says what is wrong with the keys. */
  constructor({ method, publicKey, privateKey }: JwtKeys, ttlMs: number) {
    const algorithm = ALGORITHMS[method];
    if (algorithm === undefined) throw new Error(`sign-method "${method}" is not one of ${JWT_METHODS.join(', ')}`);
    this.#method = method;
    this.#algorithm = algorithm;
    this.#ttlMs = ttlMs;
    if (algorithm.kind === 'hmac') {
      const secret = privateKey ?? publicKey;
      if (secret === null || secret.length === 0) throw new Error(`${method} needs a secret, in priv-key`);
      this.#signKey = secret;
      this.#verifyKey = secret;
      return;
    }
    this.#signKey = privateKey === null ? null : createPrivateKey(privateKey);
    const shown = publicKey ?? privateKey;
    if (shown === null) throw new Error(`${method} needs pub-key, priv-key or both`);
    this.#verifyKey = createPublicKey(shown);
    checkKey(method, algorithm, this.#verifyKey);
    if (this.#signKey === null) return;
    const own = createPublicKey(this.#signKey).export({ type: 'spki', format: 'der' });
    if (!own.equals(this.#verifyKey.export({ type: 'spki', format: 'der' }))) {
      throw new Error('pub-key and priv-key do not belong together');
    }
  }

  get canSign(): boolean {
    return this.#signKey !== null;
  }

  sign({ username, revision }: JwtClaims, nowMs: number): string {
    if (this.#signKey === null) throw new Error('there is no private key to sign with');
    const exp = Math.floor((nowMs + this.#ttlMs) / 1000);
    const body = `${encode({ alg: this.#method, typ: 'JWT' })}.${encode({ exp, revision, username })}`;
    return `${body}.${this.#signature(body, this.#signKey).toString('base64url')}`;
  }

  /** Null where it is not one of ours, was altered, or is over. */
  verify(token: string, nowMs: number): JwtClaims | null {
    const [header, payload, signature, ...more] = token.split('.');
    if (header === undefined || payload === undefined || signature === undefined || more.length > 0) return null;
    if (decode(header)?.['alg'] !== this.#method) return null;
    if (!this.#isSigned(`${header}.${payload}`, Buffer.from(signature, 'base64url'))) return null;
    const { exp, username, revision } = decode(payload) ?? {};
    if (typeof exp !== 'number' || exp * 1000 <= nowMs) return null;
    if (typeof username !== 'string' || !Number.isSafeInteger(revision)) return null;
    return { username, revision: revision as number };
  }

  #signature(body: string, key: KeyObject | Buffer): Buffer {
    const { kind, hash } = this.#algorithm;
    if (Buffer.isBuffer(key))
      return createHmac(hash as string, key)
        .update(body)
        .digest();
    return sign(hash, Buffer.from(body), { ...signOptions(kind), key });
  }

  #isSigned(body: string, signature: Buffer): boolean {
    const { kind, hash } = this.#algorithm;
    const key = this.#verifyKey;
    if (Buffer.isBuffer(key)) {
      const expected = this.#signature(body, key);
      return expected.length === signature.length && timingSafeEqual(expected, signature);
    }
    return verify(hash, Buffer.from(body), { ...signOptions(kind), key }, signature);
  }
}

function signOptions(kind: Algorithm['kind']): object {
  if (kind === 'ec') return { dsaEncoding: 'ieee-p1363' };
  if (kind !== 'pss') return {};
  return { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST };
}

function checkKey(method: string, { kind, curve }: Algorithm, key: KeyObject): void {
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = key;
  const wanted = { rsa: 'rsa', pss: 'rsa', ec: 'ec', ed25519: 'ed25519', hmac: '' }[kind];
  if (type !== wanted) throw new Error(`${method} needs a key of type ${wanted}; this one is ${type}`);
  if (curve !== undefined && details?.namedCurve !== curve) {
    throw new Error(`${method} needs a key on ${curve}; this one is on ${details?.namedCurve}`);
  }
  const bits = details?.modulusLength;
  if (bits !== undefined && bits < MIN_RSA_BITS)
    throw new Error(`the key has ${bits} bits; ${MIN_RSA_BITS} are the least`);
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

function decode(part: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString());
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}
