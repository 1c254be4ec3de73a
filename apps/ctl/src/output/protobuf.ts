// The messages as they are on the wire, one after the other, for programs that read them.
import {
  CompactionResponse,
  DeleteRangeResponse,
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
  type MessageType,
  MoveLeaderResponse,
  PutResponse,
  RangeResponse,
  TxnResponse,
  WatchResponse,
} from '@understudy/protocol';
import { partialPrinter } from './partial-printer.js';
import type { Printer } from './printer.js';

/** @param write takes bytes as they are, without an end of line */
export function protobufPrinter(write: (bytes: Uint8Array) => void): Printer {
  const message = <T extends object>(type: MessageType<T>, answer: T): void => write(type.encode(answer));
  return partialPrinter('protobuf', {
    get: (answer) => message(RangeResponse, answer),
    put: (answer) => message(PutResponse, answer),
    del: (answer) => message(DeleteRangeResponse, answer),
    txn: (answer) => message(TxnResponse, answer),
    watch: ({ header, events, compactRevision, canceled }) =>
      message(WatchResponse, WatchResponse.create({ header, events: [...events], compactRevision, canceled })),
    compaction: (_revision, answer) => message(CompactionResponse, answer),
    leaseGrant: (answer) => message(LeaseGrantResponse, answer),
    leaseRevoke: (_id, answer) => message(LeaseRevokeResponse, answer),
    leaseKeepAlive: (answer) => message(LeaseKeepAliveResponse, answer),
    leaseTimeToLive: (answer) => message(LeaseTimeToLiveResponse, answer),
    leases: (answer) => message(LeaseLeasesResponse, answer),
    memberAdd: (_name, answer) => message(MemberAddResponse, answer),
    memberRemove: (_id, answer) => message(MemberRemoveResponse, answer),
    memberUpdate: (_id, answer) => message(MemberUpdateResponse, answer),
    memberPromote: (_id, answer) => message(MemberPromoteResponse, answer),
    memberList: (answer) => message(MemberListResponse, answer),
    moveLeader: (_from, _to, answer) => message(MoveLeaderResponse, answer),
    plain: ({ type, answer }) => message(type, answer),
    report: ({ type, answer }) => message(type, answer),
  });
}
