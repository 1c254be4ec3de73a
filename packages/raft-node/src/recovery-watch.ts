/**
 * The host's part in a recovery (design, section 5): ends it in the log, durably, before the core counts this member
 * again, and ends the member where a majority recovers, since none of them could ever have its entries again.
 */
import type { RawNode } from '@understudy/raft-core';
import { RaftNodeError } from './errors.js';
import type { RaftLog } from './raft-log.js';

export interface RecoveryWatchDeps {
  readonly self: number;
  readonly raw: RawNode;
  readonly log: RaftLog;
  /** Takes what the log says into the core. */
  readonly input: (work: () => void) => void;
  readonly recovered: () => void;
  readonly fail: (what: string, cause: Error) => void;
}

export class RecoveryWatch {
  #ending = false;

  constructor(private readonly deps: RecoveryWatchDeps) {}

  tick(): void {
    const { raw, log, self, input, recovered, fail } = this.deps;
    const { recovery } = raw;
    if (recovery === null || this.#ending) return;
    if (recovery.stuck) {
      const others = recovery.others.length === 0 ? '' : `, as member ${recovery.others.join(', ')} does`;
      const text = `member ${self} lost entries and recovers${others}; the other voters are no quorum to refetch them from`;
      fail('recovering', new RaftNodeError('majority-recovering', text));
      return;
    }
    if (!recovery.refetched || !recovery.voteProven) return;
    this.#ending = true;
    log.endRecovery((error) => {
      if (error !== null) fail('ending the recovery in the log failed', error);
      else
        input(() => {
          raw.endRecovery();
          this.#ending = false;
          recovered();
        });
    });
  }
}
