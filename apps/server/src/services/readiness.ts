/** Whether a write or a linearizable read would be served from here now: found out by reading, as etcd's /health does. */
import { AlarmType } from '@understudy/mvcc';
import { asRpcError } from './failures.js';
import type { Member } from './member.js';

const READ_TIMEOUT_MS = 1000;

/** Why not, in etcd's words where it has any; null when it is ready. Never rejects. */
export async function notReady(member: Member): Promise<string | null> {
  const { node, state } = member;
  if (node.leader === 0) return 'RAFT NO LEADER';
  if (member.isLearner) return 'LEARNER';
  if (member.diskFull()) return 'DISK NOSPACE';
  const [alarm] = state.mvcc.alarms.list();
  if (alarm !== undefined) return alarm.type === AlarmType.corrupt ? 'ALARM CORRUPT' : 'ALARM NOSPACE';
  try {
    await member.readBarrier({ raw: null, timeoutMs: READ_TIMEOUT_MS });
    return null;
  } catch (error) {
    return `QGET ERROR:${asRpcError(error).text}`;
  }
}
