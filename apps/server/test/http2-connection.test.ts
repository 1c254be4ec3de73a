import { waitUntil } from '@understudy/testbed';
import { describe, expect, it } from 'vitest';
import { encodeFields } from '../src/doors/http2/hpack-encoder.js';
import { PREFACE } from '../src/doors/http2/http2-frames.js';
import { fuzzHttp2 } from './http2-fuzz.js';
import { frame, Http2Peer, REQUEST, uint32 } from './http2-peer.js';

const DATA = 0;
const HEADERS = 1;
const PRIORITY = 2;
const RST = 3;
const SETTINGS = 4;
const PING = 6;
const WINDOW_UPDATE = 8;
const CONTINUATION = 9;
const END_STREAM = 1;
const END_HEADERS = 4;

const open = (id: number, flags = END_HEADERS): Buffer => frame(HEADERS, flags, id, REQUEST);

describe('an HTTP/2 connection ends with a reason', () => {
  const setting = (name: number, value: number): Buffer => {
    const bytes = Buffer.alloc(6);
    bytes.writeUInt16BE(name);
    bytes.writeUInt32BE(value, 2);
    return bytes;
  };
  const literal = (name: string, length: number): Buffer => encodeFields({ [name]: 'x'.repeat(length) });
  const cases: readonly [string, number, readonly Buffer[]][] = [
    ['a frame above the limit', 6, [Buffer.from([0, 0x40, 1, 0, 0, 0, 0, 0, 1])]],
    ['data of a stream that was never open', 1, [frame(DATA, 0, 9)]],
    ['data of no stream', 1, [frame(DATA, 0, 0)]],
    ['a request on an even stream', 1, [open(2)]],
    ['settings of odd length', 6, [frame(SETTINGS, 0, 0, Buffer.alloc(5))]],
    ['settings of a stream', 1, [frame(SETTINGS, 0, 1, Buffer.alloc(6))]],
    ['a window that is too large', 3, [frame(SETTINGS, 0, 0, setting(4, 0x8000_0000))]],
    [
      'a setting that widens an open stream beyond what there is',
      3,
      [open(1), frame(WINDOW_UPDATE, 0, 1, uint32(0x7fff_0000)), frame(SETTINGS, 0, 0, setting(4, 65_536))],
    ],
    ['window updates beyond what there is', 3, [frame(WINDOW_UPDATE, 0, 0, uint32(0x7fff_ffff))]],
    ['a window update of nothing', 1, [frame(WINDOW_UPDATE, 0, 0, uint32(0))]],
    ['a short ping', 6, [frame(PING, 0, 0, Buffer.alloc(7))]],
    ['a push', 1, [frame(5, 0, 1, Buffer.alloc(4))]],
    ['a frame within a header block', 1, [open(1, 0), frame(PING, 0, 0, Buffer.alloc(8))]],
    ['a continuation of nothing', 1, [frame(CONTINUATION, 4, 1, REQUEST)]],
    ['more padding than frame', 1, [frame(HEADERS, END_HEADERS | 8, 1, Buffer.from([5, 1, 2]))]],
    ['a field that is not in the table', 9, [frame(HEADERS, END_HEADERS, 1, Buffer.from([0xff, 0x70]))]],
    ['an endless integer', 9, [frame(HEADERS, END_HEADERS, 1, Buffer.alloc(20, 0xff))]],
    ['a string beyond its block', 9, [frame(HEADERS, END_HEADERS, 1, Buffer.from([0x40, 0x20, 0x61]))]],
    ['bad Huffman code', 9, [frame(HEADERS, END_HEADERS, 1, Buffer.from([0x41, 0x82, 0xff, 0xff]))]],
    [
      'a header block without end',
      0xb,
      [open(1, 0), ...Array<Buffer>(40).fill(frame(CONTINUATION, 0, 1, literal('a', 10)))],
    ],
    [
      'a long header block without end',
      0xb,
      [open(1, 0), ...Array<Buffer>(8).fill(frame(CONTINUATION, 0, 1, literal('a', 16_000)))],
    ],
    ['a flood of pings', 0xb, [Buffer.concat(Array<Buffer>(40_000).fill(frame(PING, 0, 0, Buffer.alloc(8))))]],
    ['a flood of settings', 0xb, [Buffer.concat(Array<Buffer>(3000).fill(frame(SETTINGS, 0, 0)))]],
    ['a flood of priorities', 0xb, [Buffer.concat(Array<Buffer>(40_000).fill(frame(PRIORITY, 0, 1, Buffer.alloc(5))))]],
    ['a flood of empty data', 0xb, [open(1), Buffer.concat(Array<Buffer>(40_000).fill(frame(DATA, 0, 1)))]],
    [
      'a flood of resets',
      0xb,
      Array.from({ length: 40_000 }, (_, i) => Buffer.concat([open(2 * i + 1), frame(RST, 0, 2 * i + 1, uint32(8))])),
    ],
  ];
  it.each(cases)('at %s', async (_what, code, frames) => {
    const peer = new Http2Peer().greet();
    peer.serve = () => undefined;
    peer.send(...frames);
    expect(await peer.goAwayCode()).toBe(code);
    expect(peer.defects).toEqual([]);
  });

  it('at another preface, and at anything before settings', async () => {
    const other = new Http2Peer();
    other.socket.write('PRI * HTTP/2.0\r\n\r\nXX\r\n\r\n');
    expect(await other.goAwayCode()).toBe(1);
    const early = new Http2Peer();
    early.socket.write(Buffer.concat([PREFACE, open(1)]));
    expect(await early.goAwayCode()).toBe(1);
  });

  it('where the settings do not come in time', async () => {
    const peer = new Http2Peer({ handshakeTimeoutMs: 20 });
    peer.socket.write(PREFACE);
    await peer.ended;
    expect(peer.streams).toEqual([]);
  });
});

