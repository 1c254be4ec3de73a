/** The header blocks of gRPC answers: before the messages, after them, and instead of them. */
import { constants, type OutgoingHttpHeaders, type ServerHttp2Stream } from 'node:http2';
import { encodeGrpcStatusText, type RpcStatus } from '@understudy/protocol';
import { ACCEPTED_ENCODINGS } from './grpc-request.js';

const HEADERS: OutgoingHttpHeaders = { ':status': 200, 'content-type': 'application/grpc' };
const WITH_TRAILERS = { waitForTrailers: true, sendDate: false } as const;
const WITHOUT_BODY = { endStream: true, sendDate: false } as const;

export const OK_TRAILERS: OutgoingHttpHeaders = { 'grpc-status': '0' };

export type Status = Pick<RpcStatus, 'code' | 'text'>;

export function trailersOf({ code, text }: Status): OutgoingHttpHeaders {
  return { 'grpc-status': String(code), 'grpc-message': encodeGrpcStatusText(text) };
}

/** Whether anything can still be sent. */
export function isOpen(stream: ServerHttp2Stream): boolean {
  return !stream.destroyed && !stream.closed;
}

/** Messages follow, and then trailers, which the stream asks for with `wantTrailers`. */
export function beginAnswer(stream: ServerHttp2Stream): void {
  stream.respond(HEADERS, WITH_TRAILERS);
}

/** An answer that is nothing but a status. What the client still sends is not wanted. */
export function answerStatus(stream: ServerHttp2Stream, status: Status): void {
  if (!isOpen(stream)) return;
  const encodings = { 'grpc-accept-encoding': ACCEPTED_ENCODINGS };
  stream.respond({ ...HEADERS, ...encodings, ...trailersOf(status) }, WITHOUT_BODY);
  endRequest(stream);
}

/** The request is of no use any more: where it has not ended, the stream is closed, without calling that an error. */
export function endRequest(stream: ServerHttp2Stream): void {
  if (stream.readableEnded || stream.destroyed) return;
  stream.resume();
  stream.close(constants.NGHTTP2_NO_ERROR);
}

/** What is not gRPC at a path of gRPC. */
export function answerUnsupportedMedia(stream: ServerHttp2Stream): void {
  stream.on('error', () => undefined);
  stream.respond({ ':status': 415, 'content-type': 'text/plain; charset=utf-8' });
  stream.end('gRPC has the content type application/grpc\n');
  stream.resume();
}
