import { randomBytes } from 'node:crypto';
import { Client } from '@understudy/client';
import { readSnapshot } from '@understudy/mvcc';
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
    const before = (await metrics()).get('etcd_mvcc_db_total_size_in_use_in_bytes') as number;
    const answer = await jsonCall(lone.clientUrl, '/v3/kv/compaction', { revision: header.revision, physical: true });
    expect(answer.status).toBe(200);
    expect((await metrics()).get('etcd_mvcc_db_total_size_in_use_in_bytes')).toBeLessThan(before / 10);
  });
});

describe('the quota', () => {
  it('raises an alarm that refuses what needs space and takes what gives some back, until it is disarmed', async () => {
    await begin('--quota-backend-bytes=40000');
    const lease = await jsonCall(lone.clientUrl, '/v3/lease/grant', { TTL: '600' });
    await client.put('large', 'x'.repeat(30_000));
    const noSpace = { code: 'RESOURCE_EXHAUSTED', message: expect.stringContaining('database space exceeded') };
    await expect(client.put('larger', 'x'.repeat(30_000))).rejects.toMatchObject(noSpace);
    // There would be room for this one; the alarm is what refuses it.
    await expect(client.put('more', 'x')).rejects.toMatchObject(noSpace);
    const txn = (success: object[]): ReturnType<typeof jsonCall> => jsonCall(lone.clientUrl, '/v3/kv/txn', { success });
    expect((await txn([{ requestPut: { key: base64('more') } }])).status).toBe(429);
    expect((await jsonCall(lone.clientUrl, '/v3/lease/grant', { TTL: '60' })).status).toBe(429);
    const health = await fetch(`${lone.clientUrl}/health`);
    expect([health.status, await health.json()]).toEqual([503, { health: 'false', reason: 'ALARM NOSPACE' }]);
    const status = await jsonCall(lone.clientUrl, '/v3/maintenance/status', {});
    expect(status.body['errors']).toEqual([expect.stringMatching(/^memberID:\d+ alarm:NOSPACE $/)]);
    const raised = [{ memberID: expect.any(String), alarm: 'NOSPACE' }];
    const alarm = (body: object): ReturnType<typeof jsonCall> =>
      jsonCall(lone.clientUrl, '/v3/maintenance/alarm', body);
    const listed = (await alarm({})).body['alarms'] as { memberID: string }[];
    expect(listed).toEqual(raised);
    expect((await alarm({ alarm: 'CORRUPT' })).body['alarms'] ?? []).toEqual([]);

    expect((await txn([{ requestDeleteRange: { key: base64('large') } }])).status).toBe(200);
    const { revision } = (await client.get('large')).header;
    await jsonCall(lone.clientUrl, '/v3/kv/compaction', { revision, physical: true });
    expect((await jsonCall(lone.clientUrl, '/v3/lease/revoke', { ID: lease.body['ID'] })).status).toBe(200);
    await expect(client.put('more', 'x')).rejects.toMatchObject(noSpace);
    const disarm = { action: 'DEACTIVATE', memberID: listed[0]?.memberID, alarm: 'NOSPACE' };
    expect((await alarm(disarm)).body['alarms']).toEqual(raised);
    expect((await alarm(disarm)).body['alarms'] ?? []).toEqual([]);
    await client.put('more', 'x');
    expect((await fetch(`${lone.clientUrl}/health`)).status).toBe(200);
  });
});

describe('the alarm about damage', () => {
  it('refuses every change, and shows', async () => {
    await begin();
    await client.put('key', 'value');
    const alarm = { action: 'ACTIVATE', memberID: '77', alarm: 'CORRUPT' };
    await jsonCall(lone.clientUrl, '/v3/maintenance/alarm', alarm);
    const corrupt = { code: 'DATA_LOSS', message: expect.stringContaining('corrupt cluster') };
    await expect(client.put('key', 'x')).rejects.toMatchObject(corrupt);
    await expect(client.delete('key')).rejects.toMatchObject(corrupt);
    expect((await client.get('key')).kv?.text()).toBe('value');
    const health = await fetch(`${lone.clientUrl}/health`);
    expect(await health.json()).toEqual({ health: 'false', reason: 'ALARM CORRUPT' });
    await jsonCall(lone.clientUrl, '/v3/maintenance/alarm', { ...alarm, action: 'DEACTIVATE' });
    await client.put('key', 'x');
  });
});

