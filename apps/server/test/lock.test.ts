import { waitUntil } from '@understudy/testbed';
import { afterEach, describe, expect, it } from 'vitest';
import { base64, jsonCall } from './json-call.js';
import { type LoneServer, startLoneServer } from './lone-server.js';

let lone: LoneServer;
afterEach(() => lone.end());

/** Leases may be as short as a second. */
const SHORT_LEASES = ['--election-timeout=200', '--heartbeat-interval=20'];

type Answer = Record<string, unknown>;

async function call(path: string, body: object): Promise<Answer> {
  return (await jsonCall(lone.clientUrl, `/v3/${path}`, body)).body;
}

async function lease(ttl = 600): Promise<string> {
  return (await call('lease/grant', { TTL: ttl }))['ID'] as string;
}

const name = base64('l');
const textOf = (field: unknown): string => Buffer.from(field as string, 'base64').toString();
const hex = (id: string): string => BigInt(id).toString(16);

/** Keys below `l/`, in the order in which they were made. */
async function line(): Promise<string[]> {
  const range = { key: base64('l/'), range_end: base64('l0'), sort_target: 'CREATE', sort_order: 'ASCEND' };
  const kvs = ((await call('kv/range', range))['kvs'] ?? []) as { key: string }[];
  return kvs.map(({ key }) => textOf(key));
}

/** Asks, and tells whether the answer has come. */
function asking(
  path: string,
  body: object,
  headers: Record<string, string> = {},
  signal?: AbortSignal,
): { answer: Promise<Answer>; over: () => boolean } {
  let over = false;
  const answer = fetch(`${lone.clientUrl}/v3/${path}`, {
    method: 'POST',
    body: JSON.stringify(body),
    headers,
    ...(signal === undefined ? {} : { signal }),
  }).then(async (response) => (await response.json()) as Answer);
  answer.then(
    () => (over = true),
    () => (over = true),
  );
  return { answer, over: () => over };
}

describe('a lock', () => {
  it('is given to one at a time, in the order in which they asked; the key is the name and the lease', async () => {
    lone = await startLoneServer();
    const [a, b, c] = [await lease(), await lease(), await lease()];
    const first = await call('lock/lock', { name, lease: a });
    expect(textOf(first['key'])).toBe(`l/${hex(a)}`);
    const second = asking('lock/lock', { name, lease: b });
    await waitUntil('the second is in line', async () => (await line()).length === 2);
    const third = asking('lock/lock', { name, lease: c });
    await waitUntil('the third is in line', async () => (await line()).length === 3);
    expect([second.over(), third.over()]).toEqual([false, false]);
    await call('lock/unlock', { key: first['key'] });
    expect(textOf((await second.answer)['key'])).toBe(`l/${hex(b)}`);
    expect(third.over()).toBe(false);
    expect(await line()).toEqual([`l/${hex(b)}`, `l/${hex(c)}`]);
    await call('lease/revoke', { ID: b });
    expect(textOf((await third.answer)['key'])).toBe(`l/${hex(c)}`);
  });

  it('is waited for as long as the caller says, be it years', async () => {
    lone = await startLoneServer();
    const [a, b] = [await lease(), await lease()];
    const first = await call('lock/lock', { name, lease: a });
    const second = asking('lock/lock', { name, lease: b }, { 'grpc-timeout': '99999999S' });
    await waitUntil('the second is in line', async () => (await line()).length === 2);
    await call('lock/unlock', { key: first['key'] });
    expect(textOf((await second.answer)['key'])).toBe(`l/${hex(b)}`);
    const third = asking('lock/lock', { name, lease: a }, { 'grpc-timeout': '2S' });
    expect((await third.answer)['error']).toBe('etcdserver: context deadline exceeded');
    await waitUntil('who gave up has left the line', async () => (await line()).length === 1);
  });

  it('is given again at once to the lease that has it', async () => {
    lone = await startLoneServer();
    const a = await lease();
    const first = await call('lock/lock', { name, lease: a });
    const again = await call('lock/lock', { name, lease: a });
    expect(again['key']).toBe(first['key']);
    expect(await line()).toHaveLength(1);
  });

  it('comes with a lease of a minute where the caller brings none', async () => {
    lone = await startLoneServer();
    const { key } = await call('lock/lock', { name });
    const id = BigInt(`0x${textOf(key).slice(2)}`).toString();
    expect((await call('lease/timetolive', { ID: id }))['grantedTTL']).toBe('60');
  });

  it('who waits and goes away leaves the line, and whoever is behind does not wait for it', async () => {
    lone = await startLoneServer();
    const [a, b, c] = [await lease(), await lease(), await lease()];
    const first = await call('lock/lock', { name, lease: a });
    const leaving = new AbortController();
    const second = asking('lock/lock', { name, lease: b }, {}, leaving.signal);
    await waitUntil('the second is in line', async () => (await line()).length === 2);
    const third = asking('lock/lock', { name, lease: c });
    await waitUntil('the third is in line', async () => (await line()).length === 3);
    leaving.abort();
    await expect(second.answer).rejects.toThrow();
    await waitUntil('the second has left', async () => !(await line()).includes(`l/${hex(b)}`));
    expect(third.over()).toBe(false);
    await call('lock/unlock', { key: first['key'] });
    expect(textOf((await third.answer)['key'])).toBe(`l/${hex(c)}`);
  });

  it('is never given to a lease that has ended while it waited', async () => {
    lone = await startLoneServer(SHORT_LEASES);
    const [a, b] = [await lease(), await lease(1)];
    await call('lock/lock', { name, lease: a });
    const waiting = asking('lock/lock', { name, lease: b });
    expect((await waiting.answer)['error']).toBe('mutex: session is expired');
    expect(await line()).toEqual([`l/${hex(a)}`]);
  });

  it('needs a lease that exists, and a key to be given back', async () => {
    lone = await startLoneServer();
    expect((await call('lock/lock', { name, lease: '99' }))['error']).toBe('etcdserver: requested lease not found');
    expect((await call('lock/unlock', {}))['error']).toBe('etcdserver: key is not provided');
    expect((await call('lock/unlock', { key: base64('nothing') }))['error']).toBeUndefined();
  });
});

