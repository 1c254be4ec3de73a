import { EMPTY_CONF_STATE } from '@understudy/raft-core';
import { describe, expect, it } from 'vitest';
import { judgeLogAndState } from '../src/recovery/log-and-state.js';

const log = (first: number, last: number, more = {}) => ({
  ...{ firstIndex: () => first, lastIndex: () => last, pendingInstall: null, recovering: null },
  ...more,
});
const state = (index: number) => ({ index, term: 1, confState: EMPTY_CONF_STATE });
const recovering = { reason: '', highWaterIndex: 40, highWaterTerm: 1, voteProven: true };
const pendingInstall = { ...state(90), hash: 'ab' };

describe('a log and a state', () => {
  it.each([
    ['a new member', log(1, 0), 0, 'agree'],
    ['a state that the log goes on from', log(21, 30), 20, 'agree'],
    ['a state at the end of the log', log(21, 30), 30, 'agree'],
    ['a state that ends before the log begins', log(21, 30), 19, 'state-behind'],
    ['no state, and a log that begins later', log(21, 30), 0, 'state-behind'],
    ['a state ahead of the log', log(21, 30), 31, 'log-behind'],
    ['a state ahead of a log that recovers', log(21, 30, { recovering }), 31, 'agree'],
    ['a state ahead of the log, in the midst of an install', log(21, 30, { pendingInstall }), 90, 'agree'],
  ])('%s', (_what, ends, index, kind) => {
    expect(judgeLogAndState(ends, state(index))).toMatchObject({ kind });
  });
});
