// What is known of one endpoint.
import type { Candidate, EndpointRole } from './balancer.js';
import type { Connection } from './connection.js';
import type { Endpoint } from './endpoint.js';

export class EndpointState implements Candidate {
  /** Under the name it was given last; its url never changes. */
  endpoint: Endpoint;
  /** Its place among the endpoints; -1: it is none of them (any more). */
  index: number;
  role: EndpointRole = 'unknown';
  /** 0: not known. */
  memberId = 0;
  /** Being dialled, or open. */
  connection: Connection | undefined = undefined;
  /** `connection` is open, has its token, and the role is known. */
  open = false;
  dialling = false;
  retryAtMs = 0;
  /** Connections lost or failed since one was admitted. */
  failures = 0;
  lastError: Error | undefined = undefined;
  /** It does not vote, and has refused a linearizable read: it is no reader. */
  refusesLinearizable = false;
  private timer: NodeJS.Timeout | undefined = undefined;

  constructor(endpoint: Endpoint, index: number) {
    this.endpoint = endpoint;
    this.index = index;
  }

  /** Does something later, instead of what was to be done later: dials it again, or asks again what it is. */
  after(delayMs: number, task: () => void): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(task, delayMs);
    // What happens in the background keeps no process alive.
    this.timer.unref();
  }

  cancelTimer(): void {
    clearTimeout(this.timer);
  }
}
