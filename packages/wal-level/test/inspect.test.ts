import { describe, expect, test } from 'vitest';
import { CHAIN_START, RollingChain } from '../src/chain.js';
import { type HighWater, type HighWaterRead, encodeHighWater, readHighWater, SLOT_BYTES } from '../src/high-water.js';
import { LogInspector, type Verdict } from '../src/inspect.js';
import { entryKey } from '../src/keys.js';
import { type LogPoint, type LogState, NEW_LOG_STATE } from '../src/log-state.js';
import { ENTRY_HEADER_BYTES, type RecordRead, writeEntry } from '../src/record.js';
import { entryAt } from './memory-log.js';

const BOOT = 'ab'.repeat(16);
const LAST = 8;
const ANCHOR = 2;

/** Records 1 to 8 of one chain, terms 1 1 1 2 2 3 3 3, and the point after each. */
const points: LogPoint[] = [{ index: 0, term: 0, chain: CHAIN_START }];
const records = new Map<number, Uint8Array>();
const chain = new RollingChain(CHAIN_START);
for (const [i, term] of [1, 1, 1, 2, 2, 3, 3, 3].entries()) {
  const bytes = new Uint8Array(ENTRY_HEADER_BYTES + 20);
  writeEntry(bytes, 0, entryAt(i + 1, term), chain);
  records.set(i + 1, bytes);
  points.push({ index: i + 1, term, chain: chain.value() });
}
const point = (index: number): LogPoint => points[index] ?? NEW_LOG_STATE.last;

const STATE: LogState = {
  ...NEW_LOG_STATE,
  counter: 20,
  hardState: { term: 3, vote: 5, commit: 7 },
  anchor: point(ANCHOR),
  last: point(LAST),
};
const HIGH_WATER: HighWater = {
  counter: 20,
  lastIndex: LAST,
  chain: point(LAST).chain,
  term: 3,
  vote: 5,
  bootCount: 1,
  systemBootId: BOOT,
  paranoid: false,
  voteLost: false,
};
/** What was acknowledged one batch before, when the log ended at 6. */
const ONE_BEHIND: HighWater = { ...HIGH_WATER, counter: 19, lastIndex: 6, chain: point(6).chain };

interface Disk {
  readonly state?: LogState | RecordRead<LogState> | null;
  readonly highWater?: HighWater | HighWaterRead;
  readonly systemBootId?: string;
  /** Replaces or (null) removes records. */
  readonly change?: ReadonlyMap<number, Uint8Array | null>;
}

function inspect({ state = STATE, highWater = HIGH_WATER, systemBootId = BOOT, change = new Map() }: Disk): Verdict {
  const read = state === null || 'ok' in state ? state : ({ ok: true, value: state } as const);
  const highWaterRead =
    'kind' in highWater ? highWater : ({ kind: 'read', highWater, slot: 0, complete: true } as const);
  const inspector = new LogInspector({ state: read, highWater: highWaterRead, systemBootId });
  const all = [...new Set([...records.keys(), ...change.keys()])].sort((a, b) => a - b);
  for (const index of all) {
    const bytes = change.has(index) ? change.get(index) : records.get(index);
    if (index >= inspector.firstIndex && bytes) inspector.accept(entryKey(index), bytes);
  }
  return inspector.finish();
}

function flipped(index: number): Uint8Array {
  const bytes = (records.get(index) ?? new Uint8Array()).slice();
  bytes[40] = (bytes[40] ?? 0) ^ 4;
  return bytes;
}

const change = (index: number, bytes: Uint8Array | null) => new Map([[index, bytes]]);
const damage = (verdict: Verdict) => (verdict.kind === 'damaged' ? verdict.damage : verdict);

