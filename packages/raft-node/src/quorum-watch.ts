/**
 * Notices that this member has come together with a quorum: after a start, an outage of all, a partition. Where nobody
 * leads by then, an election need not wait for the election timeout. It only counts connections and decides nothing.
 */
import type { ConfState } from '@understudy/raft-core';

export class QuorumWatch {
  readonly #connected = new Set<number>();
  /** A connection was made since the quorum was told of last, or lost. */
  #news = false;

  constructor(private readonly self: number) {}

  connected(peer: number): void {
    this.#connected.add(peer);
    this.#news = true;
  }

  disconnected(peer: number): void {
    this.#connected.delete(peer);
  }

  /** True once for each time that a connection was made and a quorum of `confState` is connected. */
  take({ voters, votersOutgoing }: ConfState): boolean {
    if (!this.#news || voters.length === 0 || !this.#has(voters) || !this.#has(votersOutgoing)) return false;
    this.#news = false;
    return true;
  }

  #has(voters: readonly number[]): boolean {
    if (voters.length === 0) return true;
    let count = 0;
    for (const id of voters) if (id === this.self || this.#connected.has(id)) count += 1;
    return 2 * count > voters.length;
  }
}
