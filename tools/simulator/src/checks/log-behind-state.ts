/**
 * The log is never compacted past the state's last synced index, and the state never holds an entry that the local log
 * has not made durable. Design, section 6.
 */
import type { SnapshotMeta } from '@understudy/raft-core';
import type { Process } from '../process.js';
import { Violation } from '../violation.js';
import type { Check } from './check.js';
import type { Ledger } from './ledger.js';

export class LogBehindState implements Check {
  readonly name = 'log-behind-state';

  constructor(private readonly ledger: Ledger) {}

  onCompact({ id }: Process, index: number): void {
    const { stateIndex } = this.ledger.member(id);
    if (index <= stateIndex) return;
    throw new Violation(this.name, `member ${id} compacts its log to ${index}; its state is durable to ${stateIndex}`);
  }

  onStateDurable({ id, installing }: Process, { index }: SnapshotMeta): void {
    const { durable } = this.ledger.member(id);
    if (installing || index <= durable.last) return;
    throw new Violation(this.name, `member ${id} has its state durable to ${index}; its log is to ${durable.last}`);
  }
}
