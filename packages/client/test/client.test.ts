import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Client } from '../src/index.js';
import { FakeCluster } from './fake/fake-cluster.js';

describe('Client against one member', () => {
  let cluster: FakeCluster;
  let client: Client;
  beforeEach(async () => {
    cluster = await FakeCluster.start(1);
    client = new Client({ endpoints: cluster.endpoints });
  });
  afterEach(async () => {
    await client.close();
    await cluster.close();
  });

  it('reads back what it put, as bytes and as text', async () => {
    const { header } = await client.put('greeting', 'hello');
    const { kv } = await client.get('greeting');
    expect(kv?.text()).toBe('hello');
    expect(kv?.keyText()).toBe('greeting');
    expect(kv?.value).toEqual(Uint8Array.from(Buffer.from('hello')));
    expect(kv?.modRevision).toBe(header.revision);
  });
});
