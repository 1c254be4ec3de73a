/**
 * The collaborators of a member's decision logic, and how they are wired: who reads from whom, and who tells whom.
 * Nothing is decided here.
 */
import { type ConfChange, type ConfState, type Entry, isMember, type Message, RawNode } from '@understudy/raft-core';
import { Applier } from './applier.js';
import { CatchUpHold } from './catch-up-hold.js';
import { CommitLatency } from './commit-latency.js';
import { CoreLogReader } from './core-log-reader.js';
import { DeadlineWheel } from './deadline-wheel.js';
import { LeaderRequests } from './leader-requests.js';
import { LearnerBudget } from './learner-budget.js';
import { LearnerFeed } from './learner-feed.js';
import { LearnerPace } from './learner-pace.js';
import { LogUpkeep } from './log-upkeep.js';
import { LogWriter } from './log-writer.js';
import type { NodeEffects } from './node-effects.js';
import { type ResolvedOptions, toTicks } from './options.js';
import type { CallHandler } from './peer-calls.js';
import { PeerTraffic } from './peer-traffic.js';
import { PendingProposals } from './pending-proposals.js';
import { PendingReads } from './pending-reads.js';
import { coreOptions } from './raft-core-options.js';
import type { RaftLog } from './raft-log.js';
import { RecoveryWatch } from './recovery-watch.js';
import { SnapshotReceiver } from './snapshot-receiver.js';
import { SnapshotSource } from './snapshot-source.js';
import { SnapshotSender } from './snapshot-sender.js';
import { SourceRequests } from './source-requests.js';
import type { StartState } from './start-state.js';
import type { StateMachine } from './state-machine.js';

export interface NodeCoreDeps<Result, Local> {
  readonly log: RaftLog;
  readonly stateMachine: StateMachine<Result, Local>;
  readonly effects: NodeEffects;
  /** A uniform integer in [0, exclusiveMax). */
  readonly random: (exclusiveMax: number) => number;
  /** Milliseconds, monotonic: bounds the time spent applying in one turn, and paces learners; decides nothing else. */
  readonly now: () => number;
  /** From `prepareStart`. */
  readonly start: StartState;
  readonly callHandler: CallHandler | null;
}

/** What the collaborators tell the member. */
export interface PartsHooks {
  /** Something came in: `work` takes it, a turn follows. */
  input(work: () => void): void;
  wake(): void;
  fail(what: string, cause: Error): void;
  onStorageDone(message: Message): void;
  onApplied(index: number, entries: number, bytes: number): void;
  onConfApplied(entry: Entry, change: ConfChange | null, refused: string | null, confState: ConfState): void;
  quiesce(callback: () => void): void;
  onInstalled(message: Message): void;
}

export interface NodeParts<Result, Local> {
  readonly raw: RawNode;
  /** Also counts the ticks. */
  readonly wheel: DeadlineWheel;
  readonly proposals: PendingProposals<Result, Local>;
  readonly reads: PendingReads;
  readonly requests: LeaderRequests;
  readonly traffic: PeerTraffic;
  readonly writer: LogWriter;
  readonly applier: Applier<Result, Local>;
  readonly upkeep: LogUpkeep;
  readonly sender: SnapshotSender;
  readonly receiver: SnapshotReceiver;
  readonly recovery: RecoveryWatch;
  readonly learners: LearnerFeed;
  readonly sources: SourceRequests;
  readonly source: SnapshotSource;
}

const GOLDEN_RATIO = (Math.sqrt(5) - 1) / 2;

