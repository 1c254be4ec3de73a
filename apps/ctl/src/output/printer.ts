// What every output format can print. A printer writes lines; it knows neither stdout nor the network.
import type {
  CompactionResponse,
  DeleteRangeResponse,
  Event,
  HashKVResponse,
  LeaseGrantResponse,
  LeaseKeepAliveResponse,
  LeaseLeasesResponse,
  LeaseRevokeResponse,
  LeaseTimeToLiveResponse,
  MemberAddResponse,
  MemberListResponse,
  MemberPromoteResponse,
  MemberRemoveResponse,
  MemberUpdateResponse,
  MoveLeaderResponse,
  PutResponse,
  RangeResponse,
  ResponseHeader,
  StatusResponse,
  TxnResponse,
} from '@understudy/protocol';

import type { PlainAnswer } from './plain-answer.js';
import type { Report } from './report.js';

/** Takes one line without its end; bytes go out as they are. */
export type WriteLine = (line: string | Uint8Array) => void;

/** The parts of a watch's answer that are printed. */
export interface WatchPrint {
  readonly header: ResponseHeader;
  readonly events: readonly Event[];
  readonly compactRevision: number;
  readonly canceled: boolean;
}

export interface EndpointStatus {
  readonly endpoint: string;
  readonly status: StatusResponse;
}

export interface EndpointHealth {
  readonly endpoint: string;
  readonly healthy: boolean;
  readonly tookMs: number;
  /** empty: none */
  readonly error: string;
}

export interface EndpointHash {
  readonly endpoint: string;
  readonly hash: HashKVResponse;
}

export interface SnapshotSummary {
  /** 32 bits, to tell two files apart. */
  readonly hash: number;
  readonly revision: number;
  readonly totalKey: number;
  /** Bytes. */
  readonly totalSize: number;
}

export interface Printer {
  get(answer: RangeResponse): void;
  put(answer: PutResponse): void;
  del(answer: DeleteRangeResponse): void;
  txn(answer: TxnResponse): void;
  watch(answer: WatchPrint): void;
  compaction(revision: number, answer: CompactionResponse): void;
  leaseGrant(answer: LeaseGrantResponse): void;
  leaseRevoke(id: bigint, answer: LeaseRevokeResponse): void;
  leaseKeepAlive(answer: LeaseKeepAliveResponse): void;
  leaseTimeToLive(answer: LeaseTimeToLiveResponse, withKeys: boolean): void;
  leases(answer: LeaseLeasesResponse): void;
  memberAdd(name: string, answer: MemberAddResponse): void;
  memberRemove(id: number, answer: MemberRemoveResponse): void;
  memberUpdate(id: number, answer: MemberUpdateResponse): void;
  memberPromote(id: number, answer: MemberPromoteResponse): void;
  memberList(answer: MemberListResponse): void;
  endpointStatus(list: readonly EndpointStatus[]): void;
  endpointHealth(list: readonly EndpointHealth[]): void;
  endpointHash(list: readonly EndpointHash[]): void;
  moveLeader(from: number, to: number, answer: MoveLeaderResponse): void;
  /** Users, roles, alarms. */
  plain<T extends object>(answer: PlainAnswer<T>): void;
  snapshotStatus(status: SnapshotSummary): void;
  /** Anything that etcdctl has no shape for. */
  report<T extends object>(report: Report<T>): void;
}
