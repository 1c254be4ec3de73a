/**
 * Term and vote never go back, restarts included; commit and applied never go back within a process, and a restart
 * begins at the later of the persisted commit and the state. Dissertation, figure 3.1; design, section 6.
 */
import type { LogWrite } from '@understudy/raft-node';
import type { StartState } from '@understudy/raft-node/testing';
import type { Process } from '../process.js';
import { Violation } from '../violation.js';
import type { Check, LoadedFacts } from './check.js';
import type { Ledger } from './ledger.js';

export class NeverBack implements Check {
  readonly name = 'never-back';
  // Of the log that was opened last, by member.
  private readonly persistedCommit = new Map<number, number>();

  constructor(private readonly ledger: Ledger) {}

  onLoaded({ id }: Process, { commit }: LoadedFacts): void {
    this.persistedCommit.set(id, commit);
  }

  onStart({ id, seen }: Process, { applied, hardState }: StartState): void {
    const { term, vote } = this.ledger.member(id).durableHard;
    this.ascending(id, term, vote, hardState);
    const persisted = this.persistedCommit.get(id) ?? 0;
    const begin = Math.max(persisted, applied.index);
    if (hardState.commit < begin) {
      const what = `state at ${applied.index} and persisted commit ${persisted}`;
      throw new Violation(this.name, `member ${id} starts at commit ${hardState.commit}, with ${what}`);
    }
    seen.term = hardState.term;
    seen.commit = hardState.commit;
    seen.applied = applied.index;
  }

  onAppend({ id }: Process, { hardState }: LogWrite): void {
    if (hardState === null) return;
    const { term, vote } = this.ledger.member(id).queuedHard;
    this.ascending(id, term, vote, hardState);
  }

  onTerm({ id, seen }: Process, before: number): void {
    if (seen.term < before)
      throw new Violation(this.name, `member ${id} goes back from term ${before} to ${seen.term}`);
  }

  onCommit({ id, seen }: Process, before: number): void {
    if (seen.commit >= before) return;
    throw new Violation(this.name, `member ${id} goes back from commit ${before} to ${seen.commit}`);
  }

  onApplied({ id, seen }: Process, before: number): void {
    if (seen.applied < before) {
      throw new Violation(this.name, `member ${id} goes back from applied ${before} to ${seen.applied}`);
    }
    if (seen.applied <= seen.commit) return;
    throw new Violation(this.name, `member ${id} has applied ${seen.applied}; its commit is ${seen.commit}`);
  }

  private ascending(
    id: number,
    term: number,
    vote: number,
    next: { readonly term: number; readonly vote: number },
  ): void {
    if (next.term > term || (next.term === term && (vote === 0 || next.vote === vote))) return;
    const what = `from term ${term} with a vote for ${vote} to term ${next.term} with one for ${next.vote}`;
    throw new Violation(this.name, `member ${id} goes back ${what}`);
  }
}