describe('the sizes of the state', () => {
  const status = async (): Promise<{ onDisk: number; inUse: number }> => {
    const { body } = await jsonCall(lone.clientUrl, '/v3/maintenance/status', {});
    return { onDisk: Number(body['dbSize']), inUse: Number(body['dbSizeInUse']) };
  };

  it('are those of its files, which outlive what was deleted, and those of its records', async () => {
    await begin();
    // What compresses badly takes its own size on disk.
    const value = (): Buffer => randomBytes(100_000);
    for (let i = 0; i < 120; i++) await client.put('key', value());
    await jsonCall(lone.clientUrl, '/v3/maintenance/hash', {});
    const full = await status();
    expect(full.inUse).toBeGreaterThan(12_000_000);
    expect(full.onDisk).toBeGreaterThan(12_000_000);
    expect(full.onDisk).toBeLessThan(24_000_000);
    const { revision } = (await client.get('key')).header;
    await jsonCall(lone.clientUrl, '/v3/kv/compaction', { revision, physical: true });
    const compacted = await status();
    expect(compacted.inUse).toBeLessThan(200_000);
    expect(compacted.onDisk).toBeGreaterThan(8_000_000);
    await jsonCall(lone.clientUrl, '/v3/maintenance/defragment', {});
    // What one table of LevelDB holds of both, the record and its deletion, may stay.
    expect((await status()).onDisk).toBeLessThan(6_000_000);
  });
});

describe('maintenance', () => {
  const call = (path: string, body: object = {}): ReturnType<typeof jsonCall> =>
    jsonCall(lone.clientUrl, `/v3/maintenance/${path}`, body);

  it('a snapshot is a whole file, that says what is in it', async () => {
    await begin();
    for (let i = 0; i < 300; i++) await client.put(`key${i}`, 'x'.repeat(1000));
    await client.delete('key7');
    await jsonCall(lone.clientUrl, '/v3/auth/user/add', { name: 'u', password: 'secret' });
    const response = await fetch(`${lone.clientUrl}/v3/maintenance/snapshot`, { method: 'POST', body: '{}' });
    const lines = (await response.text()).trim().split('\n');
    const answers = lines.map((line) => (JSON.parse(line) as { result: { blob: string } }).result);
    expect(answers.length).toBeGreaterThan(3);
    const bytes = Buffer.concat(answers.map(({ blob }) => Buffer.from(blob, 'base64')));
    async function* chunks(): AsyncGenerator<Uint8Array> {
      yield bytes;
    }
    const status = await readSnapshot(chunks(), 1);
    expect(status).toMatchObject({ keys: 299, revision: 302, bytes: bytes.length });
  });

  it('gives disk space back, and answers hashes that follow the state', async () => {
    await begin();
    await client.put('key', 'value');
    const before = [(await call('hash')).body['hash'], (await call('hashkv')).body['hash']];
    expect([(await call('hash')).body['hash'], (await call('hashkv')).body['hash']]).toEqual(before);
    expect((await call('defragment')).status).toBe(200);
    expect([(await call('hash')).body['hash'], (await call('hashkv')).body['hash']]).toEqual(before);
    await client.put('key', 'other');
    const after = [(await call('hash')).body['hash'], (await call('hashkv')).body['hash']];
    expect([after[0] === before[0], after[1] === before[1]]).toEqual([false, false]);
  });

  it('refuses a downgrade as a server of 3.4 does: it has no such method', async () => {
    await begin();
    const { status, body } = await call('downgrade', { action: 'VALIDATE', version: '3.3.0' });
    expect([status, body['error']]).toEqual([501, 'unknown method Downgrade for service etcdserverpb.Maintenance']);
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
