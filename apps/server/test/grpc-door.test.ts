import { once } from 'node:events';
import { type ClientHttp2Session, type ClientHttp2Stream, connect, type IncomingHttpHeaders } from 'node:http2';
import { connect as connectTcp } from 'node:net';
import { gzipSync } from 'node:zlib';
import {
  encodeGrpcMessage,
  GrpcMessageReader,
  HealthCheckRequest,
  HealthCheckResponse,
  HealthService,
  KVService,
  LeaseGrantRequest,
  LeaseKeepAliveRequest,
  LeaseKeepAliveResponse,
  LeaseService,
  PutRequest,
  PutResponse,
  RangeRequest,
  RangeResponse,
  ServerReflectionRequest,
  ServerReflectionResponse,
  ServingStatus,
  WatchCreateRequest,
  WatchRequest,
  WatchResponse,
  WatchService,
} from '@understudy/protocol';
import { afterAll, beforeAll, beforeEach, afterEach, describe, expect, it } from 'vitest';
import { waitUntil } from '@understudy/testbed';
import { FrameReader, FrameType, PREFACE } from '../src/doors/http2/http2-frames.js';
import { frame } from './http2-peer.js';
import { type LoneServer, startLoneServer } from './lone-server.js';
import { answerOf, connectHttp2, openCall, unaryCall } from './raw-http2.js';

const { put, range } = KVService.methods;
const bytes = (text: string): Uint8Array => Buffer.from(text);
const putRequest = (key: string, value = ''): PutRequest => PutRequest.create({ key: bytes(key), value: bytes(value) });

let lone: LoneServer;
let session: ClientHttp2Session;

beforeAll(async () => {
  lone = await startLoneServer(['--max-request-bytes=100000', '--grpc-keepalive-min-time=1h']);
});
afterAll(() => lone.end());
beforeEach(() => {
  session = connectHttp2(lone.clientUrl);
});
afterEach(() => session.destroy());

async function storedAt(key: string): Promise<string | undefined> {
  const answer = await unaryCall(session, range, RangeRequest.create({ key: bytes(key) }));
  const [kv] = RangeResponse.decode(answer.messages[0] as Uint8Array).kvs;
  return kv === undefined ? undefined : Buffer.from(kv.value).toString();
}

function openWatch(key: string, headers = {}): ClientHttp2Stream {
  const stream = openCall(session, WatchService.methods.watch, headers);
  const createRequest = WatchCreateRequest.create({ key: bytes(key) });
  stream.write(encodeGrpcMessage(WatchRequest, WatchRequest.create({ createRequest })));
  return stream;
}

function goawayOf(from: ClientHttp2Session): Promise<{ code: number; text: string }> {
  return new Promise((resolve) => {
    from.once('goaway', (code, _last, data) => resolve({ code, text: String(data ?? '') }));
  });
}

