import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type MethodDescriptor, services } from '@understudy/protocol';
import { waitUntil } from '@understudy/testbed';
import { afterEach, describe, expect, it } from 'vitest';
import { base64, type JsonAnswer, jsonCall } from './json-call.js';
import { type LoneServer, startLoneServer } from './lone-server.js';

let lone: LoneServer;
afterEach(() => lone.end());

const PERMISSION = { read: 'READ', write: 'WRITE', both: 'READWRITE' } as const;
const ALL = 'AA==';

function call(path: string, body: object, token?: string): Promise<JsonAnswer> {
  return jsonCall(lone.clientUrl, `/v3/${path}`, body, token === undefined ? {} : { authorization: token });
}

async function must(path: string, body: object, token?: string): Promise<Record<string, unknown>> {
  const { status, body: answer } = await call(path, body, token);
  expect([path, status, answer['error']]).toEqual([path, 200, undefined]);
  return answer;
}

/** The text of the error that a call must end with. */
async function refusal(path: string, body: object, token?: string): Promise<string> {
  const { status, body: answer } = await call(path, body, token);
  expect([path, status === 200]).toEqual([path, false]);
  return (answer['error'] as string).replace('etcdserver: ', '');
}

async function tokenOf(name: string): Promise<string> {
  return (await must('auth/authenticate', { name, password: `pw-${name}` }))['token'] as string;
}

async function addUser(name: string, ...permissions: [type: string, key: string, end?: string][]): Promise<void> {
  await must('auth/user/add', { name, password: `pw-${name}` });
  if (name === 'root') {
    await must('auth/user/grant', { user: name, role: 'root' });
    return;
  }
  await must('auth/role/add', { name: `role-${name}` });
  await must('auth/user/grant', { user: name, role: `role-${name}` });
  for (const [permType, key, end] of permissions) {
    const perm = { permType, key: base64(key), range_end: end === undefined ? '' : base64(end) };
    await must('auth/role/grant', { name: `role-${name}`, perm });
  }
}

/** root, and `u` who reads and writes [a, m), reads [r, s) and writes [w, x). Resolves with their tokens. */
async function begin(...flags: string[]): Promise<{ root: string; u: string }> {
  lone = await startLoneServer(flags);
  await addUser('root');
  await addUser('u', [PERMISSION.both, 'a', 'm'], [PERMISSION.read, 'r', 's'], [PERMISSION.write, 'w', 'x']);
  await must('auth/enable', {});
  return { root: await tokenOf('root'), u: await tokenOf('u') };
}

const put = (key: string, more: object = {}): object => ({ key: base64(key), value: base64('v'), ...more });
const key = (name: string, end?: string): object => ({
  key: base64(name),
  range_end: end === undefined ? '' : base64(end),
});
const DENIED = 'permission denied';
const NOBODY = 'user name is empty';

