/** The hash of this member's keys at a revision, a piece a turn: for clients, and for members that compare. */
import type { HashKVRequest, HashKVResponse } from '@understudy/protocol';
import { nextTurn } from '../state/store-calls.js';
import { refused } from './failures.js';
import type { Member } from './member.js';

/** Keys hashed in one turn: about a millisecond. */
const KEYS_A_TURN = 5000;

export async function hashKv(member: Member, { revision }: HashKVRequest): Promise<HashKVResponse> {
  const opened = member.state.mvcc.openHash(revision);
  if (!opened.ok) throw refused(opened.reason);
  const header = member.header();
  const end = member.metrics.works.hashRevision.startTimer();
  try {
    for (;;) {
      const found = opened.walk.step(KEYS_A_TURN);
      if (found !== null) {
        const { hash: sum, compactRevision, revision: hashRevision } = found;
        return { header, hash: sum, compactRevision, hashRevision };
      }
      await nextTurn();
    }
  } finally {
    end();
    opened.walk.close();
  }
}
