/** What clients do next: a mix of everything the service has, on a few keys, so that operations meet. */
import type { Random } from '../random.js';
import type { Operation } from '../state/operation.js';

export function keyName(number: number): string {
  return `k${String(number).padStart(2, '0')}`;
}

export type Step =
  | { readonly kind: 'write'; readonly operation: Operation }
  | { readonly kind: 'read' | 'stale-read'; readonly key: string; readonly end: string }
  | { readonly kind: 'renew'; readonly lease: number };

export interface WorkloadView {
  readonly keys: number;
  newOp(): number;
  /** The revision that clients know of. */
  readonly known: number;
  /** The mod revision that a client last saw of a key; 0 where it saw none. */
  seenModRevision(key: string): number;
}

export class Workload {
  private readonly leases: number[] = [];

  constructor(
    private readonly random: Random,
    private readonly view: WorkloadView,
  ) {}

  next(): Step {
    const { random, view } = this;
    const draw = random.unit();
    const key = keyName(random.below(view.keys));
    if (draw < 0.4) return this.put(key);
    if (draw < 0.62) return { kind: 'read', key, end: '' };
    if (draw < 0.68) return { kind: 'read', key: 'k', end: 'l' };
    if (draw < 0.76) return { kind: 'stale-read', key, end: random.chance(0.3) ? 'l' : '' };
    if (draw < 0.82)
      return this.write({ kind: 'delete', op: view.newOp(), key, end: random.chance(0.2) ? `${key}~` : '' });
    if (draw < 0.92) return this.swap(key);
    if (draw < 0.94) return this.compact();
    return this.lease();
  }

  put(key: string): Step {
    const { random, view } = this;
    const op = view.newOp();
    const lease = random.chance(0.2) && this.leases.length > 0 ? random.pick(this.leases) : 0;
    const padding = random.chance(0.05) ? '.'.repeat(random.below(600)) : '';
    return this.write({ kind: 'put', op, key, value: `${op}${padding}`, lease });
  }

  private swap(key: string): Step {
    const op = this.view.newOp();
    const mod = this.random.chance(0.8) ? this.view.seenModRevision(key) : 0;
    // Above all keys of the plain load, and below the end of every range.
    return this.write({ kind: 'swap', op, key, mod, also: `${key}+`, value: String(op) });
  }

  private compact(): Step {
    const revision = Math.max(1, this.view.known - this.random.below(20));
    return this.write({ kind: 'compact', op: this.view.newOp(), revision });
  }

  private lease(): Step {
    const { random, view } = this;
    if (this.leases.length === 0 || random.chance(0.2)) {
      const op = view.newOp();
      this.leases.push(op);
      if (this.leases.length > 3) this.leases.splice(0, 1);
      return this.write({ kind: 'grant', op, lease: op, ttl: random.integer(1, 4) });
    }
    const lease = random.pick(this.leases);
    if (random.chance(0.1)) return this.write({ kind: 'revoke', op: view.newOp(), lease });
    return { kind: 'renew', lease };
  }

  private write(operation: Operation): Step {
    return { kind: 'write', operation };
  }
}