export function assembleParts<Result, Local>(
  deps: NodeCoreDeps<Result, Local>,
  options: ResolvedOptions,
  hooks: PartsHooks,
): NodeParts<Result, Local> {
  const { log, stateMachine, effects, start, random } = deps;
  const self = options.id;
  const run = random(2 ** 32);
  const wheel = new DeadlineWheel();
  const proposals = new PendingProposals<Result, Local>(self, run, wheel, options);
  const reads = new PendingReads(run, wheel, { ...options, retryTicks: toTicks(options, options.readRetryMs) });
  const budget = new LearnerBudget(options, deps.now, options.heartbeatIntervalMs);
  const sender = new SnapshotSender(
    {
      self,
      stateMachine,
      firstIndex: () => log.firstIndex(),
      spendOnLearner: (bytes) => budget.spend(bytes),
      askSource: options.learnerSource === 'voter' ? (...request) => sources.ask(...request) : null,
      confState: () => applier.confState,
      stream: (to, header, snapshot, done, pace) => effects.streamSnapshot(to, header, snapshot, done, pace),
      report: (to, outcome) => hooks.input(() => raw.reportSnapshot(to, outcome)),
      sent: (to) => hold.snapshotSent(to),
      warn: (text, error) => effects.warn(text, error),
    },
    { ...options, keepTicks: toTicks(options, options.snapshotKeepMs) },
  );
  const storage = new CoreLogReader({
    log,
    hardState: start.hardState,
    confState: start.applied.confState,
    snapshot: (to) => sender.offer(to),
    fetched: () => hooks.input(() => raw.entriesFetched()),
    fail: (error) => hooks.fail('reading the log failed', error),
  });
  const raw = new RawNode({ storage, random }, coreOptions(options, start));
  const applier: Applier<Result, Local> = new Applier(
    {
      log,
      stateMachine,
      proposals,
      applyConfChange: (change) => raw.applyConfChange(change),
      validateConfChange: options.validateConfChange,
      now: deps.now,
    },
    options,
    {
      onMessageApplied: (message) => hooks.onStorageDone(message),
      onApplied: (index, entries, bytes) => hooks.onApplied(index, entries, bytes),
      onConfApplied: (entry, change, refused, conf) => hooks.onConfApplied(entry, change, refused, conf),
      onTermApplied: (term) => proposals.refuseOverwritten(term),
    },
    start.applied,
  );
  const traffic = new PeerTraffic(
    {
      self,
      raw,
      wheel,
      proposals,
      run,
      callHandler: deps.callHandler,
      isLeaving: (id) => requests.isLeaving(id) || !isMember(applier.confState, id),
      sourceSink: {
        onAsk: (from, ask) => source.onAsk(from, ask),
        onTold: (from, told) => sources.onTold(from, told),
        onStop: (from, id) => source.onStop(from, id),
        onPace: (from, id, bytesPerSecond) => source.onPace(from, id, bytesPerSecond),
      },
      send: (to, lane, frame) => effects.send(to, lane, frame),
      warn: (text, error) => effects.warn(text, error),
      wake: () => hooks.wake(),
    },
    { ...options, liveTicks: toTicks(options, options.electionTimeoutMs) },
  );
  const receiver = new SnapshotReceiver({
    self,
    log,
    stateMachine,
    term: () => raw.term,
    commit: () => raw.commitIndex,
    stateLost: () => raw.status().stateLost,
    restoreState: (meta) => hooks.input(() => raw.restoreState(meta)),
    answer: (message) => hooks.input(() => raw.step(message)),
    quiesce: (callback) => hooks.quiesce(callback),
    installed: (message) => hooks.onInstalled(message),
    fail: (error) => hooks.fail('installing a snapshot failed', error),
  });
  const writer = new LogWriter(log, start.hardState, {
    onDurable: (message) => hooks.onStorageDone(message),
    onInstall: (message, write, done) => receiver.install(message, write, done),
    onLogFailure: (error) => hooks.fail('writing the log failed', error),
  });
  const requests: LeaderRequests = new LeaderRequests({
    self,
    raw,
    wheel,
    isLive: (peer) => traffic.isLive(peer),
    appliedTerm: () => applier.appliedTerm,
  });
  const hold: CatchUpHold = new CatchUpHold(
    { raw, isLive: (id) => traffic.isLive(id), waitingSnapshot: () => sender.waitingFrom },
    options.keepEntries,
  );
  const upkeep = new LogUpkeep(
    {
      log,
      stateMachine,
      heldFrom: () => hold.heldFrom(),
      snapshotBytes: () => sender.lastBytes,
      fail: (error) => hooks.fail('flushing the state or compacting the log failed', error),
    },
    { ...options, flushTicks: toTicks(options, options.flushIntervalMs), flushPhase: flushPhaseOf(self) },
  );
  const sources: SourceRequests = new SourceRequests(
    {
      self,
      raw,
      run,
      isLive: (id) => traffic.isLive(id),
      rate: () => budget.rate,
      say: (to, words) => traffic.saySource(to, words),
    },
    2 * toTicks(options, options.electionTimeoutMs),
  );
  const source = new SnapshotSource({
    self,
    raw,
    stateMachine,
    applied: () => applier.applied,
    confState: () => applier.confState,
    say: (to, words) => traffic.saySource(to, words),
    stream: (to, header, snapshot, done, pace) => effects.streamSnapshot(to, header, snapshot, done, pace),
    spend: (bytes) => budget.spend(bytes),
    pace: (bytesPerSecond) => budget.follow(bytesPerSecond),
  });
  const learners = new LearnerFeed({
    raw,
    budget,
    pace: new LearnerPace(options, options.heartbeatIntervalMs),
    latency: new CommitLatency(),
    learners: () => applier.confState.learners,
    isSending: () => sender.feedsLearners,
    isLive: (id) => traffic.isLive(id),
    now: deps.now,
  });
  const recovery = new RecoveryWatch({
    self,
    raw,
    log,
    input: (work) => hooks.input(work),
    recovered: () => effects.recovered(),
    fail: (what, cause) => hooks.fail(what, cause),
  });
  return {
    raw,
    wheel,
    proposals,
    reads,
    requests,
    traffic,
    writer,
    applier,
    upkeep,
    sender,
    receiver,
    recovery,
    learners,
    sources,
    source,
  };
}

/** Far apart for ids that follow each other as well as for random ones. */
function flushPhaseOf(id: number): number {
  return ((id % 1_000) * GOLDEN_RATIO) % 1;
}
