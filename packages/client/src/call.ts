// One call between its making and its end: what is sent, who waits for it, and what is known of its outcome. It may be
// tried several times; it settles once.
import type { CallMetadata, MethodDescriptor, Outcome, ResponseSink, RpcError } from '@understudy/protocol';
import type { Expiring } from './deadline-list.js';
import type { EndpointState } from './endpoint-state.js';
import type { CallKind, RetryMode } from './retry-policy.js';

/** Who is told what becomes of a try. */
export interface CallOwner {
  answered(call: Call, payload: Uint8Array): void;
  failed(call: Call, error: RpcError): void;
  expired(call: Call): void;
}

/** What does not change from try to try. */
export interface CallSpec {
  readonly method: MethodDescriptor<object, object, 'unary'>;
  readonly kind: CallKind;
  readonly mode: RetryMode;
  /** The encoded request; it belongs to this call. */
  readonly payload: Uint8Array;
  readonly preferLeader: boolean;
  /** A read that an endpoint may take which does not vote. */
  readonly toReader: boolean;
  /** Only this endpoint; undefined: any. */
  readonly pinned: string | undefined;
  readonly timeoutMs: number;
  /** Turns the decoded answer into what the caller gets. */
  readonly finish: (answer: object) => unknown;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
}

export class Call implements ResponseSink, Expiring {
  readonly spec: CallSpec;
  private readonly owner: CallOwner;

  deadlineMs: number;
  nextDeadline: Expiring | undefined = undefined;
  prevDeadline: Expiring | undefined = undefined;

  settled = false;
  /** Where the try that is under way went; undefined while it waits. */
  state: EndpointState | undefined = undefined;
  /** Its number on that connection. */
  id = 0;
  /** Tries that failed. */
  failures = 0;
  /** `unknown` as soon as one try may have been carried out; it never goes back. */
  outcome: Outcome = 'not-applied';
  /** The endpoint that failed it last. */
  avoid: EndpointState | undefined = undefined;
  /** Why the last try failed. */
  lastError: RpcError | undefined = undefined;
  /** A try failed for want of a valid token, and another one was asked for: that is done once. */
  renewed = false;
  /** Goes with the next try. */
  metadata: CallMetadata;
  /** Waits before the next try. */
  retryTimer: NodeJS.Timeout | undefined = undefined;
  /** Takes the caller's abort signal off. */
  unlisten: (() => void) | undefined = undefined;

  constructor(owner: CallOwner, spec: CallSpec, metadata: CallMetadata, deadlineMs: number) {
    this.owner = owner;
    this.spec = spec;
    this.metadata = metadata;
    this.deadlineMs = deadlineMs;
  }

  response(payload: Uint8Array): void {
    this.owner.answered(this, payload);
  }

  failed(error: RpcError): void {
    this.owner.failed(this, error);
  }

  expire(): void {
    this.owner.expired(this);
  }
}
