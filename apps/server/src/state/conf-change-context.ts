/** What the configuration changes of the server carry: the records of the members that they bring or alter. */
import type { MemberRecord } from './member-record.js';
import { readVersioned, withVersion } from './versioned-json.js';

const CONTEXT_VERSION = 1;

export function encodeConfChangeContext(members: readonly MemberRecord[]): Uint8Array {
  return withVersion(CONTEXT_VERSION, members);
}

/** Empty bytes, as in the entry that leaves a joint configuration, are no members. */
export function decodeConfChangeContext(bytes: Uint8Array): readonly MemberRecord[] {
  if (bytes.length === 0) return [];
  return readVersioned(bytes, CONTEXT_VERSION, 'context of a configuration change') as readonly MemberRecord[];
}
