import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { enterJoint, leaveJoint, memberIds, nextConfState, simpleChange } from '../src/changer.js';
import type { ConfChangeType } from '../src/conf-change.js';
import { encodeConfChange, parseConfChange } from '../src/conf-change-codec.js';
import { EMPTY_CONF_STATE } from '../src/conf-state.js';
import { type Entry, EntryType } from '../src/entry.js';
import { Inflights } from '../src/inflights.js';
import { jointVote, majorityIndex, majorityVote } from '../src/quorum.js';
import { UnstableTail } from '../src/unstable-tail.js';
import { confChange } from './network.js';

const changes = fc.array(
  fc.record({
    type: fc.integer({ min: 0, max: 3 }).map((n) => n as ConfChangeType),
    nodeId: fc.integer({ min: 0, max: 6 }),
  }),
  { maxLength: 6 },
);

describe('quorums', () => {
  it('the committed index is the highest that a majority has reached', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(20), { minLength: 1, maxLength: 9 }), (values) => {
        const index = majorityIndex([...values], values.length);
        const have = (at: number): number => values.filter((value) => value >= at).length;
        expect(have(index) * 2).toBeGreaterThan(values.length);
        expect(have(index + 1) * 2).toBeLessThanOrEqual(values.length);
      }),
    );
  });

  it('only the voters in front of the scratch count', () => {
    expect(majorityIndex([5, 1, 3, 99, 99, 99], 3)).toBe(3);
    expect(majorityIndex([], 0)).toBe(Number.POSITIVE_INFINITY);
  });

  it('a vote is decided as soon as nothing can turn it', () => {
    fc.assert(
      fc.property(fc.nat(9), fc.nat(9), fc.nat(9), (yes, no, open) => {
        const count = yes + no + open;
        fc.pre(count > 0);
        const outcome = majorityVote(count, yes, no);
        expect(outcome === 'won').toBe(yes * 2 > count);
        expect(outcome === 'lost').toBe((yes + open) * 2 <= count);
      }),
    );
  });

  it('one lost half loses a joint vote, and one open half leaves it open', () => {
    expect(jointVote('won', 'lost')).toBe('lost');
    expect(jointVote('lost', 'pending')).toBe('lost');
    expect(jointVote('pending', 'won')).toBe('pending');
    expect(jointVote('won', 'won')).toBe('won');
  });
});

describe('the window of appends', () => {
  it('counts as a plain list does', () => {
    const steps = fc.array(fc.tuple(fc.boolean(), fc.nat(30)), { maxLength: 200 });
    fc.assert(
      fc.property(steps, fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 300 }), (ops, messages, limit) => {
        const window = new Inflights(messages, limit);
        let model: { index: number; bytes: number }[] = [];
        let index = 0;
        for (const [adds, amount] of ops) {
          const bytes = model.reduce((sum, item) => sum + item.bytes, 0);
          expect(window.full()).toBe(model.length === messages || bytes >= limit);
          if (adds && !window.full()) {
            index += 1 + (amount % 3);
            model.push({ index, bytes: amount });
            window.add(index, amount);
          } else if (!adds) {
            const to = index - amount;
            model = model.filter((item) => item.index > to);
            window.freeTo(to);
          }
          expect(window.count).toBe(model.length);
          expect(window.bytes).toBe(model.reduce((sum, item) => sum + item.bytes, 0));
        }
      }),
    );
  });

  it('nothing is added to a full one', () => {
    const window = new Inflights(1, 100);
    window.add(1, 10);
    expect(() => window.add(2, 10)).toThrow(/1 messages is full at 1/);
  });
});

