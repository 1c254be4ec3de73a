/**
 * The decisions of a member, synchronous and without a clock: what comes in (ticks, frames, requests, completions of
 * log and state machine) is taken at once, and `turn()`, asked for by the effect `wake`, does everything that follows.
 * The asynchronous shell and the simulator drive this same code. It never calls a timer, a promise or the system's
 * clock. A broken invariant, a failed write and a throwing `apply` end it: it fails once, and takes nothing in any more.
 */
import { type ConfChange, type ConfState, type Message, StateType } from '@understudy/raft-core';
import type { Waiter } from './deadline-wheel.js';
import { RaftNodeError } from './errors.js';
import type { ConfChangeDone, TransferDone } from './leader-requests.js';
import { assembleParts, type NodeCoreDeps, type NodeParts, type PartsHooks } from './node-parts.js';
import { NodeTurn } from './node-turn.js';
import { type ResolvedOptions, toTicks } from './options.js';
import type { CallDone } from './peer-calls.js';
import type { PendingProposal, ProposalDone } from './pending-proposals.js';
import type { ReadDone } from './pending-reads.js';
import { QuorumWatch } from './quorum-watch.js';
import type { StagedSnapshot } from './state-machine.js';
import { type NodeCoreStatus, statusOf } from './status.js';
import type { Lane } from './transport.js';

export class NodeCore<Result, Local> {
  readonly #deps: NodeCoreDeps<Result, Local>;
  readonly #options: ResolvedOptions;
  readonly #parts: NodeParts<Result, Local>;
  readonly #turn: NodeTurn<Result, Local>;
  readonly #quorum: QuorumWatch;

  // A turn has been asked for and has not begun.
  #awake = false;
  // New requests are refused with it, once set.
  #refusal: RaftNodeError | null = null;
  // Nothing is taken in or sent any more; implies that `#refusal` is set.
  #halted = false;

  constructor(deps: NodeCoreDeps<Result, Local>, options: ResolvedOptions) {
    this.#deps = deps;
    this.#options = options;
    this.#parts = assembleParts(deps, options, this.#hooks());
    this.#turn = new NodeTurn(this.#parts, deps.effects, options);
    this.#quorum = new QuorumWatch(options.id);
  }

  get leader(): number {
    return this.#parts.raw.lead;
  }

  get isLeader(): boolean {
    return this.#parts.raw.state === StateType.Leader;
  }

  get state(): StateType {
    return this.#parts.raw.state;
  }

  get term(): number {
    return this.#parts.raw.term;
  }

  get commit(): number {
    return this.#parts.raw.commitIndex;
  }

  get applied(): number {
    return this.#parts.applier.applied;
  }

  get confState(): ConfState {
    return this.#parts.applier.confState;
  }

  /** What ended this member; null while it works, and after an orderly stop. */
  get failure(): RaftNodeError | null {
    return this.#refusal?.code === 'failed' ? this.#refusal : null;
  }

  get pendingProposals(): number {
    return this.#parts.proposals.count;
  }

  // Requests. Each calls `done` once: at once when it is refused (and returns null), or later.

