/**
 * One change of the configuration at a time, each proposed by a leader that has committed an entry of its own term and
 * applied the change before. Dissertation, section 4.1, and the correction of 2015.
 */
import { EntryType } from '@understudy/raft-core';
import type { LogWrite } from '@understudy/raft-node';
import type { Process } from '../process.js';
import { Violation } from '../violation.js';
import type { Check } from './check.js';
import type { Ledger } from './ledger.js';

export class OneConfChange implements Check {
  readonly name = 'one-conf-change';
  /** Indexes of changes in each member's log, ascending. */
  private readonly changes = new Map<number, number[]>();

  constructor(private readonly ledger: Ledger) {}

  onAppend(process: Process, { entries, snapshot }: LogWrite): void {
    const { core, id } = process;
    const changes = this.changes.get(id) ?? [];
    this.changes.set(id, changes);
    if (snapshot !== null) changes.length = 0;
    const first = entries[0];
    if (first === undefined) return;
    while (changes.length > 0 && (changes[changes.length - 1] as number) >= first.index) changes.pop();
    for (const { index, term, type } of entries) {
      if (type === EntryType.Normal) continue;
      const fresh = core?.isLeader === true && core.term === term && !this.proposed.has(`${index}.${term}`);
      this.proposed.add(`${index}.${term}`);
      if (fresh) this.judge(process, index, term, changes[changes.length - 1] ?? 0);
      changes.push(index);
    }
  }

  private readonly proposed = new Set<string>();

  private judge({ core, id }: Process, index: number, term: number, before: number): void {
    if (core === null) return;
    if (before > core.applied) {
      const what = `the change at ${before} is not applied; applied is ${core.applied}`;
      throw new Violation(this.name, `member ${id} proposes a change at ${index}; ${what}`);
    }
    const committed = this.ledger.member(id).queued.term(core.commit);
    if (committed === term) return;
    const what = `its commit, ${core.commit}, is of term ${committed}`;
    throw new Violation(this.name, `member ${id}, leader of term ${term}, proposes a change at ${index}; ${what}`);
  }
}
