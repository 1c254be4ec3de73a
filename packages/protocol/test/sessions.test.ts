import { describe, expect, it } from 'vitest';
import {
  ClientSession,
  etcdError,
  etcdErrors,
  FrameWriter,
  KVService,
  LeaseService,
  MaintenanceService,
  PutRequest,
  PutResponse,
  RangeRequest,
  RangeResponse,
  ResponseHeader,
  type ResponseSink,
  RpcError,
  type ServerCall,
  ServerSession,
  type ServerStream,
  SnapshotResponse,
  StatusCode,
  WatchRequest,
  WatchResponse,
  WatchService,
} from '../src/index.js';
import { link, settle } from './linked-sessions.js';

const { put, range } = KVService.methods;
const { watch } = WatchService.methods;
const key = Buffer.from('k');

async function failureOf(promise: Promise<unknown>): Promise<RpcError> {
  const error: unknown = await promise.then(
    () => new Error('it did not fail'),
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof RpcError)) throw error;
  return error;
}

describe('unary calls', () => {
  it('bring each answer to its caller, whatever the order of the answers', async () => {
    const waiting: [PutRequest, ServerCall][] = [];
    const { client, fromClient } = link({
      unary(method, request, call) {
        expect(method).toBe(put);
        waiting.push([PutRequest.decode(request), call]);
      },
    });
    const answers = [1n, 2n, 3n].map((lease) => client.unary(put, PutRequest.create({ key, lease })));
    await settle();
    expect(fromClient).toHaveLength(1);
    for (const [request, call] of waiting.reverse()) {
      call.respond(PutResponse.create({ header: ResponseHeader.create({ revision: Number(request.lease) }) }));
    }
    const revisions = (await Promise.all(answers)).map((answer) => answer.header?.revision);
    expect(revisions).toEqual([1, 2, 3]);
  });

  it('fill one frame each way for a hundred calls of one turn', async () => {
    const { client, fromClient, fromServer } = link({
      unary: (_method, _request, call) => call.respond(PutResponse.create()),
    });
    await settle();
    const calls = Array.from({ length: 100 }, () =>
      client.unary(put, PutRequest.create({ key, value: new Uint8Array(256) })),
    );
    await Promise.all(calls);
    expect(fromClient).toHaveLength(2);
    expect(fromServer).toHaveLength(2);
  });

  it('carry timeout, token and the leader flag to the handler', async () => {
    const seen: [number, string | undefined, boolean][] = [];
    const { client } = link({
      unary(_method, _request, call) {
        seen.push([call.timeoutMs, call.token, call.requireLeader]);
        call.respond(PutResponse.create());
      },
    });
    const request = PutRequest.create({ key });
    await client.unary(put, request);
    client.setToken('of the connection');
    await client.unary(put, request, { timeoutMs: 1500.2, requireLeader: true });
    await client.unary(put, request, { token: 'its own' });
    client.setToken('');
    await client.unary(put, request);
    expect(seen).toEqual([
      [0, undefined, false],
      [1501, 'of the connection', true],
      [0, 'its own', false],
      [0, undefined, false],
    ]);
  });

  it('fail with the code, text, outcome and retryability that the handler gave', async () => {
    const { client } = link({ unary: (_method, _request, call) => call.fail(etcdErrors.noLeader) });
    const error = await failureOf(client.unary(put, PutRequest.create({ key })));
    expect(error).toMatchObject(etcdErrors.noLeader);
    expect(error.codeName).toBe('UNAVAILABLE');
  });

  it('turn what the handler throws into an error, and keep the text of a defect from the caller', async () => {
    const thrown: unknown[] = [etcdError('compacted'), new TypeError('secret')];
    const defects: unknown[] = [];
    const { client } = link({
      unary() {
        throw thrown.shift();
      },
      onDefect: (error) => defects.push(error),
    });
    const first = await failureOf(client.unary(range, RangeRequest.create({ key })));
    expect(first.text).toBe('etcdserver: mvcc: required revision has been compacted');
    const second = await failureOf(client.unary(range, RangeRequest.create({ key })));
    expect([second.code, second.text]).toEqual([StatusCode.INTERNAL, 'internal error']);
    expect(defects).toHaveLength(1);
  });

  it('fail as malformed when the request does not decode, and leave the connection alone', async () => {
    const { client, failures } = link({
      unary(method, request, call) {
        method.input.decode(request.subarray(0, request.length - 1));
        call.respond(PutResponse.create());
      },
    });
    const error = await failureOf(client.unary(put, PutRequest.create({ key })));
    expect([error.code, error.outcome]).toEqual([StatusCode.INVALID_ARGUMENT, 'not-applied']);
    expect(failures).toEqual([]);
  });

  it('still answer when the handler responds with something that does not encode', async () => {
    const { client } = link({ unary: (_method, _request, call) => call.respond({ kvs: 5 }) });
    expect((await failureOf(client.unary(range, RangeRequest.create({ key })))).code).toBe(StatusCode.INTERNAL);
  });

  it('say which requests left before the connection was lost', async () => {
    const { client, disconnect } = link({ unary: () => {} });
    const sent = failureOf(client.unary(put, PutRequest.create({ key })));
    await settle();
    const unsent = failureOf(client.unary(put, PutRequest.create({ key })));
    disconnect();
    expect(await sent).toMatchObject({ code: StatusCode.UNAVAILABLE, outcome: 'unknown', retryable: true });
    expect(await unsent).toMatchObject({ code: StatusCode.UNAVAILABLE, outcome: 'not-applied', retryable: true });
    expect(await failureOf(client.unary(put, PutRequest.create({ key })))).toMatchObject({ outcome: 'not-applied' });
  });

  it('are cancelled by their signal, and the handler hears of it', async () => {
    let cancelled = 0;
    let open: ServerCall | undefined;
    const { client, server } = link({
      unary(_method, _request, call) {
        open = call;
        call.onCancel = () => {
          cancelled += 1;
        };
      },
    });
    const abort = new AbortController();
    const failure = failureOf(client.unary(put, PutRequest.create({ key }), { signal: abort.signal }));
    await settle();
    expect(server.outstanding).toBe(1);
    abort.abort();
    expect(await failure).toMatchObject({ code: StatusCode.CANCELLED, outcome: 'unknown' });
    await settle();
    expect([cancelled, server.outstanding, open?.done]).toEqual([1, 0, true]);
    open?.respond(PutResponse.create());
    await settle();
    const late = failureOf(client.unary(put, PutRequest.create({ key }), { signal: AbortSignal.timeout(1) }));
    expect((await late).code).toBe(StatusCode.DEADLINE_EXCEEDED);
  });

  it('beyond the limit of the connection are refused without harm to the others', async () => {
    const calls: ServerCall[] = [];
    const { client } = link({ unary: (_method, _request, call) => calls.push(call) }, { server: { maxCalls: 128 } });
    const answers = Array.from({ length: 128 }, () => client.unary(put, PutRequest.create({ key })));
    const error = await failureOf(client.unary(put, PutRequest.create({ key })));
    expect(error).toMatchObject(etcdErrors.tooManyRequests);
    await settle();
    for (const call of calls) call.respond(PutResponse.create());
    expect(await Promise.all(answers)).toHaveLength(128);
  });

  it('too large for the server are refused before they leave', async () => {
    const { client } = link({}, { server: { maxFrameBytes: 2 * 1024 * 1024 } });
    const value = new Uint8Array(2 * 1024 * 1024);
    expect(await failureOf(client.unary(put, PutRequest.create({ key, value })))).toMatchObject(
      etcdErrors.requestTooLarge,
    );
  });

  it('whose answer is too large for the client fail, and do not claim that nothing happened', async () => {
    const big = PutResponse.encode(PutResponse.create()).length + 3 * 1024 * 1024;
    const { client } = link(
      { unary: (_method, _request, call) => call.respondBytes(new Uint8Array(big)) },
      { client: { maxFrameBytes: 2 * 1024 * 1024 } },
    );
    const error = await failureOf(client.unary(put, PutRequest.create({ key })));
    expect([error.code, error.outcome]).toEqual([StatusCode.RESOURCE_EXHAUSTED, 'unknown']);
  });

  it('larger together than a frame are spread over several', async () => {
    const { client, fromClient, failures } = link({ unary: (_m, _r, call) => call.respond(PutResponse.create()) });
    const value = new Uint8Array(300 * 1024);
    await Promise.all(Array.from({ length: 20 }, () => client.unary(put, PutRequest.create({ key, value }))));
    expect(failures).toEqual([]);
    expect(fromClient.length).toBeGreaterThan(3);
    for (const frame of fromClient) expect(frame.length).toBeLessThanOrEqual(2 * 1024 * 1024);
  });
});

