/**
 * A member as the cluster knows it, apart from its role, which is the Raft configuration's alone. Travels in the
 * context of a configuration change and in PublishMember, and is kept in the state.
 */
import { readVersioned, withVersion } from './versioned-json.js';

export interface MemberRecord {
  readonly id: number;
  /** Empty until the member has started and published itself. */
  readonly name: string;
  readonly peerUrls: readonly string[];
  /** Empty until published. */
  readonly clientUrls: readonly string[];
  /** The data directory it was first seen with; empty until published. Another one means that it was wiped. */
  readonly directoryId: string;
}

const RECORD_VERSION = 1;

export function encodeMemberRecord(record: MemberRecord): Uint8Array {
  return withVersion(RECORD_VERSION, record);
}

export function decodeMemberRecord(bytes: Uint8Array): MemberRecord {
  return readVersioned(bytes, RECORD_VERSION, 'member record') as MemberRecord;
}