describe('an HTTP/2 stream is refused, and others are served', () => {
  const bad: readonly [string, Record<string, string>][] = [
    ['no method', { ':path': '/' }],
    ['no path', { ':method': 'POST' }],
    ['an unknown pseudo-header', { ':method': 'POST', ':path': '/', ':status': '200' }],
    ['a pseudo-header after others', { ':method': 'POST', a: 'b', ':path': '/' }],
    ['a name in capitals', { ':method': 'POST', ':path': '/', Host: 'x' }],
    ['a field of connections', { ':method': 'POST', ':path': '/', connection: 'close' }],
    ['a line break', { ':method': 'POST', ':path': '/', x: 'a\r\nb: c' }],
  ];
  it.each(bad)('with %s', async (_what, fields) => {
    const peer = new Http2Peer().greet();
    peer.send(frame(HEADERS, END_HEADERS | END_STREAM, 1, encodeFields(fields)), open(3, END_HEADERS | END_STREAM));
    await waitUntil('an answer', async () => peer.heard.some(({ type, streamId }) => type === 1 && streamId === 3));
    const reset = peer.heard.find(({ type }) => type === RST);
    expect([reset?.streamId, reset?.body.readUInt32BE(0)]).toEqual([1, 1]);
    expect(peer.streams.map(({ stream }) => stream.id)).toEqual([3]);
    peer.socket.end();
  });

  it('with headers that are too large once they are unpacked', async () => {
    const peer = new Http2Peer().greet();
    // One field of 4,000 bytes, remembered, then named two thousand times.
    const field = Buffer.concat([Buffer.from([0x40, 1, 0x61, 0x7f, 0xa1, 0x1e]), Buffer.alloc(4000, 0x62)]);
    const block = Buffer.concat([REQUEST, field, Buffer.alloc(2000, 0x80 | 62)]);
    peer.send(frame(HEADERS, END_HEADERS | END_STREAM, 1, block), open(3, END_HEADERS | END_STREAM));
    await waitUntil('an answer', async () => peer.heard.some(({ type, streamId }) => type === 1 && streamId === 3));
    const answer = peer.heard.find(({ type, streamId }) => type === HEADERS && streamId === 1);
    expect(answer?.body.toString('latin1')).toContain('431');
    peer.socket.end();
  });

  it('that sends more than its window', async () => {
    const peer = new Http2Peer().greet();
    peer.serve = (stream) => stream.pauseReading();
    peer.send(open(1), ...Array<Buffer>(5).fill(frame(DATA, 0, 1, Buffer.alloc(16_000))));
    await waitUntil('a reset', async () => peer.heard.some(({ type }) => type === RST));
    expect(peer.heard.find(({ type }) => type === RST)?.body.readUInt32BE(0)).toBe(3);
    expect(peer.isEnded).toBe(false);
    peer.socket.end();
  });

  it('beyond the number that may be open', async () => {
    const peer = new Http2Peer({ maxConcurrentStreams: 2 }).greet();
    peer.send(open(1), open(3), open(5));
    await waitUntil('a reset', async () => peer.heard.some(({ type }) => type === RST));
    const reset = peer.heard.find(({ type }) => type === RST);
    expect([reset?.streamId, reset?.body.readUInt32BE(0), peer.streams.length]).toEqual([5, 7, 2]);
    peer.socket.end();
  });
});