describe('a gRPC call', () => {
  it('is answered with headers, a message, and the status in trailers', async () => {
    const answer = await unaryCall(session, put, putRequest('a', '1'));
    expect(answer.headers).toMatchObject({ ':status': 200, 'content-type': 'application/grpc' });
    expect(PutResponse.decode(answer.messages[0] as Uint8Array).header?.revision).toBeGreaterThan(1);
    expect(answer.trailers).toMatchObject({ 'grpc-status': '0' });
    expect(await storedAt('a')).toBe('1');
  });

  it('that fails is answered with a status alone', async () => {
    const answer = await unaryCall(session, put, putRequest(''));
    expect(answer.messages).toEqual([]);
    expect(answer.headers).toMatchObject({
      ':status': 200,
      'grpc-status': '3',
      'grpc-message': 'etcdserver: key is not provided',
    });
  });

  it('takes a message in many pieces, and one that is compressed with gzip', async () => {
    const inPieces = openCall(session, put);
    const frame = encodeGrpcMessage(PutRequest, putRequest('pieces', 'v'.repeat(90_000)));
    for (let at = 0; at < frame.length; at += 10_000) inPieces.write(frame.subarray(at, at + 10_000));
    inPieces.end();
    expect((await answerOf(inPieces)).trailers['grpc-status']).toBe('0');
    const packed = gzipSync(PutRequest.encode(putRequest('packed', 'v')));
    const prefix = Buffer.from([1, 0, 0, 0, packed.length]);
    const compressed = openCall(session, put, { 'grpc-encoding': 'gzip' });
    compressed.end(Buffer.concat([prefix, packed]));
    expect((await answerOf(compressed)).trailers['grpc-status']).toBe('0');
    expect([(await storedAt('pieces'))?.length, await storedAt('packed')]).toEqual([90_000, 'v']);
  });

  it.each([
    ['an unknown service', '/no.Such/Method', 'unknown service no.Such'],
    ['an unknown method', '/etcdserverpb.KV/Grab', 'unknown method Grab for service etcdserverpb.KV'],
    ['no method at all', '/', 'malformed method name: "/"'],
  ])('of %s is unimplemented', async (_what, path, text) => {
    const stream = openCall(session, { path });
    stream.end(encodeGrpcMessage(PutRequest, putRequest('x')));
    expect((await answerOf(stream)).trailers).toMatchObject({ 'grpc-status': '12', 'grpc-message': text });
  });

  it('with a compression that is not spoken is unimplemented, and says which are', async () => {
    const answer = await unaryCall(session, put, putRequest('x'), { 'grpc-encoding': 'snappy' });
    expect(answer.trailers).toMatchObject({ 'grpc-status': '12', 'grpc-accept-encoding': 'identity,gzip' });
  });

  it('with another content type gets 415', async () => {
    const answer = await unaryCall(session, put, putRequest('x'), { 'content-type': 'application/json' });
    expect(answer.headers[':status']).toBe(415);
  });

  it('above the limit is refused before it is read, with the words of gRPC', async () => {
    const stream = openCall(session, put);
    stream.write(Buffer.from([0, 0, 0xf0, 0, 0]));
    const answer = await answerOf(stream);
    expect(answer.trailers).toMatchObject({
      'grpc-status': '8',
      'grpc-message': 'grpc: received message larger than max (15728640 vs. 624288)',
    });
    expect(answer.rstCode).toBe(0);
  });

  it('that unpacks to more than the limit is refused', async () => {
    const packed = gzipSync(Buffer.alloc(50_000_000));
    const prefix = Buffer.alloc(5, 1);
    prefix.writeUInt32BE(packed.length, 1);
    const stream = openCall(session, put, { 'grpc-encoding': 'gzip' });
    stream.end(Buffer.concat([prefix, packed]));
    expect((await answerOf(stream)).trailers['grpc-status']).toBe('8');
  });

  it.each([
    ['that ends within a message', Buffer.from([0, 0, 0, 0, 9, 1])],
    ['of garbage', Buffer.from([0, 0, 0, 0, 3, 0xff, 0xff, 0xff])],
    ['with an unknown flag', Buffer.from([9, 0, 0, 0, 0])],
    ['that is not gzip but says so', Buffer.from([1, 0, 0, 0, 1, 1])],
  ])('%s is an invalid argument', async (_what, frame) => {
    const stream = openCall(session, put, { 'grpc-encoding': 'gzip' });
    stream.end(frame);
    expect((await answerOf(stream)).trailers['grpc-status']).toBe('3');
  });

  it('without a message is refused', async () => {
    const stream = openCall(session, put);
    stream.end();
    expect((await answerOf(stream)).trailers['grpc-status']).toBe('12');
  });

  it('whose time is over is told so, and a timeout that is none is refused', async () => {
    const late = await unaryCall(session, put, putRequest('late'), { 'grpc-timeout': '0S' });
    expect(late.trailers['grpc-status']).toBe('4');
    const stream = openWatch('late', { 'grpc-timeout': '50m' });
    expect((await answerOf(stream)).trailers['grpc-status']).toBe('4');
    const odd = await unaryCall(session, put, putRequest('late'), { 'grpc-timeout': 'soon' });
    expect(odd.trailers['grpc-status']).toBe('13');
    expect(await storedAt('late')).toBeUndefined();
  });

  it('of a foreign web page is refused', async () => {
    const answer = await unaryCall(session, put, putRequest('x'), { origin: 'http://evil.example' });
    expect(answer.trailers['grpc-status']).toBe('7');
  });

  it('may come a thousand at a time', async () => {
    const answers = await Promise.all(
      Array.from({ length: 1000 }, (_, index) => unaryCall(session, put, putRequest(`many/${index}`))),
    );
    expect(new Set(answers.map((answer) => answer.trailers['grpc-status']))).toEqual(new Set(['0']));
  });
});