describe('a log is clean', () => {
  test('when it is as it was acknowledged', () => {
    expect(inspect({})).toEqual({ kind: 'clean', state: STATE });
  });

  test('when it is ahead of the high-water record: a batch was synced and not acknowledged', () => {
    expect(inspect({ highWater: ONE_BEHIND }).kind).toBe('clean');
    const ahead = { ...ONE_BEHIND, counter: 3, term: 2, vote: 0 };
    expect(inspect({ highWater: ahead, systemBootId: 'cd'.repeat(16) }).kind).toBe('clean');
  });

  test('when a later batch truncated it below the acknowledged index', () => {
    const other = { ...HIGH_WATER, counter: 19, lastIndex: 12, chain: { hi: 1, lo: 2 } };
    expect(inspect({ highWater: other }).kind).toBe('clean');
  });

  test('when nothing is there and nothing was acknowledged', () => {
    const nothing = new Map([...records.keys()].map((index) => [index, null] as const));
    expect(inspect({ state: null, highWater: { kind: 'absent' }, change: nothing })).toEqual({ kind: 'new' });
    const zero = { ...HIGH_WATER, counter: 0 };
    expect(inspect({ state: null, highWater: zero, change: nothing })).toEqual({ kind: 'new' });
  });
});

describe('a log is damaged', () => {
  test('when a record is unreadable, and what is before it is intact', () => {
    const verdict = inspect({ change: change(5, flipped(5)) });
    expect(verdict).toMatchObject({ damage: { what: 'unreadable', where: 'entry', index: 5 }, intact: { index: 4 } });
  });

  test('when a record is missing from the middle, the beginning or the end', () => {
    for (const index of [3, 5, LAST]) {
      expect(damage(inspect({ change: change(index, null) }))).toMatchObject({
        what: 'missing',
        where: 'entry',
        index,
      });
    }
  });

  test('when an old version of a record is back', () => {
    const old = new Uint8Array(ENTRY_HEADER_BYTES + 20);
    writeEntry(old, 0, entryAt(6, 2), new RollingChain(point(5).chain));
    expect(damage(inspect({ change: change(6, old) }))).toMatchObject({
      what: 'broken-chain',
      where: 'entry',
      index: 7,
    });
    expect(damage(inspect({ change: change(LAST, old) }))).toMatchObject({ what: 'unreadable', index: LAST });
  });

  test('when an old version of the last record is back, which only the state record tells', () => {
    const old = new Uint8Array(ENTRY_HEADER_BYTES + 20);
    writeEntry(old, 0, entryAt(LAST, 2), new RollingChain(point(LAST - 1).chain));
    expect(damage(inspect({ change: change(LAST, old) }))).toMatchObject({ what: 'broken-chain', index: LAST });
  });

  test('when a truncated record is back', () => {
    const state = { ...STATE, last: point(6), hardState: { ...STATE.hardState, commit: 6 } };
    expect(damage(inspect({ state, highWater: { ...HIGH_WATER, counter: 19 } }))).toMatchObject({
      what: 'resurrected',
      index: 7,
    });
  });

  test('when it is behind what was acknowledged', () => {
    const verdict = inspect({ highWater: { ...HIGH_WATER, counter: 21, lastIndex: 9 } });
    expect(damage(verdict)).toMatchObject({ what: 'lost-tail', index: 9 });
  });

  test('when it is at the acknowledged batch with another end, term or vote', () => {
    for (const other of [
      { lastIndex: 7, chain: point(7).chain },
      { chain: { hi: 1, lo: 1 } },
      { term: 2 },
      { term: 4 },
      { vote: 6 },
      { vote: 0 },
    ]) {
      expect(damage(inspect({ highWater: { ...HIGH_WATER, ...other } }))).toMatchObject({ what: 'contradiction' });
    }
  });

  test('when its term or vote went back after an acknowledged batch', () => {
    for (const other of [{ term: 4 }, { vote: 6 }]) {
      expect(damage(inspect({ highWater: { ...ONE_BEHIND, ...other } }))).toMatchObject({
        what: 'contradiction',
        where: 'state',
      });
    }
  });

  test('when the state record is unreadable or missing', () => {
    expect(damage(inspect({ state: { ok: false, reason: 'checksum' } }))).toMatchObject({
      what: 'unreadable',
      where: 'state',
    });
    expect(damage(inspect({ state: null }))).toMatchObject({ what: 'missing', where: 'state' });
    const zero = { ...HIGH_WATER, counter: 0 };
    expect(damage(inspect({ state: null, highWater: zero }))).toMatchObject({ what: 'missing', where: 'state' });
  });

  test('when the high-water record is unreadable or missing', () => {
    expect(damage(inspect({ highWater: { kind: 'absent' } }))).toMatchObject({ what: 'missing', where: 'high-water' });
    expect(damage(inspect({ highWater: { kind: 'unreadable' } }))).toMatchObject({
      what: 'unreadable',
      where: 'high-water',
    });
  });
});

