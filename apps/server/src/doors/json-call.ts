/** What the headers of a JSON request say of its call: the token, and grpc-gateway's timeout. */
import type { IncomingMessage } from 'node:http';
import { parseGrpcTimeout } from '@understudy/protocol';
import type { Call } from '../services/rpc.js';

export function jsonCall({ headers }: IncomingMessage): Call {
  const timeout = headers['grpc-timeout'];
  return {
    raw: null,
    timeoutMs: typeof timeout === 'string' ? parseGrpcTimeout(timeout) : undefined,
    token: headers.authorization,
  };
}
