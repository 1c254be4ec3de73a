import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TestCluster, type TestMember, waitUntil } from '@understudy/testbed';
import { afterEach, describe, expect, it } from 'vitest';
import { base64, type JsonAnswer, jsonCall } from '../json-call.js';

let cluster: TestCluster;
afterEach(() => cluster.stop());

function call(member: TestMember, path: string, body: object, token?: string): Promise<JsonAnswer> {
  return jsonCall(member.clientUrl, `/v3/${path}`, body, token === undefined ? {} : { authorization: token });
}

async function must(member: TestMember, path: string, body: object, token?: string): Promise<Record<string, unknown>> {
  const { status, body: answer } = await call(member, path, body, token);
  expect([path, status, answer['error']]).toEqual([path, 200, undefined]);
  return answer;
}

const put = (key: string): object => ({ key: base64(key), value: base64('v') });
const prefix = { key: base64('app/'), range_end: base64('app0') };

async function tokenOf(member: TestMember, name: string): Promise<string> {
  return (await must(member, 'auth/authenticate', { name, password: name }))['token'] as string;
}

/** root, and `app`, who reads and writes below `app/`. Resolves with three members. */
async function begin(flags: readonly string[] = []): Promise<[TestMember, TestMember, TestMember]> {
  // A pause of a slow machine makes no election, which would leave the outcome of a write unknown.
  cluster = await TestCluster.start({ flags: [...flags, '--election-timeout=3000'] });
  const members = cluster.members as [TestMember, TestMember, TestMember];
  const [first] = members;
  await must(first, 'auth/user/add', { name: 'root', password: 'root' });
  await must(first, 'auth/user/grant', { user: 'root', role: 'root' });
  await must(first, 'auth/user/add', { name: 'app', password: 'app' });
  await must(first, 'auth/role/add', { name: 'app' });
  await must(first, 'auth/role/grant', { name: 'app', perm: { permType: 'READWRITE', ...prefix } });
  await must(first, 'auth/user/grant', { user: 'app', role: 'app' });
  await must(first, 'auth/enable', {});
  return members;
}

