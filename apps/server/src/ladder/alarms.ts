/** The alarms of the automation that this leader has raised and that still stand. */
import type { RaisedAlarm } from '@understudy/membership';

export class Alarms {
  readonly #raised = new Map<string, RaisedAlarm>();

  get list(): RaisedAlarm[] {
    return [...this.#raised.values()];
  }

  set(alarm: RaisedAlarm, raised: boolean): void {
    const key = `${alarm.alarm} ${alarm.memberId}`;
    if (raised) this.#raised.set(key, alarm);
    else this.#raised.delete(key);
  }

  /** This member does not lead any more: what it saw is for its successor to see. */
  clear(): void {
    this.#raised.clear();
  }
}