describe('callbacks', () => {
  it('take the end of a call, once, and nothing of a call that was cancelled', async () => {
    const calls: ServerCall[] = [];
    const { client, server } = link({ unary: (_method, _request, call) => calls.push(call) });
    const log: string[] = [];
    const sink = (name: string): ResponseSink => ({
      response: (payload) => log.push(`${name} ${payload.length}`),
      failed: (error) => log.push(`${name} ${error.codeName}`),
    });
    const request = PutRequest.create({ key });
    const ids = ['a', 'b', 'c'].map((name) => client.call(put, request, sink(name)));
    await settle();
    client.cancel(ids[1] ?? 0);
    calls[0]?.respond(PutResponse.create());
    calls[1]?.respond(PutResponse.create());
    calls[2]?.fail(etcdErrors.noSpace);
    calls[2]?.respond(PutResponse.create());
    await settle();
    expect(log).toEqual(['a 0', 'c RESOURCE_EXHAUSTED']);
    expect([client.outstanding, server.outstanding]).toEqual([0, 0]);
  });

  it('take the messages of a stream, and say when to write on', async () => {
    const encoded = WatchResponse.encode(WatchResponse.create({ watchId: 5 }));
    const { client } = link(
      {
        open(_method, stream) {
          stream.onMessage = () => stream.sendBytes(encoded);
          stream.onHalfClose = () => stream.end();
        },
      },
      { server: { streamWindowBytes: 64 * 1024 } },
    );
    await settle();
    const log: string[] = [];
    const stream = client.openStream(watch, {
      message: (payload) => log.push(`message ${WatchResponse.decode(payload).watchId}`),
      end: (error) => log.push(`end ${error}`),
      writable: () => log.push('writable'),
    });
    const big = WatchRequest.create({ createRequest: { ...emptyCreate(), key: new Uint8Array(70_000) } });
    expect(stream.send(big)).toBe(false);
    expect(stream.send(big)).toBe(false);
    stream.halfClose();
    expect(stream.send(big)).toBe(false);
    await settle();
    expect(log).toEqual(['message 5', 'message 5', 'end undefined']);
    expect(stream.done).toBe(true);
  });
});