describe('a broken last batch', () => {
  const broken = { highWater: ONE_BEHIND, change: change(LAST, null) };

  test('that nobody was told of is dropped, and its term and vote are kept', () => {
    const state = { ...STATE, hardState: { term: 4, vote: 6, commit: 7 } };
    expect(inspect({ ...broken, state })).toEqual({
      kind: 'torn-tail-dropped',
      state: { ...state, last: point(6), hardState: { term: 4, vote: 6, commit: 6 } },
      droppedThrough: LAST,
    });
  });

  test('is damage when the high-water record may lag, after a boot of the system', () => {
    expect(inspect({ ...broken, systemBootId: 'cd'.repeat(16) }).kind).toBe('damaged');
    expect(inspect({ ...broken, systemBootId: '0'.repeat(32) }).kind).toBe('damaged');
    const paranoid = { ...ONE_BEHIND, paranoid: true };
    expect(inspect({ ...broken, highWater: paranoid, systemBootId: 'cd'.repeat(16) }).kind).toBe('torn-tail-dropped');
  });

  test('is damage when it was acknowledged, or is not the only one since', () => {
    expect(inspect({ change: change(LAST, null) }).kind).toBe('damaged');
    expect(inspect({ ...broken, highWater: { ...ONE_BEHIND, counter: 18 } }).kind).toBe('damaged');
  });

  test('is damage when it replaced what was acknowledged', () => {
    expect(inspect({ ...broken, highWater: { ...ONE_BEHIND, chain: { hi: 1, lo: 1 } } }).kind).toBe('damaged');
    expect(inspect({ ...broken, change: change(5, null) }).kind).toBe('damaged');
  });
});

describe('of two high-water slots', () => {
  function fileOf(first: HighWater | null, second: HighWater | null): Uint8Array {
    const file = new Uint8Array(2 * SLOT_BYTES);
    if (first !== null) file.set(encodeHighWater(first));
    if (second !== null) file.set(encodeHighWater(second), SLOT_BYTES);
    return file;
  }

  test('the newer one counts, wherever it is', () => {
    expect(readHighWater(fileOf(HIGH_WATER, ONE_BEHIND))).toEqual({
      kind: 'read',
      highWater: HIGH_WATER,
      slot: 0,
      complete: true,
    });
    expect(readHighWater(fileOf(ONE_BEHIND, HIGH_WATER))).toMatchObject({ highWater: HIGH_WATER, slot: 1 });
  });

  test('the other one counts where one is torn', () => {
    const torn = fileOf(ONE_BEHIND, HIGH_WATER);
    torn[SLOT_BYTES + 30] = 0xff;
    expect(readHighWater(torn)).toMatchObject({ highWater: { counter: 19 }, slot: 0, complete: false });
    expect(readHighWater(fileOf(null, HIGH_WATER))).toMatchObject({ slot: 1 });
  });

  test('none is unreadable, and no file is absent', () => {
    expect(readHighWater(fileOf(null, null))).toEqual({ kind: 'unreadable' });
    expect(readHighWater(new Uint8Array(0))).toEqual({ kind: 'unreadable' });
    expect(readHighWater(null)).toEqual({ kind: 'absent' });
  });
});
