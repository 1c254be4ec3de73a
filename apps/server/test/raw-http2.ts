/** gRPC calls by hand over node's HTTP/2, for tests that look at headers, frames and the ends of streams. */
import { type ClientHttp2Session, type ClientHttp2Stream, connect, type IncomingHttpHeaders } from 'node:http2';
import { encodeGrpcMessage, GrpcMessageReader, type MethodDescriptor } from '@understudy/protocol';

export interface RawAnswer {
  readonly headers: IncomingHttpHeaders;
  readonly messages: readonly Uint8Array[];
  /** Those of the first block where there is no second. */
  readonly trailers: IncomingHttpHeaders;
  readonly rstCode: number;
}

export function connectHttp2(url: string): ClientHttp2Session {
  const session = connect(url);
  session.on('error', () => undefined);
  return session;
}

/** Opens a call and sends nothing but its headers. */
export function openCall(
  session: ClientHttp2Session,
  method: Pick<MethodDescriptor, 'path'>,
  headers: IncomingHttpHeaders = {},
): ClientHttp2Stream {
  const all = {
    ':method': 'POST',
    ':path': method.path,
    te: 'trailers',
    'content-type': 'application/grpc',
    ...headers,
  };
  const stream = session.request(all);
  stream.on('error', () => undefined);
  return stream;
}

/** Everything that comes on a stream until it closes. */
export function answerOf(stream: ClientHttp2Stream): Promise<RawAnswer> {
  return new Promise((resolve) => {
    let headers: IncomingHttpHeaders = {};
    let trailers: IncomingHttpHeaders | null = null;
    const messages: Uint8Array[] = [];
    const reader = new GrpcMessageReader(2 ** 31);
    const isGrpc = (): boolean => String(headers['content-type']).startsWith('application/grpc');
    stream.on('response', (got) => {
      headers = got;
    });
    stream.on('trailers', (got: IncomingHttpHeaders) => {
      trailers = got;
    });
    stream.on('data', (chunk: Buffer) => {
      if (isGrpc()) reader.push(chunk, (payload) => messages.push(new Uint8Array(payload)));
      else messages.push(chunk);
    });
    stream.on('close', () => resolve({ headers, messages, trailers: trailers ?? headers, rstCode: stream.rstCode }));
  });
}

/** A whole unary call. */
export function unaryCall<I extends object>(
  session: ClientHttp2Session,
  method: MethodDescriptor<I>,
  request: I,
  headers: IncomingHttpHeaders = {},
): Promise<RawAnswer> {
  const stream = openCall(session, method, headers);
  stream.end(encodeGrpcMessage(method.input, request));
  return answerOf(stream);
}