describe('answers that a client asks for and does not read', () => {
  it('hold twice 64 MiB of memory at most, however many were asked for at once: the rest is refused', async () => {
    const value = 'v'.repeat(99_000);
    await unaryCall(session, put, putRequest('unread', value));
    const blind = connect(lone.clientUrl, { settings: { initialWindowSize: 0 } });
    blind.on('error', () => undefined);
    const request = encodeGrpcMessage(RangeRequest, RangeRequest.create({ key: bytes('unread') }));
    const heads = Array.from({ length: 3000 }, async () => {
      const stream = openCall(blind, range);
      stream.end(request);
      const [head] = (await once(stream, 'response')) as [IncomingHttpHeaders];
      return head;
    });
    const refused = (await Promise.all(heads)).filter((head) => head['grpc-status'] === '8');
    blind.destroy();
    const most = 2 * 64 * 1024 * 1024;
    expect((heads.length - refused.length) * value.length).toBeLessThan(most + value.length);
    for (const head of refused) {
      expect(decodeURIComponent(String(head['grpc-message']))).toMatch(
        /too many requests|does not read hold 134217728/,
      );
    }
  });
});

describe('a gRPC stream', () => {
  it('tells events as they come, and ends with OK once nothing can come any more', async () => {
    const stream = openWatch('watched');
    const answer = answerOf(stream);
    await once(stream, 'response');
    await unaryCall(session, put, putRequest('watched', '1'));
    const cancelRequest = { watchId: 0 };
    stream.end(encodeGrpcMessage(WatchRequest, WatchRequest.create({ cancelRequest })));
    const { messages, trailers } = await answer;
    const told = messages.map((message) => WatchResponse.decode(message));
    expect(told.map(({ created, canceled, events }) => [created, canceled, events.length])).toEqual([
      [true, false, 0],
      [false, false, 1],
      [false, true, 0],
    ]);
    expect(trailers['grpc-status']).toBe('0');
  });

  it('answers each keepalive, in order', async () => {
    await unaryCall(session, LeaseService.methods.leaseGrant, LeaseGrantRequest.create({ id: 77n, ttl: 60 }));
    const stream = openCall(session, LeaseService.methods.leaseKeepAlive);
    for (const id of [77n, 78n]) {
      stream.write(encodeGrpcMessage(LeaseKeepAliveRequest, LeaseKeepAliveRequest.create({ id })));
    }
    stream.end();
    const { messages, trailers } = await answerOf(stream);
    expect(messages.map((message) => LeaseKeepAliveResponse.decode(message).ttl)).toEqual([60, 0]);
    expect(trailers['grpc-status']).toBe('0');
  });

  it('that its client resets is over on the server too', async () => {
    const watchers = async (): Promise<number> => {
      const text = await (await fetch(`${lone.clientUrl}/metrics`)).text();
      return Number(/^etcd_debugging_mvcc_watcher_total (\d+)$/m.exec(text)?.[1]);
    };
    const before = await watchers();
    const stream = openWatch('reset');
    await once(stream, 'response');
    expect(await watchers()).toBe(before + 1);
    stream.close(8);
    await waitUntil('the watch is gone', async () => (await watchers()) === before);
  });

  it('holds back for a client that does not read, and loses nothing', async () => {
    const stream = openWatch('slow');
    const answer = answerOf(stream);
    await once(stream, 'response');
    stream.pause();
    const value = 'v'.repeat(50_000);
    for (let index = 0; index < 100; index += 1) await unaryCall(session, put, putRequest('slow', value));
    let read = 0;
    const done = new Promise<void>((resolve) => {
      stream.on('data', (chunk: Buffer) => {
        read += chunk.length;
        if (read > 100 * value.length) resolve();
      });
    });
    stream.resume();
    await done;
    stream.close();
    const { messages } = await answer;
    const revisions = messages.flatMap((message) =>
      WatchResponse.decode(message).events.map(({ kv }) => kv?.modRevision),
    );
    expect(new Set(revisions).size).toBe(revisions.length);
    expect(revisions.length).toBeGreaterThanOrEqual(100);
  });
});

