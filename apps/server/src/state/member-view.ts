/** A member as it is shown: its record, and its role as the Raft configuration has it. */
import type { ConfState } from '@understudy/raft-core';
import { formatId } from '../bootstrap/member-id.js';
import type { MemberRecord, PublishedLife } from './member-record.js';

export interface MemberView {
  /** Hexadecimal. */
  readonly id: string;
  readonly name: string;
  readonly peerUrls: readonly string[];
  readonly clientUrls: readonly string[];
  readonly isLearner: boolean;
  readonly directoryId: string;
  /** The run of it that published itself last; absent in reports of older versions. */
  readonly life?: PublishedLife | null;
  /** Of the standby that was activated as this member; empty for a member that was none. */
  readonly registration: string;
}

export function isLearner(confState: ConfState, id: number): boolean {
  return confState.learners.includes(id) || confState.learnersNext.includes(id);
}

export function memberView(record: MemberRecord, confState: ConfState): MemberView {
  const { id, name, peerUrls, clientUrls, directoryId, life, registration } = record;
  return {
    id: formatId(id),
    name,
    peerUrls,
    clientUrls,
    isLearner: isLearner(confState, id),
    directoryId,
    life,
    registration,
  };
}
