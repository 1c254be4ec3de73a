/**
 * What a log has acknowledged is there when it is opened again, and nothing is there that was never written: term, vote
 * and every entry. A log that says that it lost entries has nothing else than what was written, either, and its term and
 * vote unless it says that it cannot prove them. What was on its way may be there in part, as whole writes, oldest first.
 */
import type { Process } from '../process.js';
import { Violation } from '../violation.js';
import type { Check, LoadedFacts } from './check.js';
import type { Ledger, MemberLedger } from './ledger.js';
import { ShadowLog } from './shadow-log.js';

export class RestartKeepsPromises implements Check {
  readonly name = 'restart-keeps-promises';

  constructor(private readonly ledger: Ledger) {}

  onLoaded({ id }: Process, log: LoadedFacts): void {
    const member = this.ledger.member(id);
    if (log.recovering?.voteProven !== false) this.judgeHardState(member, log);
    const found = log.recovering === null ? this.matchWrites(member, log) : this.whatIsLeft(member, log);
    member.before = log.recovering === null ? null : (member.before ?? copyOf(member.durable));
    member.durable.copyFrom(found);
    member.queued.copyFrom(found);
    member.pending = [];
    member.queuedHard.term = log.term;
    member.queuedHard.vote = log.vote;
    member.durableHard.term = log.term;
    member.durableHard.vote = log.vote;
    if (log.vote !== 0) this.ledger.recordVote(log.term, id, log.vote);
  }

  private judgeHardState({ durableHard, id }: MemberLedger, { term, vote }: LoadedFacts): void {
    const kept =
      term > durableHard.term || (term === durableHard.term && (durableHard.vote === 0 || vote === durableHard.vote));
    if (kept) return;
    const what = `acknowledged were term ${durableHard.term} and a vote for ${durableHard.vote}`;
    throw new Violation(this.name, `member ${id} opens its log at term ${term} with a vote for ${vote}; ${what}`);
  }

  /**
   * Of a log that says that it lost something: entries that logs were once given, each behind the one that it was given
   * behind. They may have been replaced since, where the files are an older copy: it votes for nobody on their account.
   */
  private whatIsLeft({ durable, id, pending }: MemberLedger, log: LoadedFacts): ShadowLog {
    const left = copyOf(durable);
    // A snapshot that was on its way when it ended, and took the place of what was left.
    for (const write of pending) {
      if (write.snapshot?.index === log.first - 1) left.apply({ ...write, entries: [] });
    }
    left.cutTo(log.first, log.last);
    let previous: number | null = null;
    for (let index = log.first; index <= log.last; index++) {
      const term = log.termAt(index);
      const known = typeof term === 'number' ? this.ledger.known(index, term) : undefined;
      if (known === undefined || (previous !== null && known.previousTerm !== previous)) {
        const what = `keeps entry ${index} of term ${term}, behind one of term ${previous}; no log was given that`;
        throw new Violation(this.name, `member ${id}, which lost entries, ${what}`);
      }
      previous = known.entry.term;
      left.put(index, previous);
    }
    return left;
  }

  /** The acknowledged log with as many of the later writes as are there. */
  private matchWrites({ durable, id, pending }: MemberLedger, log: LoadedFacts): ShadowLog {
    const shadow = new ShadowLog();
    shadow.copyFrom(durable);
    for (let done = 0; ; done++) {
      if (agrees(shadow, log)) return shadow;
      const write = pending[done];
      if (write === undefined) break;
      shadow.apply(write);
    }
    const what = `acknowledged were entries to ${durable.last}, and ${pending.length} writes were on their way`;
    throw new Violation(this.name, `member ${id} opens its log with entries ${log.first} to ${log.last}; ${what}`);
  }
}

function copyOf(shadow: ShadowLog): ShadowLog {
  const copy = new ShadowLog();
  copy.copyFrom(shadow);
  return copy;
}

function agrees(shadow: ShadowLog, log: LoadedFacts): boolean {
  if (shadow.last !== log.last) return false;
  for (let index = log.first; index <= log.last; index++) {
    if (log.termAt(index) !== shadow.term(index)) return false;
  }
  return true;
}
