/**
 * Plain HTTP on a stream of HTTP/2: a request and a response with what our handlers use of node's, so that JSON, probes
 * and pages are written once. A client that speaks TLS may choose HTTP/2 for them.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable, Writable } from 'node:stream';
import { encodeFields } from './hpack-encoder.js';
import type { Http2Stream, StreamListener } from './http2-stream.js';
import type { HeaderMap } from './request-headers.js';

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** Fields that belong to a connection of HTTP/1.1. */
const NOT_SENT: ReadonlySet<string> = new Set(['connection', 'keep-alive', 'transfer-encoding', 'upgrade']);
/** A value that no header can have is no header. */
const BAD_VALUE = /[^\t\x20-\x7e\x80-\xff]/;

export function serveHttpStream(stream: Http2Stream, headers: HeaderMap, handler: Handler): void {
  const request = new HttpStreamRequest(stream, headers);
  const response = new HttpStreamResponse(stream, headers[':method'] === 'HEAD');
  const listener: StreamListener = {
    onData: (chunk) => request.arrived(chunk),
    onEnd: () => request.finish(),
    onWritable: () => response.goOn(),
    onClose: () => {
      request.cut();
      response.destroy();
    },
  };
  stream.listener = listener;
  // What they have is what our handlers use.
  handler(request as unknown as IncomingMessage, response as unknown as ServerResponse);
}

class HttpStreamRequest extends Readable {
  readonly httpVersion = '2.0';
  readonly method: string;
  readonly url: string;
  readonly headers: Record<string, string>;
  /** The whole body has come. */
  complete = false;
  readonly #stream: Http2Stream;

  constructor(stream: Http2Stream, headers: HeaderMap) {
    super();
    this.#stream = stream;
    this.method = headers[':method'] ?? 'GET';
    this.url = headers[':path'] ?? '/';
    const { ':authority': authority, ...fields } = headers;
    const host = authority === undefined ? {} : { host: authority };
    this.headers = Object.fromEntries(
      Object.entries({ ...fields, ...host }).filter(([name]) => !name.startsWith(':')),
    ) as Record<string, string>;
    // Whoever reads is told by 'close' that nothing more comes.
    this.on('error', () => undefined);
  }

  override _read(): void {
    this.#stream.resumeReading();
  }

  arrived(chunk: Buffer): void {
    if (!this.destroyed && !this.push(chunk)) this.#stream.pauseReading();
  }

  finish(): void {
    this.complete = true;
    if (!this.destroyed) this.push(null);
  }

  cut(): void {
    if (!this.complete) this.destroy();
  }
}

class HttpStreamResponse extends Writable {
  statusCode = 200;
  headersSent = false;
  readonly #stream: Http2Stream;
  readonly #withoutBody: boolean;
  readonly #headers = new Map<string, string>();
  #waiting: (() => void) | null = null;

  constructor(stream: Http2Stream, withoutBody: boolean) {
    super();
    this.#stream = stream;
    this.#withoutBody = withoutBody;
    this.on('error', () => undefined);
  }

  setHeader(name: string, value: string | number | readonly string[]): this {
    this.#headers.set(name.toLowerCase(), String(value));
    return this;
  }

  getHeader(name: string): string | undefined {
    return this.#headers.get(name.toLowerCase());
  }

  removeHeader(name: string): void {
    this.#headers.delete(name.toLowerCase());
  }

  writeHead(status: number, headers: Readonly<Record<string, string | number>> = {}): this {
    this.statusCode = status;
    for (const [name, value] of Object.entries(headers)) this.setHeader(name, value);
    this.flushHeaders();
    return this;
  }

  flushHeaders(): void {
    if (this.headersSent) return;
    this.headersSent = true;
    const fields = [...this.#headers].filter(([name, value]) => !NOT_SENT.has(name) && !BAD_VALUE.test(value));
    this.#stream.sendHeaders(encodeFields({ ':status': String(this.statusCode), ...Object.fromEntries(fields) }));
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.flushHeaders();
    if (this.#withoutBody || this.#stream.sendData(chunk)) done();
    else this.#waiting = done;
  }

  override _final(done: () => void): void {
    this.flushHeaders();
    this.#stream.end();
    done();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#waiting = null;
    if (!this.writableFinished) this.#stream.reset();
    done(error);
  }

  goOn(): void {
    const done = this.#waiting;
    this.#waiting = null;
    done?.();
  }
}
