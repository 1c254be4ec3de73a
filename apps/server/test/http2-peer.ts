/** A client of HTTP/2 that writes any frames it likes, on a connection in memory, and keeps what the server says. */
import { type Duplex, duplexPair } from 'node:stream';
import { encodeFields } from '../src/doors/http2/hpack-encoder.js';
import { Http2Connection, type Http2Host, type Http2Options } from '../src/doors/http2/http2-connection.js';
import { FrameReader, PREFACE } from '../src/doors/http2/http2-frames.js';
import type { Http2Stream } from '../src/doors/http2/http2-stream.js';
import type { HeaderMap } from '../src/doors/http2/request-headers.js';

export interface Heard {
  readonly type: number;
  readonly flags: number;
  readonly streamId: number;
  readonly body: Buffer;
}

const OPTIONS: Http2Options = {
  maxConcurrentStreams: 100,
  maxHeaderListBytes: 16 * 1024,
  streamWindowBytes: 65_536,
  connectionWindowBytes: 1024 * 1024,
  handshakeTimeoutMs: 60_000,
};

export const REQUEST = encodeFields({ ':method': 'POST', ':scheme': 'http', ':path': '/x', ':authority': 'a' });

export function frame(type: number, flags: number, stream: number, body: Uint8Array = new Uint8Array(0)): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(body.length, 0, 3);
  head[3] = type;
  head[4] = flags;
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, body]);
}

export function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

export class Http2Peer implements Http2Host {
  readonly socket: Duplex;
  readonly connection: Http2Connection;
  readonly heard: Heard[] = [];
  readonly streams: { readonly stream: Http2Stream; readonly headers: HeaderMap }[] = [];
  readonly defects: unknown[] = [];
  readonly ended: Promise<void>;
  isEnded = false;
  /** Called for each stream; by default it is answered with what it says. */
  serve: (stream: Http2Stream, headers: HeaderMap) => void = echo;

  constructor(options: Partial<Http2Options> = {}) {
    const [near, far] = duplexPair();
    this.socket = near;
    let end = (): void => undefined;
    this.ended = new Promise((resolve) => {
      end = resolve;
    });
    this.#end = () => {
      this.isEnded = true;
      end();
    };
    const reader = new FrameReader();
    near.on('data', (chunk: Buffer) =>
      reader.push(chunk, (type, flags, streamId, body) => this.heard.push({ type, flags, streamId, body })),
    );
    near.on('error', () => undefined);
    this.connection = new Http2Connection(far, this, { ...OPTIONS, ...options });
  }
  readonly #end: () => void;

  /** The preface and settings. */
  greet(settings: Uint8Array = new Uint8Array(0)): this {
    this.socket.write(Buffer.concat([PREFACE, frame(4, 0, 0, settings)]));
    return this;
  }

  send(...frames: readonly Buffer[]): this {
    this.socket.write(Buffer.concat(frames));
    return this;
  }

  /** The code of the GOAWAY that ended the connection. */
  async goAwayCode(): Promise<number | undefined> {
    await this.ended;
    // What was written last is still on its way through the pair.
    for (let turn = 0; turn < 10; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    return this.heard.find(({ type }) => type === 7)?.body.readUInt32BE(4);
  }

  onStream(stream: Http2Stream, headers: HeaderMap): void {
    this.streams.push({ stream, headers });
    this.serve(stream, headers);
  }
  onPing(): void {}
  onPong(): void {}
  onDefect(error: unknown): void {
    this.defects.push(error);
  }
  onClose(): void {
    this.#end();
  }
}

const OK = encodeFields({ ':status': '200' });

function echo(stream: Http2Stream): void {
  stream.listener = {
    onData: (chunk) => {
      if (!stream.headersSent) stream.sendHeaders(OK);
      stream.sendData(Buffer.from(chunk));
    },
    onEnd: () => {
      if (!stream.headersSent) stream.sendHeaders(OK);
      stream.end();
    },
    onWritable: () => undefined,
    onClose: () => undefined,
  };
}