describe('what is sent over HTTP/2', () => {
  it('waits for windows, and arrives whole and in order', async () => {
    const peer = new Http2Peer().greet(Buffer.from([0, 4, 0, 0, 0, 100]));
    const body = Buffer.from(Array.from({ length: 200_000 }, (_, index) => index % 251));
    let room: boolean | null = null;
    peer.serve = (stream) => {
      stream.sendHeaders(encodeFields({ ':status': '200' }));
      room = stream.sendData(body);
      stream.end(encodeFields({ 'grpc-status': '0' }));
    };
    const received = (): Buffer => Buffer.concat(peer.heard.filter(({ type }) => type === DATA).map((one) => one.body));
    peer.send(open(1, END_HEADERS | END_STREAM));
    await waitUntil('the first window', async () => received().length === 100);
    expect(room).toBe(false);
    expect(peer.connection.output.pendingBytes).toBe(199_900);
    peer.send(frame(WINDOW_UPDATE, 0, 1, uint32(1_000_000)));
    await waitUntil('the window of the connection', async () => received().length === 65_535);
    peer.send(frame(WINDOW_UPDATE, 0, 0, uint32(1_000_000)));
    await waitUntil('all of it', async () => received().length === body.length);
    expect(received().equals(body)).toBe(true);
    await waitUntil('trailers', async () =>
      peer.heard.some(({ type, flags }) => type === HEADERS && (flags & 1) === 1),
    );
    expect(peer.connection.streamCount).toBe(0);
    peer.socket.end();
  });

  it('is forgotten when its client goes', async () => {
    const peer = new Http2Peer().greet(Buffer.from([0, 4, 0, 0, 0, 0]));
    peer.serve = (stream) => {
      stream.sendHeaders(encodeFields({ ':status': '200' }));
      stream.sendData(Buffer.alloc(1_000_000));
    };
    peer.send(open(1), open(3));
    await waitUntil('both wait', async () => peer.connection.output.pendingBytes === 2_000_000);
    peer.send(frame(RST, 0, 1, uint32(8)));
    await waitUntil('one is gone', async () => peer.connection.output.pendingBytes === 1_000_000);
    peer.socket.end();
    await peer.ended;
    expect(peer.connection.output.pendingBytes).toBe(0);
  });

  it('is granted back as it is read, and not where reading is paused', async () => {
    const peer = new Http2Peer().greet();
    peer.serve = (stream, headers) => {
      if (headers[':path'] === '/paused') stream.pauseReading();
    };
    const paused = encodeFields({ ':method': 'POST', ':path': '/paused' });
    const piece = Buffer.alloc(16_000);
    peer.send(open(1), frame(HEADERS, END_HEADERS, 3, paused));
    for (const id of [1, 3]) peer.send(...Array<Buffer>(4).fill(frame(DATA, 0, id, piece)));
    const grants = (id: number): number =>
      peer.heard.filter((one) => one.type === WINDOW_UPDATE && one.streamId === id).length;
    await waitUntil('a grant', async () => grants(1) > 0);
    expect(grants(3)).toBe(0);
    peer.streams[1]?.stream.resumeReading();
    await waitUntil('the other', async () => grants(3) > 0);
    peer.socket.end();
  });
});

describe('bytes of any kind', () => {
  it('end a connection or do not, and break nothing', () => fuzzHttp2(300));
});