describe("gRPC's own services", () => {
  it('say that this server serves, and what it does not know', async () => {
    const { check, watch } = HealthService.methods;
    const asked = async (service: string) => unaryCall(session, check, HealthCheckRequest.create({ service }));
    for (const service of ['', 'etcdserverpb.KV']) {
      const [message] = (await asked(service)).messages as [Uint8Array];
      expect(HealthCheckResponse.decode(message).status).toBe(ServingStatus.SERVING);
    }
    expect((await asked('no.Such')).trailers['grpc-status']).toBe('5');
    const stream = openCall(session, watch);
    const reader = new GrpcMessageReader(1000);
    const first = new Promise<Uint8Array>((resolve) => {
      stream.on('data', (chunk: Buffer) => reader.push(chunk, resolve));
    });
    stream.end(encodeGrpcMessage(HealthCheckRequest, HealthCheckRequest.create()));
    expect(HealthCheckResponse.decode(await first).status).toBe(ServingStatus.SERVING);
    stream.close(8);
  });

  it.each(['v1', 'v1alpha'])('describe what there is: reflection %s', async (version) => {
    const stream = openCall(session, { path: `/grpc.reflection.${version}.ServerReflection/ServerReflectionInfo` });
    const ask = (init: Partial<ServerReflectionRequest>): void =>
      void stream.write(encodeGrpcMessage(ServerReflectionRequest, ServerReflectionRequest.create(init)));
    ask({ listServices: '' });
    ask({ fileContainingSymbol: 'etcdserverpb.KV.Put' });
    ask({ fileByFilename: 'no.proto' });
    stream.end();
    const { messages, trailers } = await answerOf(stream);
    const [list, file, none] = messages.map((message) => ServerReflectionResponse.decode(message));
    expect(list?.listServicesResponse?.service).toContainEqual({ name: 'etcdserverpb.KV' });
    expect(file?.fileDescriptorResponse?.fileDescriptorProto.length).toBeGreaterThan(2);
    expect(none?.errorResponse?.errorCode).toBe(5);
    expect(trailers['grpc-status']).toBe('0');
  });
});

describe('/metrics', () => {
  it("counts calls in the names of gRPC's servers, by code", async () => {
    const handled = async (method: string, code: string): Promise<number> => {
      const text = await (await fetch(`${lone.clientUrl}/metrics`)).text();
      const labels = `grpc_service="[a-z.]+",grpc_method="${method}",grpc_code="${code}"`;
      return Number(
        new RegExp(`^grpc_server_handled_total{grpc_type="[a-z_]+",${labels}} (\\d+)$`, 'mi').exec(text)?.[1] ?? 0,
      );
    };
    const [ok, bad, gone] = [
      await handled('Put', 'OK'),
      await handled('Put', 'InvalidArgument'),
      await handled('Watch', 'Canceled'),
    ];
    await unaryCall(session, put, putRequest('counted'));
    await unaryCall(session, put, putRequest(''));
    const stream = openWatch('counted');
    await once(stream, 'response');
    stream.close(8);
    expect([await handled('Put', 'OK'), await handled('Put', 'InvalidArgument')]).toEqual([ok + 1, bad + 1]);
    await waitUntil('the watch is counted', async () => (await handled('Watch', 'Canceled')) === gone + 1);
  });
});

