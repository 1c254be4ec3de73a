/** A damaged state is told from a whole one, or is an older one that is whole: it is never opened as anything else. */
import { EMPTY_CONF_STATE } from '@understudy/raft-core';
import { describe, expect, test } from 'vitest';
import { STORE_DAMAGES } from '../src/disk/damage.js';
import { Disk } from '../src/disk/disk.js';
import { Random } from '../src/random.js';
import { openState } from '../src/state/open-state.js';
import { encodeOperation, type Operation } from '../src/state/operation.js';
import type { SimulatedState, SimulatedStateDeps } from '../src/state/simulated-state.js';
import { VirtualClock } from '../src/virtual-clock.js';

const ENTRIES = 40;
const FLUSH_EVERY = 4;
const WHOLE_LOG = { pendingInstall: null, firstIndex: () => 1 };

class Machine {
  readonly clock = new VirtualClock();
  readonly told: string[] = [];
  readonly disk: Disk;
  private readonly deps: SimulatedStateDeps;

  constructor(random: Random) {
    this.disk = new Disk(random, { minMs: 1, maxMs: 1 });
    this.deps = {
      disk: this.disk,
      now: () => this.clock.now,
      later: (at, work) => this.clock.at(at, work),
      defer: (work) => this.clock.after(0, work),
      mvccOptions: { minLeaseTtl: 1, catchUpRecords: 8, compactionStepKeys: 4, cacheBytes: 2_000 },
      onApply: () => {},
      onDurable: () => {},
      onInstalled: () => {},
      onFailure: (error) => {
        throw error;
      },
    };
  }

  /** As a process that starts, after the one before has ended. */
  open(log = WHOLE_LOG): SimulatedState {
    this.disk.crash('kill');
    let opened: SimulatedState | null = null;
    openState(
      this.deps,
      log,
      (damage) => this.told.push(damage),
      (error, state) => {
        if (state === null) throw error;
        opened = state;
      },
    );
    this.run();
    return opened as unknown as SimulatedState;
  }

  /** Entry n puts n; flushed every few entries. */
  fill(state: SimulatedState, onFlushed: () => void): void {
    for (let index = 1; index <= ENTRIES; index++) {
      const put: Operation = { kind: 'put', op: index, key: `k${index % 7}`, value: `${index}`, lease: 0 };
      state.apply({ index, term: 1, data: encodeOperation(put), local: undefined });
      state.applyConfChange(null, { index, term: 1, confState: EMPTY_CONF_STATE });
      state.appliedTo(index, 1);
      if (index % FLUSH_EVERY === 0) state.flush(onFlushed);
      this.run();
    }
  }

  private run(): void {
    while (this.clock.step(this.clock.now + 1_000));
  }
}

const contentOf = ({ durable, mvcc }: SimulatedState): string => {
  const hash = mvcc.hashKv(0);
  return `${durable.index}: ${mvcc.revision} ${hash.ok ? hash.hash : 'compacted'}`;
};

/** What a state holds before the first flush, and after each. */
function flushed(): Set<string> {
  const machine = new Machine(Random.of(1, 'whole'));
  const state = machine.open();
  const contents = new Set([contentOf(state)]);
  machine.fill(state, () => contents.add(contentOf(state)));
  return contents;
}

describe.each(STORE_DAMAGES)('%s', (how) => {
  test('is told, or leaves a state that was once flushed', () => {
    const known = flushed();
    expect(known.size).toBe(ENTRIES / FLUSH_EVERY + 1);
    let told = 0;
    for (let round = 0; round < 40; round++) {
      const machine = new Machine(Random.of(round, how));
      machine.fill(machine.open(), () => {});
      expect(machine.disk.damageState(how)).toBe(true);
      const state = machine.open();
      if (machine.told.length > 0) {
        told++;
        expect(state.durable.index).toBe(0);
      }
      expect(known).toContain(contentOf(state));
    }
    // An older copy is whole: the log makes up for what it lacks.
    expect(told > 0).toBe(how !== 'older');
  });
});

test('a state that ends before its log begins is thrown away', () => {
  const machine = new Machine(Random.of(1, 'older'));
  machine.fill(machine.open(), () => {});
  expect(machine.open({ pendingInstall: null, firstIndex: () => ENTRIES + 2 }).durable.index).toBe(0);
  expect(machine.told).toEqual([`the state is at ${ENTRIES}; the log begins at ${ENTRIES + 2}`]);
});
