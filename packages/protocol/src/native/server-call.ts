// One unary call on the server: what came with it, and the way to answer it. An answer after the end is dropped, since
// the caller may have cancelled, or the connection may be gone, at any time.
import type { RpcStatus } from '../errors/rpc-error.js';
import { StatusCode } from '../errors/status-code.js';
import type { MethodDescriptor } from '../service.js';

/** What the call needs of its session. */
export interface CallOwner {
  respond(call: ServerCall, message: object): boolean;
  respondBytes(call: ServerCall, payload: Uint8Array): boolean;
  fail(call: ServerCall, status: RpcStatus): void;
}

export class ServerCall {
  readonly id: number;
  readonly method: MethodDescriptor;
  /** ms that the caller waits, counted from the arrival; 0: no limit. The handler keeps it. */
  readonly timeoutMs: number;
  /** the call's own token, or else the connection's; undefined: none */
  readonly token: string | undefined;
  readonly requireLeader: boolean;
  /** The caller gave up, or the connection closed. Called at most once, before the answer. */
  onCancel: (() => void) | undefined = undefined;

  private readonly owner: CallOwner;
  private over = false;

  constructor(
    owner: CallOwner,
    id: number,
    method: MethodDescriptor,
    timeoutMs: number,
    token: string | undefined,
    requireLeader: boolean,
  ) {
    this.owner = owner;
    this.id = id;
    this.method = method;
    this.timeoutMs = timeoutMs;
    this.token = token;
    this.requireLeader = requireLeader;
  }

  /** Answered, failed, cancelled, or its connection closed. */
  get done(): boolean {
    return this.over;
  }

  /** Answers with a message of the method's output type. */
  respond(message: object): void {
    if (this.over) return;
    // Only once it is written: a message that does not encode throws here, and the call can still fail.
    const written = this.owner.respond(this, message);
    this.over = true;
    if (!written) this.owner.fail(this, tooLarge(this.method.output.sizeOf(message)));
  }

  /** Answers with an encoded message. */
  respondBytes(payload: Uint8Array): void {
    if (this.over) return;
    this.over = true;
    if (!this.owner.respondBytes(this, payload)) this.owner.fail(this, tooLarge(payload.length));
  }

  fail(status: RpcStatus): void {
    if (this.over) return;
    this.over = true;
    this.owner.fail(this, status);
  }

  /** For the session: the caller is gone. */
  cancelled(): void {
    if (this.over) return;
    this.over = true;
    this.onCancel?.();
  }
}

/** The call was carried out, only its answer cannot be told. */
function tooLarge(bytes: number): RpcStatus {
  const text = `the answer of ${bytes} bytes fits no frame that the caller reads`;
  return { code: StatusCode.RESOURCE_EXHAUSTED, text, retryable: false, outcome: 'unknown' };
}
