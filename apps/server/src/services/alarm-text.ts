/** An alarm as etcd writes it into a status: its clients look for the words. */
import { type Alarm, AlarmType } from '@understudy/mvcc';

export function textOfAlarm({ memberId, type }: Alarm): string {
  return `memberID:${memberId} alarm:${type === AlarmType.corrupt ? 'CORRUPT' : 'NOSPACE'} `;
}
