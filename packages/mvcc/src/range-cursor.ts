/**
 * A range in pieces, at one revision, for answers too large for one turn. The versions it reads stay where they are
 * until it is closed: it pins the state, and compaction waits. Keys in their own order are looked up as they are
 * asked for; any other order is settled at the beginning.
 */
import { endOf, keyOf } from './key-bytes.js';
import type { KeyValue } from './key-value.js';
import type { KvState } from './kv-state.js';
import type { RangeRequest } from './request.js';
import { type Candidate, countKeys, firstKeys, isPlain, select } from './selection.js';

/** Keys looked up at a time. */
const lookAhead = 256;

export class RangeCursor {
  /** Keys in the range at that revision. */
  readonly count: number;
  /** More keys than the limit. */
  readonly more: boolean;
  /** Found and not handed out yet, from `at` on. */
  private candidates: readonly Candidate[];
  private at = 0;
  /** Where to look for more; null: `candidates` are the last. */
  private resumeAt: string | null;
  /** Keys that the limit leaves to be looked up. */
  private left: number;
  private closed = false;

  constructor(
    private readonly state: KvState,
    private readonly request: RangeRequest,
    /** The revision that is read. */
    readonly revision: number,
    private readonly released: () => void,
  ) {
    const { limit } = request;
    this.left = limit > 0 ? limit : Number.POSITIVE_INFINITY;
    if (isPlain(request)) {
      this.resumeAt = keyOf(request.key);
      this.count = countKeys(state, this.resumeAt, endOf(request.rangeEnd), revision);
      this.more = limit > 0 && this.count > limit;
      this.candidates = [];
    } else {
      const selection = select(state, request, revision);
      this.resumeAt = null;
      this.count = selection.count;
      this.more = selection.more;
      this.candidates = selection.candidates;
    }
    state.pins++;
  }

  /** The next ones, at most `maxKeys` and about `maxBytes` of keys and values; an empty list is the end. */
  next(maxKeys: number, maxBytes: number): KeyValue[] {
    const kvs: KeyValue[] = [];
    let bytes = 0;
    while (!this.closed && kvs.length < maxKeys && bytes < maxBytes) {
      if (this.at === this.candidates.length && !this.lookUp()) break;
      const kv = (this.candidates[this.at++] as Candidate).keyValue(this.state, this.request.keysOnly);
      bytes += kv.key.length + kv.value.length;
      kvs.push(kv);
    }
    return kvs;
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.candidates = [];
    this.state.pins--;
    this.released();
  }

  /** False at the end. */
  private lookUp(): boolean {
    if (this.resumeAt === null || this.left === 0) return false;
    const wanted = Math.min(lookAhead, this.left);
    const found = firstKeys(this.state, this.resumeAt, endOf(this.request.rangeEnd), this.revision, wanted);
    const last = found[found.length - 1];
    this.resumeAt = last === undefined || found.length < wanted ? null : `${last.key}\0`;
    this.left -= found.length;
    this.candidates = found;
    this.at = 0;
    return found.length > 0;
  }
}
