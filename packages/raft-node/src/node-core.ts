/**
 * The decisions of a member, synchronous and without a clock: what comes in (ticks, frames, requests, completions of
 * log and state machine) is taken at once, and `turn()`, asked for by `wake`, does everything that follows from it in
 * one go: one proposal batch, one read round, one Ready, one log write, one frame per peer and lane. The asynchronous
 * shell and the simulator drive this same code. It never calls a timer, a promise or the system's clock.
 */
import {
  type ConfChange,
  LOCAL_APPEND_THREAD,
  LOCAL_APPLY_THREAD,
  type Message,
  MessageType,
  RawNode,
  type Ready,
  StateType,
} from '@understudy/raft-core';
import { Applier } from './applier.js';
import { CoreLogReader } from './core-log-reader.js';
import { DeadlineWheel, type Waiter } from './deadline-wheel.js';
import { RaftNodeError } from './errors.js';
import { type ConfChangeDone, LeaderRequests, REFUSAL_CODES, type TransferDone } from './leader-requests.js';
import { LogUpkeep } from './log-upkeep.js';
import { LogWriter } from './log-writer.js';
import type { NodeEffects } from './node-effects.js';
import type { ResolvedOptions } from './options.js';
import type { CallDone, CallHandler } from './peer-calls.js';
import { PeerTraffic } from './peer-traffic.js';
import { type PendingProposal, PendingProposals, type ProposalDone } from './pending-proposals.js';
import { PendingReads, type ReadDone } from './pending-reads.js';
import type { RaftLog } from './raft-log.js';
import { coreOptions } from './raft-core-options.js';
import { SnapshotReceiver } from './snapshot-receiver.js';
import { SnapshotSender } from './snapshot-sender.js';
import type { StartState } from './start-state.js';
import type { StagedSnapshot, StateMachine } from './state-machine.js';
import { type NodeCoreStatus, peerProgress } from './status.js';
import type { Lane } from './transport.js';

export interface NodeCoreDeps<Result, Local> {
  readonly log: RaftLog;
  readonly stateMachine: StateMachine<Result, Local>;
  readonly effects: NodeEffects;
  /** A uniform integer in [0, exclusiveMax). */
  readonly random: (exclusiveMax: number) => number;
  /** Milliseconds, monotonic: bounds the time spent applying in one turn, and decides nothing else. */
  readonly now: () => number;
  /** From `prepareStart`. */
  readonly start: StartState;
  readonly callHandler: CallHandler | null;
}

/** Readys taken at a time; what is left waits for the next turn. */
const MAX_READYS = 16;

export class NodeCore<Result, Local> {
  readonly #raw: RawNode;
  readonly #options: ResolvedOptions;
  readonly #effects: NodeEffects;
  readonly #log: RaftLog;
  readonly #stateMachine: StateMachine<Result, Local>;
  readonly #wheel = new DeadlineWheel();
  readonly #proposals: PendingProposals<Result, Local>;
  readonly #reads: PendingReads;
  readonly #requests: LeaderRequests;
  readonly #traffic: PeerTraffic;
  readonly #writer: LogWriter;
  readonly #applier: Applier<Result, Local>;
  readonly #upkeep: LogUpkeep;
  readonly #sender: SnapshotSender;
  readonly #receiver: SnapshotReceiver;

  // Ticks since the start.
  #now = 0;
  // What the core said last.
  #leader = 0;
  #state: StateType = StateType.Follower;
  // Responses of the storage threads to this member itself, to be stepped next.
  #due: Message[] = [];
  // A turn has been asked for.
  #awake = false;
  // New requests are refused with it, once set.
  #refusal: RaftNodeError | null = null;
  // Nothing is taken in or sent any more; `#refusal` is set.
  #halted = false;
  // Waits for the applier to run dry: a snapshot is about to be put into place.
  #whenApplied: (() => void) | null = null;

