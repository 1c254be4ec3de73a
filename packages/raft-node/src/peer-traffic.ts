/**
 * Frames in and out. Raft messages go to the core; calls, answers and refusals to those who wait for them. A proposal
 * that a peer passes on is checked before it may enter the log, since every member would have to apply it; what the
 * leader refuses is told to the proposer at once, and what was never sent is refused here.
 */
import { type Entry, EntryType, type Message, MessageType, type RawNode, StateType } from '@understudy/raft-core';
import type { DeadlineWheel } from './deadline-wheel.js';
import { RaftNodeError } from './errors.js';
import { type FrameSink, type RefusalReason, readFrame, refusalItem, sourceItem } from './frame.js';
import { REFUSAL_CODES } from './leader-requests.js';
import { Outbox } from './outbox.js';
import { type CallHandler, type PeerCallLimits, PeerCalls } from './peer-calls.js';
import type { PendingProposals } from './pending-proposals.js';
import { isProposal, PROPOSAL_HEADER_BYTES, proposerOf, runOf, sequenceOf } from './proposal-header.js';
import { readSourceWords, type SourceSink } from './source-words.js';
import type { Lane, SendResult } from './transport.js';

export interface PeerTrafficDeps {
  readonly self: number;
  readonly raw: RawNode;
  readonly wheel: DeadlineWheel;
  readonly proposals: Pick<PendingProposals<unknown, unknown>, 'refuseSequence'>;
  /** Random in [0, 2^32), of this run of the process. */
  readonly run: number;
  readonly callHandler: CallHandler | null;
  /** It would never learn what became of its proposals: it is being removed, or is no member. Asked of a leader only. */
  readonly isLeaving: (id: number) => boolean;
  readonly sourceSink: SourceSink;
  readonly send: (to: number, lane: Lane, frame: Uint8Array) => SendResult;
  readonly warn: (text: string, error: Error) => void;
  readonly wake: () => void;
}

export interface PeerTrafficLimits extends PeerCallLimits {
  readonly maxProposalBytes: number;
  /** A peer that was heard within so many ticks is alive. */
  readonly liveTicks: number;
}

export class PeerTraffic implements FrameSink {
  readonly outbox: Outbox;
  readonly calls: PeerCalls;
  // The tick at which each peer was heard last.
  readonly #heard = new Map<number, number>();
  // And at which it last answered what a leader sends.
  readonly #answered = new Map<number, number>();

  constructor(
    private readonly deps: PeerTrafficDeps,
    private readonly limits: PeerTrafficLimits,
  ) {
    this.outbox = new Outbox(deps.self, {
      send: deps.send,
      onNotSent: (to, messages, result) => this.#onNotSent(to, messages, result),
    });
    this.calls = new PeerCalls(deps.run, deps.wheel, limits, deps.callHandler, (to, item) => this.#sendItem(to, item));
  }

  /** Ticks since the peer was heard; Infinity when it never was, 0 for this member. */
  silence(peer: number): number {
    return this.#since(this.#heard, peer);
  }

  /** Ticks since the peer answered an append or a heartbeat; Infinity when it never did, 0 for this member. */
  unanswered(peer: number): number {
    return this.#since(this.#answered, peer);
  }

  isLive(peer: number): boolean {
    return this.silence(peer) <= this.limits.liveTicks;
  }

  heard(from: number): void {
    this.#heard.set(from, this.deps.wheel.now);
  }

  frameReceived(from: number, frame: Uint8Array): void {
    this.heard(from);
    try {
      readFrame(frame, from, this.deps.self, this);
    } catch (error) {
      if (!(error instanceof RaftNodeError) || error.code !== 'malformed-frame') throw error;
      this.deps.warn(`a frame from member ${from}`, error);
    }
  }

  /** Peers that left the configuration leave nothing behind. */
  retain(ids: ReadonlySet<number>): void {
    this.outbox.retain(ids);
    for (const seen of [this.#heard, this.#answered]) {
      for (const id of seen.keys()) if (!ids.has(id)) seen.delete(id);
    }
  }

  onMessage(message: Message): void {
    const { from, type } = message;
    if (type === MessageType.AppResp || type === MessageType.HeartbeatResp)
      this.#answered.set(from, this.deps.wheel.now);
    if (type === MessageType.Prop) this.#onForwarded(message);
    else this.deps.raw.step(message);
  }

  onCall(from: number, callId: number, body: Uint8Array): void {
    this.calls.onCall(from, callId, body);
  }

  onAnswer(from: number, callId: number, failure: string | null, body: Uint8Array): void {
    this.calls.onAnswer(from, callId, failure, body);
  }

  onSourceWords(from: number, words: Uint8Array): void {
    readSourceWords(from, words, this.deps.sourceSink);
  }

  /** Words about a snapshot that another member sends. */
  saySource(to: number, words: Uint8Array): void {
    this.#sendItem(to, sourceItem(words));
  }

  onRefusal(run: number, sequence: number, reason: RefusalReason): void {
    if (run === this.deps.run) this.deps.proposals.refuseSequence(sequence, reason, `the leader refused it: ${reason}`);
  }

  #since(seen: ReadonlyMap<number, number>, peer: number): number {
    if (peer === this.deps.self) return 0;
    const at = seen.get(peer);
    return at === undefined ? Number.POSITIVE_INFINITY : this.deps.wheel.now - at;
  }

  #onForwarded(message: Message): void {
    for (const entry of message.entries) {
      const tooLarge = entry.data.length > this.limits.maxProposalBytes + PROPOSAL_HEADER_BYTES;
      if (entry.type === EntryType.Normal && isProposal(entry.data) && !tooLarge) continue;
      const what = `entry of type ${entry.type} and ${entry.data.length} bytes is not a proposal`;
      this.deps.warn(`a proposal from member ${message.from}`, new RaftNodeError('malformed-frame', what));
      return;
    }
    const { isLeaving, raw } = this.deps;
    if (raw.state === StateType.Leader && isLeaving(proposerOf((message.entries[0] as Entry).data))) {
      this.#refuseEntries(message.entries, 'not-member');
      return;
    }
    const result = raw.step(message);
    if (result.ok) return;
    const code = result.reason in REFUSAL_CODES ? REFUSAL_CODES[result.reason as keyof typeof REFUSAL_CODES] : null;
    this.#refuseEntries(message.entries, code === 'overloaded' || code === 'transferring' ? code : 'no-leader');
  }

  #refuseEntries(entries: readonly Entry[], reason: RefusalReason): void {
    const { self, run, proposals } = this.deps;
    for (const { data } of entries) {
      const proposer = proposerOf(data);
      const sequence = sequenceOf(data);
      if (proposer !== self) this.#sendItem(proposer, refusalItem(runOf(data), sequence, reason));
      else if (runOf(data) === run) proposals.refuseSequence(sequence, 'unreachable', 'no stream to the leader');
    }
  }

  #onNotSent(to: number, messages: readonly Message[], result: SendResult): void {
    let appends = false;
    for (const message of messages) {
      if (message.type === MessageType.App) appends = true;
      else if (message.type === MessageType.Prop) this.#refuseEntries(message.entries, 'no-leader');
    }
    if (appends) this.deps.raw.reportUnreachable(to);
    if (result !== 'full') this.calls.peerUnreachable(to);
  }

  #sendItem(to: number, item: Uint8Array): void {
    this.outbox.addItem(to, item);
    this.deps.wake();
  }
}
