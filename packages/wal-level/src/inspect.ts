/**
 * Tells a damaged log from an interrupted one. Pure: it is given what is on disk, in index order, and judges; the same
 * code judges a simulated disk. Batches are atomic in the store, so a crash alone leaves the log as some batch left it,
 * and not before the one that was acknowledged last. Whatever else is found was not done by a crash.
 *
 * The one exception is a broken batch that nobody was told of. It is dropped where that is certain: the high-water
 * record is exact, the batch is the one after it, and the log is whole up to what was acknowledged.
 */
import type { Entry } from '@understudy/raft-core';
import { RollingChain, sameChain } from './chain.js';
import type { Damage, DamageKind } from './damage.js';
import { type HighWater, type HighWaterRead, isExact } from './high-water.js';
import { indexOfKey } from './keys.js';
import { type LogPoint, type LogState, NEW_LOG_STATE } from './log-state.js';
import { type EntryRead, type RecordRead, readEntry } from './record.js';

export interface LogEvidence {
  /** Null where there is no state record. */
  readonly state: RecordRead<LogState> | null;
  readonly highWater: HighWaterRead;
  readonly systemBootId: string;
}

export type Verdict =
  | { readonly kind: 'new' }
  | { readonly kind: 'clean'; readonly state: LogState }
  /** `state` ends before the dropped records, which go up to `droppedThrough`. */
  | { readonly kind: 'torn-tail-dropped'; readonly state: LogState; readonly droppedThrough: number }
  /** Entries up to `intact` passed every check; index 0 where nothing is certain. */
  | { readonly kind: 'damaged'; readonly damage: Damage; readonly intact: LogPoint };

export class LogInspector {
  /** Entries are to be given from here on. */
  readonly firstIndex: number;
  readonly #evidence: LogEvidence;
  readonly #state: LogState;
  readonly #highWater: HighWater | null;
  readonly #chain: RollingChain;
  // The last entry that passed; the anchor before the first. Indexes up to it are contiguous and chained.
  #intact: LogPoint;
  // The first thing wrong with an entry; nothing after it is looked at.
  #fault: Damage | null = null;
  #highestIndex = 0;
  // The acknowledged end of the log, once the chain went through it.
  #acknowledgedPoint: LogPoint | null = null;

  constructor(evidence: LogEvidence) {
    this.#evidence = evidence;
    this.#state = evidence.state?.ok === true ? evidence.state.value : NEW_LOG_STATE;
    this.#highWater = evidence.highWater.kind === 'read' ? evidence.highWater.highWater : null;
    this.#intact = this.#state.anchor;
    this.#chain = new RollingChain(this.#state.anchor.chain);
    this.firstIndex = this.#state.anchor.index + 1;
    this.#noteHighWater();
  }

