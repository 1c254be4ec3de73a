// The format for people and shell scripts, and the default.
import type { KeyValue, MemberAddResponse, ResponseHeader, ResponseOp } from '@understudy/protocol';
import { EventType } from '@understudy/protocol';
import { hexEscaped, hexId, leaseHex } from './byte-text.js';
import { formatDuration } from '../go-duration.js';
import { printReportLines } from './report.js';
import { memberRow, snapshotRow, statusRow } from './rows.js';
import type { Printer, WriteLine } from './printer.js';

export interface SimpleOptions {
  /** Keys and values as `\x61` escapes. */
  readonly hex: boolean;
  /** `get` prints values only. */
  readonly valueOnly: boolean;
}

export function simplePrinter(line: WriteLine, errorLine: WriteLine, options: SimpleOptions): Printer {
  const bytes = (value: Uint8Array): void => line(options.hex ? hexEscaped(value) : value);
  const pair = (kv: KeyValue, valueOnly = false): void => {
    if (!valueOnly) bytes(kv.key);
    bytes(kv.value);
  };
  const operation = (op: ResponseOp): void => {
    if (op.responsePut !== undefined) printer.put(op.responsePut);
    else if (op.responseRange !== undefined) printer.get(op.responseRange);
    else if (op.responseDeleteRange !== undefined) printer.del(op.responseDeleteRange);
    else if (op.responseTxn !== undefined) printer.txn(op.responseTxn);
  };
  const member = (id: number, done: string, header: ResponseHeader | undefined): void => {
    line(`Member ${hexId(id)} ${done} cluster ${hexId(header?.clusterId ?? 0)}`);
  };
  const printer: Printer = {
    get(answer) {
      for (const kv of answer.kvs) pair(kv, options.valueOnly);
    },
    put(answer) {
      line('OK');
      if (answer.prevKv !== undefined) pair(answer.prevKv);
    },
    del(answer) {
      line(String(answer.deleted));
      for (const kv of answer.prevKvs) pair(kv);
    },
    txn(answer) {
      line(answer.succeeded ? 'SUCCESS' : 'FAILURE');
      for (const op of answer.responses) {
        line('');
        operation(op);
      }
    },
    watch(answer) {
      for (const event of answer.events) {
        line(event.type === EventType.DELETE ? 'DELETE' : 'PUT');
        if (event.prevKv !== undefined) pair(event.prevKv);
        if (event.kv !== undefined) pair(event.kv);
      }
    },
    compaction: (revision) => line(`compacted revision ${revision}`),
    leaseGrant: (answer) => line(`lease ${leaseHex(answer.id)} granted with TTL(${answer.ttl}s)`),
    leaseRevoke: (id) => line(`lease ${leaseHex(id)} revoked`),
    leaseKeepAlive: (answer) => line(`lease ${leaseHex(answer.id)} keepalived with TTL(${answer.ttl})`),
    leaseTimeToLive(answer, withKeys) {
      const lease = `lease ${leaseHex(answer.id)}`;
      if (answer.grantedTtl === 0 && answer.ttl === -1) return line(`${lease} already expired`);
      const keys = answer.keys.map((key) => (options.hex ? hexEscaped(key) : Buffer.from(key).toString('utf8')));
      const attached = withKeys ? `, attached keys([${keys.join(' ')}])` : '';
      line(`${lease} granted with TTL(${answer.grantedTtl}s), remaining(${answer.ttl}s)${attached}`);
    },
    leases(answer) {
      line(`found ${answer.leases.length} leases`);
      for (const lease of answer.leases) line(leaseHex(lease.id));
    },
    memberAdd(name, answer) {
      member(answer.member?.id ?? 0, 'added to', answer.header);
      line('');
      for (const setting of joinEnvironment(name, answer)) line(setting);
    },
    memberRemove: (id, answer) => member(id, 'removed from', answer.header),
    memberUpdate: (id, answer) => member(id, 'updated in', answer.header),
    memberPromote: (id, answer) => member(id, 'promoted in', answer.header),
    memberList(answer) {
      for (const entry of answer.members) line(memberRow(entry).join(', '));
    },
    endpointStatus(list) {
      for (const entry of list) line(statusRow(entry).join(', '));
    },
    endpointHealth(list) {
      for (const { endpoint, healthy, tookMs, error } of list) {
        errorLine(
          healthy
            ? `${endpoint} is healthy: successfully committed proposal: took = ${formatDuration(tookMs)}`
            : `${endpoint} is unhealthy: failed to commit proposal: ${error}`,
        );
      }
    },
    endpointHash(list) {
      for (const { endpoint, hash } of list) line(`${endpoint}, ${hash.hash}`);
    },
    plain({ lines }) {
      for (const text of lines) line(text);
    },
    snapshotStatus: (status) => line(snapshotRow(status).join(', ')),
    report: (report) => printReportLines(report, line),
    moveLeader: (from, to) => line(`Leadership transferred from ${hexId(from)} to ${hexId(to)}`),
  };
  return printer;
}

/** What the new member's environment must say so that it joins: every member's peer urls, its own first. */
export function joinEnvironment(name: string, answer: MemberAddResponse): string[] {
  const added = answer.member;
  const own = added?.peerUrls ?? [];
  const cluster = own.map((url) => `${name}=${url}`);
  for (const member of answer.members) {
    if (member.id === added?.id) continue;
    for (const url of member.peerUrls) cluster.push(`${member.name}=${url}`);
  }
  return [
    `UNDERSTUDY_NAME="${name}"`,
    `UNDERSTUDY_INITIAL_CLUSTER="${cluster.join(',')}"`,
    `UNDERSTUDY_INITIAL_ADVERTISE_PEER_URLS="${own.join(',')}"`,
    'UNDERSTUDY_INITIAL_CLUSTER_STATE="existing"',
  ];
}
