// A mirror from a cluster of ours to a real etcd.
import { op, Client, ClientError, EtcdGateway, Mirror } from '../../src/index.js';
import { TestCluster, waitUntil } from '@understudy/testbed';
import { AuthService, stringifyJson } from '@understudy/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const START_MS = 180_000;

describe('a mirror to an etcd', { timeout: START_MS }, () => {
  let ours: TestCluster;
  let etcd: TestCluster;
  let source: Client;
  let destination: EtcdGateway;

  beforeAll(async () => {
    [ours, etcd] = await Promise.all([
      TestCluster.start({ voters: 1 }),
      TestCluster.start({ kind: 'etcd', voters: 1, flags: ['--log-level=error'] }),
    ]);
    source = new Client({ endpoints: ours.endpoints }, { timeoutMs: 20_000 });
    destination = new EtcdGateway({ endpoint: etcd.endpoints[0] as string }, { timeoutMs: 20_000 });
  }, START_MS);
  afterAll(async () => {
    await Promise.all([source?.close(), destination?.close()]);
    await Promise.all([ours?.stop(), etcd?.stop()]);
  });

  async function mirrored(afterRevision: number | undefined, work: (made: Mirror) => Promise<number>): Promise<Mirror> {
    const abort = new AbortController();
    const prefixes = { prefix: 'from/', destinationPrefix: 'to/' };
    const made = new Mirror(source, destination, { ...prefixes, pageKeys: 7, afterRevision, signal: abort.signal });
    const running = made.run();
    running.catch(() => {});
    await waitUntil('the copy is made', () => made.revision > 0, START_MS);
    const revision = await work(made);
    await waitUntil(`revision ${revision} is mirrored`, () => made.revision >= revision, START_MS);
    abort.abort();
    await running;
    return made;
  }

  it('copies, follows, goes on where it was, through a restart of the etcd, and leaves a true copy', async () => {
    for (let n = 0; n < 20; n++) await source.put(`from/${n}`, `${n}`);
    await source.put('from/bytes', Uint8Array.of(0, 255, 128));
    const first = await mirrored(undefined, async () => {
      const { header } = await source.txn({ success: [op.put('from/0', 'new'), op.delete('from/1')] });
      return header.revision;
    });
    expect(await first.check()).toMatchObject({ keys: 20, differences: 0 });
    const { header } = await source.put('from/2', 'meanwhile');
    const [member] = etcd.members;
    await member?.process.end('SIGKILL');
    member?.process.start();
    const second = await mirrored(first.revision, async () => header.revision);
    expect(await second.check()).toMatchObject({ keys: 20, differences: 0, revision: header.revision });
    const found = await destination.range({ prefix: 'to/' });
    expect(found.kvs.map((kv) => kv.keyText())).not.toContain('to/1');
    expect(found.kvs.find((kv) => kv.keyText() === 'to/bytes')?.value).toEqual(Uint8Array.of(0, 255, 128));
    await destination.txn({ success: [op.put('to/0', 'changed by somebody')] });
    expect(await second.check()).toMatchObject({ differences: 1, examples: [{ kind: 'other-value' }] });
  });

  it('writes no more at once than a server takes', async () => {
    const value = 'v'.repeat(100_000);
    // Some 2.5 MB: beyond what either of them takes in one request.
    for (let n = 0; n < 25; n++) await source.put(`from/large/${n}`, value);
    const made = await mirrored(undefined, async () => {
      await Promise.all(Array.from({ length: 25 }, (_, n) => source.put(`from/large/${n}`, `w${value}`)));
      return (await source.put('from/end', '')).header.revision;
    });
    expect(await made.check()).toMatchObject({ differences: 0 });
  });

  it('tells a server of ours from an etcd, and a refusal from a failure', async () => {
    expect(await destination.isEtcd()).toBe(true);
    const here = new EtcdGateway({ endpoint: ours.endpoints[0] as string });
    expect(await here.isEtcd()).toBe(false);
    await here.close();
    const nobody = new EtcdGateway({ endpoint: 'http://127.0.0.1:1' });
    await expect(nobody.isEtcd()).rejects.toMatchObject({ code: 'UNAVAILABLE', outcome: 'not-applied' });
    await expect(nobody.txn({ success: [op.put('a', 'b')] })).rejects.toMatchObject({ retryable: true });
    await nobody.close();
    await expect(destination.range('a', { revision: 1_000_000 })).rejects.toMatchObject({
      code: 'OUT_OF_RANGE',
      message: 'etcdserver: mvcc: required revision is a future revision',
    });
    const twice = destination.txn({ success: [op.put('a', '1'), op.put('a', '2')] });
    await expect(twice).rejects.toBeInstanceOf(ClientError);
    await expect(twice).rejects.toMatchObject({ code: 'INVALID_ARGUMENT', outcome: 'not-applied' });
    const abort = new AbortController();
    abort.abort();
    await expect(destination.range('a', { signal: abort.signal })).rejects.toMatchObject({ code: 'CANCELLED' });
  });

  it('proves who it is, again where its token is not known any more', async () => {
    const { methods } = AuthService;
    const [endpoint = ''] = etcd.endpoints;
    const ask = async <I extends object>(method: (typeof methods)[keyof typeof methods], request: I): Promise<void> => {
      const body = stringifyJson(method.input as never, request as never);
      const answer = await fetch(`${endpoint}${method.http[0]?.path}`, { method: 'POST', body });
      expect(answer.ok).toBe(true);
    };
    await ask(methods.userAdd, { name: 'root', password: 'secret' });
    await ask(methods.userGrantRole, { user: 'root', role: 'root' });
    await ask(methods.authEnable, {});
    await expect(destination.range('a')).rejects.toMatchObject({ outcome: 'not-applied' });
    const wrong = new EtcdGateway({ endpoint, auth: { user: 'root', password: 'no' } });
    await expect(wrong.range('a')).rejects.toMatchObject({ message: expect.stringContaining('authentication failed') });
    const root = new EtcdGateway({ endpoint, auth: { user: 'root', password: 'secret' } }, { timeoutMs: 20_000 });
    expect((await root.range('to/0')).kvs).toHaveLength(1);
    // Simple tokens are forgotten with the process that gave them.
    const [member] = etcd.members;
    await member?.process.end('SIGKILL');
    member?.process.start();
    await member?.process.answers(`${endpoint}/health`);
    expect((await root.range('to/0')).kvs).toHaveLength(1);
    await Promise.all([wrong.close(), root.close()]);
  });
});
