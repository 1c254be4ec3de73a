import { describe, expect, it } from 'vitest';
import {
  type CheckResult,
  checkAddMember,
  checkDrain,
  checkPromote,
  checkRemoveMember,
  checkReplace,
  checkReplaceByStandby,
  estimateCatchUpMs,
} from '../src/index.js';
import { LAST_INDEX, learner, NOW_MS, policy, STEADY, standby, view, voter } from './views.js';

const reasonOf = (result: CheckResult): string => (result.ok ? 'ok' : result.reason);
const TRIO = [voter(1), voter(2), voter(3)];
const JOINING = learner(4, { promotion: 'join', started: false, answers: false });

describe('a join learner that is pending', () => {
  it('may be added while voters are down', () => {
    const down = view([voter(1), voter(2, { answers: false })]);
    const request = { id: 9, role: 'join', peerUrls: ['http://10.0.0.9:2380'] } as const;
    expect(reasonOf(checkAddMember(down, request, policy()))).toBe('ok');
    expect(reasonOf(checkAddMember(down, { ...request, role: 'voter' }, policy()))).toBe('unhealthy');
  });

  it('keeps the last healthy voter beside it from being removed, as if it voted already', () => {
    expect(reasonOf(checkRemoveMember(view([voter(1), voter(2)]), 2))).toBe('ok');
    const result = checkRemoveMember(view([voter(1), voter(2), JOINING]), 2);
    expect(result).toMatchObject({
      reason: 'unhealthy',
      text: 'without n2 (0000000000000002), 1 of 2 voters answer, counting those that are joining (n4 (0000000000000004)); the quorum is 2',
    });
    expect(reasonOf(checkRemoveMember(view([...TRIO, JOINING]), 2))).toBe('ok');
    expect(reasonOf(checkRemoveMember(view([...TRIO, JOINING, { ...JOINING, id: 5 }]), 2))).toBe('unhealthy');
    expect(reasonOf(checkRemoveMember(view([voter(1), voter(2), JOINING]), 2, { strict: false }))).toBe('ok');
    expect(reasonOf(checkRemoveMember(view([voter(1), voter(2), learner(4)]), 2))).toBe('ok');
  });
});

describe('promoting', () => {
  it('is refused while the member is recovering', () => {
    expect(reasonOf(checkPromote(view([...TRIO, learner(4, { recovering: true })]), 4, policy()))).toBe('recovering');
  });

  it('is refused during a snapshot, with its progress and an estimate', () => {
    const catchUp = { replication: 'snapshot', sinceMs: NOW_MS - 30_000, lag: 9_000, sentBytes: 0 } as const;
    const snapshot = { sentBytes: 31_457_280, totalBytes: 41_943_040 };
    const sending = learner(4, { replication: 'snapshot', snapshot, track: { ...STEADY, catchUp } });
    expect(checkPromote(view([...TRIO, sending]), 4, policy())).toMatchObject({
      reason: 'in-snapshot',
      text: 'n4 (0000000000000004) is still being sent a snapshot: 30.0 of 40.0 MiB are sent (75%); about 10s more, then the entries since',
    });
    const unknown = { ...sending, snapshot: null };
    expect(checkPromote(view([...TRIO, unknown]), 4, policy())).toMatchObject({
      text: 'n4 (0000000000000004) is still being sent a snapshot: nothing is known of how far it is; it cannot be told yet when it will be ready',
    });
  });

  it('is refused beyond the lag, with an estimate from the pace so far', () => {
    const catchUp = { replication: 'replicate', sinceMs: NOW_MS - 10_000, lag: 8_500, sentBytes: 0 } as const;
    const behind = learner(4, { match: LAST_INDEX - 3_500, track: { ...STEADY, catchUp } });
    const cluster = view([...TRIO, behind]);
    // 5,000 entries in 10 s, and 1,000 are left.
    expect(estimateCatchUpMs(cluster, behind, policy())).toBe(2_000);
    expect(checkPromote(cluster, 4, policy())).toMatchObject({
      text: 'n4 (0000000000000004) is 3500 entries behind (at 6500 of 10000); at most 2500 are allowed; about 2s more',
    });
    const falling = { ...behind, track: { ...STEADY, catchUp: { ...catchUp, lag: 3_000 } } };
    expect(estimateCatchUpMs(cluster, falling, policy())).toBeNull();
  });

  it('is refused for a reader', () => {
    expect(reasonOf(checkPromote(view([...TRIO, voter(4, { role: 'reader' })]), 4, policy()))).toBe('not-learner');
  });
});

describe('replacing and draining', () => {
  const request = { id: 9, peerUrls: ['http://10.0.0.9:2380'], replaces: 2 };

  it('replace asks for a voter that nobody replaces yet, and for what every new learner must have', () => {
    expect(reasonOf(checkReplace(view(TRIO), request, policy()))).toBe('ok');
    expect(reasonOf(checkReplace(view(TRIO), { ...request, replaces: 7 }, policy()))).toBe('not-found');
    expect(reasonOf(checkReplace(view([...TRIO, learner(4)]), { ...request, replaces: 4 }, policy()))).toBe(
      'not-voter',
    );
    const busy = view([...TRIO, learner(4, { replaces: 2 })]);
    expect(reasonOf(checkReplace(busy, request, policy()))).toBe('replacing');
    const taken = { ...request, peerUrls: ['http://10.0.0.1:2380'] };
    expect(reasonOf(checkReplace(view(TRIO), taken, policy()))).toBe('peer-url-exists');
  });

  it('replace without a machine that is named asks for a standby, or a learner that needs no command', () => {
    const check = (...given: Parameters<typeof view>) => checkReplaceByStandby(view(...given), 2, policy());
    expect(check(TRIO)).toMatchObject({
      reason: 'no-standby',
      text: 'n2 (0000000000000002) has nobody to take its place: there is no standby; name the peer URLs of the machine that is to come',
    });
    expect(check(TRIO, { standbys: [standby(9, { standbyOnly: true })] })).toMatchObject({
      text: expect.stringContaining('of 1 standbys none can be taken: 1 standby-only'),
    });
    expect(reasonOf(check(TRIO, { standbys: [standby(9)] }))).toBe('ok');
    expect(reasonOf(check([...TRIO, learner(4, { promotion: 'auto' })]))).toBe('ok');
    expect(reasonOf(check([...TRIO, learner(4, { promotion: 'failover' })]))).toBe('no-standby');
    expect(reasonOf(check([...TRIO, learner(4, { promotion: 'auto', replaces: 1 })]))).toBe('no-standby');
    expect(reasonOf(checkReplaceByStandby(view(TRIO), 7, policy()))).toBe('not-found');
  });

  it('drain is refused for the last voter that is not drained, unless somebody could come', () => {
    const rest = [voter(2, { draining: true }), voter(3, { draining: true })];
    expect(reasonOf(checkDrain(view([voter(1), ...rest]), 1))).toBe('last-voter');
    expect(reasonOf(checkDrain(view([voter(1), ...rest], { standbys: [standby(9)] }), 1))).toBe('ok');
    expect(reasonOf(checkDrain(view([voter(1), ...rest, learner(4)]), 1))).toBe('ok');
    expect(reasonOf(checkDrain(view(TRIO), 1))).toBe('ok');
    expect(reasonOf(checkDrain(view(TRIO), 9))).toBe('not-found');
  });
});