  propose(
    data: Uint8Array,
    local: Local | undefined,
    timeoutMs: number,
    done: ProposalDone<Result>,
  ): PendingProposal<Result, Local> | null {
    if (this.#refusal !== null) {
      done(this.#refusal, undefined);
      return null;
    }
    this.#wake();
    return this.#parts.proposals.add(data, local, this.#ticks(timeoutMs), done);
  }

  readBarrier(timeoutMs: number, done: ReadDone): Waiter | null {
    if (this.#refusal !== null) {
      done(this.#refusal, 0);
      return null;
    }
    this.#wake();
    return this.#parts.reads.add(this.#ticks(timeoutMs), done);
  }

  changeMembership(change: ConfChange, timeoutMs: number, done: ConfChangeDone): Waiter | null {
    if (this.#refusal !== null) {
      done(this.#refusal, undefined);
      return null;
    }
    this.#wake();
    return this.#parts.requests.changeMembership(change, this.#ticks(timeoutMs), done);
  }

  /** Allowed after `refuseNew`: a leader that stops hands over. */
  transferLeadership(to: number | 'any', timeoutMs: number, done: TransferDone): Waiter | null {
    if (this.#halted) {
      done(this.#refusal, 0);
      return null;
    }
    this.#wake();
    return this.#parts.requests.transferLeadership(to, this.#ticks(timeoutMs), done);
  }

  callPeer(to: number, body: Uint8Array, timeoutMs: number, done: CallDone): Waiter | null {
    if (this.#refusal !== null) {
      done(this.#refusal, undefined);
      return null;
    }
    return this.#parts.traffic.calls.call(to, body, this.#ticks(timeoutMs), done);
  }

  /** Calls back once everything applied by now is durable in the state. */
  flush(done: (error: Error | null) => void): void {
    if (this.#halted) done(this.#refusal);
    else this.#parts.upkeep.flush(done);
  }

  /** Flushes, then compacts the log down to `keepEntries` behind the durable state. */
  snapshot(keepEntries: number, done: (error: Error | null) => void): void {
    this.flush((error) => (error === null ? this.#parts.upkeep.compact(keepEntries, done) : done(error)));
  }

  // What comes in.

  tick(): void {
    this.#input(() => {
      const { learners, raw, reads, recovery, requests, sender, source, sources, upkeep, wheel, writer } = this.#parts;
      wheel.tick();
      this.#campaignAlone();
      // News of the time of a leader is none for the moment when it hands over, and its successor has not spoken yet.
      if (this.#quorum.take(this.confState) && raw.lead === 0) raw.reportQuorumConnected();
      raw.tick();
      if (raw.lead !== 0) for (const number of reads.tick()) raw.readIndex(number);
      requests.tick();
      upkeep.tick();
      sender.tick();
      recovery.tick();
      learners.tick();
      sources.tick();
      source.tick();
      const age = writer.oldestAge(wheel.now);
      if (age > 0) raw.reportSlowDisk(age);
    });
  }

  frameReceived(from: number, frame: Uint8Array): void {
    this.#input(() => this.#parts.traffic.frameReceived(from, frame));
  }

  peerConnected(peer: number, lane: Lane): void {
    if (lane === 'control') this.#quorum.connected(peer);
  }

  peerDisconnected(peer: number, lane: Lane): void {
    if (lane === 'control') this.#quorum.disconnected(peer);
    this.#input(() => {
      if (lane === 'bulk') this.#parts.raw.reportUnreachable(peer);
      else this.#parts.traffic.calls.peerUnreachable(peer);
    });
  }

  /** The whole set of peers; those left out leave nothing behind. */
  retainPeers(ids: ReadonlySet<number>): void {
    this.#parts.traffic.retain(ids);
  }

  /** Its process is gone (design, section 4). */
  peerDead(peer: number): void {
    this.#input(() => this.#parts.raw.reportDisconnected(peer));
  }

  /** Throws a RaftNodeError to refuse it; else stage it, then call `snapshotStaged` or `stagingFailed`. */
  snapshotOffered(from: number, header: Uint8Array): Message {
    if (this.#refusal !== null) throw this.#refusal;
    this.#parts.traffic.heard(from);
    return this.#parts.receiver.accept(from, header);
  }

  stagingFailed(): void {
    this.#parts.receiver.stagingFailed();
  }

  /** False when the core refuses it; else it is put into place, at once or when what was committed before is applied. */
  snapshotStaged(message: Message, staged: StagedSnapshot): boolean {
    if (this.#halted) return false;
    if (this.#parts.receiver.restoresState(staged)) {
      this.#parts.receiver.restore(message, staged);
      return true;
    }
    this.#parts.receiver.stepping(staged);
    this.#input(() => this.#parts.raw.step(message));
    this.turn();
    return this.#parts.receiver.busy;
  }

  turn(): void {
    this.#awake = false;
    if (this.#halted) return;
    try {
      if (this.#turn.run()) this.#wake();
    } catch (error) {
      this.#fail('a turn failed', error as Error);
    }
  }

  /** New requests are refused from now on; what waits goes on. */
  refuseNew(): void {
    this.#refusal ??= new RaftNodeError('stopped', 'the member is stopping');
  }

  /** Nothing is taken in or sent any more, and nothing waits any longer. */
  halt(): void {
    if (!this.#halted) this.#end(new RaftNodeError('stopped', 'the member has stopped'));
  }

  status(): NodeCoreStatus {
    const { log, stateMachine } = this.#deps;
    return statusOf(this.#parts, log, stateMachine.durable.index, this.#options.heartbeatIntervalMs);
  }

  #hooks(): PartsHooks {
    const { effects } = this.#deps;
    return {
      input: (work) => this.#input(work),
      wake: () => this.#wake(),
      fail: (what, cause) => this.#fail(what, cause),
      onStorageDone: (message) => {
        this.#turn.onStorageDone(message);
        this.#wake();
      },
      onApplied: (index, entries, bytes) => {
        this.#parts.upkeep.onApplied(entries, bytes);
        this.#parts.reads.appliedTo(index);
        this.#parts.requests.onApplied(index);
      },
      onConfApplied: (entry, change, refused, confState) => {
        this.#parts.requests.onConfApplied(entry, refused, confState);
        effects.confChanged({ confState, index: entry.index, change });
      },
      quiesce: (callback) => {
        this.#turn.quiesce(callback);
        this.#wake();
      },
      onInstalled: (message) => this.#onInstalled(message),
    };
  }

  #onInstalled(message: Message): void {
    const { snapshot } = message;
    if (snapshot === null) return;
    const { applier, proposals, reads, requests, upkeep } = this.#parts;
    const { effects } = this.#deps;
    const { index, term, confState } = snapshot;
    applier.restored({ index, term, confState });
    proposals.forgetTerms();
    requests.onSnapshotInstalled();
    upkeep.resume();
    reads.appliedTo(index);
    effects.confChanged({ confState, index, change: null });
    effects.snapshotInstalled({ index, term, confState });
  }

  /** A member that is alone need not wait to be elected. */
  #campaignAlone(): void {
    const { raw, wheel } = this.#parts;
    if (wheel.now !== 1 || raw.lead !== 0) return;
    const { voters, votersOutgoing } = this.confState;
    if (voters.length === 1 && voters[0] === this.#options.id && votersOutgoing.length === 0) raw.campaign();
  }

  #ticks(ms: number): number {
    return toTicks(this.#options, ms);
  }

  #input(work: () => void): void {
    if (this.#halted) return;
    try {
      work();
      this.#wake();
    } catch (error) {
      this.#fail('an input failed', error as Error);
    }
  }

  #wake(): void {
    if (this.#awake || this.#halted) return;
    this.#awake = true;
    this.#deps.effects.wake();
  }

  #fail(what: string, cause: Error): void {
    if (this.#halted) return;
    const error = new RaftNodeError('failed', `${what}: ${cause.message}`, { cause });
    this.#end(error);
    this.#deps.effects.failed(error);
  }

  #end(error: RaftNodeError): void {
    this.#halted = true;
    this.#refusal = error;
    const { proposals, reads, requests, sender, source, traffic, upkeep } = this.#parts;
    const { code, message, cause } = error;
    proposals.giveUpAll(code, message, cause);
    reads.refuseAll(code, message, cause);
    requests.endAll(code, message, cause);
    traffic.calls.failAll(code, message, cause);
    upkeep.endAll(error);
    sender.abortAll();
    source.abort();
  }
}
