import { describe, expect, it } from 'vitest';
import { pickTransferTarget } from '../src/index.js';
import { learner, view, voter } from './views.js';

describe('transfer target', () => {
  it('is the voter with most of the log, and the lowest id among equals', () => {
    const behind = view([voter(1), voter(2, { match: 9_000 }), voter(4, { match: 9_500 }), voter(3, { match: 9_500 })]);
    expect(pickTransferTarget(behind)).toEqual({ ok: true, id: 3 });
  });

  it('is never a learner, a reader, a silent voter, one in a snapshot, or the leader itself', () => {
    const nobody = view([
      voter(1),
      learner(2),
      voter(3, { role: 'reader' }),
      voter(4, { answers: false }),
      voter(5, { replication: 'snapshot' }),
      voter(6, { replication: 'probe' }),
    ]);
    expect(pickTransferTarget(nobody)).toMatchObject({ ok: false });
  });
});
