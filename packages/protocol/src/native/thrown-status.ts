// What a caller is told of something that was thrown while its call ran.
import { statusOfMalformedRequest } from '../errors/gateway-error.js';
import { RpcError, type RpcStatus } from '../errors/rpc-error.js';
import { StatusCode } from '../errors/status-code.js';
import { ProtocolError } from '../protocol-error.js';

const INTERNAL: RpcStatus = {
  code: StatusCode.INTERNAL,
  text: 'internal error',
  retryable: false,
  outcome: 'unknown',
};

/** An RpcError as it is, malformed input as INVALID_ARGUMENT, anything else as INTERNAL without its text. */
export function statusOfThrown(error: unknown): RpcStatus {
  if (error instanceof RpcError) return error;
  return error instanceof ProtocolError ? statusOfMalformedRequest(error) : INTERNAL;
}
