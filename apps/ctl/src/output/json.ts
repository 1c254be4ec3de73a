// JSON as etcdctl prints it: the names of the .proto, numbers as numbers, bytes as base64, fields that are empty left
// out. Leases and watches have shapes of their own there, and so here.
import {
  DeleteRangeResponse,
  Event,
  HashKVResponse,
  LeaseRevokeResponse,
  MemberAddResponse,
  MemberListResponse,
  MemberPromoteResponse,
  MemberRemoveResponse,
  MemberUpdateResponse,
  type MessageType,
  MoveLeaderResponse,
  PutResponse,
  RangeResponse,
  ResponseHeader,
  StatusResponse,
  TxnResponse,
} from '@understudy/protocol';
import { formatDuration } from '../go-duration.js';
import { base64, type JsonValue, messageValue, stringify } from './json-value.js';
import { partialPrinter } from './partial-printer.js';
import type { Printer, WriteLine } from './printer.js';
import { printReportJson } from './report.js';

export function jsonPrinter(line: WriteLine): Printer {
  const value = (json: JsonValue): void => line(stringify(json));
  const message = <T extends object>(type: MessageType<T>, answer: T): void => value(messageValue(type, answer));
  return partialPrinter('json', {
    get: (answer) => message(RangeResponse, answer),
    put: (answer) => message(PutResponse, answer),
    del: (answer) => message(DeleteRangeResponse, answer),
    txn: (answer) => message(TxnResponse, answer),
    watch: ({ header, events, compactRevision, canceled }) =>
      value({
        Header: messageValue(ResponseHeader, header),
        Events: events.map((event) => messageValue(Event, event)),
        CompactRevision: compactRevision,
        Canceled: canceled,
        Created: false,
      }),
    compaction: (revision) => line(`compacted revision ${revision}`),
    leaseGrant: ({ header, id, ttl, error }) => value({ ...headerValue(header), ID: id, TTL: ttl, Error: error }),
    leaseRevoke: (_id, answer) => message(LeaseRevokeResponse, answer),
    leaseKeepAlive: ({ header, id, ttl }) => value({ ...headerValue(header), ID: id, TTL: ttl }),
    leaseTimeToLive: ({ header, id, ttl, grantedTtl, keys }) =>
      value({
        ...headerValue(header),
        id,
        ttl,
        'granted-ttl': grantedTtl,
        keys: keys.length === 0 ? null : keys.map(base64),
      }),
    leases: ({ header, leases }) => value({ ...headerValue(header), leases: leases.map(({ id }) => ({ id })) }),
    memberAdd: (_name, answer) => message(MemberAddResponse, answer),
    memberRemove: (_id, answer) => message(MemberRemoveResponse, answer),
    memberUpdate: (_id, answer) => message(MemberUpdateResponse, answer),
    memberPromote: (_id, answer) => message(MemberPromoteResponse, answer),
    memberList: (answer) => message(MemberListResponse, answer),
    endpointStatus: (list) =>
      value(list.map(({ endpoint, status }) => ({ Endpoint: endpoint, Status: messageValue(StatusResponse, status) }))),
    endpointHealth: (list) =>
      value(
        list.map(({ endpoint, healthy, tookMs, error }) => ({
          endpoint,
          health: healthy,
          took: formatDuration(tookMs),
          ...(error === '' ? {} : { error }),
        })),
      ),
    endpointHash: (list) =>
      value(list.map(({ endpoint, hash }) => ({ Endpoint: endpoint, HashKV: messageValue(HashKVResponse, hash) }))),
    plain: ({ type, answer }) => message(type, answer),
    snapshotStatus: (status) => value({ ...status }),
    report: (report) => printReportJson(report, line),
    moveLeader: (_from, _to, answer) => message(MoveLeaderResponse, answer),
  });
}

function headerValue(header: ResponseHeader | undefined): { [name: string]: JsonValue } {
  return header === undefined ? {} : messageValue(ResponseHeader, header);
}
