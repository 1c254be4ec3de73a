/**
 * A watch is told every change of its range from its first revision on: once, in order, whole revisions, no gaps, on
 * whichever member it goes on; or that compaction was faster, and only where it was. Design, section 9.
 */
import type { WatchBatch } from '@understudy/mvcc';
import { Violation } from '../violation.js';
import type { Check } from './check.js';
import type { History } from './history.js';

export interface WatchedRange {
  readonly number: number;
  readonly from: string;
  /** Exclusive. */
  readonly to: string;
  /** The first revision it has not been told of. */
  next: number;
}

export class WatchOrder implements Check {
  readonly name = 'watch-order';
  batches = 0;

  constructor(private readonly history: History) {}

  onEvents(watch: WatchedRange, member: number, batch: WatchBatch): void {
    this.batches++;
    const { reference } = this.history;
    const { from, next, number, to } = watch;
    const told = batch.events.map(({ kv, type }) => {
      const value = type === 0 ? text(kv.value) : null;
      return `${text(kv.key)}=${value}@${kv.modRevision}`;
    });
    const expected: string[] = [];
    const { changes } = reference;
    for (let at = reference.startOf(next); at < changes.length; at++) {
      const change = changes[at];
      if (change === undefined || change.revision > batch.revision) break;
      if (change.key >= from && change.key < to) expected.push(`${change.key}=${change.value}@${change.revision}`);
    }
    if (told.length !== expected.length || told.some((event, i) => event !== expected[i])) {
      const what = `is told [${told.join(' ')}] up to ${batch.revision} by member ${member}`;
      throw new Violation(this.name, `watch ${number} from ${next} ${what}; it should be [${expected.join(' ')}]`);
    }
    watch.next = batch.revision + 1;
  }

  onCompacted(watch: WatchedRange, member: number, revision: number): void {
    const { compacted } = this.history.reference;
    if (revision <= compacted && watch.next < revision) {
      watch.next = revision;
      return;
    }
    const what = `is told by member ${member} that ${revision} is compacted; the reference has ${compacted}`;
    throw new Violation(this.name, `watch ${watch.number} from ${watch.next} ${what}`);
  }

  /** The first change that it has not been told of; null where it is up to date. */
  missing({ from, next, to }: WatchedRange): number | null {
    const { reference } = this.history;
    for (let at = reference.startOf(next); at < reference.changes.length; at++) {
      const change = reference.changes[at];
      if (change !== undefined && change.key >= from && change.key < to) return change.revision;
    }
    return null;
  }
}

function text(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
}