describe('an HTTP/2 connection', () => {
  it('serves probes and JSON as well', async () => {
    const version = session.request({ ':path': '/version' });
    expect(JSON.parse(String((await answerOf(version)).messages[0]))).toHaveProperty('etcdserver');
    const call = session.request({ ':method': 'POST', ':path': '/v3/kv/range', 'content-type': 'application/json' });
    call.end(JSON.stringify({ key: 'YQ==' }));
    const answer = await answerOf(call);
    expect([answer.headers[':status'], JSON.parse(String(answer.messages[0]))]).toEqual([
      200,
      expect.objectContaining({ header: expect.anything() }),
    ]);
  });

  it('whose client pings too often is ended', async () => {
    const stream = openWatch('pings');
    await once(stream, 'response');
    const goaway = goawayOf(session);
    for (let count = 0; count < 10; count += 1) session.ping(() => undefined);
    expect(await goaway).toEqual({ code: 0xb, text: 'too_many_pings' });
    await waitUntil('the connection is closed', async () => session.destroyed);
  });

  it('whose client pings as often as it may goes on, however long it says nothing else', async () => {
    const own = await startLoneServer(['--grpc-keepalive-min-time=50ms']);
    const honest = connectHttp2(own.clientUrl);
    let ended = false;
    honest.once('goaway', () => {
      ended = true;
    });
    const stream = openCall(honest, WatchService.methods.watch);
    const createRequest = WatchCreateRequest.create({ key: bytes('honest') });
    stream.write(encodeGrpcMessage(WatchRequest, WatchRequest.create({ createRequest })));
    await once(stream, 'response');
    // As gRPC's clients do: the next one so long after the answer to the last.
    let answered = 0;
    const ping = (): void => {
      honest.ping((error) => {
        if (error !== null) return;
        answered += 1;
        setTimeout(() => honest.destroyed || ping(), 60);
      });
    };
    ping();
    await waitUntil('ten answers', () => answered >= 10);
    expect([ended, honest.destroyed]).toEqual([false, false]);
    honest.destroy();
    await own.end();
  });

  it('that says nothing is pinged, and ended where no answer comes', async () => {
    const own = await startLoneServer(['--grpc-keepalive-interval=100ms', '--grpc-keepalive-timeout=200ms']);
    const alive = connectHttp2(own.clientUrl);
    let pinged = 0;
    alive.on('ping', () => {
      pinged += 1;
    });
    const mute = connectTcp(Number(new URL(own.clientUrl).port), '127.0.0.1');
    const heard: number[] = [];
    const frames = new FrameReader();
    mute.on('data', (chunk) => frames.push(chunk, (type) => heard.push(type)));
    mute.write(Buffer.concat([PREFACE, frame(FrameType.SETTINGS, 0, 0)]));
    await once(mute, 'close');
    expect(heard.filter((type) => type === FrameType.PING)).toHaveLength(1);
    expect(heard.at(-1)).toBe(FrameType.GOAWAY);
    // Whoever answers goes on.
    await waitUntil('many pings', () => pinged >= 5);
    expect(alive.destroyed).toBe(false);
    alive.destroy();
    await own.end();
  });

  it('is told to go elsewhere when the server stops, after its calls are answered', async () => {
    const own = await startLoneServer();
    const client = connectHttp2(own.clientUrl);
    const stream = openCall(client, WatchService.methods.watch);
    stream.write(
      encodeGrpcMessage(
        WatchRequest,
        WatchRequest.create({ createRequest: WatchCreateRequest.create({ key: bytes('k') }) }),
      ),
    );
    await once(stream, 'response');
    const answer = answerOf(stream);
    const goaway = goawayOf(client);
    const closed = once(client, 'close');
    const ended = own.end();
    expect((await goaway).code).toBe(0);
    expect((await answer).trailers).toMatchObject({
      'grpc-status': '14',
      'grpc-message': 'etcdserver: server stopped',
    });
    await closed;
    await ended;
  });
});
