import { Client } from '@understudy/client';
import { waitUntil } from '@understudy/testbed';
import { afterEach, describe, expect, it } from 'vitest';
import { base64, jsonCall } from './json-call.js';
import { type LoneServer, startLoneServer } from './lone-server.js';

let lone: LoneServer;
let client: Client;

async function begin(...flags: string[]): Promise<void> {
  lone = await startLoneServer(flags);
  client = new Client({ endpoints: [lone.clientUrl] });
}

afterEach(async () => {
  await client.close();
  await lone.end();
});

const SHORT_LEASES = ['--election-timeout=200', '--heartbeat-interval=20'];

async function metrics(): Promise<Map<string, number>> {
  const text = await (await fetch(`${lone.clientUrl}/metrics`)).text();
  const rows = [...text.matchAll(/^([a-z_]+(?:\{[^}]*\})?) (\S+)$/gm)];
  return new Map(rows.map(([, name, value]) => [name as string, Number(value)]));
}

describe('leases', () => {
  it('a key goes with its lease, and stays as long as the lease is kept alive', async () => {
    await begin(...SHORT_LEASES);
    const grant = async (): Promise<string> => {
      const { body } = await jsonCall(lone.clientUrl, '/v3/lease/grant', { TTL: '1' });
      return body['ID'] as string;
    };
    const [ends, kept] = [await grant(), await grant()];
    for (const [key, lease] of [
      ['ends', ends],
      ['kept', kept],
    ] as const) {
      await jsonCall(lone.clientUrl, '/v3/kv/put', { key: base64(key), value: base64('x'), lease });
    }
    await waitUntil('the lease that nobody keeps has ended', async () => {
      await jsonCall(lone.clientUrl, '/v3/lease/keepalive', { ID: kept });
      return (await client.get('ends')).kv === undefined;
    });
    expect((await client.get('kept')).kv?.text()).toBe('x');
    const left = await jsonCall(lone.clientUrl, '/v3/lease/timetolive', { ID: ends });
    expect(left.body).toMatchObject({ TTL: '-1' });
  });
});

describe('compaction', () => {
  it('is done automatically once history is older than the retention', async () => {
    await begin('--auto-compaction-retention=200ms');
    for (let i = 0; i < 5; i++) await client.put('key', String(i));
    const { header } = await client.put('key', 'last');
    await waitUntil('compacted', async () => {
      const compacted = (await metrics()).get('etcd_debugging_mvcc_compact_revision') ?? 0;
      return compacted >= header.revision;
    });
    await expect(client.get('key', { revision: header.revision - 1 })).rejects.toMatchObject({ code: 'OUT_OF_RANGE' });
    expect((await client.get('key')).kv?.text()).toBe('last');
  });

  it('a physical one is answered when the records are gone', async () => {
    await begin();
    for (let i = 0; i < 50; i++) await client.put('key', String(i));
    const { header } = await client.put('key', 'last');
    const before = (await metrics()).get('etcd_mvcc_db_total_size_in_bytes') as number;
    const answer = await jsonCall(lone.clientUrl, '/v3/kv/compaction', { revision: header.revision, physical: true });
    expect(answer.status).toBe(200);
    expect((await metrics()).get('etcd_mvcc_db_total_size_in_bytes')).toBeLessThan(before / 10);
  });
});

describe('the quota', () => {
  it('refuses what needs space, takes what gives some back, and shows in health and status', async () => {
    await begin('--quota-backend-bytes=20000');
    await client.put('large', 'x'.repeat(30_000));
    const noSpace = { code: 'RESOURCE_EXHAUSTED', message: expect.stringContaining('database space exceeded') };
    await expect(client.put('more', 'x')).rejects.toMatchObject(noSpace);
    const txn = (success: object[]): ReturnType<typeof jsonCall> => jsonCall(lone.clientUrl, '/v3/kv/txn', { success });
    expect((await txn([{ requestPut: { key: base64('more') } }])).status).toBe(429);
    expect((await jsonCall(lone.clientUrl, '/v3/lease/grant', { TTL: '60' })).status).toBe(429);
    const health = await fetch(`${lone.clientUrl}/health`);
    expect([health.status, await health.json()]).toEqual([503, { health: 'false', reason: 'ALARM NOSPACE' }]);
    const status = await jsonCall(lone.clientUrl, '/v3/maintenance/status', {});
    expect(status.body['errors']).toEqual([expect.stringContaining('database space exceeded')]);

    expect((await txn([{ requestDeleteRange: { key: base64('large') } }])).status).toBe(200);
    const { revision } = (await client.get('large')).header;
    await jsonCall(lone.clientUrl, '/v3/kv/compaction', { revision, physical: true });
    await client.put('more', 'x');
    expect((await fetch(`${lone.clientUrl}/health`)).status).toBe(200);
  });
});

describe('large ranges', () => {
  it('are whole, at one revision, also where their values make them long', async () => {
    await begin();
    const value = 'v'.repeat(1024 * 1024);
    for (let i = 0; i < 12; i++) await client.put(`large/${i}`, value);
    const asked = client.getAll('large/');
    await client.put('large/later', 'x');
    const { kvs } = await asked;
    expect(kvs.filter((kv) => kv.value.length === value.length)).toHaveLength(12);
  });
});

describe('/metrics', () => {
  it('counts what is applied, and feeds the times of the disk', async () => {
    await begin();
    const before = await metrics();
    await client.put('a', '1');
    await jsonCall(lone.clientUrl, '/v3/kv/txn', {
      success: [
        { requestPut: { key: base64('b') } },
        { requestPut: { key: base64('c') } },
        { requestDeleteRange: { key: base64('a') } },
      ],
    });
    const after = await metrics();
    const grown = (name: string): number => (after.get(name) as number) - (before.get(name) as number);
    expect(grown('etcd_mvcc_put_total')).toBe(3);
    expect(grown('etcd_mvcc_delete_total')).toBe(1);
    expect(grown('etcd_mvcc_txn_total')).toBe(1);
    expect(grown('etcd_disk_wal_fsync_duration_seconds_count')).toBeGreaterThanOrEqual(2);
    expect(after.has('etcd_disk_backend_commit_duration_seconds_count')).toBe(true);
    expect(after.get('etcd_server_is_leader')).toBe(1);
    expect(after.get('understudy_event_loop_lag_seconds{quantile="0.5"}')).toBeGreaterThanOrEqual(0);
  });
});