describe('an election', () => {
  it('has one leader, who proclaims and resigns; who follows waits, and an observer sees all of it in order', async () => {
    lone = await startLoneServer();
    expect((await call('election/leader', { name }))['error']).toBe('election: no leader');
    const seen: string[] = [];
    const observing = new AbortController();
    const observed = fetch(`${lone.clientUrl}/v3/election/observe`, {
      method: 'POST',
      body: JSON.stringify({ name }),
      signal: observing.signal,
    }).then(async (response) => {
      let text = '';
      for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
        text += Buffer.from(chunk).toString();
        const lines = text.split('\n');
        text = lines.pop() ?? '';
        for (const answer of lines)
          seen.push(textOf((JSON.parse(answer) as { result: { kv: Answer } }).result.kv['value']));
      }
    });
    observed.catch(() => undefined);

    const [a, b] = [await lease(), await lease()];
    const won = await call('election/campaign', { name, lease: a, value: base64('a1') });
    const leader = won['leader'] as Answer;
    expect(leader).toMatchObject({ name, lease: a });
    const second = asking('election/campaign', { name, lease: b, value: base64('b1') });
    await waitUntil('the second is in line', async () => (await line()).length === 2);
    await waitUntil('the observer knows the leader', () => seen.length > 0);
    expect((await call('election/proclaim', { leader, value: base64('a2') }))['error']).toBeUndefined();
    expect((await call('election/campaign', { name, lease: a, value: base64('a3') }))['leader']).toEqual(leader);
    const told = await call('election/leader', { name });
    expect((told['kv'] as Answer)['value']).toBe(base64('a3'));
    expect(second.over()).toBe(false);
    await call('election/resign', { leader });
    expect((await second.answer)['leader']).toMatchObject({ lease: b });
    expect((await call('election/proclaim', { leader, value: base64('late') }))['error']).toBe('election: not leader');
    await waitUntil('the observer knows the next leader', () => seen.at(-1) === 'b1');
    expect(seen).toEqual(['a1', 'a2', 'a3', 'b1']);
    observing.abort();
  });

  it('is won in the order of the campaigns, past who has gone away meanwhile', async () => {
    lone = await startLoneServer();
    const leases = [await lease(), await lease(), await lease(), await lease()] as const;
    const campaigns: ReturnType<typeof asking>[] = [];
    for (const [at, id] of leases.entries()) {
      campaigns.push(asking('election/campaign', { name, lease: id, value: base64(String(at)) }));
      await waitUntil('it is in line', async () => (await line()).length === at + 1);
    }
    expect(await line()).toEqual(leases.map((id) => `l/${hex(id)}`));
    const [first, , third, fourth] = campaigns;
    const leader = (await first?.answer)?.['leader'] as Answer;
    expect(leader).toMatchObject({ lease: leases[0] });
    await call('lease/revoke', { ID: leases[1] });
    await call('election/resign', { leader });
    expect((await third?.answer)?.['leader']).toMatchObject({ lease: leases[2] });
    expect(fourth?.over()).toBe(false);
    await call('lease/revoke', { ID: leases[2] });
    expect((await fourth?.answer)?.['leader']).toMatchObject({ lease: leases[3] });
    expect(textOf(((await call('election/leader', { name }))['kv'] as Answer)['value'])).toBe('3');
  });

  it('wants to know whose leadership is meant', async () => {
    lone = await startLoneServer();
    expect((await call('election/proclaim', {}))['error']).toBe('"leader" field must be provided');
    expect((await call('election/resign', {}))['error']).toBe('"leader" field must be provided');
  });
});
