/** gRPC's own client for Node, against three voters: a call, a stream of watches, a lease kept alive. */
import { type ClientDuplexStream, Client, credentials, type ServiceError, status } from '@grpc/grpc-js';
import {
  KVService,
  LeaseGrantRequest,
  LeaseKeepAliveRequest,
  type LeaseKeepAliveResponse,
  LeaseService,
  LeaseTimeToLiveRequest,
  type MethodDescriptor,
  PutRequest,
  RangeRequest,
  WatchCreateRequest,
  WatchRequest,
  type WatchResponse,
  WatchService,
} from '@understudy/protocol';
import { TestCluster, waitUntil } from '@understudy/testbed';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const bytes = (text: string): Uint8Array => Buffer.from(text);
const text = (value: Uint8Array | undefined): string => Buffer.from(value ?? []).toString();

let cluster: TestCluster;
let client: Client;

beforeAll(async () => {
  // A pause of a slow machine makes no election, which would leave the outcome of a write unknown.
  cluster = await TestCluster.start({ flags: ['--election-timeout=5000'] });
  const addresses = cluster.endpoints.map((url) => new URL(url).host).join(',');
  client = new Client(`ipv4:${addresses}`, credentials.createInsecure(), { 'grpc.keepalive_time_ms': 10_000 });
}, 180_000);

afterAll(async () => {
  client.close();
  await cluster.stop();
});

function unary<I extends object, O extends object>(method: MethodDescriptor<I, O>, request: I): Promise<O> {
  return new Promise((resolve, reject) => {
    client.makeUnaryRequest(
      method.path,
      (message: I) => Buffer.from(method.input.encode(message)),
      (answer) => method.output.decode(answer),
      request,
      { deadline: Date.now() + 20_000 },
      (error: ServiceError | null, answer?: O) => (error === null ? resolve(answer as O) : reject(error)),
    );
  });
}

function open<I extends object, O extends object>(method: MethodDescriptor<I, O>): ClientDuplexStream<I, O> {
  const stream = client.makeBidiStreamRequest<I, O>(
    method.path,
    (message) => Buffer.from(method.input.encode(message)),
    (answer) => method.output.decode(answer),
  );
  stream.on('error', () => undefined);
  return stream;
}

describe('@grpc/grpc-js', { timeout: 180_000 }, () => {
  it('calls, and is told of a failure by code and text', async () => {
    const put = await unary(KVService.methods.put, PutRequest.create({ key: bytes('key'), value: bytes('value') }));
    const range = await unary(KVService.methods.range, RangeRequest.create({ key: bytes('key') }));
    expect([text(range.kvs[0]?.value), range.kvs[0]?.modRevision]).toEqual(['value', put.header?.revision]);
    const failed = unary(KVService.methods.put, PutRequest.create({ key: bytes('key'), lease: 7n }));
    await expect(failed).rejects.toMatchObject({
      code: status.NOT_FOUND,
      details: 'etcdserver: requested lease not found',
    });
  });

  it('watches, and hears every change in order', async () => {
    const stream = open(WatchService.methods.watch);
    const told: WatchResponse[] = [];
    stream.on('data', (answer: WatchResponse) => told.push(answer));
    const createRequest = WatchCreateRequest.create({ key: bytes('watched') });
    stream.write(WatchRequest.create({ createRequest }));
    await waitUntil('the watch is made', () => told[0]?.created === true);
    for (let i = 0; i < 50; i++) {
      await unary(KVService.methods.put, PutRequest.create({ key: bytes('watched'), value: bytes(String(i)) }));
    }
    const heard = (): string[] => told.flatMap(({ events }) => events.map(({ kv }) => text(kv?.value)));
    await waitUntil('every change', () => heard().length === 50);
    expect(heard()).toEqual(Array.from({ length: 50 }, (_, i) => String(i)));
    stream.cancel();
  });

  it('keeps a lease alive over a stream, through whichever member it has', async () => {
    const { id } = await unary(LeaseService.methods.leaseGrant, LeaseGrantRequest.create({ ttl: 600 }));
    const stream = open(LeaseService.methods.leaseKeepAlive);
    const answers: LeaseKeepAliveResponse[] = [];
    stream.on('data', (answer: LeaseKeepAliveResponse) => answers.push(answer));
    for (let i = 0; i < 3; i++) stream.write(LeaseKeepAliveRequest.create({ id }));
    await waitUntil('three answers', () => answers.length === 3);
    expect(answers.map((answer) => [answer.id, answer.ttl])).toEqual(Array(3).fill([id, 600]));
    const left = await unary(LeaseService.methods.leaseTimeToLive, LeaseTimeToLiveRequest.create({ id }));
    expect(left.ttl).toBeGreaterThan(590);
    stream.end();
  });
});