describe('streams', () => {
  it('carry messages both ways and end', async () => {
    const { client } = link({
      open(_method, stream) {
        stream.onMessage = (payload) => {
          const request = WatchRequest.decode(payload);
          stream.send(WatchResponse.create({ watchId: request.createRequest?.watchId ?? -1, created: true }));
        };
        stream.onHalfClose = () => stream.end();
      },
    });
    const stream = client.stream(watch);
    for (const watchId of [1, 2, 3]) {
      await stream.send(WatchRequest.create({ createRequest: { ...emptyCreate(), watchId } }));
    }
    stream.halfClose();
    const ids: number[] = [];
    for await (const response of stream) ids.push(response.watchId);
    expect(ids).toEqual([1, 2, 3]);
    expect(client.outstanding).toBe(0);
  });

  it('throw the error that ended them, after the messages before it', async () => {
    const { client } = link({
      open(_method, stream) {
        stream.send(SnapshotResponse.create({ remainingBytes: 5 }));
        stream.fail(etcdErrors.corrupt);
      },
    });
    const seen: number[] = [];
    const reading = (async () => {
      for await (const chunk of client.stream(MaintenanceService.methods.snapshot)) seen.push(chunk.remainingBytes);
    })();
    expect(await failureOf(reading)).toMatchObject(etcdErrors.corrupt);
    expect(seen).toEqual([5]);
  });

  it('tell the server when the reader leaves its loop', async () => {
    let cancelled = 0;
    const { client, server } = link({
      open(_method, stream) {
        stream.onCancel = () => {
          cancelled += 1;
        };
        stream.send(WatchResponse.create({ created: true }));
      },
    });
    for await (const response of client.stream(watch)) {
      expect(response.created).toBe(true);
      break;
    }
    await settle();
    expect([cancelled, server.outstanding, client.outstanding]).toEqual([1, 0, 0]);
  });

  it('stop the sender at the window, and lose nothing when the reader goes on', async () => {
    const chunk = new Uint8Array(8 * 1024);
    const total = 200;
    let sent = 0;
    let paused = 0;
    const { client, fromServer } = link(
      {
        open(_method, stream) {
          const pump = (): void => {
            while (sent < total) {
              sent += 1;
              if (!stream.send(SnapshotResponse.create({ remainingBytes: total - sent, blob: chunk }))) {
                paused += 1;
                return;
              }
            }
            stream.end();
          };
          stream.onWritable = pump;
          pump();
        },
      },
      { client: { streamWindowBytes: 64 * 1024 } },
    );
    const stream = client.stream(MaintenanceService.methods.snapshot);
    await settle();
    await settle();
    expect(sent).toBeLessThan(20);
    const bytes = fromServer.reduce((sum, frame) => sum + frame.length, 0);
    expect(bytes).toBeLessThan(100 * 1024);
    const left: number[] = [];
    for await (const response of stream) left.push(response.remainingBytes);
    expect(left).toEqual(Array.from({ length: total }, (_, at) => total - 1 - at));
    expect(paused).toBeGreaterThan(5);
  });

  it('of a handler that ignores a slow reader fail when too much waits', async () => {
    let stream: ServerStream | undefined;
    const { client, server } = link(
      {
        open(_method, opened) {
          stream = opened;
          for (let i = 0; i < 100; i++) opened.send(SnapshotResponse.create({ blob: new Uint8Array(64 * 1024) }));
        },
      },
      { server: { maxQueuedBytes: 1024 * 1024 }, client: { streamWindowBytes: 64 * 1024 } },
    );
    const reading = (async () => {
      for await (const _chunk of client.stream(MaintenanceService.methods.snapshot)) await settle();
    })();
    expect((await failureOf(reading)).code).toBe(StatusCode.RESOURCE_EXHAUSTED);
    expect([stream?.done, server.outstanding]).toEqual([true, 0]);
  });

  it('hold the client to the window while the handler does not read on', async () => {
    let received = 0;
    let stream: ServerStream | undefined;
    const { client } = link(
      {
        open(_method, opened) {
          stream = opened;
          opened.pauseReading();
          opened.onMessage = () => {
            received += 1;
          };
        },
      },
      { server: { streamWindowBytes: 64 * 1024 } },
    );
    await settle();
    const outgoing = client.stream(LeaseService.methods.leaseKeepAlive);
    const writing = (async () => {
      for (let i = 0; i < 10_000; i++) await outgoing.send({ id: BigInt(i) });
    })();
    await settle();
    await settle();
    const stoppedAt = received;
    expect(stoppedAt).toBeGreaterThan(1000);
    expect(stoppedAt).toBeLessThan(5000);
    stream?.resumeReading();
    await writing;
    await settle();
    expect(received).toBe(10_000);
  });

  it('are cancelled by their signal', async () => {
    const { client, server } = link({ open() {} });
    const abort = new AbortController();
    const stream = client.stream(watch, { signal: abort.signal });
    await settle();
    expect(server.outstanding).toBe(1);
    abort.abort();
    const reading = (async () => {
      for await (const _response of stream) throw new Error('no message was sent');
    })();
    expect((await failureOf(reading)).code).toBe(StatusCode.CANCELLED);
    await settle();
    expect(server.outstanding).toBe(0);
  });

  it('fail when the connection is lost', async () => {
    const { client, disconnect } = link({ open() {} });
    const stream = client.stream(watch);
    await settle();
    disconnect();
    const reading = (async () => {
      for await (const _response of stream) throw new Error('no message was sent');
    })();
    expect(await failureOf(reading)).toMatchObject({ code: StatusCode.UNAVAILABLE, retryable: true });
  });
});

