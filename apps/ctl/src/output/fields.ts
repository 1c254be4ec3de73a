// One field a line, `"Name" : value`; text and bytes are quoted literals.
import { EventType, type KeyValue, type Member, type ResponseHeader, type ResponseOp } from '@understudy/protocol';
import { formatDuration } from '../go-duration.js';
import { quoted } from './byte-text.js';
import { partialPrinter, unsupported } from './partial-printer.js';
import type { Printer, WriteLine } from './printer.js';
import { printReportFields } from './report.js';

export function fieldsPrinter(line: WriteLine): Printer {
  const field = (name: string, value: number | bigint | boolean | string): void => line(`"${name}" : ${String(value)}`);
  const text = (name: string, value: string): void => field(name, quoted(Buffer.from(value, 'utf8')));
  const header = (given: ResponseHeader | undefined): void => {
    field('ClusterID', given?.clusterId ?? 0);
    field('MemberID', given?.memberId ?? 0);
    field('Revision', given?.revision ?? 0);
    field('RaftTerm', given?.raftTerm ?? 0);
  };
  const keyValue = (prefix: string, kv: KeyValue): void => {
    field(`${prefix}Key`, quoted(kv.key));
    field(`${prefix}CreateRevision`, kv.createRevision);
    field(`${prefix}ModRevision`, kv.modRevision);
    field(`${prefix}Version`, kv.version);
    field(`${prefix}Value`, quoted(kv.value));
    field(`${prefix}Lease`, kv.lease);
  };
  const members = (list: readonly Member[]): void => {
    for (const member of list) {
      field('ID', member.id);
      text('Name', member.name);
      for (const url of member.peerUrls) text('PeerURL', url);
      for (const url of member.clientUrls) text('ClientURL', url);
      field('IsLearner', member.isLearner);
      line('');
    }
  };
  const operation = (op: ResponseOp): void => {
    if (op.responsePut !== undefined) printer.put(op.responsePut);
    else if (op.responseRange !== undefined) printer.get(op.responseRange);
    else if (op.responseDeleteRange !== undefined) printer.del(op.responseDeleteRange);
    else if (op.responseTxn !== undefined) printer.txn(op.responseTxn);
  };
  const printer: Printer = partialPrinter('fields', {
    get(answer) {
      header(answer.header);
      for (const kv of answer.kvs) keyValue('', kv);
      field('More', answer.more);
      field('Count', answer.count);
    },
    put(answer) {
      header(answer.header);
      if (answer.prevKv !== undefined) keyValue('Prev', answer.prevKv);
    },
    del(answer) {
      header(answer.header);
      field('Deleted', answer.deleted);
      for (const kv of answer.prevKvs) keyValue('Prev', kv);
    },
    txn(answer) {
      header(answer.header);
      field('Succeeded', answer.succeeded);
      for (const op of answer.responses) operation(op);
    },
    watch(answer) {
      header(answer.header);
      for (const event of answer.events) {
        field('Type', event.type === EventType.DELETE ? 'DELETE' : 'PUT');
        if (event.prevKv !== undefined) keyValue('Prev', event.prevKv);
        if (event.kv !== undefined) keyValue('', event.kv);
      }
    },
    compaction: (revision) => line(`compacted revision ${revision}`),
    leaseGrant(answer) {
      header(answer.header);
      field('ID', answer.id);
      field('TTL', answer.ttl);
    },
    leaseRevoke: (_id, answer) => header(answer.header),
    leaseKeepAlive(answer) {
      header(answer.header);
      field('ID', answer.id);
      field('TTL', answer.ttl);
    },
    leaseTimeToLive(answer) {
      header(answer.header);
      field('ID', answer.id);
      field('TTL', answer.ttl);
      field('GrantedTTL', answer.grantedTtl);
      for (const key of answer.keys) field('Key', quoted(key));
    },
    leases(answer) {
      header(answer.header);
      for (const lease of answer.leases) field('ID', lease.id);
    },
    memberAdd(_name, answer) {
      header(answer.header);
      members(answer.members);
    },
    memberRemove(_id, answer) {
      header(answer.header);
      members(answer.members);
    },
    memberUpdate(_id, answer) {
      header(answer.header);
      members(answer.members);
    },
    memberPromote(_id, answer) {
      header(answer.header);
      members(answer.members);
    },
    memberList(answer) {
      header(answer.header);
      members(answer.members);
    },
    endpointStatus(list) {
      for (const { endpoint, status } of list) {
        header(status.header);
        text('Version', status.version);
        field('DBSize', status.dbSize);
        field('Leader', status.leader);
        field('IsLearner', status.isLearner);
        field('RaftIndex', status.raftIndex);
        field('RaftTerm', status.raftTerm);
        field('RaftAppliedIndex', status.raftAppliedIndex);
        field('Errors', `[${status.errors.join(' ')}]`);
        text('Endpoint', endpoint);
        line('');
      }
    },
    endpointHealth(list) {
      for (const { endpoint, healthy, tookMs, error } of list) {
        text('Endpoint', endpoint);
        field('Health', healthy);
        field('Took', formatDuration(tookMs));
        field('Error', error);
        line('');
      }
    },
    endpointHash(list) {
      for (const { endpoint, hash } of list) {
        header(hash.header);
        text('Endpoint', endpoint);
        field('Hash', hash.hash);
        line('');
      }
    },
    plain(given) {
      if (given.fields === undefined) throw unsupported('fields');
      header(given.answer.header);
      for (const text of given.fields) line(text);
    },
    snapshotStatus({ hash, revision, totalKey, totalSize }) {
      field('Hash', hash);
      field('Revision', revision);
      field('Keys', totalKey);
      field('Size', totalSize);
    },
    report: (report) => printReportFields(report, line),
    moveLeader: (_from, _to, answer) => header(answer.header),
  });
  return printer;
}