describe('where authentication is enabled', () => {
  it('nobody without a name does anything but ask for the status and prove who it is', async () => {
    await begin();
    const asked: [string, object][] = [
      ['kv/range', key('a')],
      ['kv/put', put('a')],
      ['kv/deleterange', key('a')],
      ['kv/txn', { success: [{ requestRange: key('a') }] }],
      ['kv/compaction', { revision: 1 }],
      ['lease/grant', { TTL: 60 }],
      ['lease/revoke', { ID: 1 }],
      ['lease/timetolive', { ID: 1 }],
      ['lease/leases', {}],
      ['cluster/member/list', {}],
      ['cluster/member/add', { peerURLs: ['http://127.0.0.1:1'] }],
      ['maintenance/alarm', {}],
      ['maintenance/hash', {}],
      ['maintenance/hashkv', {}],
      ['maintenance/defragment', {}],
      ['maintenance/snapshot', {}],
      ['maintenance/transfer-leadership', {}],
      ['auth/enable', {}],
      ['auth/disable', {}],
      ['auth/status', {}],
      ['auth/user/list', {}],
      ['auth/user/get', { name: 'u' }],
      ['auth/role/get', { role: 'role-u' }],
      ['auth/user/add', { name: 'x' }],
      ['lock/lock', { name: base64('a') }],
      ['lock/unlock', { key: base64('a') }],
      ['election/leader', { name: base64('a') }],
      ['election/campaign', { name: base64('a') }],
    ];
    for (const [path, body] of asked) expect([path, await refusal(path, body)]).toEqual([path, NOBODY]);
    await must('maintenance/status', {});
    expect(await refusal('kv/range', key('a'), 'nonsense')).toBe('invalid auth token');
    expect(await refusal('kv/put', put('a'), 'nonsense.99999999')).toBe('invalid auth token');
  });

  it('a user reads and writes what its roles permit, and nothing else', async () => {
    const { root, u } = await begin();
    await must('kv/put', put('b'), u);
    await must('kv/range', key('a', 'm'), u);
    await must('kv/range', key('r'), u);
    await must('kv/put', put('w'), u);
    await must('kv/deleterange', key('a', 'm'), u);
    const denied: [string, object][] = [
      ['kv/range', key('m')],
      ['kv/range', key('a', 'n')],
      ['kv/range', key('a', '\0')],
      ['kv/range', key('w')],
      ['kv/put', put('r')],
      ['kv/put', put('w', { prev_kv: true })],
      ['kv/deleterange', key('r')],
      ['kv/deleterange', { ...key('w'), prev_kv: true }],
      ['kv/deleterange', key('a', '\0')],
      ['kv/compaction', { revision: 1 }],
      ['maintenance/hashkv', {}],
      ['maintenance/alarm', {}],
      ['auth/user/list', {}],
      ['auth/user/changepw', { name: 'u', password: 'x' }],
      ['cluster/member/add', { peerURLs: ['http://127.0.0.1:1'] }],
    ];
    for (const [path, body] of denied) expect([path, body, await refusal(path, body, u)]).toEqual([path, body, DENIED]);
    await must('kv/put', put('zzz'), root);
    await must('kv/range', { key: ALL, range_end: ALL }, root);
    await must('kv/compaction', { revision: 2 }, root);
  });

  it('a transaction is judged in all its parts: compares, both branches, prev_kv, leases, nested ones', async () => {
    const { root, u } = await begin();
    const txn = (body: object): Promise<string> => refusal('kv/txn', body, u);
    const compare = [{ target: 'VERSION', result: 'EQUAL', key: base64('z'), version: '0' }];
    const inRange = [{ target: 'VERSION', result: 'EQUAL', ...key('a', 'z'), version: '0' }];
    const lease = (await must('lease/grant', { TTL: 60 }, root))['ID'];
    await must('kv/put', put('secret', { lease }), root);
    const parts: object[] = [
      { compare },
      { compare: inRange },
      { success: [{ requestRange: key('z') }] },
      { failure: [{ requestRange: key('z') }] },
      { success: [{ requestPut: put('r') }] },
      { success: [{ requestPut: put('w', { prev_kv: true }) }] },
      { success: [{ requestPut: put('a', { lease }) }] },
      { failure: [{ requestDeleteRange: { ...key('w'), prev_kv: true } }] },
      { success: [{ requestDeleteRange: key('a', 'z') }] },
    ];
    for (const part of parts) {
      expect([part, await txn(part)]).toEqual([part, DENIED]);
      const nested = { success: [{ requestTxn: { failure: [{ requestTxn: part }] } }] };
      expect([nested, await txn(nested)]).toEqual([nested, DENIED]);
    }
    await must('kv/txn', { success: [{ requestTxn: { success: [{ requestPut: put('a', { prev_kv: true }) }] } }] }, u);
  });

  it('a lease is revoked by who may write all its keys, and shows them to who may read them', async () => {
    const { root, u } = await begin();
    const lease = (await must('lease/grant', { TTL: 600 }, u))['ID'];
    await must('kv/put', put('a', { lease }), u);
    const shown = await must('lease/timetolive', { ID: lease, keys: true }, u);
    expect(shown['keys']).toEqual([base64('a')]);
    await must('kv/put', put('r', { lease }), root);
    expect(await refusal('lease/revoke', { ID: lease }, u)).toBe(DENIED);
    expect(await refusal('kv/put', put('b', { lease }), u)).toBe(DENIED);
    await must('lease/timetolive', { ID: lease, keys: true }, u);
    await must('kv/put', put('secret', { lease }), root);
    expect(await refusal('lease/timetolive', { ID: lease, keys: true }, u)).toBe(DENIED);
    await must('lease/timetolive', { ID: lease }, u);
    await must('lease/revoke', { ID: lease }, root);
    expect((await must('kv/range', key('a'), u))['kvs'] ?? []).toEqual([]);
  });

  it('a lock and an election need read and write permission for their whole line', async () => {
    const { root, u } = await begin();
    const { key: held } = await must('lock/lock', { name: base64('b') }, u);
    await must('lock/unlock', { key: held }, u);
    for (const name of ['m', 'r', 'w']) {
      expect([name, await refusal('lock/lock', { name: base64(name) }, u)]).toEqual([name, DENIED]);
      expect([name, await refusal('election/campaign', { name: base64(name) }, u)]).toEqual([name, DENIED]);
    }
    expect(await refusal('election/leader', { name: base64('w') }, u)).toBe(DENIED);
    const { key: foreign } = await must('lock/lock', { name: base64('m') }, root);
    expect(await refusal('lock/unlock', { key: foreign }, u)).toBe(DENIED);
  });

  it('a user sees itself and its roles; root sees all of them', async () => {
    const { root, u } = await begin();
    expect((await must('auth/user/get', { name: 'u' }, u))['roles']).toEqual(['role-u']);
    expect((await must('auth/role/get', { role: 'role-u' }, u))['perm']).toHaveLength(3);
    expect(await refusal('auth/user/get', { name: 'root' }, u)).toBe(DENIED);
    expect(await refusal('auth/role/get', { role: 'root' }, u)).toBe(DENIED);
    expect((await must('auth/user/list', {}, root))['users']).toEqual(['root', 'u']);
    expect((await must('auth/status', {}, root))['enabled']).toBe(true);
  });

  it('root cannot lock everybody out, and nobody else manages', async () => {
    const { root, u } = await begin();
    expect(await refusal('auth/user/delete', { name: 'root' }, root)).toBe('invalid auth management');
    expect(await refusal('auth/user/revoke', { name: 'root', role: 'root' }, root)).toBe('invalid auth management');
    expect(await refusal('auth/disable', {}, u)).toBe(DENIED);
    await must('auth/disable', {}, root);
    await must('kv/put', put('anything'));
    await must('kv/put', put('anything'), 'a token that nobody asks for');
  });

  it('a wrong password, no such user and a user without a password get nothing', async () => {
    const { root } = await begin();
    await must('auth/user/add', { name: 'cert', options: { no_password: true } }, root);
    const failed = 'authentication failed, invalid user ID or password';
    expect(await refusal('auth/authenticate', { name: 'u', password: 'x' })).toBe(failed);
    expect(await refusal('auth/authenticate', { name: 'nobody', password: 'x' })).toBe(failed);
    expect(await refusal('auth/authenticate', { name: 'cert', password: '' })).toBe(
      'auth: authentication failed, password was given for no password user',
    );
  });

  it('a token ends with the password and with the user, and stays through other changes', async () => {
    const { root, u } = await begin();
    await must('auth/role/add', { name: 'more' }, root);
    await must('kv/put', put('a'), u);
    await must('auth/user/changepw', { name: 'u', password: 'new' }, root);
    expect(await refusal('kv/put', put('a'), u)).toBe('invalid auth token');
    const { token } = await must('auth/authenticate', { name: 'u', password: 'new' });
    await must('kv/put', put('a'), token as string);
    await must('auth/user/delete', { name: 'u' }, root);
    expect(await refusal('kv/put', put('a'), token as string)).toBe('invalid auth token');
  });

  it('a token that nobody uses is forgotten', async () => {
    const { u } = await begin('--auth-token-ttl=1');
    await waitUntil('the token is forgotten', async () => {
      // Asking is a use: only a pause lets it go.
      await new Promise((resolve) => setTimeout(resolve, 1100));
      return (await call('kv/range', key('a'), u)).status === 401;
    });
  });

  it('what a role loses, a watch and a token lose at once', async () => {
    const { root, u } = await begin();
    const lines: string[] = [];
    const aborting = new AbortController();
    const watching = fetch(`${lone.clientUrl}/v3/watch`, {
      method: 'POST',
      headers: { authorization: u },
      body: JSON.stringify({ create_request: key('a', 'm') }),
      signal: aborting.signal,
    }).then(async (response) => {
      for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
        lines.push(Buffer.from(chunk).toString());
      }
    });
    watching.catch(() => undefined);
    await waitUntil('the watch is there', () => lines.join('').includes('created'));
    await must('kv/put', put('a'), root);
    await waitUntil('an event', () => lines.join('').includes('mod_revision'));
    await must('auth/role/revoke', { role: 'role-u', ...key('a', 'm') }, root);
    expect(await refusal('kv/range', key('a'), u)).toBe(DENIED);
    const told = lines.join('').length;
    await must('kv/put', { key: base64('a'), value: base64('hidden') }, root);
    await waitUntil('the end of the watch', () => lines.join('').includes('canceled'));
    expect(lines.join('').slice(told)).not.toContain(base64('hidden'));
    expect(lines.join('')).toContain('rpc error: code = PermissionDenied desc = etcdserver: permission denied');
    aborting.abort();
  });

  it('a watch of what one may not read is refused as etcd refuses it', async () => {
    const { u } = await begin();
    const watch = async (body: object, token?: string): Promise<string> => {
      const response = await fetch(`${lone.clientUrl}/v3/watch`, {
        method: 'POST',
        headers: token === undefined ? {} : { authorization: token },
        body: JSON.stringify({ create_request: body }),
      });
      return ((await response.json()) as { result: { cancel_reason: string } }).result.cancel_reason;
    };
    const denied = 'rpc error: code = PermissionDenied desc = etcdserver: permission denied';
    expect(await watch(key('m'), u)).toBe(denied);
    expect(await watch(key('a', '\0'), u)).toBe(denied);
    expect(await watch(key('w'), u)).toBe(denied);
    expect(await watch(key('a'))).toBe('rpc error: code = InvalidArgument desc = etcdserver: user name is empty');
    expect(await watch(key('a'), 'x')).toBe('rpc error: code = Unauthenticated desc = etcdserver: invalid auth token');
  });
});

