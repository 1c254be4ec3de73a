/** A unary call as a door hands it on, with a signal for when its caller is gone: made only where somebody asks for it. */
import type { Caller } from '@understudy/mvcc';
import type { Call } from '../services/rpc.js';

type Given = Pick<Call, 'raw' | 'timeoutMs' | 'token' | 'commonName' | 'requireLeader'>;

export class DoorCall implements Call {
  readonly raw: Uint8Array | null;
  readonly timeoutMs: number | undefined;
  readonly token: string | undefined;
  readonly commonName: string | undefined;
  readonly requireLeader: boolean;
  identity: Caller | null | undefined;
  #controller: AbortController | null = null;
  #gone = false;

  constructor(given: Given) {
    this.raw = given.raw;
    this.timeoutMs = given.timeoutMs;
    this.token = given.token;
    this.commonName = given.commonName;
    this.requireLeader = given.requireLeader === true;
  }

  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    if (this.#gone) this.#controller.abort();
    return this.#controller.signal;
  }

  /** The caller has gone away. */
  abandon(): void {
    this.#gone = true;
    this.#controller?.abort();
  }
}