describe('authentication in a cluster', { timeout: 240_000 }, () => {
  it('a simple token of one member is good on all others at once, and through the loss of the leader', async () => {
    const members = await begin();
    for (const giver of members) {
      const token = await tokenOf(giver, 'app');
      // At once: members that have not heard of it yet find out, and do not refuse it.
      await Promise.all(members.map((member) => must(member, 'kv/range', { ...prefix, serializable: true }, token)));
      await Promise.all(members.map((member) => must(member, 'kv/put', put('app/key'), token)));
      for (const member of members) expect((await call(member, 'kv/put', put('other'), token)).status).toBe(403);
    }
    const leader = await cluster.leader();
    const [one, other] = members.filter((member) => member !== leader) as [TestMember, TestMember];
    const token = await tokenOf(leader, 'app');
    await must(one, 'kv/put', put('app/key'), token);
    await leader.process.end('SIGKILL');
    await waitUntil('another leader', async () => (await call(other, 'kv/put', put('app/key'), token)).status === 200);
    expect((await call(one, 'kv/put', put('other'), token)).status).toBe(403);
    expect((await call(one, 'kv/put', put('app/key'))).status).toBe(400);

    leader.process.start();
    await leader.process.answers(`${leader.clientUrl}/health`);
    // Users and roles are stored; tokens are not, or only as long as the log is replayed.
    expect((await call(leader, 'kv/put', put('other'), await tokenOf(leader, 'app'))).status).toBe(403);
  });

  it('a permission that is taken away is gone on every member when the answer is there', async () => {
    const members = await begin();
    const [first] = members;
    const [root, token] = [await tokenOf(first, 'root'), await tokenOf(first, 'app')];
    for (const member of members) await must(member, 'kv/put', put('app/key'), token);
    for (let round = 0; round < 5; round++) {
      await must(first, 'auth/role/revoke', { role: 'app', ...prefix }, root);
      for (const member of members) {
        expect((await call(member, 'kv/range', prefix, token)).status).toBe(403);
        expect((await call(member, 'kv/put', put('app/key'), token)).status).toBe(403);
        const nested = { success: [{ requestTxn: { success: [{ requestPut: put('app/key') }] } }] };
        expect((await call(member, 'kv/txn', nested, token)).status).toBe(403);
      }
      await must(first, 'auth/role/grant', { name: 'app', perm: { permType: 'READWRITE', ...prefix } }, root);
      for (const member of members) await must(member, 'kv/put', put('app/key'), token);
    }
  });

  it('writes and logins of a user go on while users and roles change', async () => {
    const [first, second, third] = await begin();
    const [root, token] = [await tokenOf(first, 'root'), await tokenOf(third, 'app')];
    let changing = true;
    let written = 0;
    const writing = (async () => {
      while (changing) {
        await must(second, 'kv/put', put('app/key'), token);
        written += 1;
      }
    })();
    let proven = false;
    const proving = (async () => {
      for (let i = 0; i < 3; i++) await tokenOf(third, 'app');
    })().finally(() => {
      proven = true;
    });
    for (let i = 0; i < 20 || !proven; i++) await must(first, 'auth/role/add', { name: `role${i}` }, root);
    changing = false;
    await Promise.all([writing, proving]);
    expect(written).toBeGreaterThan(0);
  });

  it('a JWT is good on every member, and old when users and roles change', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'jwt-e2e-'));
    try {
      const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
      await writeFile(join(directory, 'pub.pem'), publicKey.export({ type: 'spki', format: 'pem' }));
      await writeFile(join(directory, 'priv.pem'), privateKey.export({ type: 'pkcs8', format: 'pem' }));
      const keys = `pub-key=${directory}/pub.pem,priv-key=${directory}/priv.pem`;
      const members = await begin([`--auth-token=jwt,${keys},sign-method=ES256`]);
      const [first, second] = members;
      const token = await tokenOf(first, 'app');
      for (const member of members) await must(member, 'kv/put', put('app/key'), token);
      expect((await call(second, 'kv/put', put('other'), token)).status).toBe(403);
      const altered = token.replace(/\.[^.]+\./, `.${Buffer.from('{"username":"root"}').toString('base64url')}.`);
      expect((await call(second, 'kv/put', put('app/key'), altered)).status).toBe(401);
      await must(first, 'auth/role/add', { name: 'more' }, await tokenOf(second, 'root'));
      const { body } = await call(first, 'kv/put', put('app/key'), token);
      expect(body['error']).toBe('etcdserver: revision of auth store is old');
      await must(second, 'kv/put', put('app/key'), await tokenOf(second, 'app'));
    } finally {
      await rm(directory, { recursive: true });
    }
  });
});

describe('a lock in a cluster', { timeout: 240_000 }, () => {
  it('asked of any member is given to one at a time, and passes on when its lease ends with the leader', async () => {
    cluster = await TestCluster.start();
    const members = cluster.members;
    const grants = await Promise.all(members.map((member) => must(member, 'lease/grant', { TTL: 600 })));
    const leases = grants.map((grant) => grant['ID'] as string);
    const given: string[] = [];
    let held = 0;
    const rounds = members.map(async (member, i) => {
      for (let round = 0; round < 5; round++) {
        const { key } = await must(member, 'lock/lock', { name: base64('l'), lease: leases[i] });
        held += 1;
        expect(held).toBe(1);
        given.push(member.name);
        await must(member, 'kv/put', put('guarded'));
        held -= 1;
        await must(member, 'lock/unlock', { key });
      }
    });
    await Promise.all(rounds);
    expect(given).toHaveLength(15);

    const leader = await cluster.leader();
    const [one, other] = members.filter((member) => member !== leader) as [TestMember, TestMember];
    const short = (await must(one, 'lease/grant', { TTL: 5 }))['ID'];
    await must(one, 'lock/lock', { name: base64('l'), lease: short });
    const waiting = call(other, 'lock/lock', { name: base64('l'), lease: leases[0] });
    await waitUntil('the other is in line', async () => {
      await must(one, 'lease/keepalive', { ID: short });
      const range = { key: base64('l/'), range_end: base64('l0'), count_only: true };
      return (await must(other, 'kv/range', range))['count'] === '2';
    });
    await leader.process.end('SIGKILL');
    expect((await waiting).status).toBe(200);
  });
});
