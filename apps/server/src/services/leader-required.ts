/**
 * Streams whose clients ask for a leader behind them, as etcd's WithRequireLeader does: refused while there is none, and
 * ended once there has been none for three election timeouts, so that a watch on a cut-off member does not fall silent.
 */
import { etcdErrors } from '@understudy/protocol';
import { failure } from './failures.js';
import type { Member } from './member.js';
import type { StreamHandler, StreamSink } from './rpc.js';

/** Looks without a leader, one election timeout apart, after which the streams end. */
const MAX_LOOKS = 3;

interface Tracked {
  readonly sink: StreamSink;
  /** Null while it is being opened. */
  handler: StreamHandler | null;
}

export class LeaderRequired {
  readonly #member: Pick<Member, 'node' | 'config'>;
  readonly #streams = new Set<Tracked>();
  /** Runs while there are streams. */
  #timer: NodeJS.Timeout | null = null;
  #looksWithout = 0;

  constructor(member: Pick<Member, 'node' | 'config'>) {
    this.#member = member;
  }

  /** Opens a stream under guard. Throws an RpcError where there is no leader now. */
  open(sink: StreamSink, opener: (sink: StreamSink) => StreamHandler): StreamHandler {
    if (this.#member.node.leader === 0) throw failure(etcdErrors.noLeader);
    const tracked: Tracked = { sink, handler: null };
    const handler = opener({
      send: (message) => sink.send(message),
      end: (error) => {
        this.#forget(tracked);
        sink.end(error);
      },
    });
    tracked.handler = handler;
    this.#streams.add(tracked);
    this.#timer ??= setInterval(() => this.#look(), this.#member.config.electionTimeoutMs);
    return {
      onMessage: (message) => handler.onMessage(message),
      onDrain: () => handler.onDrain(),
      onHalfClose: () => handler.onHalfClose(),
      onClose: () => {
        this.#forget(tracked);
        handler.onClose();
      },
    };
  }

  #look(): void {
    this.#looksWithout = this.#member.node.leader === 0 ? this.#looksWithout + 1 : 0;
    if (this.#looksWithout < MAX_LOOKS) return;
    for (const tracked of [...this.#streams]) {
      this.#forget(tracked);
      tracked.sink.end(failure(etcdErrors.noLeader));
      tracked.handler?.onClose();
    }
  }

  #forget(tracked: Tracked): void {
    this.#streams.delete(tracked);
    if (this.#streams.size > 0 || this.#timer === null) return;
    clearInterval(this.#timer);
    this.#timer = null;
    this.#looksWithout = 0;
  }
}
