/**
 * A lease never ends by itself sooner after its grant or its last renewal than it was granted for, whoever leads in
 * between.
 */
import type { Operation } from '../state/operation.js';
import { Violation } from '../violation.js';
import type { Check } from './check.js';
import type { Carried, History } from './history.js';

interface Kept {
  readonly ttlMs: number;
  since: number;
}

export class LeaseKept implements Check {
  readonly name = 'lease-kept';
  private readonly leases = new Map<number, Kept>();

  constructor(
    history: History,
    private readonly now: () => number,
  ) {
    history.listeners.push((operation, carried) => this.onCarried(operation, carried));
  }

  renewed(lease: number): void {
    const kept = this.leases.get(lease);
    if (kept !== undefined) kept.since = this.now();
  }

  private onCarried(operation: Operation, { result }: Carried): void {
    if (!result.ok) return;
    if (operation.kind === 'grant') {
      this.leases.set(operation.lease, { ttlMs: operation.ttl * 1_000, since: this.now() });
    } else if (operation.kind === 'expire') {
      const kept = this.leases.get(operation.lease);
      const passed = this.now() - (kept?.since ?? 0);
      if (kept === undefined || passed >= kept.ttlMs) return;
      const what = `${Math.round(passed)} ms after it was renewed; it is for ${kept.ttlMs} ms`;
      throw new Violation(this.name, `lease ${operation.lease} expires ${what}`);
    }
  }
}
