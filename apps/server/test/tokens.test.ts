import { createHmac, generateKeyPairSync, type KeyPairKeyObjectResult } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { AuthState } from '@understudy/mvcc';
import { parseAuthToken } from '../src/config/auth-token.js';
import { Jwt, JWT_METHODS } from '../src/services/auth/jwt.js';
import { PasswordHash } from '../src/services/auth/password-hash.js';
import { hashOfToken, indexOfToken, newSecret, SimpleTokens, tokenOf } from '../src/services/auth/simple-tokens.js';

const CHEAP = { N: 2 ** 10, r: 8, p: 1 };
/** Making one takes long. */
const RSA = [generateKeyPairSync('rsa', { modulusLength: 2048 }), generateKeyPairSync('rsa', { modulusLength: 2048 })];

function pems(method: string, other = false): { publicKey: Buffer; privateKey: Buffer } {
  if (method.startsWith('HS')) return { publicKey: Buffer.from('secret'), privateKey: Buffer.from('secret') };
  const curve = { ES256: 'prime256v1', ES384: 'secp384r1', ES512: 'secp521r1' }[method];
  const pair =
    method === 'EdDSA'
      ? generateKeyPairSync('ed25519')
      : curve === undefined
        ? (RSA[other ? 1 : 0] as KeyPairKeyObjectResult)
        : generateKeyPairSync('ec', { namedCurve: curve });
  return {
    publicKey: Buffer.from(pair.publicKey.export({ type: 'spki', format: 'pem' })),
    privateKey: Buffer.from(pair.privateKey.export({ type: 'pkcs8', format: 'pem' })),
  };
}

const claims = { username: 'u', revision: 7 };
const now = 1_000_000;
const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

describe('a JSON Web Token', () => {
  it.each(JWT_METHODS)('of %s says what was signed, until it is over', (method) => {
    const jwt = new Jwt({ method, ...pems(method) }, 5000);
    const token = jwt.sign(claims, now);
    expect(jwt.verify(token, now)).toEqual(claims);
    expect(jwt.verify(token, now + 4999)).toEqual(claims);
    expect(jwt.verify(token, now + 5000)).toBeNull();
  });

  it('is refused where anything in it was altered, or another key has signed it', () => {
    const jwt = new Jwt({ method: 'RS256', ...pems('RS256') }, 5000);
    const [header, payload, signature] = jwt.sign(claims, now).split('.') as [string, string, string];
    const root = part({ exp: 9e9, revision: 7, username: 'root' });
    for (const token of [
      `${header}.${root}.${signature}`,
      `${part({ alg: 'RS256', typ: 'JWT', more: 1 })}.${payload}.${signature}`,
      `${header}.${payload}.${signature.slice(0, -4)}AAAA`,
      `${header}.${payload}.`,
      `${header}.${payload}`,
      `${header}.${payload}.${signature}.`,
      new Jwt({ method: 'RS256', ...pems('RS256', true) }, 5000).sign(claims, now),
      '',
      '..',
      'x.y.z',
    ]) {
      expect([token, jwt.verify(token, now)]).toEqual([token, null]);
    }
  });

  it('has the one algorithm that is configured, whatever its header says', () => {
    const { publicKey, privateKey } = pems('RS256');
    const jwt = new Jwt({ method: 'RS256', publicKey, privateKey }, 5000);
    const payload = part({ exp: 9e9, ...claims });
    const none = `${part({ alg: 'none' })}.${payload}.`;
    const body = `${part({ alg: 'HS256' })}.${payload}`;
    const confused = `${body}.${createHmac('sha256', publicKey).update(body).digest('base64url')}`;
    expect([jwt.verify(none, now), jwt.verify(confused, now)]).toEqual([null, null]);
  });

  it('is verified by a member that has the public key alone, and signed by none such', () => {
    const { publicKey, privateKey } = pems('ES256');
    const shown = new Jwt({ method: 'ES256', publicKey, privateKey: null }, 5000);
    const token = new Jwt({ method: 'ES256', publicKey, privateKey }, 5000).sign(claims, now);
    expect([shown.canSign, shown.verify(token, now)]).toEqual([false, claims]);
  });

  it.each([
    ['a key of another type', { method: 'ES256', ...pems('RS256') }, 'needs a key of type ec'],
    ['another curve', { method: 'ES384', ...pems('ES256') }, 'needs a key on secp384r1'],
    [
      'keys of two pairs',
      { ...pems('RS256'), method: 'RS256', publicKey: pems('RS256', true).publicKey },
      'do not belong',
    ],
    ['no key', { method: 'RS256', publicKey: null, privateKey: null }, 'needs pub-key'],
    ['no secret', { method: 'HS256', publicKey: null, privateKey: null }, 'needs a secret'],
    ['an unknown method', { method: 'none', publicKey: null, privateKey: null }, 'is not one of'],
  ])('is not configured with %s', (_, keys, message) => {
    expect(() => new Jwt(keys, 5000)).toThrow(message);
  });

  it.each([
    ['bcrypt', 'is not one of simple, jwt'],
    ['jwt', 'sign-method "" is not one of'],
    ['jwt,sign-method=none', 'sign-method "none"'],
    ['jwt,sign-method=RS256,pub-key=/nowhere/x.pem', 'pub-key cannot be read'],
    ['jwt,sign-method=RS256,ttl=soon', 'ttl "soon"'],
    ['jwt,sign-method=RS256,key=x', '"key" is not one of'],
  ])('is not configured by %s', (text, message) => {
    expect(() => parseAuthToken(text)).toThrow(message);
  });
});

