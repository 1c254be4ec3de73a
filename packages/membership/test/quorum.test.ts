import { describe, expect, it } from 'vitest';
import { quorumSize, slack } from '../src/index.js';
import { learner, view, voter } from './views.js';

describe('quorum', () => {
  it('is the smallest majority', () => {
    expect([1, 2, 3, 4, 5, 6, 7, 8, 9].map(quorumSize)).toEqual([1, 2, 2, 3, 3, 4, 4, 5, 5]);
  });
});

describe('slack', () => {
  it('counts the voters that answer beyond the quorum', () => {
    expect(slack(view([voter(1), voter(2), voter(3)]))).toBe(1);
    expect(slack(view([voter(1), voter(2), voter(3, { answers: false })]))).toBe(0);
    expect(slack(view([voter(1), voter(2, { answers: false }), voter(3, { answers: false })]))).toBe(-1);
  });

  it('does not count learners and readers', () => {
    expect(slack(view([voter(1), learner(2), learner(3), voter(4, { role: 'reader' })]))).toBe(0);
  });

  it('is the lesser of both configurations while they are joint', () => {
    const members = [voter(1), voter(2), voter(3), learner(4, { answers: false }), learner(5, { answers: false })];
    expect(slack(view(members, { outgoingVoters: [1, 4, 5] }))).toBe(-1);
    expect(slack(view(members, { outgoingVoters: [1] }))).toBe(0);
  });
});
