/**
 * A range in pieces, at one revision, for answers too large for one turn. The versions it reads stay where they are
 * until it is closed: it pins the state, and compaction waits.
 */
import type { KeyValue } from './key-value.js';
import type { KvState } from './kv-state.js';
import type { RangeRequest } from './request.js';
import { type Candidate, type Selection, select } from './selection.js';

export class RangeCursor {
  /** Keys in the range at that revision. */
  readonly count: number;
  /** More keys than the limit. */
  readonly more: boolean;
  private readonly candidates: readonly Candidate[];
  private at = 0;
  private closed = false;

  constructor(
    private readonly state: KvState,
    private readonly request: RangeRequest,
    /** The revision that is read. */
    readonly revision: number,
    private readonly released: () => void,
  ) {
    const selection: Selection = select(state, request, revision);
    this.count = selection.count;
    this.more = selection.more;
    this.candidates = selection.candidates;
    state.pins++;
  }

  /** The next ones, at most `maxKeys` and about `maxBytes` of keys and values; an empty list is the end. */
  next(maxKeys: number, maxBytes: number): KeyValue[] {
    const kvs: KeyValue[] = [];
    let bytes = 0;
    while (!this.closed && this.at < this.candidates.length && kvs.length < maxKeys && bytes < maxBytes) {
      const kv = (this.candidates[this.at++] as Candidate).keyValue(this.state, this.request.keysOnly);
      bytes += kv.key.length + kv.value.length;
      kvs.push(kv);
    }
    return kvs;
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.state.pins--;
    this.released();
  }
}
