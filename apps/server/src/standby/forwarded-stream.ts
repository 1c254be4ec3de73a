/**
 * One stream of a client's HTTP/2 that is a stream to a member: headers, body and trailers as they come, in both
 * directions, and the end of one is the end of the other. Neither side is read faster than the other takes it.
 */
import { type ClientHttp2Stream, constants, type IncomingHttpHeaders, type OutgoingHttpHeaders } from 'node:http2';
import { FORWARDED_HEADER } from '../doors/forwarded.js';
import { encodeFields, type Fields } from '../doors/http2/hpack-encoder.js';
import type { ErrorCode } from '../doors/http2/http2-errors.js';
import type { Http2Stream, StreamListener } from '../doors/http2/http2-stream.js';
import type { HeaderMap } from '../doors/http2/request-headers.js';
import type { MemberSession } from './dial-member.js';

export class ForwardedStream implements StreamListener {
  readonly #stream: Http2Stream;
  readonly #headers: HeaderMap;
  /** Answers where the member did not. */
  readonly #refuse: (text: string) => void;
  #call: ClientHttp2Stream | null = null;
  /** Of the body, until there is a call; the client's window bounds it. */
  #waiting: Buffer[] = [];
  #requestEnded = false;
  #answerEnded = false;
  #trailers: IncomingHttpHeaders | null = null;

  constructor(stream: Http2Stream, headers: HeaderMap, refuse: (text: string) => void) {
    this.#stream = stream;
    this.#headers = headers;
    this.#refuse = refuse;
    stream.pauseReading();
  }

  begin({ session, target }: MemberSession): void {
    if (this.#stream.closed) return;
    const waiting = this.#waiting;
    this.#waiting = [];
    const endStream = this.#requestEnded && waiting.length === 0;
    let call: ClientHttp2Stream;
    try {
      call = session.request(onwardHeaders(this.#headers, target), { endStream });
    } catch (error) {
      this.#refuse(`the member at ${target.host} was not asked: ${(error as Error).message}`);
      return;
    }
    this.#call = call;
    this.#listen(call, target);
    for (const chunk of waiting) call.write(chunk);
    if (this.#requestEnded && !endStream) call.end();
    if (!call.writableNeedDrain) this.#stream.resumeReading();
  }

  /** No member takes a connection. */
  fail(text: string): void {
    if (!this.#stream.closed) this.#refuse(text);
  }

  // ---- what the client does ----

  onData(chunk: Buffer): void {
    if (this.#call === null) this.#waiting.push(chunk);
    else if (!this.#call.write(chunk)) this.#stream.pauseReading();
  }

  onEnd(): void {
    this.#requestEnded = true;
    this.#call?.end();
  }

  onWritable(): void {
    this.#call?.resume();
  }

  onClose(): void {
    this.#waiting = [];
    if (this.#call !== null && !this.#call.closed) this.#call.close(constants.NGHTTP2_CANCEL);
  }

  // ---- what the member does ----

  #listen(call: ClientHttp2Stream, target: URL): void {
    const stream = this.#stream;
    call.on('response', (answer, flags) => {
      const last = (flags & constants.NGHTTP2_FLAG_END_STREAM) !== 0;
      this.#answerEnded = last;
      stream.sendHeaders(encodeFields(fieldsOf(answer)), last);
    });
    call.on('data', (chunk: Buffer) => {
      if (!stream.sendData(chunk)) call.pause();
    });
    call.on('trailers', (trailers) => {
      this.#trailers = trailers;
    });
    call.on('end', () => {
      // One that was cut ends, too.
      if (this.#answerEnded || call.rstCode !== constants.NGHTTP2_NO_ERROR || !stream.headersSent) return;
      this.#answerEnded = true;
      stream.end(this.#trailers === null ? null : encodeFields(fieldsOf(this.#trailers)));
    });
    call.on('drain', () => stream.resumeReading());
    // Whatever it is, the close that follows tells the client.
    call.on('error', () => undefined);
    call.on('close', () => {
      if (stream.closed || this.#answerEnded) return;
      if (!stream.headersSent) this.fail(`the member at ${target.host} does not answer`);
      else stream.reset((call.rstCode || constants.NGHTTP2_CANCEL) as ErrorCode);
    });
  }
}

function onwardHeaders(headers: HeaderMap, target: URL): OutgoingHttpHeaders {
  const { origin: _judgedHere, host: _oursNotTheirs, ...kept } = headers;
  return {
    ...kept,
    ':authority': target.host,
    ':scheme': target.protocol.slice(0, -1),
    [FORWARDED_HEADER]: '1',
  };
}

function fieldsOf(headers: IncomingHttpHeaders): Fields {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])),
  );
}