describe('every method of the table', () => {
  /** What anybody may call, and nothing else. */
  const OPEN = ['Status', 'Authenticate', 'Register'];
  const name = { name: base64('z') };
  const leader = { leader: { ...name, key: base64('z/1'), rev: '1', lease: '9' } };
  /** Requests that touch what the user may not touch, by method or by permission. */
  const TOUCHING: Readonly<Record<string, object>> = {
    ...{ range: key('z'), put: put('z'), delete_range: key('z'), write_all: { revision: 1 } },
    ...{ txn: { compare: [{ key: base64('z') }] }, watch: { create_request: key('z') } },
    ...{
      lease_revoke: { ID: 9 },
      lease_keys: { ID: 9, keys: true },
      own_user: { name: 'root' },
      own_role: { role: 'root' },
    },
    ...{ Lock: name, Unlock: key('z'), Campaign: name, Leader: name, Observe: name, Proclaim: leader, Resign: leader },
  };
  const methods = services
    .flatMap((service) => Object.values<MethodDescriptor>(service.methods))
    // A server of 3.4 does not have it.
    .filter(({ name: method }) => method !== 'Downgrade')
    .flatMap(({ name: method, permission, http }) => http.map(({ path }) => ({ method, permission, path })));

  const said = async (path: string, body: object, token?: string): Promise<string> => {
    const headers: Record<string, string> = token === undefined ? {} : { authorization: token };
    const aborting = new AbortController();
    const request = { method: 'POST', headers, body: JSON.stringify(body), signal: aborting.signal };
    const response = await fetch(`${lone.clientUrl}${path}`, request);
    // A stream says it in its first words, and may go on.
    const first = await response.body?.getReader().read();
    aborting.abort();
    return Buffer.from(first?.value ?? new Uint8Array(0)).toString();
  };

  it('is closed to who has no name but for three, and to who has no permission but for those of any user', async () => {
    const { root } = await begin();
    await must('lease/grant', { ID: 9, TTL: 600 }, root);
    await must('kv/put', put('z', { lease: 9 }), root);
    await must('auth/user/add', { name: 'e', password: 'pw-e' }, root);
    const e = await tokenOf('e');
    expect(methods.length).toBeGreaterThan(60);
    const denied: string[] = [];
    for (const { method, permission, path } of methods) {
      if (OPEN.includes(method)) expect([path, permission]).toEqual([path, 'none']);
      else {
        const body = TOUCHING[method] ?? TOUCHING[permission] ?? {};
        expect([path, await said(path, body)]).toEqual([path, expect.stringContaining(NOBODY)]);
        if (permission === 'user') continue;
        expect([path, await said(path, body, e)]).toEqual([path, expect.stringContaining(DENIED)]);
        denied.push(path);
      }
    }
    expect(denied.length).toBeGreaterThan(50);
  });
});

