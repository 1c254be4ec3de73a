// Sessions against peers that do not keep to the protocol: the connection ends, nothing else does.
import { describe, expect, it } from 'vitest';
import {
  ClientSession,
  FrameWriter,
  KVService,
  LeaseService,
  MINIMUM_LIMITS,
  type ProtocolError,
  PutRequest,
  PutResponse,
  ServerSession,
  type SessionOptions,
  type SessionTransport,
  WatchService,
} from '../src/index.js';

const { put } = KVService.methods;
const request = PutRequest.create({ key: Uint8Array.of(1) });
const hello = { ...MINIMUM_LIMITS, memberId: 1, clusterId: 1 };

interface Victim {
  readonly codes: string[];
  /** feeds the session with what the peer writes */
  feed(write: (writer: FrameWriter) => void): void;
}

function victim(begin: (transport: SessionTransport) => { receive(frame: Uint8Array): void }): Victim {
  const codes: string[] = [];
  const session = begin({ send() {}, schedule() {}, fail: (error: ProtocolError) => codes.push(error.code) });
  return {
    codes,
    feed(write) {
      const writer = new FrameWriter(1024 * 1024 * 1024);
      write(writer);
      writer.flush((frame) => session.receive(frame));
    },
  };
}

const server = (options: SessionOptions = {}): Victim =>
  victim((transport) => {
    const handler = { unary() {}, open() {} };
    return new ServerSession({ transport, handler }, { memberId: 1, clusterId: 1, ...options });
  });

function client(options: SessionOptions = {}): Victim {
  return victim((transport) => {
    const session = new ClientSession({ transport }, options);
    // Call 1 and stream 2 are open. What becomes of them is not the matter here.
    session.call(put, request, { response() {}, failed() {} });
    session.openStream(WatchService.methods.watch, { message() {}, end() {}, manualCredit: true });
    return session;
  });
}

describe('a server ends the connection of a client that', () => {
  it.each<[string, (w: FrameWriter) => void, string]>([
    ['uses a call id twice', (w) => [w.request(1, put, request), w.request(1, put, request)], 'bad-frame'],
    [
      'uses a stream’s id for a call',
      (w) => [w.open(1, WatchService.methods.watch.id), w.request(1, put, request)],
      'bad-frame',
    ],
    ['says hello twice', (w) => [w.hello(hello), w.hello(hello)], 'bad-frame'],
    ['sends a response', (w) => w.response(1, PutResponse, PutResponse.create()), 'bad-frame'],
    ['sends an error', (w) => w.error(1, { code: 2, text: '', retryable: false, outcome: 'unknown' }), 'bad-frame'],
    ['ends a stream', (w) => w.end(1), 'bad-frame'],
    ['sends a goaway', (w) => w.goaway(''), 'bad-frame'],
    ['sends a frame above the limit', (w) => w.dataBytes(9, new Uint8Array(4 * 1024 * 1024)), 'too-large'],
  ])('%s', (_what, write, code) => {
    const { codes, feed } = server();
    feed(write);
    expect(codes).toEqual([code]);
    feed((w) => w.ping(new Uint8Array(0)));
    expect(codes).toEqual([code]);
  });

  it('sends on without credit', () => {
    const session = victim((transport) => {
      const handler = {
        unary() {},
        open: (_method: unknown, stream: { pauseReading(): void }) => stream.pauseReading(),
      };
      const limits = { maxFrameBytes: 2 * 1024 * 1024, streamWindowBytes: 64 * 1024 };
      return new ServerSession({ transport, handler }, { memberId: 1, clusterId: 1, ...limits });
    });
    session.feed((w) => w.open(1, LeaseService.methods.leaseKeepAlive.id));
    let fed = 0;
    while (session.codes.length === 0 && fed < 100) {
      session.feed((w) => w.dataBytes(1, new Uint8Array(64 * 1024)));
      fed += 1;
    }
    expect(session.codes).toEqual(['bad-frame']);
    // window and one frame: 2112 KiB
    expect(fed).toBe(33);
  });
});

describe('a client ends the connection to a server that', () => {
  it.each<[string, (w: FrameWriter) => void, string]>([
    ['sends a request', (w) => w.request(1, put, request), 'bad-frame'],
    ['opens a stream', (w) => w.open(5, WatchService.methods.watch.id), 'bad-frame'],
    ['sends credentials', (w) => w.credentials('x'), 'bad-frame'],
    ['says hello twice', (w) => [w.hello(hello), w.hello(hello)], 'bad-frame'],
    ['sends a frame above the limit', (w) => w.responseBytes(1, new Uint8Array(3 * 1024 * 1024)), 'too-large'],
    [
      'sends on without credit',
      (w) => Array.from({ length: 60 }, () => w.dataBytes(2, new Uint8Array(64 * 1024))),
      'bad-frame',
    ],
  ])('%s', (_what, write, code) => {
    const { codes, feed } = client({ maxFrameBytes: 2 * 1024 * 1024, streamWindowBytes: 64 * 1024 });
    feed(write);
    expect(codes).toEqual([code]);
  });
});

it('messages for calls and streams that are over are no offence', () => {
  const strangers = (w: FrameWriter): void => {
    w.dataBytes(77, Uint8Array.of(1));
    w.credit(77, 5);
    w.pong(new Uint8Array(0));
  };
  const atServer = server();
  atServer.feed((w) => [strangers(w), w.cancel(77), w.halfClose(77)]);
  expect(atServer.codes).toEqual([]);
  const atClient = client();
  atClient.feed((w) => [strangers(w), w.end(77), w.responseBytes(77, Uint8Array.of(1))]);
  expect(atClient.codes).toEqual([]);
});