describe('a connection', () => {
  it('begins with hello, which tells the server’s identity and limits', async () => {
    const { client } = link({}, { server: { maxCalls: 777 } });
    await settle();
    expect(client.serverHello).toMatchObject({ memberId: 7, clusterId: 9, maxCalls: 777 });
  });

  it('that is going away finishes what runs and refuses the rest as not applied', async () => {
    const calls: ServerCall[] = [];
    const texts: string[] = [];
    const { client, server } = link(
      { unary: (_method, _request, call) => calls.push(call) },
      { events: { goaway: (text) => texts.push(text) } },
    );
    const running = client.unary(put, PutRequest.create({ key }));
    await settle();
    server.goaway('stopping');
    // Written before the goaway arrives, read after it was sent.
    const crossing = failureOf(client.unary(put, PutRequest.create({ key })));
    expect(await crossing).toMatchObject({ code: StatusCode.UNAVAILABLE, outcome: 'not-applied', retryable: true });
    expect(texts).toEqual(['stopping']);
    const later = failureOf(client.unary(put, PutRequest.create({ key })));
    expect(await later).toMatchObject({ code: StatusCode.UNAVAILABLE, outcome: 'not-applied', retryable: true });
    let idle = false;
    const waiting = server.whenIdle().then(() => {
      idle = true;
    });
    await settle();
    expect(idle).toBe(false);
    calls[0]?.respond(PutResponse.create());
    await waiting;
    await running;
  });

  it('has sent its last answer when it is idle, however lazily it is flushed', async () => {
    const frames: Uint8Array[] = [];
    const calls: ServerCall[] = [];
    const transport = { send: (frame: Uint8Array) => frames.push(frame), schedule() {}, fail() {} };
    const handler = { unary: (_method: unknown, _request: unknown, call: ServerCall) => calls.push(call), open() {} };
    const server = new ServerSession({ transport, handler }, { memberId: 1, clusterId: 1 });
    const writer = new FrameWriter(1000);
    writer.request(1, put, PutRequest.create({ key }));
    writer.flush((frame) => server.receive(frame));
    const idle = server.whenIdle();
    expect(frames).toEqual([]);
    calls[0]?.respond(PutResponse.create());
    await idle;
    expect(frames).toHaveLength(1);
  });

  it('is not read while its client does not read, and goes on when it does', async () => {
    let buffered = 0;
    const log: string[] = [];
    const { client, server } = link(
      { unary: (_method, _request, call) => call.respond(RangeResponse.create()) },
      {
        server: { highWaterBytes: 64 * 1024 },
        bufferedBytes: () => buffered,
        pauseReading: () => log.push('pause'),
        resumeReading: () => log.push('resume'),
      },
    );
    await client.unary(range, RangeRequest.create({ key }));
    expect(log).toEqual([]);
    buffered = 70 * 1024;
    await client.unary(range, RangeRequest.create({ key }));
    expect(log).toEqual(['pause']);
    buffered = 40 * 1024;
    server.drained();
    expect(log).toEqual(['pause']);
    buffered = 30 * 1024;
    server.drained();
    expect(log).toEqual(['pause', 'resume']);
  });

  it('answers pings', async () => {
    const { client, disconnect } = link({});
    await Promise.all([client.ping(), client.ping()]);
    await client.ping();
    disconnect();
    expect((await failureOf(client.ping())).code).toBe(StatusCode.UNAVAILABLE);
  });

  it('ends on a frame that breaks the protocol', async () => {
    const { server, client, failures } = link({ unary: () => {} });
    const call = failureOf(client.unary(put, PutRequest.create({ key })));
    await settle();
    server.receive(Uint8Array.of(1, 2, 1, 0x80));
    expect(failures.map((error) => error.code)).toEqual(['truncated']);
    expect(server.outstanding).toBe(0);
    client.receive(Uint8Array.of(2));
    expect(failures.map((error) => error.code)).toEqual(['truncated', 'unsupported-version']);
    expect((await call).code).toBe(StatusCode.UNAVAILABLE);
  });

  it('refuses a method that it does not have, or not of this kind', async () => {
    const { client } = link({});
    const wrong = { ...put, id: watch.id };
    expect((await failureOf(client.unary(wrong, PutRequest.create({ key })))).code).toBe(StatusCode.UNIMPLEMENTED);
    const unknown = { ...put, id: 9999 };
    expect((await failureOf(client.unary(unknown, PutRequest.create({ key })))).code).toBe(StatusCode.UNIMPLEMENTED);
  });

  it('takes only options that are in their range', () => {
    const refusal = expect.objectContaining({ code: 'bad-option' });
    for (const [name, value] of [
      ['maxFrameBytes', 1000],
      ['maxCalls', 0],
      ['maxStreams', 15],
      ['streamWindowBytes', 1.5],
      ['maxQueuedBytes', 1024],
      ['highWaterBytes', Number.NaN],
    ] as const) {
      const transport = { send() {}, schedule() {}, fail() {} };
      expect(() => new ClientSession({ transport }, { [name]: value }), name).toThrow(refusal);
      expect(() => new ClientSession({ transport }, { [name]: value })).toThrow(name);
    }
  });
});

function emptyCreate(): NonNullable<WatchRequest['createRequest']> {
  return {
    key: new Uint8Array(0),
    rangeEnd: new Uint8Array(0),
    startRevision: 0,
    progressNotify: false,
    filters: [],
    prevKv: false,
    watchId: 0,
    fragment: false,
  };
}
