// Errors as the JSON gateway of etcd 3.4 prints them.
import type { ProtocolError } from '../protocol-error.js';
import type { RpcStatus } from './rpc-error.js';
import { httpStatusOf, StatusCode } from './status-code.js';

/** The body of a failed call. */
export interface GatewayErrorBody {
  readonly error: string;
  readonly message: string;
  readonly code: StatusCode;
}

/** The line that ends a stream which fails after it began. */
export interface GatewayStreamErrorBody {
  readonly error: {
    readonly grpc_code: StatusCode;
    readonly http_code: number;
    readonly message: string;
    readonly http_status: string;
  };
}

const httpStatusTexts: Readonly<Record<number, string>> = {
  200: 'OK',
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  408: 'Request Timeout',
  409: 'Conflict',
  412: 'Precondition Failed',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  501: 'Not Implemented',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
};

/** HTTP status and body of a call that failed before it answered. */
export function gatewayError(failure: Pick<RpcStatus, 'code' | 'text'>): { status: number; body: GatewayErrorBody } {
  const { code, text } = failure;
  return { status: httpStatusOf(code), body: { error: text, message: text, code } };
}

/** Body of a stream that failed after its first answer, when the HTTP status is out. */
export function gatewayStreamError(failure: Pick<RpcStatus, 'code' | 'text'>): GatewayStreamErrorBody {
  const status = httpStatusOf(failure.code);
  return {
    error: {
      grpc_code: failure.code,
      http_code: status,
      message: failure.text,
      http_status: httpStatusTexts[status] ?? '',
    },
  };
}

/** What a caller is told whose request does not decode: nothing was applied, and sending it again is no use. */
export function statusOfMalformedRequest(error: ProtocolError): RpcStatus {
  const code = error.code === 'too-large' ? StatusCode.RESOURCE_EXHAUSTED : StatusCode.INVALID_ARGUMENT;
  return { code, text: error.message, retryable: false, outcome: 'not-applied' };
}