  /** The entry, or null from the first one on that does not pass. */
  accept(key: Uint8Array, bytes: Uint8Array): Entry | null {
    const index = indexOfKey(key);
    if (index !== null) this.#highestIndex = index;
    if (this.#fault !== null) return null;
    if (index === null) return this.#reject('unreadable', this.#intact.index + 1, 'a key is not that of an entry');
    const expected = this.#intact.index + 1;
    if (index > this.#state.last.index) {
      if (expected <= this.#state.last.index) return this.#rejectMissing(expected);
      return this.#reject('resurrected', index, `the log ends at ${this.#state.last.index}`);
    }
    if (index !== expected) return this.#rejectMissing(expected);
    const read = readEntry(index, bytes);
    if (!read.ok)
      return this.#reject('unreadable', index, `the record of ${bytes.length} bytes has a wrong ${read.reason}`);
    return this.#link(read.value);
  }

  /** The last entry that passed so far; where the log begins, before the first. */
  get intact(): LogPoint {
    return this.#intact;
  }

  finish(): Verdict {
    const { state, highWater } = this.#evidence;
    if (highWater.kind === 'unreadable')
      return this.#damaged('unreadable', 'high-water', null, 'neither high-water.0 nor high-water.1 is intact');
    if (state === null) return this.#judgeStateless();
    if (!state.ok) {
      return this.#damaged('unreadable', 'state', null, `the state record has a wrong ${state.reason}`);
    }
    const acknowledged = this.#highWater;
    if (acknowledged === null) {
      const detail = `neither high-water.0 nor high-water.1 is there; the log is at batch ${this.#state.counter}`;
      return this.#damaged('missing', 'high-water', null, detail);
    }
    if (this.#state.counter < acknowledged.counter) return this.#judgeLostTail(acknowledged);
    this.#checkEnd();
    if (this.#fault !== null) return this.#judgeFault(this.#fault, acknowledged);
    return this.#judgeWhole(acknowledged);
  }

  #link({ entry, dataCrc, chainHi, chainLo }: EntryRead): Entry | null {
    this.#chain.extend(entry.type, entry.data.length, entry.index, entry.term, dataCrc);
    if (this.#chain.hi !== chainHi || this.#chain.lo !== chainLo) {
      return this.#reject('broken-chain', entry.index, `term ${entry.term} after term ${this.#intact.term}`);
    }
    this.#intact = { index: entry.index, term: entry.term, chain: { hi: chainHi, lo: chainLo } };
    this.#noteHighWater();
    return entry;
  }

  #noteHighWater(): void {
    const acknowledged = this.#highWater;
    if (acknowledged === null || acknowledged.lastIndex !== this.#intact.index) return;
    if (sameChain(acknowledged.chain, this.#intact.chain)) this.#acknowledgedPoint = this.#intact;
  }

  /** All entries were given: they must end where the state record says, with its chain. */
  #checkEnd(): void {
    if (this.#fault !== null) return;
    const { last } = this.#state;
    if (this.#intact.index < last.index) this.#rejectMissing(this.#intact.index + 1);
    else if (!sameChain(this.#intact.chain, last.chain)) {
      this.#reject('broken-chain', last.index, 'the state record ends in another chain');
    }
  }

  #judgeStateless(): Verdict {
    if (this.#highWater !== null && this.#highWater.counter > 0) {
      const { counter, lastIndex } = this.#highWater;
      const detail = `there is no state record; batch ${counter} with index ${lastIndex} was acknowledged`;
      return this.#damaged('missing', 'state', 1, detail);
    }
    if (this.#highestIndex > 0) {
      return this.#damaged('missing', 'state', 1, `there are entries up to ${this.#highestIndex}`);
    }
    return { kind: 'new' };
  }

  #judgeLostTail(acknowledged: HighWater): Verdict {
    const detail = `the log is at batch ${this.#state.counter} and ends at ${this.#state.last.index}; batch ${
      acknowledged.counter
    } with index ${acknowledged.lastIndex} was acknowledged`;
    return this.#damaged('lost-tail', 'entry', Math.min(this.#intact.index, acknowledged.lastIndex) + 1, detail);
  }

  #judgeFault(fault: Damage, acknowledged: HighWater): Verdict {
    const last = this.#acknowledgedPoint;
    const neverAcknowledged =
      isExact(acknowledged, this.#evidence.systemBootId) && this.#state.counter === acknowledged.counter + 1;
    if (!neverAcknowledged || last === null) {
      return { kind: 'damaged', damage: fault, intact: this.#intact };
    }
    // The batch's own term and vote are kept: they bind this member at most more than it promised.
    const { hardState } = this.#state;
    const commit = Math.min(hardState.commit, last.index);
    const state = { ...this.#state, last, hardState: { ...hardState, commit } };
    const droppedThrough = Math.max(this.#highestIndex, this.#state.last.index);
    return { kind: 'torn-tail-dropped', state, droppedThrough };
  }

  #judgeWhole(acknowledged: HighWater): Verdict {
    const { counter, hardState, last } = this.#state;
    const { term, vote } = acknowledged;
    const sameBatch = counter === acknowledged.counter;
    const voteKept = hardState.vote === vote || (vote === 0 && !sameBatch);
    if (hardState.term < term || (hardState.term === term ? !voteKept : sameBatch)) {
      const detail = `term ${hardState.term} with vote ${hardState.vote}, after term ${term} with vote ${vote}`;
      return this.#damaged('contradiction', 'state', null, detail);
    }
    if (sameBatch && (last.index !== acknowledged.lastIndex || this.#acknowledgedPoint === null)) {
      const detail = `batch ${counter} ends at ${last.index}; it was acknowledged at ${acknowledged.lastIndex}`;
      return this.#damaged('contradiction', 'high-water', Math.min(last.index, acknowledged.lastIndex), detail);
    }
    return { kind: 'clean', state: this.#state };
  }

  #rejectMissing(index: number): null {
    return this.#reject('missing', index, `entries go on to ${this.#state.last.index}`);
  }

  #reject(what: DamageKind, index: number, detail: string): null {
    this.#fault = { what, where: 'entry', index, detail };
    return null;
  }

  #damaged(what: DamageKind, where: Damage['where'], index: number | null, detail: string): Verdict {
    return { kind: 'damaged', damage: { what, where, index, detail }, intact: this.#intact };
  }
}
