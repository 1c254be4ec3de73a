/** Alarms that members have raised, as etcd numbers them: replicated, until somebody disarms them. */
import { NamedTable } from './named-table.js';
import { type NamedKind, RecordKind } from './records-sum.js';

export const AlarmType = { none: 0, noSpace: 1, corrupt: 2 } as const;
export type AlarmType = (typeof AlarmType)[keyof typeof AlarmType];

export interface Alarm {
  readonly memberId: number;
  readonly type: AlarmType;
}

export class AlarmTable {
  private readonly rows = new NamedTable<Alarm>(RecordKind.alarm);
  /** For the state. */
  readonly table: readonly [NamedKind, NamedTable<object>] = [RecordKind.alarm, this.rows];

  /** Of one type, or of all. Ascending by type, then member. */
  list(type: number = AlarmType.none): Alarm[] {
    return this.rows.list().filter((alarm) => type === AlarmType.none || alarm.type === type);
  }

  active(type: AlarmType): boolean {
    return this.rows.size > 0 && this.list(type).length > 0;
  }

  /** Null where there is no such alarm to raise. Raising twice is once. */
  raise(memberId: number, type: number): Alarm | null {
    if (type !== AlarmType.noSpace && type !== AlarmType.corrupt) return null;
    const alarm: Alarm = { memberId, type };
    if (this.rows.get(nameOf(alarm)) === undefined) this.rows.set(nameOf(alarm), alarm);
    return alarm;
  }

  /** Null where it was not raised. */
  disarm(memberId: number, type: number): Alarm | null {
    const alarm = this.rows.get(nameOf({ memberId, type }));
    if (alarm === undefined) return null;
    this.rows.delete(nameOf(alarm));
    return alarm;
  }
}

function nameOf({ memberId, type }: { readonly memberId: number; readonly type: number }): string {
  return `${type}/${memberId.toString(16).padStart(14, '0')}`;
}
