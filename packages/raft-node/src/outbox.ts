/**
 * What leaves at the end of a turn: for each peer and lane one frame, or a few when it would be large. Heartbeats,
 * votes, reads, calls go on the control lane, appends, their answers and proposals on the bulk lane. An empty append is
 * left out when a later append to the same peer follows in the same frame: it only carried an older commit index.
 */
import { type Message, MessageType, NO_MESSAGES } from '@understudy/raft-core';
import { writeFrame } from './frame.js';
import { messageBound } from './message-codec.js';
import type { Lane, SendResult } from './transport.js';

/** A frame ends with the message that brings it here, so that one frame never holds up the lane for long. */
const FRAME_TARGET_BYTES = 1024 * 1024;
const NO_ITEMS: readonly Uint8Array[] = [];

export interface OutboxSink {
  send(to: number, lane: Lane, frame: Uint8Array): SendResult;
  /** These messages of one frame were not queued on a stream. */
  onNotSent(to: number, messages: readonly Message[], result: SendResult): void;
}

class PeerOutbox {
  control: Message[] = [];
  // Encoded calls, answers and refusals: control lane.
  items: Uint8Array[] = [];
  bulk: Message[] = [];
  queued = false;

  constructor(readonly id: number) {}
}

export class Outbox {
  readonly #peers = new Map<number, PeerOutbox>();
  // Those with something to send, in the order in which they got it.
  #queued: PeerOutbox[] = [];

  constructor(
    private readonly self: number,
    private readonly sink: OutboxSink,
  ) {}

  get isEmpty(): boolean {
    return this.#queued.length === 0;
  }

  add(message: Message): void {
    const peer = this.#peer(message.to);
    if (!isBulk(message.type)) {
      peer.control.push(message);
      return;
    }
    const { bulk } = peer;
    const last = bulk.length - 1;
    if (last >= 0 && supersedes(message, bulk[last] as Message)) bulk[last] = message;
    else bulk.push(message);
  }

  addItem(to: number, item: Uint8Array): void {
    this.#peer(to).items.push(item);
  }

  flush(): void {
    const queued = this.#queued;
    if (queued.length === 0) return;
    this.#queued = [];
    for (let i = 0; i < queued.length; i++) {
      const peer = queued[i] as PeerOutbox;
      const { control, items, bulk } = peer;
      peer.queued = false;
      if (control.length > 0 || items.length > 0) {
        peer.control = [];
        peer.items = [];
        this.#sendControl(peer.id, control, items);
      }
      if (bulk.length > 0) {
        peer.bulk = [];
        this.#sendBulk(peer.id, bulk);
      }
    }
  }

  /** Peers that are gone keep nothing here. */
  retain(ids: ReadonlySet<number>): void {
    for (const id of this.#peers.keys()) if (!ids.has(id)) this.#peers.delete(id);
  }

  #sendControl(to: number, control: readonly Message[], items: readonly Uint8Array[]): void {
    let lo = 0;
    let size = 0;
    for (let hi = 0; hi < items.length; hi++) {
      size += (items[hi] as Uint8Array).length;
      if (size < FRAME_TARGET_BYTES) continue;
      this.#send(to, 'control', NO_MESSAGES, 0, 0, items.slice(lo, hi + 1));
      lo = hi + 1;
      size = 0;
    }
    if (control.length > 0 || lo < items.length) {
      this.#send(to, 'control', control, 0, control.length, lo === 0 ? items : items.slice(lo));
    }
  }

  #sendBulk(to: number, bulk: readonly Message[]): void {
    let lo = 0;
    let size = 0;
    for (let hi = 0; hi < bulk.length; hi++) {
      size += messageBound(bulk[hi] as Message);
      if (size < FRAME_TARGET_BYTES && hi + 1 < bulk.length) continue;
      this.#send(to, 'bulk', bulk, lo, hi + 1, NO_ITEMS);
      lo = hi + 1;
      size = 0;
    }
  }

  #send(
    to: number,
    lane: Lane,
    messages: readonly Message[],
    lo: number,
    hi: number,
    items: readonly Uint8Array[],
  ): void {
    const result = this.sink.send(to, lane, writeFrame(messages, lo, hi, items, this.self));
    if (result !== 'sent') this.sink.onNotSent(to, messages.slice(lo, hi), result);
  }

  #peer(id: number): PeerOutbox {
    let peer = this.#peers.get(id);
    if (peer === undefined) {
      peer = new PeerOutbox(id);
      this.#peers.set(id, peer);
    }
    if (!peer.queued) {
      peer.queued = true;
      this.#queued.push(peer);
    }
    return peer;
  }
}

function isBulk(type: MessageType): boolean {
  return type === MessageType.App || type === MessageType.AppResp || type === MessageType.Prop;
}

/** Leaving `earlier` out is as if the network lost it, and `later` says all that it said. */
function supersedes(later: Message, earlier: Message): boolean {
  return (
    earlier.type === MessageType.App &&
    later.type === MessageType.App &&
    earlier.entries.length === 0 &&
    earlier.term === later.term &&
    earlier.session === later.session &&
    earlier.index <= later.index &&
    earlier.commit <= later.commit
  );
}
