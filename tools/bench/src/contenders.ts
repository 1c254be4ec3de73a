/** What the bench compares, and what is said of it. */
import type { ServerKind } from '@understudy/testbed';
import type { Door } from './measure.js';

/** What is loaded, and how: one column of the comparison. */
export interface Contender {
  readonly name: string;
  readonly kind: ServerKind;
  readonly door: Door;
}

export const NATIVE: Contender = { name: 'understudy', kind: 'understudy', door: 'native' };
export const OVER_GRPC: Contender = { name: 'over gRPC', kind: 'understudy', door: 'grpc' };
export const ETCD: Contender = { name: 'etcd', kind: 'etcd', door: 'grpc' };

export const COLUMNS = ['puts/s', 'p50 ms', 'p99 ms', 'CPU servers', 'CPU client', 'RSS MB', 'other cores', 'failed'];

/** What holds the figures over gRPC back; CPU per put, above, shows how much. */
export const LIMITS = [
  'over gRPC: a request is headers, a message and the end of a stream, and its answer two blocks of headers and a message,',
  'against a few bytes in a frame that carries fifty calls; one connection loads one event loop, which also replicates.',
].join('\n');
