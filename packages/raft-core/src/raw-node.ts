/**
 * The public face of the core: what a host calls, and the Ready it takes work from.
 */
import type { ConfChange } from './conf-change.js';
import type { ConfState } from './conf-state.js';
import type { LogReader } from './log-reader.js';
import type { Message } from './message.js';
import { type RaftOptions, resolveOptions } from './options.js';
import { fail } from './raft-error.js';
import { type Ready, StateType } from './ready.js';
import type { ProposeResult, ReadIndexResult, StepResult } from './results.js';
import type { Status } from './status.js';

export interface RawNodeDeps {
  readonly storage: LogReader;
  /** A whole number in [0, exclusiveMax). The only source of chance. */
  readonly random: (exclusiveMax: number) => number;
}

export class RawNode {
  constructor(_deps: RawNodeDeps, options: RaftOptions) {
    resolveOptions(options);
  }
  get term(): number {
    return 0;
  }
  get lead(): number {
    return 0;
  }
  get state(): StateType {
    return StateType.Follower;
  }
  get commitIndex(): number {
    return 0;
  }
  get appliedIndex(): number {
    return 0;
  }
  get leadTransferee(): number {
    return 0;
  }
  tick(): void {}
  campaign(): void {}
  propose(_data: readonly Uint8Array[]): ProposeResult {
    return fail('unbuilt');
  }
  proposeConfChange(_change: ConfChange, _format: 'v1' | 'v2' = 'v2'): ProposeResult {
    return fail('unbuilt');
  }
  applyConfChange(_change: ConfChange): ConfState {
    return fail('unbuilt');
  }
  step(_message: Message): StepResult {
    return fail('unbuilt');
  }
  hasReady(): boolean {
    return false;
  }
  ready(): Ready {
    return fail('unbuilt');
  }
  /** Synchronous mode only. */
  advance(): void {}
  readIndex(_context: number): ReadIndexResult {
    return fail('unbuilt');
  }
  transferLeadership(_to: number): void {}
  forgetLeader(): void {}
  reportUnreachable(_id: number): void {}
  reportSnapshot(_id: number, _outcome: 'finished' | 'failed'): void {}
  /** Crash failover: the peer is dead. */
  reportDisconnected(_id: number): void {}
  /** The peer lost part of its log and refetches it: a new replication session from match 0. */
  reportRecovering(_id: number): void {}
  reportSlowDisk(_appendTicks: number): void {}
  entriesFetched(): void {}
  status(): Status {
    return fail('unbuilt');
  }
}
