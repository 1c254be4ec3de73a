/** The header blocks of gRPC answers: before the messages, after them, and instead of them. */
import { encodeGrpcStatusText, type RpcStatus } from '@understudy/protocol';
import { encodeFields } from '../http2/hpack-encoder.js';
import { ACCEPTED_ENCODINGS } from './grpc-request.js';

const FIELDS = { ':status': '200', 'content-type': 'application/grpc' } as const;
/** A header block is one frame; escaped, a text is three times as long at most. */
const MAX_TEXT_LENGTH = 4000;

export const HEADERS = encodeFields(FIELDS);
export const OK_TRAILERS = encodeFields({ 'grpc-status': '0' });

export type Status = Pick<RpcStatus, 'code' | 'text'>;

export function trailersOf(status: Status): Uint8Array {
  return encodeFields(statusFields(status));
}

/** An answer that is nothing but a status. */
export function statusAlone(status: Status): Uint8Array {
  return encodeFields({ ...FIELDS, 'grpc-accept-encoding': ACCEPTED_ENCODINGS, ...statusFields(status) });
}

function statusFields({ code, text }: Status): Record<string, string> {
  return { 'grpc-status': String(code), 'grpc-message': encodeGrpcStatusText(text.slice(0, MAX_TEXT_LENGTH)) };
}