describe('the unstable tail', () => {
  const entry = (index: number, term: number): Entry => ({
    index,
    term,
    type: EntryType.Normal,
    data: new Uint8Array(0),
  });

  it('holds what a plain list holds, through appends, truncations and writes', () => {
    const op = fc.oneof(
      fc.record({ kind: fc.constant('append'), back: fc.nat(3), count: fc.integer({ min: 1, max: 400 }) }),
      fc.record({ kind: fc.constant('stable'), back: fc.nat(500), count: fc.constant(0) }),
      fc.record({ kind: fc.constant('accept'), back: fc.constant(0), count: fc.constant(0) }),
    );
    fc.assert(
      fc.property(fc.array(op, { maxLength: 60 }), (ops) => {
        const tail = new UnstableTail(11);
        let model: Entry[] = [];
        let offset = 11;
        ops.forEach(({ back, count, kind }, at) => {
          const end = offset + model.length;
          if (kind === 'append') {
            const first = Math.max(offset, end - back);
            const added = Array.from({ length: count }, (_, i) => entry(first + i, at));
            model = model.slice(0, first - offset).concat(added);
            tail.append(added, 0);
          } else if (kind === 'stable' && model.length > 0) {
            const index = Math.max(offset, end - 1 - back);
            const { term } = model[index - offset] as Entry;
            tail.stableTo(index, term + 1);
            expect(tail.offset).toBe(offset);
            tail.stableTo(index, term);
            model = model.slice(index + 1 - offset);
            offset = index + 1;
          } else if (kind === 'accept') {
            tail.acceptInProgress();
            expect(tail.offsetInProgress).toBe(tail.end);
          }
          expect(tail.offset).toBe(offset);
          expect(tail.length).toBe(model.length);
          expect(tail.offsetInProgress).toBeGreaterThanOrEqual(tail.offset);
          expect(tail.offsetInProgress).toBeLessThanOrEqual(tail.end);
          expect(tail.slice(tail.offset, tail.end)).toEqual(model);
        });
      }),
      { numRuns: 50 },
    );
  });

  it('lets go of what is durable at once', () => {
    const tail = new UnstableTail(1);
    tail.append([entry(1, 1), entry(2, 1), entry(3, 1)], 0);
    tail.stableTo(2, 1);
    expect(tail.term(2)).toBe(-1);
    expect(tail.term(3)).toBe(1);
    expect(() => tail.slice(2, 4)).toThrow(/\[2, 4\) of a tail \[3, 4\)/);
  });
});

describe('configurations', () => {
  it('no change makes an illegal one, and each is legal to change again', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(2), changes, fc.boolean()), { maxLength: 12 }), (steps) => {
        let confState = { ...EMPTY_CONF_STATE };
        for (const [how, list, auto] of steps) {
          const outcome =
            how === 0
              ? simpleChange(confState, list)
              : how === 1
                ? enterJoint(confState, list, auto)
                : leaveJoint(confState);
          if (!outcome.ok) continue;
          const { learners, learnersNext, voters, votersOutgoing } = outcome.confState;
          expect(voters.length).toBeGreaterThan(0);
          for (const id of learners) expect([...voters, ...votersOutgoing]).not.toContain(id);
          for (const id of learnersNext) {
            expect(votersOutgoing).toContain(id);
            expect(voters).not.toContain(id);
          }
          for (const id of outcome.fresh) expect(memberIds(outcome.confState)).toContain(id);
          confState = outcome.confState;
        }
      }),
    );
  });

  it('a simple change moves one voter at most', () => {
    fc.assert(
      fc.property(changes, (list) => {
        const from = { ...EMPTY_CONF_STATE, voters: [1, 2, 3], learners: [4] };
        const outcome = simpleChange(from, list);
        if (!outcome.ok) return;
        const moved = [1, 2, 3, 4, 5, 6].filter(
          (id) => from.voters.includes(id) !== outcome.confState.voters.includes(id),
        );
        expect(moved.length).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('a member that leaves and comes back within one change begins anew', () => {
    const from = { ...EMPTY_CONF_STATE, voters: [1, 2] };
    const outcome = simpleChange(from, [
      { type: 1, nodeId: 2 },
      { type: 0, nodeId: 2 },
    ]);
    expect(outcome).toEqual({ ok: true, confState: from, fresh: [2] });
  });

  it('several changes go through a joint configuration', () => {
    const outcome = nextConfState(
      { ...EMPTY_CONF_STATE, voters: [1] },
      confChange([
        { type: 0, nodeId: 2 },
        { type: 0, nodeId: 3 },
      ]),
    );
    expect(outcome).toMatchObject({ confState: { voters: [1, 2, 3], votersOutgoing: [1], autoLeave: true } });
  });
});

describe('config changes as bytes', () => {
  it('come back as they were', () => {
    const any = fc.record({
      transition: fc.constantFrom(0 as const, 1 as const, 2 as const),
      changes,
      context: fc.uint8Array({ maxLength: 40 }),
    });
    fc.assert(
      fc.property(any, (change) => {
        expect(parseConfChange(encodeConfChange(change, 'v2'))).toEqual(change);
      }),
    );
  });

  it('nothing that is cut, or of another version, is taken for one', () => {
    const data = encodeConfChange(confChange([{ type: 0, nodeId: 5 }]), 'v1');
    for (let length = 1; length < data.length; length++) expect(parseConfChange(data.slice(0, length))).toBeNull();
    expect(parseConfChange(Uint8Array.of(2, ...data.slice(1)))).toBeNull();
    expect(() => encodeConfChange(confChange([]), 'v1')).toThrow(/0 changes do not fit/);
  });
});
