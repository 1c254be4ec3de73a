/**
 * What the headers of a gRPC request say. Everything that can be refused before the first message is refused here, with
 * the status that gRPC has for it.
 */
import {
  etcdErrors,
  findMethodByPath,
  type MethodDescriptor,
  parseGrpcTimeout,
  type RpcStatus,
  services,
  StatusCode,
} from '@understudy/protocol';
import { wasForwarded } from '../forwarded.js';
import type { HeaderMap } from '../http2/request-headers.js';

/** How the messages of a request are compressed. */
export type GrpcEncoding = 'identity' | 'gzip';
export const ACCEPTED_ENCODINGS = 'identity,gzip';

export interface GrpcHead {
  readonly ok: true;
  readonly method: MethodDescriptor;
  readonly encoding: GrpcEncoding;
  /** undefined: the caller did not say */
  readonly timeoutMs: number | undefined;
  readonly token: string | undefined;
  readonly requireLeader: boolean;
  /** By a standby: the connection's certificate is not the caller's. */
  readonly forwarded: boolean;
}

export type GrpcHeadOrRefusal = GrpcHead | { readonly ok: false; readonly status: RpcStatus };

/** Whether the content type is gRPC's, with messages in protobuf. */
export function isGrpcContentType(type: string | undefined): boolean {
  return type === 'application/grpc' || (type !== undefined && /^application\/grpc(\+proto)?(;|$)/i.test(type));
}

export function readGrpcHead(path: string, headers: HeaderMap): GrpcHeadOrRefusal {
  const method = findMethodByPath(path);
  if (method === undefined) return refuse(StatusCode.UNIMPLEMENTED, unknownMethodText(path));
  const encoding = headers['grpc-encoding'] ?? 'identity';
  if (encoding !== 'identity' && encoding !== 'gzip') {
    return refuse(StatusCode.UNIMPLEMENTED, `grpc: Decompressor is not installed for grpc-encoding "${encoding}"`);
  }
  const timeout = headers['grpc-timeout'];
  const timeoutMs = timeout === undefined ? undefined : parseGrpcTimeout(timeout);
  if (timeout !== undefined && timeoutMs === undefined) {
    return refuse(StatusCode.INTERNAL, `malformed grpc-timeout: "${timeout.slice(0, 40)}"`);
  }
  if (timeoutMs !== undefined && timeoutMs <= 0) return { ok: false, status: NO_TIME };
  return {
    ok: true,
    method,
    encoding,
    timeoutMs,
    token: headers['token'] ?? headers['authorization'],
    requireLeader: headers['hasleader'] === 'true',
    forwarded: wasForwarded(headers),
  };
}

const NO_TIME: RpcStatus = { ...etcdErrors.deadlineExceeded, outcome: 'not-applied' };

const SERVICE_NAMES: ReadonlySet<string> = new Set(services.map(({ typeName }) => typeName));

function unknownMethodText(path: string): string {
  const [, service = '', method = ''] = /^\/([^/]*)\/(.*)$/.exec(path.slice(0, 200)) ?? [];
  if (SERVICE_NAMES.has(service)) return `unknown method ${method} for service ${service}`;
  return service === '' ? `malformed method name: "${path.slice(0, 200)}"` : `unknown service ${service}`;
}

function refuse(code: StatusCode, words: string): GrpcHeadOrRefusal {
  return { ok: false, status: { code, text: words, retryable: false, outcome: 'not-applied' } };
}
