/**
 * Client histories are linearizable, by revision: every answer has one, and the reference knows the state at each. So it
 * is enough that answers respect real time (nothing older than what anybody was told before the question) and that
 * reads say what was true at their revision. A stale read only has to be true. Design, section 9.
 */
import type { ClientOutcome, ClientRequest, KeyState } from '../clients/request.js';
import { Violation } from '../violation.js';
import type { Check } from './check.js';
import type { History } from './history.js';

export class Linearizable implements Check {
  readonly name = 'linearizable';
  /** The highest revision that any client was told of. */
  told = 1;
  answers = 0;

  constructor(private readonly history: History) {}

  onOutcome(request: ClientRequest, outcome: ClientOutcome): void {
    if (outcome.kind !== 'done') return;
    this.answers++;
    const { revision } = outcome;
    const { floor, kind, number } = request;
    if (kind !== 'stale-read') {
      const least = kind === 'write' && outcome.changed ? floor + 1 : floor;
      if (revision < least) {
        const what = `revision ${floor} was known before it was asked`;
        throw new Violation(this.name, `${kind} ${number} answers at revision ${revision}; ${what}`);
      }
      if (revision > this.told) this.told = revision;
    }
    if (kind === 'write') return;
    if (revision > this.history.reference.revision) {
      throw new Violation(this.name, `${kind} ${number} answers at revision ${revision}, which is not made yet`);
    }
    this.judgeRead(request, revision, outcome.kvs);
  }

  private judgeRead({ end, key, kind, number }: ClientRequest, revision: number, kvs: readonly KeyState[]): void {
    const { reference } = this.history;
    const one = reference.at(key, revision);
    const expected = end !== '' ? reference.range(key, end, revision) : one === null ? [] : [[key, one] as const];
    const wrong = kvs.length !== expected.length || expected.some(([name, version], i) => !same(kvs[i], name, version));
    if (!wrong) return;
    const got = kvs.map((kv) => `${kv.key}=${kv.value}@${kv.modRevision}`).join(' ');
    const wanted = expected.map(([name, { value, revision: at }]) => `${name}=${value}@${at}`).join(' ');
    throw new Violation(this.name, `${kind} ${number} at revision ${revision} answers [${got}]; true was [${wanted}]`);
  }
}

interface Wanted {
  readonly value: string | null;
  readonly revision: number;
  readonly create: number;
  readonly version: number;
  readonly lease: number;
}

function same(kv: KeyState | undefined, key: string, wanted: Wanted): boolean {
  return (
    kv !== undefined &&
    kv.key === key &&
    kv.value === wanted.value &&
    kv.modRevision === wanted.revision &&
    kv.createRevision === wanted.create &&
    kv.version === wanted.version &&
    kv.lease === wanted.lease
  );
}
