export { type Alarm, type AlarmTable, AlarmType } from './alarm-table.js';
export { type Permission, PermissionType, type UserRecord } from './auth/auth-record.js';
export type { AuthOutcome, AuthState, Caller } from './auth/auth-state.js';
export type { Event, KeyValue } from './key-value.js';
export { EventType } from './key-value.js';
export type { FlushBatch, FlushWalk } from './flush.js';
export type { LeaseView } from './lease-table.js';
export type { LeaseCheckpoint, Lessor } from './lessor.js';
export { LongChange } from './long-change.js';
export type { MvccDeps, OpenOutcome } from './mvcc.js';
export { Mvcc } from './mvcc.js';
export type { MvccStats } from './mvcc-stats.js';
export type { Damage, MvccErrorCode } from './mvcc-error.js';
export { MvccError } from './mvcc-error.js';
export type { MvccOptions } from './options.js';
export { resolveOptions } from './options.js';
export type { AuthReason, Outcome, Reason, Refusal } from './outcome.js';
export type { RangeCursor } from './range-cursor.js';
export type { RecordsSum } from './records-sum.js';
export type { Compare, DeleteRangeRequest, PutRequest, RangeRequest, RequestOp, TxnRequest } from './request.js';
export { CompareResult, CompareTarget, SortOrder, SortTarget } from './request.js';
export { checkDeleteRange, checkPut, checkRange, checkTxn } from './request-check.js';
export type {
  DeleteRangeResponse,
  PutResponse,
  RangeResponse,
  ResponseHeader,
  ResponseOp,
  TxnResponse,
} from './response.js';
export type { HashWalk, KvHash } from './state-hash.js';
export type { SnapshotHeader } from './snapshot/snapshot-format.js';
export {
  type ReadSnapshotOptions,
  readSnapshot,
  type SnapshotSink,
  type SnapshotStatus,
} from './snapshot/snapshot-reader.js';
export { writeSnapshot } from './snapshot/snapshot-writer.js';
export type { Watch, WatchBatch, WatchRequest, WatchSink } from './watcher.js';
