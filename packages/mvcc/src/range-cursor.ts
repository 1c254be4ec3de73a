/**
 * A range in pieces, at one revision, for answers too large for one turn. The versions it reads stay where they are
 * until it is closed: it pins the state, and compaction waits. Keys in their own order are looked up as they are
 * asked for; any other order needs a walk over all of them first, which is done in pieces too, by `prepare`.
 */
import { endOf, keyOf } from './key-bytes.js';
import { KeyCursor } from './key-cursor.js';
import type { KeyValue } from './key-value.js';
import type { KvState } from './kv-state.js';
import type { RangeRequest } from './request.js';
import {
  Candidate,
  countKeys,
  firstKeys,
  isPlain,
  needsWalk,
  type Ordered,
  orderedOf,
  orderOf,
  select,
  walkLimit,
} from './selection.js';
import { SortedRuns } from './sorted-runs.js';

/** Keys looked up at a time. */
const lookAhead = 256;

export class RangeCursor {
  /** Keys in the range at that revision. Known once `prepare` is done. */
  count = 0;
  /** More keys than the limit. Known once `prepare` is done. */
  more = false;
  /** Found and not handed out yet, from `at` on. */
  private candidates: readonly Candidate[] = [];
  private at = 0;
  /** Where to look for more; null: `candidates` are the last. */
  private resumeAt: string | null = null;
  /** Keys that the limit leaves to be looked up or handed out. */
  private left: number;
  /** Where the walk goes on; null: there is none, or it is over. */
  private walkAt: string | null = null;
  /** Keys that the walk may still keep. */
  private walkLeft = 0;
  /** What the walk kept; null: there was none. */
  private walked: SortedRuns<Ordered> | null = null;
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
    if (isPlain(request) && state.isIndexedAt(revision)) {
      this.resumeAt = keyOf(request.key);
      this.count = countKeys(state, this.resumeAt, endOf(request.rangeEnd), revision);
      this.more = limit > 0 && this.count > limit;
    } else if (needsWalk(state, request, revision)) {
      this.walkAt = keyOf(request.key);
      this.walkLeft = walkLimit(request);
      this.walked = new SortedRuns(orderOf(request));
    } else {
      const selection = select(state, request, revision);
      this.count = selection.count;
      this.more = selection.more;
      this.candidates = selection.candidates;
    }
    state.pins++;
  }

  /** Visits at most so many keys of the walk that an order or a bound needs. True: it is over, or there is none. */
  prepare(maxKeys: number): boolean {
    if (this.walkAt === null || this.walked === null) return true;
    const { state, request, revision } = this;
    const cursor = new KeyCursor(state.index, this.walkAt, endOf(request.rangeEnd));
    const found: Candidate[] = [];
    for (let visited = 0; visited < maxKeys; visited++) {
      const entry = cursor.next();
      if (entry === null) {
        this.walkAt = null;
        break;
      }
      this.walkAt = `${cursor.key}\0`;
      const position = entry.positionAt(revision);
      if (position < 0 || !entry.liveAt(position)) continue;
      this.count++;
      if (request.countOnly || this.walkLeft === 0) continue;
      this.walkLeft--;
      found.push(new Candidate(cursor.key, entry, position));
    }
    this.walked.add(orderedOf(state, request, found));
    if (this.walkAt !== null) return false;
    this.more = request.limit > 0 && this.walked.size > request.limit;
    return true;
  }

  /** The next ones, at most `maxKeys` and about `maxBytes` of keys and values; an empty list is the end. */
  next(maxKeys: number, maxBytes: number): KeyValue[] {
    while (!this.prepare(Number.POSITIVE_INFINITY));
    const kvs: KeyValue[] = [];
    let bytes = 0;
    while (!this.closed && kvs.length < maxKeys && bytes < maxBytes) {
      const candidate = this.walked === null ? this.nextFound() : this.nextWalked(this.walked);
      if (candidate === null) break;
      const kv = candidate.keyValue(this.state, this.request.keysOnly);
      bytes += kv.key.length + kv.value.length;
      kvs.push(kv);
    }
    return kvs;
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.candidates = [];
    this.walked = null;
    this.walkAt = null;
    this.state.pins--;
    this.released();
  }

  private nextWalked(walked: SortedRuns<Ordered>): Candidate | null {
    if (this.left === 0) return null;
    this.left--;
    return walked.next()?.candidate ?? null;
  }

  private nextFound(): Candidate | null {
    if (this.at === this.candidates.length && !this.lookUp()) return null;
    return this.candidates[this.at++] as Candidate;
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
