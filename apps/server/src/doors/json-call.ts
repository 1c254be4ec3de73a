/** What the headers of a JSON request say of its call: the token, and grpc-gateway's timeout and metadata. */
import type { IncomingMessage } from 'node:http';
import { parseGrpcTimeout, RpcError, StatusCode } from '@understudy/protocol';
import type { Call } from '../services/rpc.js';

/** Throws an RpcError where the timeout is none. */
export function jsonCall({ headers }: IncomingMessage): Call {
  return {
    raw: null,
    timeoutMs: timeoutOf(headers['grpc-timeout']),
    token: text(headers['grpc-metadata-token']) ?? headers.authorization,
    requireLeader: headers['grpc-metadata-hasleader'] === 'true',
  };
}

function timeoutOf(header: string | readonly string[] | undefined): number | undefined {
  const given = text(header);
  if (given === undefined) return undefined;
  const timeoutMs = parseGrpcTimeout(given);
  if (timeoutMs !== undefined) return timeoutMs;
  const words = `invalid grpc-timeout: ${given.slice(0, 40)}`;
  throw new RpcError(StatusCode.INVALID_ARGUMENT, words, { outcome: 'not-applied' });
}

function text(header: string | readonly string[] | undefined): string | undefined {
  return typeof header === 'string' ? header : undefined;
}
