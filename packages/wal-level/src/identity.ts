/**
 * Who a data directory belongs to, kept twice: in a file and in the store. Each copy vouches for the other; losing one is
 * repaired, losing both or finding two different ones is not. Pure: what to do about what was read.
 */
import { NOT_A_NUMBER, readNumber, writeNumber } from './fields.js';
import { frameRecord, RecordKind, type RecordRead, unframeRecord } from './record.js';

export interface DirectoryIdentity {
  /** Below 2^53, not 0. */
  readonly memberId: number;
  /** Below 2^53, not 0. */
  readonly clusterId: number;
  /** Random, made with the directory: 32 hex digits. */
  readonly directoryId: string;
  /** How often the directory was opened, this time included. */
  readonly bootCount: number;
  /** The cluster that it was of before it was made one of its own by force; 0 where it never was. */
  readonly formerClusterId: number;
}

/** What the owner knows of who it is. */
export type MemberIdentity = Pick<DirectoryIdentity, 'memberId' | 'clusterId'>;

const DIRECTORY_ID_BYTES = 16;
const BODY_BYTES = 32 + DIRECTORY_ID_BYTES;

export function encodeIdentity(identity: DirectoryIdentity): Uint8Array {
  const body = new Uint8Array(BODY_BYTES);
  writeNumber(body, 0, identity.memberId);
  writeNumber(body, 8, identity.clusterId);
  writeNumber(body, 16, identity.bootCount);
  writeNumber(body, 24, identity.formerClusterId);
  body.set(Buffer.from(identity.directoryId, 'hex'), 32);
  return frameRecord(RecordKind.Identity, body);
}

export function decodeIdentity(bytes: Uint8Array): RecordRead<DirectoryIdentity> {
  const record = unframeRecord(RecordKind.Identity, bytes);
  if (!record.ok) return record;
  const body = record.value;
  if (body.length !== BODY_BYTES) return { ok: false, reason: 'length' };
  const [memberId, clusterId, bootCount] = [readNumber(body, 0), readNumber(body, 8), readNumber(body, 16)];
  const formerClusterId = readNumber(body, 24);
  if ([memberId, clusterId, bootCount, formerClusterId].includes(NOT_A_NUMBER)) return { ok: false, reason: 'field' };
  const directoryId = Buffer.from(body.subarray(32)).toString('hex');
  return { ok: true, value: { memberId, clusterId, directoryId, bootCount, formerClusterId } };
}

/** One copy: null where there is none. */
export type IdentityCopy = RecordRead<DirectoryIdentity> | null;

export interface IdentityEvidence {
  readonly file: IdentityCopy;
  readonly record: IdentityCopy;
  /** Whether the directory holds anything else of a log: then it is not new. */
  readonly inUse: boolean;
  /** Null when the owner takes the directory for what it is. */
  readonly expected: MemberIdentity | null;
}

export type IdentityVerdict =
  | { readonly kind: 'new'; readonly member: MemberIdentity }
  /** `restored` names the copy that was lost and is to be written again. */
  | { readonly kind: 'known'; readonly identity: DirectoryIdentity; readonly restored: 'file' | 'record' | null }
  | { readonly kind: 'refused'; readonly code: IdentityRefusal; readonly detail: string };

export type IdentityRefusal =
  /** The directory is new, and nobody said whose it is. */
  | 'identity-required'
  /** The directory belongs to another member or cluster than expected. */
  | 'identity-mismatch'
  /** The two copies name different owners: files of two directories were mixed. */
  | 'identity-conflict'
  /** Neither copy is left, but a log is. */
  | 'identity-lost';

export function judgeIdentity(evidence: IdentityEvidence): IdentityVerdict {
  const file = evidence.file?.ok === true ? evidence.file.value : null;
  const record = evidence.record?.ok === true ? evidence.record.value : null;
  const found = newer(file, record);
  if (found === null) return judgeNameless(evidence);
  if (file !== null && record !== null && !sameOwner(file, record)) {
    return refuse('identity-conflict', `the file is of ${describe(file)}, the log of ${describe(record)}`);
  }
  const { expected } = evidence;
  if (expected !== null && (expected.memberId !== found.memberId || expected.clusterId !== found.clusterId)) {
    return refuse('identity-mismatch', `the directory is of ${describe(found)}, not of ${describe(expected)}`);
  }
  return { kind: 'known', identity: found, restored: file === null ? 'file' : record === null ? 'record' : null };
}

function judgeNameless(evidence: IdentityEvidence): IdentityVerdict {
  if (evidence.inUse) {
    const state = (copy: IdentityCopy): string => (copy === null ? 'is absent' : 'is unreadable');
    return refuse('identity-lost', `the file ${state(evidence.file)} and the record ${state(evidence.record)}`);
  }
  if (evidence.expected === null) return refuse('identity-required', 'the directory is new');
  return { kind: 'new', member: evidence.expected };
}

/** A crash between the two writes of a start leaves boot counts that differ by one: the higher one was counted. */
function newer(a: DirectoryIdentity | null, b: DirectoryIdentity | null): DirectoryIdentity | null {
  if (a === null || b === null) return a ?? b;
  return a.bootCount >= b.bootCount ? a : b;
}

function sameOwner(a: DirectoryIdentity, b: DirectoryIdentity): boolean {
  return a.memberId === b.memberId && a.directoryId === b.directoryId && sameCluster(a, b);
}

/** A crash between the two writes of a change of cluster leaves one copy of before it: the one that was opened less. */
function sameCluster(a: DirectoryIdentity, b: DirectoryIdentity): boolean {
  if (a.clusterId === b.clusterId) return true;
  const [older, younger] = a.bootCount < b.bootCount ? [a, b] : [b, a];
  return younger.formerClusterId !== 0 && younger.bootCount === older.bootCount + 1;
}

function refuse(code: IdentityRefusal, detail: string): IdentityVerdict {
  return { kind: 'refused', code, detail };
}

function describe(identity: MemberIdentity & { readonly directoryId?: string }): string {
  const hex = (id: number): string => id.toString(16).padStart(16, '0');
  const directory = identity.directoryId === undefined ? '' : `, directory ${identity.directoryId}`;
  return `member ${hex(identity.memberId)} of cluster ${hex(identity.clusterId)}${directory}`;
}