  constructor(deps: NodeCoreDeps<Result, Local>, options: ResolvedOptions) {
    const { log, stateMachine, effects, start, random } = deps;
    const self = options.id;
    const run = random(2 ** 32);
    const ticks = (ms: number) => this.#ticks(ms);
    this.#options = options;
    this.#effects = effects;
    this.#log = log;
    this.#stateMachine = stateMachine;
    this.#proposals = new PendingProposals(self, run, this.#wheel, options);
    this.#reads = new PendingReads(run, this.#wheel, { ...options, retryTicks: ticks(options.readRetryMs) });
    this.#sender = new SnapshotSender(
      {
        self,
        stateMachine,
        firstIndex: () => log.firstIndex(),
        confState: () => this.#applier.confState,
        stream: (to, header, snapshot, done) => effects.streamSnapshot(to, header, snapshot, done),
        report: (to, outcome) => this.#input(() => this.#raw.reportSnapshot(to, outcome)),
        warn: (text, error) => effects.warn(text, error),
      },
      { ...options, keepTicks: ticks(options.snapshotKeepMs) },
    );
    const storage = new CoreLogReader({
      log,
      hardState: start.hardState,
      confState: start.applied.confState,
      snapshot: () => this.#sender.offer(),
      fetched: () => this.#input(() => this.#raw.entriesFetched()),
      fail: (error) => this.fail('reading the log failed', error),
    });
    this.#raw = new RawNode({ storage, random }, coreOptions(options, start.applied.index));
    this.#writer = new LogWriter(log, start.hardState, {
      onDurable: (message) => this.#onStorageDone(message),
      onInstall: (message, write, done) => this.#receiver.install(message, write, done),
      onLogFailure: (error) => this.fail('writing the log failed', error),
    });
    this.#traffic = new PeerTraffic(
      {
        self,
        raw: this.#raw,
        wheel: this.#wheel,
        proposals: this.#proposals,
        run,
        callHandler: deps.callHandler,
        send: (to, lane, frame) => effects.send(to, lane, frame),
        warn: (text, error) => effects.warn(text, error),
        wake: () => this.#wake(),
      },
      options,
    );
    this.#requests = new LeaderRequests({
      self,
      raw: this.#raw,
      wheel: this.#wheel,
      isLive: (id) => this.#isLive(id),
      appliedTerm: () => this.#applier.appliedTerm,
    });
    this.#upkeep = new LogUpkeep(
      { log, stateMachine, heldFrom: () => this.#heldFrom(), fail: (error) => this.fail('flushing failed', error) },
      { ...options, flushTicks: ticks(options.flushIntervalMs) },
    );
    this.#applier = new Applier(
      {
        log,
        stateMachine,
        proposals: this.#proposals,
        applyConfChange: (change) => this.#raw.applyConfChange(change),
        validateConfChange: options.validateConfChange,
        now: deps.now,
      },
      options,
      {
        onMessageApplied: (message) => this.#onStorageDone(message),
        onApplied: (index, entries, bytes) => this.#onApplied(index, entries, bytes),
        onConfApplied: (entry, change, refused, confState) => {
          this.#requests.onConfApplied(entry, refused, confState);
          effects.confChanged({ confState, index: entry.index, change });
        },
        onTermApplied: (term) => this.#proposals.refuseOverwritten(term),
      },
      start.applied,
    );
    this.#receiver = new SnapshotReceiver({
      self,
      log,
      stateMachine,
      term: () => this.#raw.term,
      commit: () => this.#raw.commitIndex,
      answer: (message) => this.#input(() => this.#raw.step(message)),
      quiesce: (callback) => this.#quiesce(callback),
      installed: (message) => this.#onInstalled(message),
      fail: (error) => this.fail('installing a snapshot failed', error),
    });
  }

  get leader(): number {
    return this.#raw.lead;
  }

  get isLeader(): boolean {
    return this.#raw.state === StateType.Leader;
  }

  get term(): number {
    return this.#raw.term;
  }

  get applied(): number {
    return this.#applier.applied;
  }

  get confState() {
    return this.#applier.confState;
  }

  get pendingProposals(): number {
    return this.#proposals.count;
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
    return this.#proposals.add(data, local, this.#ticks(timeoutMs), done);
  }

  readBarrier(timeoutMs: number, done: ReadDone): Waiter | null {
    if (this.#refusal !== null) {
      done(this.#refusal, 0);
      return null;
    }
    this.#wake();
    return this.#reads.add(this.#ticks(timeoutMs), done);
  }

  changeMembership(change: ConfChange, timeoutMs: number, done: ConfChangeDone): Waiter | null {
    if (this.#refusal !== null) {
      done(this.#refusal, undefined);
      return null;
    }
    this.#wake();
    return this.#requests.changeMembership(change, this.#ticks(timeoutMs), done);
  }

  /** Allowed after `refuseNew`: a leader that stops hands over. */
  transferLeadership(to: number | 'any', timeoutMs: number, done: TransferDone): Waiter | null {
    if (this.#halted) {
      done(this.#refusal, 0);
      return null;
    }
    this.#wake();
    return this.#requests.transferLeadership(to, this.#ticks(timeoutMs), done);
  }

  callPeer(to: number, body: Uint8Array, timeoutMs: number, done: CallDone): Waiter | null {
    if (this.#refusal !== null) {
      done(this.#refusal, undefined);
      return null;
    }
    return this.#traffic.calls.call(to, body, this.#ticks(timeoutMs), done);
  }

  /** Calls back once everything applied by now is durable in the state. */
  flush(done: (error: Error | null) => void): void {
    if (this.#halted) done(this.#refusal);
    else this.#upkeep.flush(done);
  }

  /** Flushes, then compacts the log down to `keepEntries` behind the durable state. */
  snapshot(keepEntries: number, done: (error: Error | null) => void): void {
    this.flush((error) => (error === null ? this.#upkeep.compact(keepEntries, done) : done(error)));
  }

  // What comes in.

  tick(): void {
    this.#input(() => {
      this.#now++;
      this.#wheel.tick();
      this.#campaignAlone();
      this.#raw.tick();
      if (this.#raw.lead !== 0) for (const number of this.#reads.tick()) this.#raw.readIndex(number);
      this.#requests.tick();
      this.#upkeep.tick();
      this.#sender.tick();
      const age = this.#writer.oldestAge(this.#now);
      if (age > 0) this.#raw.reportSlowDisk(age);
    });
  }

  frameReceived(from: number, frame: Uint8Array): void {
    this.#input(() => this.#traffic.frameReceived(from, frame, this.#now));
  }

  peerDisconnected(peer: number, lane: Lane): void {
    this.#input(() => {
      if (lane === 'bulk') this.#raw.reportUnreachable(peer);
      else this.#traffic.calls.peerUnreachable(peer);
    });
  }

  /** The whole set of peers; those left out leave nothing behind. */
  retainPeers(ids: ReadonlySet<number>): void {
    this.#traffic.retain(ids);
  }

  /** Its process is gone (design, section 4). */
  peerDead(peer: number): void {
    this.#input(() => this.#raw.reportDisconnected(peer));
  }

  /** Throws a RaftNodeError to refuse it; else stage it, then call `snapshotStaged` or `stagingFailed`. */
  snapshotOffered(from: number, header: Uint8Array): Message {
    if (this.#refusal !== null) throw this.#refusal;
    this.#traffic.heard(from, this.#now);
    return this.#receiver.accept(from, header);
  }

  stagingFailed(): void {
    this.#receiver.stagingFailed();
  }

  /** True when the core takes it; it is put into place from then on. */
  snapshotStaged(message: Message, staged: StagedSnapshot): boolean {
    if (this.#halted) return false;
    this.#receiver.stepping(staged);
    this.#input(() => this.#raw.step(message));
    this.turn();
    return this.#receiver.stepped();
  }

  turn(): void {
    this.#awake = false;
    if (this.#halted) return;
    try {
      this.#submitProposals();
      this.#askReads();
      this.#takeReadys();
      // Before applying: the peers' work begins while this member applies.
      this.#traffic.outbox.flush();
      if (!this.#applier.idle) {
        this.#applier.run();
        this.#takeReadys();
        this.#traffic.outbox.flush();
      }
      if (this.#whenApplied !== null && this.#applier.idle) {
        const callback = this.#whenApplied;
        this.#whenApplied = null;
        this.#upkeep.suspend(callback);
      }
      const left = this.#due.length > 0 || this.#raw.hasReady() || !this.#traffic.outbox.isEmpty;
      if (left || !this.#applier.idle) this.#wake();
    } catch (error) {
      this.fail('a turn failed', error as Error);
    }
  }

  /** New requests are refused from now on; what waits goes on. */
  refuseNew(): void {
    this.#refusal ??= new RaftNodeError('stopped', 'the member is stopping');
  }

  /** Nothing is taken in or sent any more, and nothing waits any longer. */
  halt(): void {
    this.#halt(new RaftNodeError('stopped', 'the member has stopped'));
  }

  fail(what: string, cause: Error): void {
    if (this.#halted) return;
    const error = new RaftNodeError('failed', `${what}: ${cause.message}`, { cause });
    this.#halt(error);
    this.#effects.failed(error);
  }

  status(): NodeCoreStatus {
    const status = this.#raw.status();
    return {
      id: status.id,
      term: status.term,
      leader: status.lead,
      state: status.state,
      commit: status.commit,
      applied: this.#applier.applied,
      durable: this.#stateMachine.durable.index,
      firstIndex: this.#log.firstIndex(),
      lastIndex: this.#log.lastIndex(),
      confState: this.#applier.confState,
      peers: status.progress.map((progress) => peerProgress(progress, status, this.#isLive(progress.id))),
      applyLag: status.commit - this.#applier.applied,
      transferee: status.leadTransferee,
      pendingProposals: this.#proposals.count,
      pendingProposalBytes: this.#proposals.bytes,
      pendingReads: this.#reads.count,
      installing: this.#receiver.busy,
      sendingSnapshots: this.#sender.streams,
    };
  }

  #submitProposals(): void {
    if (!this.#proposals.hasQueued) return;
    const queue = this.#proposals.takeQueue();
    const { maxAppendBytes } = this.#options;
    let batch: Uint8Array[] = [];
    let bytes = 0;
    let first = 0;
    for (let i = 0; i < queue.length; i++) {
      const { payload } = queue[i] as PendingProposal<Result, Local>;
      batch.push(payload);
      bytes += payload.length;
      if (bytes < maxAppendBytes && i + 1 < queue.length) continue;
      this.#submitBatch(queue, first, batch);
      first = i + 1;
      batch = [];
      bytes = 0;
    }
  }

  #submitBatch(queue: readonly PendingProposal<Result, Local>[], first: number, batch: readonly Uint8Array[]): void {
    const result = this.#raw.propose(batch);
    for (let i = first; i < first + batch.length; i++) {
      const proposal = queue[i] as PendingProposal<Result, Local>;
      if (!result.ok) {
        this.#proposals.refuse(proposal, REFUSAL_CODES[result.reason], `the proposal was refused: ${result.reason}`);
        continue;
      }
      proposal.submitted = true;
      proposal.term = result.index === 0 ? 0 : result.term;
    }
  }

  #askReads(): void {
    if (!this.#reads.due) return;
    if (this.#raw.lead === 0) this.#reads.refuseWaiting('no-leader', 'no leader is known');
    else this.#raw.readIndex(this.#reads.open());
  }

  #takeReadys(): void {
    for (let count = 0; count < MAX_READYS; count++) {
      const due = this.#due;
      if (due.length > 0) {
        this.#due = [];
        for (let i = 0; i < due.length; i++) this.#raw.step(due[i] as Message);
      }
      if (!this.#raw.hasReady()) return;
      this.#handle(this.#raw.ready());
    }
  }

  #handle(ready: Ready): void {
    const { softState, readStates, messages } = ready;
    if (softState !== null) this.#onSoftState(softState.lead, softState.state);
    for (let i = 0; i < readStates.length; i++) {
      const { context, index } = readStates[i] as (typeof readStates)[number];
      this.#reads.confirm(context, index, this.#applier.applied);
    }
    for (let i = 0; i < messages.length; i++) this.#route(messages[i] as Message);
    this.#sender.readyHandled();
  }

  #route(message: Message): void {
    const { to } = message;
    if (to === LOCAL_APPEND_THREAD) {
      if (message.snapshot !== null) this.#receiver.taken();
      this.#writer.append(message, this.#now);
    } else if (to === LOCAL_APPLY_THREAD) this.#applier.add(message);
    else if (to === this.#options.id) this.#due.push(message);
    else if (message.type === MessageType.Snap) this.#sender.send(message);
    else this.#traffic.outbox.add(message);
  }

  #onStorageDone(message: Message): void {
    const { responses } = message;
    for (let i = 0; i < responses.length; i++) this.#route(responses[i] as Message);
    this.#wake();
  }

  #onSoftState(leader: number, state: StateType): void {
    const changed = leader !== this.#leader;
    const stoppedLeading = this.#state === StateType.Leader && state !== StateType.Leader;
    this.#leader = leader;
    this.#state = state;
    if (stoppedLeading) this.#sender.abortAll();
    if (changed && leader !== 0) for (const number of this.#reads.leaderChanged()) this.#raw.readIndex(number);
    this.#requests.onLeader(leader);
    this.#effects.leaderChanged({ leader, term: this.#raw.term, state });
  }

  #onApplied(index: number, entries: number, bytes: number): void {
    this.#upkeep.onApplied(entries, bytes);
    this.#reads.appliedTo(index);
    this.#requests.onApplied(index);
  }

  #quiesce(callback: () => void): void {
    this.#sender.abortAll();
    this.#whenApplied = callback;
    this.#wake();
  }

  #onInstalled(message: Message): void {
    const { snapshot } = message;
    if (snapshot === null) return;
    const { index, term, confState } = snapshot;
    this.#applier.restored({ index, term, confState });
    this.#proposals.forgetTerms();
    this.#requests.onSnapshotInstalled();
    this.#upkeep.resume();
    this.#reads.appliedTo(index);
    this.#effects.confChanged({ confState, index, change: null });
    this.#effects.snapshotInstalled({ index, term, confState });
  }

  /** A member that is alone need not wait to be elected. */
  #campaignAlone(): void {
    if (this.#now !== 1 || this.#raw.lead !== 0) return;
    const { voters, votersOutgoing } = this.#applier.confState;
    if (voters.length === 1 && voters[0] === this.#options.id && votersOutgoing.length === 0) this.#raw.campaign();
  }

  #isLive(peer: number): boolean {
    const { id, electionTimeoutMs } = this.#options;
    return peer === id || this.#traffic.silence(peer, this.#now) <= this.#ticks(electionTimeoutMs);
  }

  /** A peer that is being sent a snapshot goes on from the log after it. */
  #heldFrom(): number {
    let index = Number.POSITIVE_INFINITY;
    if (this.isLeader) {
      for (const { state, pendingSnapshot } of this.#raw.status().progress) {
        if (state === 'snapshot') index = Math.min(index, pendingSnapshot);
      }
    }
    return index;
  }

  #ticks(ms: number): number {
    return Math.ceil(ms / this.#options.heartbeatIntervalMs);
  }

  #input(work: () => void): void {
    if (this.#halted) return;
    try {
      work();
      this.#wake();
    } catch (error) {
      this.fail('an input failed', error as Error);
    }
  }

  #wake(): void {
    if (this.#awake || this.#halted) return;
    this.#awake = true;
    this.#effects.wake();
  }

  #halt(error: RaftNodeError): void {
    this.#halted = true;
    this.#refusal = error;
    const { code, message, cause } = error;
    this.#proposals.giveUpAll(code, message, cause);
    this.#reads.refuseAll(code, message, cause);
    this.#requests.endAll(code, message, cause);
    this.#traffic.calls.failAll(code, message, cause);
    this.#sender.abortAll();
  }
}
