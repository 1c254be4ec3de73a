import { etcdErrors } from '@understudy/protocol';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Client } from '../src/index.js';
import { FakeCluster } from './fake/fake-cluster.js';

let cluster: FakeCluster;
beforeEach(async () => {
  cluster = await FakeCluster.start(1);
});
afterEach(() => cluster.close());

describe('a client with a user', () => {
  it('sends its token with every call, from the first', async () => {
    const tokens: (string | undefined)[] = [];
    cluster.member(0).intercept = (method, call) => {
      if (method.name === 'Put') tokens.push(call.token);
      return false;
    };
    const client = new Client({ endpoints: cluster.endpoints, auth: { user: 'root', password: 'secret' } });
    await Promise.all([client.put('a', ''), client.put('b', '')]);
    expect(tokens).toEqual(['token of root', 'token of root']);
    await client.close();
  });

  it('gets another token when the server has forgotten the first', async () => {
    const member = cluster.member(0);
    const client = new Client(
      { endpoints: cluster.endpoints, auth: { user: 'root', password: 'secret' } },
      { backoffBaseMs: 5 },
    );
    await client.put('a', '');
    let forgotten = true;
    member.intercept = (method, call) => {
      if (method.name === 'Authenticate') forgotten = false;
      if (method.name !== 'Put' || !forgotten) return false;
      call.fail(etcdErrors.invalidAuthToken);
      return true;
    };
    await client.put('b', '');
    expect(member.countOf('Authenticate')).toBe(2);
    await client.close();
  });

  it('is told why when the password is wrong', async () => {
    const client = new Client({ endpoints: cluster.endpoints, auth: { user: 'root', password: 'guess' } });
    await expect(client.put('a', '')).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      message: 'etcdserver: authentication failed, invalid user ID or password',
      outcome: 'not-applied',
    });
    expect(cluster.member(0).calls).toEqual(['Authenticate']);
    await client.close();
  });
});
