/** The plainest log there is, to compare real ones with, and random work for both. */
import type { Entry, HardState } from '@understudy/raft-core';
import type { RaftLog } from '@understudy/raft-node';
import fc from 'fast-check';
import { entriesFrom, snapshotAt, writeOf } from './memory-log.js';

/** Immutable: each step of work gives the next one. */
export interface ModelLog {
  readonly anchorIndex: number;
  readonly anchorTerm: number;
  readonly entries: readonly Entry[];
  readonly hardState: HardState;
}

export const EMPTY_MODEL: ModelLog = {
  anchorIndex: 0,
  anchorTerm: 0,
  entries: [],
  hardState: { term: 0, vote: 0, commit: 0 },
};

export interface Work {
  readonly kind: 'append' | 'replace' | 'commit' | 'compact' | 'snapshot' | 'vote';
  readonly count: number;
  readonly back: number;
  readonly size: number;
}

export const someWork: fc.Arbitrary<Work> = fc.record({
  kind: fc.constantFrom('append', 'append', 'append', 'replace', 'commit', 'compact', 'snapshot', 'vote'),
  count: fc.integer({ min: 1, max: 12 }),
  back: fc.nat(12),
  size: fc.constantFrom(0, 1, 40, 300, 3000),
});

export const lastIndexOf = (model: ModelLog): number => model.anchorIndex + model.entries.length;

/** Does the work on the log; gives the model as it is once that is acknowledged. */
export function perform(log: RaftLog, model: ModelLog, work: Work, done: (error: Error | null) => void): ModelLog {
  const { term, vote, commit } = model.hardState;
  const last = lastIndexOf(model);
  switch (work.kind) {
    case 'append':
    case 'replace': {
      // What is committed is never replaced, and a replacement is of a later term.
      const replaced = work.kind === 'replace' ? Math.min(work.back, last - Math.max(commit, model.anchorIndex)) : 0;
      const hardState = replaced > 0 ? { term: term + 1, vote: 0, commit } : { term: Math.max(1, term), vote, commit };
      const entries = entriesFrom(last + 1 - replaced, work.count, hardState.term, work.size);
      log.append(writeOf({ entries, hardState }), done);
      return { ...model, hardState, entries: [...model.entries.slice(0, model.entries.length - replaced), ...entries] };
    }
    case 'commit': {
      const hardState = { term, vote, commit: Math.min(last, commit + work.count) };
      log.append(writeOf({ hardState, mustSync: false }), done);
      return { ...model, hardState };
    }
    case 'vote': {
      const hardState = { term: term + 1, vote: work.count, commit };
      log.append(writeOf({ hardState }), done);
      return { ...model, hardState };
    }
    case 'compact': {
      // Only what is committed is compacted, and only once that very entry is durable.
      const wanted = Math.min(commit, log.lastIndex(), model.anchorIndex + work.count);
      const durable = model.entries[wanted - model.anchorIndex - 1]?.term === log.term(wanted);
      const index = durable ? wanted : 0;
      log.compact(index, done);
      if (index <= model.anchorIndex) return model;
      const dropped = index - model.anchorIndex;
      const anchorTerm = model.entries[dropped - 1]?.term ?? 0;
      return { ...model, anchorIndex: index, anchorTerm, entries: model.entries.slice(dropped) };
    }
    case 'snapshot': {
      const index = Math.max(commit, last + work.back - 6, model.anchorIndex);
      // One that the log reaches is installed only where it contradicts the log: it is of a later term.
      const hardState =
        index <= last ? { term: term + 1, vote: 0, commit: index } : { term: Math.max(1, term), vote, commit: index };
      log.append(writeOf({ snapshot: snapshotAt(index, hardState.term), hardState }), done);
      return { anchorIndex: index, anchorTerm: hardState.term, entries: [], hardState };
    }
  }
}

/** In one line, for comparison: everything but the commit index, which may lag. */
export function outline(log: {
  anchorIndex: number;
  anchorTerm: number;
  entries: readonly Entry[];
  hardState: HardState;
}) {
  const entries = log.entries.map(({ index, term, data }) => `${index}/${term}/${Buffer.from(data).toString('hex')}`);
  return [log.anchorIndex, log.anchorTerm, log.hardState.term, log.hardState.vote, ...entries].join(' ');
}