describe('JSON Web Tokens', () => {
  it('are good until users and roles change, and say so then', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'jwt-'));
    try {
      const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
      await writeFile(join(directory, 'pub.pem'), publicKey.export({ type: 'spki', format: 'pem' }));
      await writeFile(join(directory, 'priv.pem'), privateKey.export({ type: 'pkcs8', format: 'pem' }));
      const keys = `pub-key=${directory}/pub.pem,priv-key=${directory}/priv.pem`;
      const { root, u } = await begin(`--auth-token=jwt,${keys},sign-method=RS256,ttl=5m`);
      const claims = JSON.parse(Buffer.from(u.split('.')[1] as string, 'base64url').toString());
      expect(claims).toMatchObject({ username: 'u', revision: expect.any(Number), exp: expect.any(Number) });
      await must('kv/put', put('a'), u);
      expect(await refusal('kv/put', put('z'), u)).toBe(DENIED);
      await must('auth/role/add', { name: 'more' }, root);
      const old = 'revision of auth store is old';
      expect(await refusal('kv/put', put('a'), u)).toBe(old);
      expect(await refusal('kv/range', key('a'), u)).toBe(old);
      await must('kv/range', key('a'), await tokenOf('u'));
    } finally {
      await rm(directory, { recursive: true });
    }
  });
});

describe('passwords and tokens', () => {
  it('are in no file of the data directory', async () => {
    const { u } = await begin();
    const { readdir, readFile } = await import('node:fs/promises');
    await lone.server.stop();
    const files = await readdir(lone.dataDir, { recursive: true, withFileTypes: true });
    let bytes = 0;
    for (const file of files.filter((entry) => entry.isFile())) {
      const content = await readFile(join(file.parentPath, file.name));
      bytes += content.length;
      expect([file.name, content.includes('pw-u'), content.includes(u.split('.')[0] as string)]).toEqual([
        file.name,
        false,
        false,
      ]);
    }
    expect(bytes).toBeGreaterThan(0);
  });
});
