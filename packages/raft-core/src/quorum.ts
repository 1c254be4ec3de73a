/**
 * Majorities, and pairs of them. Pure arithmetic on what the voters reported; who they are is the tracker's business.
 * Dissertation, sections 3.3 and 4.3: in a joint configuration both majorities must agree.
 */

export type VoteOutcome = 'pending' | 'lost' | 'won';

/**
 * The highest index that a majority of `count` voters has reached, `values[0..count)` being what each reported and 0
 * where nothing is known. Infinity without voters, so that the other half of a joint configuration decides. Sorts
 * `values` in place: callers give scratch space, and no memory is taken.
 */
export function majorityIndex(values: number[], count: number): number {
  if (count === 0) return Number.POSITIVE_INFINITY;
  for (let i = 1; i < count; i++) {
    const value = values[i] as number;
    let at = i;
    while (at > 0 && (values[at - 1] as number) > value) {
      values[at] = values[at - 1] as number;
      at--;
    }
    values[at] = value;
  }
  return values[count - majoritySize(count)] as number;
}

/** The outcome of a vote among `count` voters so far. Without voters it is won. */
export function majorityVote(count: number, granted: number, rejected: number): VoteOutcome {
  if (count === 0) return 'won';
  const needed = majoritySize(count);
  if (granted >= needed) return 'won';
  return count - rejected >= needed ? 'pending' : 'lost';
}

/** Both halves must win; one lost half loses the whole. */
export function jointVote(incoming: VoteOutcome, outgoing: VoteOutcome): VoteOutcome {
  if (incoming === outgoing) return incoming;
  return incoming === 'lost' || outgoing === 'lost' ? 'lost' : 'pending';
}

export function majoritySize(count: number): number {
  return Math.floor(count / 2) + 1;
}