describe('simple tokens', () => {
  const auth = { stillProven: (_user: string, revision: number) => revision >= 5 } as unknown as AuthState;
  const grant = (secret: string, revision = 5) => ({ user: 'u', revision, hash: hashOfToken(secret) });

  it('live as long as they are used, and no longer', () => {
    const tokens = new SimpleTokens(1000);
    const secret = newSecret();
    tokens.granted(grant(secret), 0);
    const token = tokenOf(secret, 12);
    for (const at of [900, 1800, 2700]) expect(tokens.userOf(token, auth, at)).toBe('u');
    expect(tokens.userOf(token, auth, 3700)).toBeNull();
    expect(tokens.userOf(token, auth, 3700)).toBeNull();
    expect(tokens.size).toBe(0);
  });

  it('are forgotten where what they prove holds no more, and when others come after their time', () => {
    const tokens = new SimpleTokens(1000);
    tokens.granted(grant('old', 4), 0);
    expect(tokens.userOf('old.1', auth, 1)).toBeNull();
    for (let i = 0; i < 10; i++) tokens.granted(grant(`s${i}`), 0);
    tokens.granted(grant('late'), 1000);
    expect([tokens.size, tokens.userOf('late.1', auth, 1001)]).toEqual([1, 'u']);
  });

  it('say from which index on they are known, and nonsense says nothing', () => {
    expect(indexOfToken(tokenOf(newSecret(), 12))).toBe(12);
    for (const text of ['', 'x.12', `${newSecret()}.`, `${newSecret()}.-1`, `${newSecret()}.1e9`]) {
      expect([text, indexOfToken(text)]).toEqual([text, 0]);
    }
  });
});

describe('passwords', () => {
  it('match their own hash, and nobody matches where there is none', async () => {
    const passwords = new PasswordHash(CHEAP);
    const [hash, same] = await Promise.all([passwords.of('secret'), passwords.of('secret')]);
    expect(hash).not.toBe(same);
    expect(hash).not.toContain('secret');
    expect(await passwords.matches('secret', hash)).toBe(true);
    expect(await passwords.matches('Secret', hash)).toBe(false);
    expect(await passwords.matches('', undefined)).toBe(false);
    expect(await passwords.matches('secret', '')).toBe(false);
  });

  it('are refused when too many wait, so that guessing does not take all of the machine', async () => {
    const passwords = new PasswordHash(CHEAP);
    const asked = Array.from({ length: 70 }, () => passwords.of('x'));
    const outcomes = await Promise.allSettled(asked);
    const refused = outcomes.filter(({ status }) => status === 'rejected');
    expect(refused).toHaveLength(70 - 64 - 2);
    expect(refused[0]).toMatchObject({ reason: { message: 'etcdserver: too many requests' } });
    await passwords.of('later');
  });
});
