/** The log of a member, seen from outside: what goes in, and what it says is durable. It changes nothing. */
import type { Entry, HardState, LogReadFailure } from '@understudy/raft-core';
import type { InstallIntent, LogRecovery, LogWrite, RaftLog } from '@understudy/raft-node';
import type { Checks } from './checks/checks.js';
import type { Process } from './process.js';

type Done = (error: Error | null) => void;

export class ObservedLog implements RaftLog {
  constructor(
    private readonly log: RaftLog,
    private readonly process: Process,
    private readonly checks: Checks,
  ) {}

  get hardState(): HardState {
    return this.log.hardState;
  }

  get pendingInstall(): InstallIntent | null {
    return this.log.pendingInstall;
  }

  get recovering(): LogRecovery | null {
    return this.log.recovering;
  }

  firstIndex(): number {
    return this.log.firstIndex();
  }

  lastIndex(): number {
    return this.log.lastIndex();
  }

  term(index: number): number | 'compacted' | 'unavailable' {
    return this.log.term(index);
  }

  entries(lo: number, hi: number, maxBytes: number): readonly Entry[] | LogReadFailure {
    return this.log.entries(lo, hi, maxBytes);
  }

  fetch(lo: number, hi: number, maxBytes: number, done: Done): void {
    this.log.fetch(lo, hi, maxBytes, done);
  }

  append(write: LogWrite, done: Done): void {
    this.checks.onAppend(this.process, write);
    this.log.append(write, (error) => {
      if (error === null) this.checks.onDurable(this.process, write);
      done(error);
    });
  }

  beginInstall(intent: InstallIntent, done: Done): void {
    this.log.beginInstall(intent, done);
  }

  abandonInstall(done: Done): void {
    this.log.abandonInstall(done);
  }

  endRecovery(done: Done): void {
    this.checks.onRecoveryEnding(this.process);
    this.log.endRecovery(done);
  }

  compact(index: number, done: Done): void {
    this.checks.onCompact(this.process, index);
    this.log.compact(index, done);
  }

  close(done: Done): void {
    this.log.close(done);
  }
}
