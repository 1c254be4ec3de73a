export type { Access, Auth, UserAddOptions } from './auth.js';
export type { CallOptions } from './call-options.js';
export type { ClaimOptions } from './claim.js';
export {
  Client,
  type ClientDeps,
  type CompactOptions,
  type DeleteOptions,
  type GetOptions,
  type PutOptions,
  type RangeOptions,
} from './client.js';
export { ClientError, type ClientErrorCode, type ClientErrorDetails } from './client-error.js';
export type { ClientOptions, ReadersMode } from './client-options.js';
export type { Cluster, NewMember } from './cluster.js';
export { EtcdGateway, type EtcdGatewayDeps, type EtcdGatewayOptions } from './etcd-gateway.js';
export type { Elections, Leadership, ObserveOptions } from './election.js';
export type { Credentials } from './endpoint-pool.js';
export { type Bytes, type KeyRange, prefixEnd, toWireRange, type WireRange } from './key-range.js';
export { KeyValue } from './key-value.js';
export type { DeleteFields, LeaseId, PutFields, RangeFields, ReadFields } from './kv-requests.js';
export type { DeleteResult, GetResult, OpResult, PutResult, RangeResult, TxnResult } from './kv-results.js';
export type { LeaseKeeper, LeaseKeeperEvents, LeaseKeeperOptions } from './lease-keeper.js';
export type { GrantOptions, Leases, TimeToLiveOptions } from './leases.js';
export type { Lock } from './lock.js';
export type { HashKvOptions, Health, Maintenance } from './maintenance.js';
export {
  Mirror,
  type MirrorCheck,
  type MirrorDestination,
  type MirrorOptions,
  type MirrorProgress,
} from './mirror.js';
export type { Difference } from './mirror-compare.js';
export type { RetryMode } from './retry-policy.js';
export type { SnapshotOptions, SnapshotProgress } from './snapshot-download.js';
export type { TlsOptions } from './tls-options.js';
export { type CompareOperator, compare, op, type TxnBuilder, type TxnSpec } from './txn.js';
export { votingEndpoints } from './voting-endpoints.js';
export type { Watcher, WatchEvent, WatchOptions, WatchUpdate } from './watcher.js';
