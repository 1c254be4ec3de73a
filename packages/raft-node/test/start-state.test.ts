import { EMPTY_CONF_STATE, type Entry, EntryType } from '@understudy/raft-core';
import { describe, expect, test } from 'vitest';
import { ListDisk, ListMachine, MemoryDisk, MemoryLog, prepareStart, type StartState } from '../src/testing/index.js';

const confState = { ...EMPTY_CONF_STATE, voters: [1, 2, 3] };
const entry = (index: number, term: number): Entry => ({
  index,
  term,
  type: EntryType.Normal,
  data: new Uint8Array(0),
});

function disks(log: { offset?: number; last: number; commit: number }, state: { index: number; term?: number }) {
  const disk = new MemoryDisk();
  const offset = log.offset ?? 0;
  disk.offset = { index: offset, term: offset === 0 ? 0 : 2 };
  disk.entries = Array.from({ length: log.last - offset }, (_, i) => entry(offset + 1 + i, 2));
  disk.hardState = { term: 5, vote: 3, commit: log.commit };
  const list = new ListDisk();
  list.durable = {
    meta: { index: state.index, term: state.index === 0 ? 0 : (state.term ?? 2), confState },
    list: ['old'],
  };
  return { disk, list };
}

function start({ disk, list }: { disk: MemoryDisk; list: ListDisk }): {
  state: StartState | null;
  error: string | null;
} {
  const steps: (() => void)[] = [];
  const defer = (run: () => void) => void steps.push(run);
  const result: { state: StartState | null; error: string | null } = { state: null, error: null };
  prepareStart(
    { log: new MemoryLog(disk, { defer }), stateMachine: new ListMachine(list, defer) },
    null,
    (error, state) => {
      result.error = error?.message ?? null;
      result.state = state;
    },
  );
  for (let step = steps.shift(); step !== undefined; step = steps.shift()) step();
  return result;
}

describe('a start', () => {
  test('takes the flushed state as committed', () => {
    const { state } = start(disks({ last: 10, commit: 4 }, { index: 7 }));
    expect(state).toEqual({
      hardState: { term: 5, vote: 3, commit: 7 },
      applied: { index: 7, term: 2, confState },
      recovering: null,
      stateLost: false,
    });
  });

  test.each([
    [
      'the state is beyond the log',
      disks({ last: 10, commit: 4 }, { index: 11 }),
      'the state is at 11; the log ends at 10',
    ],
    ['the log begins after the state', disks({ offset: 5, last: 10, commit: 7 }, { index: 3 }), 'the log begins at 6'],
    ['the state has another term', disks({ last: 10, commit: 8 }, { index: 7, term: 1 }), 'term 1; the log has 2'],
    ['the commit index is beyond the log', disks({ last: 10, commit: 11 }, { index: 7 }), 'committed to 11'],
  ])('is refused as damaged where %s', (_what, damaged, text) => {
    const { state, error } = start(damaged);
    expect(state).toBeNull();
    expect(error).toContain(text);
  });

  test('finishes an install that was announced and staged', () => {
    const at = disks({ last: 10, commit: 4 }, { index: 4 });
    const meta = { index: 50, term: 6, confState };
    at.list.staged = { image: { meta, list: ['new'] }, hash: 'ab' };
    at.disk.intent = { ...meta, hash: 'ab' };
    expect(start(at).state).toMatchObject({ hardState: { term: 6, vote: 0, commit: 50 }, applied: meta });
    expect(at.list.durable.list).toEqual(['new']);
    expect([at.disk.intent, at.disk.offset, at.disk.entries.length]).toEqual([null, { index: 50, term: 6 }, 0]);
  });

  test('finishes an install whose state is in place already', () => {
    const at = disks({ last: 10, commit: 4 }, { index: 50, term: 6 });
    at.disk.intent = { index: 50, term: 6, confState, hash: 'ab' };
    expect(start(at).state?.applied.index).toBe(50);
    expect([at.disk.intent, at.disk.offset.index]).toEqual([null, 50]);
  });

  test('undoes an install whose snapshot is not there', () => {
    const at = disks({ last: 10, commit: 4 }, { index: 4 });
    at.disk.intent = { index: 50, term: 6, confState, hash: 'ab' };
    expect(start(at).state?.applied.index).toBe(4);
    expect([at.disk.intent, at.disk.entries.length]).toEqual([null, 10]);
  });

  test('throws away what was staged and never announced', () => {
    const at = disks({ last: 10, commit: 4 }, { index: 4 });
    at.list.staged = { image: { meta: { index: 50, term: 6, confState }, list: ['new'] }, hash: 'ab' };
    expect(start(at).state?.applied.index).toBe(4);
    expect([at.list.staged, at.list.durable.list]).toEqual([null, ['old']]);
  });
});

describe('a start on a log that lost entries', () => {
  test('goes on from what is left of it', () => {
    const at = disks({ last: 10, commit: 8 }, { index: 4 });
    at.disk.damage(6);
    const { state } = start(at);
    expect(state).toMatchObject({ hardState: { term: 5, vote: 3, commit: 6 }, applied: { index: 4 } });
    expect(state?.recovering).toMatchObject({ highWaterIndex: 10, highWaterTerm: 5, voteProven: true });
    expect(at.disk.entries).toHaveLength(6);
  });

  test.each([2, -1])('puts it behind the state where that has more, with %i entries left', (left) => {
    const at = disks({ offset: 1, last: 10, commit: 8 }, { index: 7 });
    at.disk.damage(left);
    expect(start(at).state).toMatchObject({ hardState: { term: 5, vote: 3, commit: 7 }, applied: { index: 7 } });
    expect([at.disk.offset, at.disk.entries]).toEqual([{ index: 7, term: 2 }, []]);
    expect(at.disk.recovering?.highWaterIndex).toBe(10);
  });

  test('is refused where the state belongs to another log', () => {
    const at = disks({ last: 10, commit: 8 }, { index: 5, term: 1 });
    at.disk.damage(6);
    expect(start(at).error).toContain('term 1; the log has 2');
  });
});

describe('a start without a usable state', () => {
  test('applies the log from its first entry, where that is there', () => {
    const { state } = start(disks({ last: 10, commit: 8 }, { index: 0 }));
    expect(state).toMatchObject({
      hardState: { term: 5, vote: 3, commit: 8 },
      applied: { index: 0 },
      stateLost: false,
    });
  });

  test('keeps log, term and vote, and waits for a snapshot, where it is not', () => {
    const at = disks({ offset: 5, last: 10, commit: 8 }, { index: 0 });
    const { state } = start(at);
    expect(state).toMatchObject({ hardState: { term: 5, vote: 3, commit: 8 }, applied: { index: 0 }, stateLost: true });
    expect([at.disk.offset.index, at.disk.entries.length]).toEqual([5, 5]);
  });
});
