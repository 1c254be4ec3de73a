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

/** Said below the figures; the CPU per put shows how true it is. */
export const LIMITS = [
  'what limits us over either door: one event loop of the leader takes requests, writes the log, replicates, applies and',
  'answers, on one core, where etcd has them all; HTTP/2 itself costs about as much a put as our own framing.',
].join('\n');
