import { describe, expect, it } from 'vitest';
import { NO_LIMIT, RaftError, type RaftOptions, RawNode, resolveOptions } from '../src/index.js';
import { bootstrappedLog } from '../src/testing/index.js';

const refusal = (options: Partial<RaftOptions>): string => {
  try {
    resolveOptions({ id: 1, ...options });
  } catch (error) {
    expect(error).toBeInstanceOf(RaftError);
    expect((error as RaftError).code).toBe('invalid-option');
    return (error as RaftError).message;
  }
  return 'accepted';
};

describe('options', () => {
  it('have defaults, and everything that changes the protocol is off', () => {
    const resolved = resolveOptions({ id: 3 });
    expect(resolved).toMatchObject({
      electionTicks: 10,
      heartbeatTicks: 1,
      readOnly: 'safe',
      maxInflightBytes: NO_LIMIT,
    });
    expect(Object.values(resolved).filter((value) => value === true)).toEqual([]);
  });

  it.each([
    [{ id: 0 }, 'id is 0'],
    [{ id: Number.MAX_SAFE_INTEGER }, 'id is 9007199254740991'],
    [{ electionTicks: 1 }, 'electionTicks is 1'],
    [{ electionTicks: 3, heartbeatTicks: 3 }, 'electionTicks is 3; it must be greater than heartbeatTicks, 3'],
    [{ maxInflightMessages: 0 }, 'maxInflightMessages is 0'],
    [{ maxAppendBytes: 1.5 }, 'maxAppendBytes is 1.5'],
    [{ maxAppendBytes: 100, maxInflightBytes: 99 }, 'maxInflightBytes is 99; it must be at least maxAppendBytes, 100'],
    [{ readOnly: 'lease-based' }, 'it needs checkQuorum'],
    [
      { readOnly: 'lease-based', checkQuorum: true, preVote: true, crashFailover: true },
      'crashFailover ends leases early',
    ],
    [{ crashFailover: true, checkQuorum: true }, 'it needs preVote and checkQuorum'],
  ] satisfies [Partial<RaftOptions>, string][])('%o is refused by name', (options, text) => {
    expect(refusal(options)).toContain(text);
  });

  it('the smallest sizes are accepted', () => {
    expect(refusal({ maxAppendBytes: 0, maxInflightBytes: 1, maxUncommittedBytes: 1, electionTicks: 2 })).toBe(
      'accepted',
    );
  });

  it('a source of chance that leaves its range is found out', () => {
    const storage = bootstrappedLog(
      { voters: [1], votersOutgoing: [], learners: [], learnersNext: [], autoLeave: false },
      5,
      1,
    );
    expect(() => new RawNode({ storage, random: (max) => max }, { id: 1, electionTicks: 7 })).toThrow(
      /gave 7; .* below 7/,
    );
    expect(() => new RawNode({ storage, random: () => Number.NaN }, { id: 1 })).toThrow(/NaN/);
  });
});
