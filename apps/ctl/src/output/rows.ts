// Members and endpoints as rows: the columns that the simple format and the tables share.
import type { Member } from '@understudy/protocol';
import { formatDuration } from '../go-duration.js';
import { hexId } from './byte-text.js';
import { humanBytes } from './human-bytes.js';
import type { EndpointHealth, EndpointStatus, SnapshotSummary } from './printer.js';

export const MEMBER_TITLES = ['ID', 'STATUS', 'NAME', 'PEER ADDRS', 'CLIENT ADDRS', 'IS LEARNER'] as const;

export function memberRow(member: Member): string[] {
  // A member has no name until it has started once.
  const status = member.name === '' ? 'unstarted' : 'started';
  const { id, name, peerUrls, clientUrls, isLearner } = member;
  return [hexId(id), status, name, peerUrls.join(','), clientUrls.join(','), String(isLearner)];
}

export const STATUS_TITLES = [
  'ENDPOINT',
  'ID',
  'VERSION',
  'DB SIZE',
  'IS LEADER',
  'IS LEARNER',
  'RAFT TERM',
  'RAFT INDEX',
  'RAFT APPLIED INDEX',
  'ERRORS',
] as const;

export function statusRow({ endpoint, status }: EndpointStatus): string[] {
  const id = status.header?.memberId ?? 0;
  return [
    endpoint,
    hexId(id),
    status.version,
    humanBytes(status.dbSize),
    String(status.leader === id),
    String(status.isLearner),
    String(status.raftTerm),
    String(status.raftIndex),
    String(status.raftAppliedIndex),
    status.errors.join(', '),
  ];
}

export const HEALTH_TITLES = ['ENDPOINT', 'HEALTH', 'TOOK', 'ERROR'] as const;

export function healthRow({ endpoint, healthy, tookMs, error }: EndpointHealth): string[] {
  return [endpoint, String(healthy), formatDuration(tookMs), error];
}

export const SNAPSHOT_TITLES = ['HASH', 'REVISION', 'TOTAL KEYS', 'TOTAL SIZE'] as const;

export function snapshotRow({ hash, revision, totalKey, totalSize }: SnapshotSummary): string[] {
  return [hash.toString(16), String(revision), String(totalKey), humanBytes(totalSize)];
}
