import { ClusterService, KVService, RangeRequest } from '@understudy/protocol';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Client, ClientError, compare, op } from '../src/index.js';
import { FakeCluster } from './fake/fake-cluster.js';

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

async function failureOf(promise: Promise<unknown>): Promise<ClientError> {
  const error = await promise.then(
    () => new Error('it succeeded'),
    (cause: unknown) => cause,
  );
  expect(error).toBeInstanceOf(ClientError);
  return error as ClientError;
}

describe('keys', () => {
  it('are read back as bytes, text and JSON', async () => {
    const { header } = await client.put('greeting', '{"hello":"wörld"}');
    const { kv } = await client.get('greeting');
    expect(kv?.text()).toBe('{"hello":"wörld"}');
    expect(kv?.json()).toEqual({ hello: 'wörld' });
    expect(kv?.keyText()).toBe('greeting');
    expect(Buffer.from(kv?.value ?? [])).toEqual(Buffer.from('{"hello":"wörld"}'));
    expect(kv).toMatchObject({ createRevision: header.revision, modRevision: header.revision, version: 1, lease: 0n });
  });

  it('that do not exist read as undefined', async () => {
    expect((await client.get('nothing')).kv).toBeUndefined();
  });

  it('may be any bytes', async () => {
    const key = Uint8Array.of(0, 0xff, 0x80);
    const value = Uint8Array.of(0xfe, 0, 1);
    await client.put(key, value);
    expect(new Uint8Array((await client.get(key)).kv?.value ?? [])).toEqual(value);
  });

  it('are sent as they were when the call was made, whatever the caller does to its buffer next', async () => {
    const value = Buffer.from('before');
    const put = client.put('k', value);
    value.fill('x');
    await put;
    expect((await client.get('k')).kv?.text()).toBe('before');
  });

  it('are listed by prefix and by range, sorted, limited and counted', async () => {
    for (const key of ['a/2', 'a/1', 'b/1']) await client.put(key, key);
    const names = (kvs: readonly { keyText(): string }[]): string[] => kvs.map((kv) => kv.keyText());
    expect(names((await client.getAll('a/')).kvs)).toEqual(['a/1', 'a/2']);
    expect(names((await client.range({ from: 'a/2', to: 'b/1' })).kvs)).toEqual(['a/2']);
    expect(names((await client.range({ from: 'a/2' })).kvs)).toEqual(['a/2', 'b/1']);
    expect(names((await client.getAll('', { sortBy: 'create', order: 'descend' })).kvs)).toEqual(['b/1', 'a/1', 'a/2']);
    const limited = await client.getAll('', { limit: 2, keysOnly: true });
    expect(limited).toMatchObject({ more: true, count: 3 });
    expect(limited.kvs[0]?.value).toHaveLength(0);
    expect(await client.getAll('', { countOnly: true })).toMatchObject({ count: 3, kvs: [] });
  });

  it('give their version before, and their past', async () => {
    const first = await client.put('k', '1');
    const second = await client.put('k', '2', { prevKv: true });
    expect(second.prevKv?.text()).toBe('1');
    expect((await client.get('k', { revision: first.header.revision })).kv?.text()).toBe('1');
    const gone = await client.delete({ prefix: 'k' }, { prevKv: true });
    expect(gone.deleted).toBe(1);
    expect(gone.prevKvs[0]?.text()).toBe('2');
  });

  it('lose their past to a compaction', async () => {
    const { header } = await client.put('k', '1');
    await client.put('k', '2');
    await client.compact(header.revision + 1);
    const error = await failureOf(client.get('k', { revision: header.revision }));
    expect(error).toMatchObject({
      code: 'OUT_OF_RANGE',
      message: 'etcdserver: mvcc: required revision has been compacted',
      retryable: false,
      outcome: 'not-applied',
      endpoint: cluster.endpoints[0],
    });
  });
});

describe('transactions', () => {
  it('carry out one side or the other', async () => {
    const claim = (who: string) =>
      client
        .txn()
        .when(compare.version('leader', '=', 0))
        .do(op.put('leader', who))
        .otherwise(op.get('leader'))
        .commit();
    expect((await claim('me')).succeeded).toBe(true);
    const second = await claim('you');
    expect(second.succeeded).toBe(false);
    const [answer] = second.responses;
    expect(answer?.type === 'range' && answer.result.kvs[0]?.text()).toBe('me');
  });

  it('take the same parts as an object', async () => {
    await client.put('n', '5');
    const { succeeded, responses } = await client.txn({
      compare: [compare.value('n', '=', '5'), compare.modRevision('n', '>', 0)],
      success: [op.delete('n', { prevKv: true }), op.put('m', '6')],
    });
    expect(succeeded).toBe(true);
    expect(responses.map(({ type }) => type)).toEqual(['delete', 'put']);
  });
});

