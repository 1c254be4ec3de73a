// One call between its making and its end: what is sent, who waits for it, and what is known of its outcome. It may be
// tried several times; it settles once.
import type { MethodDescriptor, Outcome } from '@understudy/protocol';
import type { Connection } from './connection.js';
import type { Expiring } from './deadline-list.js';
import type { CallKind, RetryMode } from './retry-policy.js';

/** What a call tells its dispatcher. */
export interface CallOwner {
  answered(call: Call, payload: Uint8Array): void;
  failed(call: Call, cause: unknown): void;
  expired(call: Call): void;
}

export class Call implements Expiring {
  readonly method: MethodDescriptor;
  readonly kind: CallKind;
  readonly mode: RetryMode;
  /** The encoded request; it belongs to this call. */
  readonly payload: Uint8Array;
  readonly preferLeader: boolean;
  /** Only this endpoint; undefined: any. */
  readonly pinned: string | undefined;
  readonly resolve: (answer: object) => void;
  readonly reject: (error: Error) => void;
  readonly startMs: number;
  private readonly owner: CallOwner;

  deadlineMs: number;
  nextDeadline: Expiring | undefined = undefined;
  prevDeadline: Expiring | undefined = undefined;

  settled = false;
  /** The connection it was given to last; undefined while it waits for one. */
  connection: Connection | undefined = undefined;
  /** Its number on that connection. */
  streamId = 0;
  /** Tries that failed. */
  failures = 0;
  /** `unknown` as soon as one try may have been carried out; it never goes back. */
  outcome: Outcome = 'not-applied';
  /** The endpoint that failed it last, by its place among the endpoints; -1: none. */
  avoid = -1;
  /** Why the last try failed. */
  lastFailure: unknown = undefined;
  /** Waits before the next try. */
  retryTimer: NodeJS.Timeout | undefined = undefined;
  /** Takes the caller's abort signal off. */
  unlisten: (() => void) | undefined = undefined;

  constructor(
    owner: CallOwner,
    method: MethodDescriptor,
    kind: CallKind,
    mode: RetryMode,
    payload: Uint8Array,
    preferLeader: boolean,
    pinned: string | undefined,
    startMs: number,
    deadlineMs: number,
    resolve: (answer: object) => void,
    reject: (error: Error) => void,
  ) {
    this.owner = owner;
    this.method = method;
    this.kind = kind;
    this.mode = mode;
    this.payload = payload;
    this.preferLeader = preferLeader;
    this.pinned = pinned;
    this.startMs = startMs;
    this.deadlineMs = deadlineMs;
    this.resolve = resolve;
    this.reject = reject;
  }

  expire(): void {
    this.owner.expired(this);
  }
}