describe('calls', () => {
  it('of one turn leave as one frame', async () => {
    await client.get('warm up');
    const before = cluster.member(0).frames;
    await Promise.all(Array.from({ length: 100 }, (_, i) => client.put(`k${i}`, 'v')));
    expect(cluster.member(0).frames - before).toBe(1);
  });

  it('that the server leaves unanswered fail at their timeout, and say what is certain', async () => {
    await client.get('warm up');
    cluster.member(0).intercept = () => true;
    const read = await failureOf(client.get('k', { timeoutMs: 30 }));
    expect(read).toMatchObject({ code: 'DEADLINE_EXCEEDED', outcome: 'not-applied', retryable: true });
    const write = await failureOf(client.put('k', 'v', { timeoutMs: 30 }));
    expect(write).toMatchObject({ code: 'DEADLINE_EXCEEDED', outcome: 'unknown', endpoint: cluster.endpoints[0] });
  });

  it('end when their signal is aborted, and the server is told', async () => {
    await client.get('warm up');
    let cancelled = false;
    cluster.member(0).intercept = (_method, call) => {
      call.onCancel = () => {
        cancelled = true;
      };
      abort.abort();
      return true;
    };
    const abort = new AbortController();
    const error = await failureOf(client.put('k', 'v', { signal: abort.signal }));
    expect(error).toMatchObject({ code: 'CANCELLED', outcome: 'unknown' });
    cluster.member(0).intercept = undefined;
    await client.get('k');
    expect(cancelled).toBe(true);
  });

  it('may share one signal, by the thousand, which gets one listener', async () => {
    await client.get('warm up');
    const warnings: Error[] = [];
    const warn = (warning: Error): void => void warnings.push(warning);
    process.on('warning', warn);
    cluster.member(0).intercept = () => true;
    const abort = new AbortController();
    const calls = Array.from({ length: 1000 }, () => failureOf(client.get('k', { signal: abort.signal })));
    abort.abort();
    const errors = await Promise.all(calls);
    expect(new Set(errors.map(({ code }) => code))).toEqual(new Set(['CANCELLED']));
    await new Promise((resolve) => setImmediate(resolve));
    process.off('warning', warn);
    expect(warnings).toEqual([]);
  });

  it('are refused before anything is sent when their signal was aborted already', async () => {
    const error = await failureOf(client.put('k', 'v', { signal: AbortSignal.abort() }));
    expect(error).toMatchObject({ code: 'CANCELLED', outcome: 'not-applied' });
    expect(cluster.member(0).connections).toBe(0);
  });

  it('beyond the limit are refused', async () => {
    const small = new Client({ endpoints: cluster.endpoints }, { maxPendingCalls: 3 });
    const calls = Array.from({ length: 4 }, () => small.put('k', 'v'));
    const error = await failureOf(calls[3] as Promise<unknown>);
    expect(error).toMatchObject({ code: 'RESOURCE_EXHAUSTED', outcome: 'not-applied', retryable: true });
    await Promise.all(calls.slice(0, 3));
    await small.put('k', 'v');
    await small.close();
  });

  it('beyond what the server takes at once wait for their turn', async () => {
    const answers = await Promise.all(Array.from({ length: 5000 }, (_, i) => client.put('k', String(i))));
    const revisions = answers.map(({ header }) => header.revision);
    expect(revisions).toEqual(revisions.toSorted((a, b) => a - b));
    expect((await client.get('k')).kv?.version).toBe(5000);
  });

  it('reach any method of the protocol', async () => {
    const { members } = await client.call(ClusterService.methods.memberList, { linearizable: true });
    expect(members).toHaveLength(1);
    const answer = await client.call(KVService.methods.range, RangeRequest.create({ key: Buffer.from('x') }));
    expect(answer.count).toBe(0);
  });

  it('with an endpoint that cannot be are refused', async () => {
    expect(await failureOf(client.maintenance.status('ftp://x'))).toMatchObject({ code: 'INVALID_ARGUMENT' });
  });

  it('larger than the server takes are refused', async () => {
    const error = await failureOf(client.put('k', new Uint8Array(5 * 1024 * 1024)));
    expect(error).toMatchObject({ code: 'INVALID_ARGUMENT', message: 'etcdserver: request is too large' });
  });
});

describe('close', () => {
  it('fails what is pending and everything after it', async () => {
    await client.get('warm up');
    cluster.member(0).intercept = () => true;
    const pending = failureOf(client.put('k', 'v'));
    await client.close();
    expect(await pending).toMatchObject({ code: 'CANCELLED', message: 'the client is closed', outcome: 'unknown' });
    expect(await failureOf(client.get('k'))).toMatchObject({ code: 'CANCELLED', outcome: 'not-applied' });
  });

  it('is what leaving an `await using` does', async () => {
    const disposed = new Client({ endpoints: cluster.endpoints });
    await disposed.put('k', 'v');
    await disposed[Symbol.asyncDispose]();
    expect((await failureOf(disposed.get('k'))).code).toBe('CANCELLED');
  });
});

describe('a client', () => {
  it('needs at least one endpoint that can be', () => {
    expect(() => new Client({ endpoints: [] })).toThrow('endpoints: at least one is needed');
    expect(() => new Client({ endpoints: ['a:1', 'ftp://b'] })).toThrow('endpoints: "ftp://b" has the scheme "ftp:"');
  });
});
