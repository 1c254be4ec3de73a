import { describe, expect, it } from 'vitest';
import {
  type AddRequest,
  type CheckResult,
  type ClusterView,
  checkAddMember,
  checkPromote,
  checkRemoveMember,
  checkUpdate,
} from '../src/index.js';
import { LAST_INDEX, learner, policy, view, voter } from './views.js';

const LAX = { strict: false };
const THREE = view([voter(1), voter(2), voter(3)]);

const reasonOf = (result: CheckResult): string => (result.ok ? 'ok' : result.reason);

function add(cluster: ClusterView, request: Partial<AddRequest> = {}, options = { strict: true }): string {
  const full: AddRequest = { id: 9, role: 'learner', peerUrls: ['http://10.0.0.9:2380'], ...request };
  return reasonOf(checkAddMember(cluster, full, policy(), options));
}

describe('adding a member', () => {
  it('is allowed for a learner while voters are down', () => {
    expect(add(view([voter(1), voter(2, { answers: false }), voter(3, { answers: false })]))).toBe('ok');
  });

  it('is refused for a peer URL that another member has', () => {
    expect(add(THREE, { peerUrls: ['http://10.0.0.2:2380'] })).toBe('peer-url-exists');
    const result = checkAddMember(THREE, { id: 9, role: 'learner', peerUrls: ['http://10.0.0.2:2380'] }, policy());
    expect(result).toMatchObject({ text: 'http://10.0.0.2:2380 is a peer URL of n2 (0000000000000002)' });
  });

  it('is refused without peer URLs, and with one given twice', () => {
    expect(add(THREE, { peerUrls: [] })).toBe('peer-urls-invalid');
    expect(add(THREE, { peerUrls: ['http://a:1', 'http://a:1'] })).toBe('peer-urls-invalid');
  });

  it('is refused for an id that exists', () => {
    expect(add(THREE, { id: 2 })).toBe('id-exists');
  });

  it('is refused beyond the number of learners and readers, each counted apart', () => {
    const full = view([voter(1), ...[2, 3, 4, 5].map((id) => learner(id))]);
    expect(add(full)).toBe('too-many-learners');
    expect(add(full, { role: 'reader' })).toBe('ok');
    const readers = view([voter(1), ...[2, 3, 4, 5, 6, 7, 8, 10].map((id) => voter(id, { role: 'reader' }))]);
    expect(add(readers, { role: 'reader' })).toBe('too-many-readers');
    expect(add(readers)).toBe('ok');
  });

  it('is refused for a voter when too few voters have started', () => {
    const young = view([voter(1), voter(2, { started: false }), voter(3, { started: false })]);
    expect(add(young, { role: 'voter' })).toBe('not-enough-started');
    expect(add(young, { role: 'voter' }, LAX)).toBe('ok');
  });

  it('is refused for a voter while a voter is silent', () => {
    const hurt = view([voter(1), voter(2), voter(3, { answers: false })]);
    expect(add(hurt, { role: 'voter' })).toBe('unhealthy');
    expect(add(hurt, { role: 'voter' }, LAX)).toBe('ok');
  });

  it('lets one voter grow to two, which no count of started voters could allow', () => {
    expect(add(view([voter(1)]), { role: 'voter' })).toBe('ok');
    expect(add(THREE, { role: 'voter' })).toBe('ok');
  });
});

describe('removing a member', () => {
  const remove = (cluster: ClusterView, id: number, options = { strict: true }): string =>
    reasonOf(checkRemoveMember(cluster, id, options));

  it('is refused for a member that does not exist', () => {
    expect(remove(THREE, 9)).toBe('not-found');
  });

  it('is allowed for a learner, whatever state the voters are in', () => {
    const hurt = view([voter(1), voter(2, { answers: false, started: false }), learner(3)]);
    expect(remove(hurt, 3)).toBe('ok');
  });

  it('is refused for the last voter, strict or not', () => {
    const one = view([voter(1), learner(2)]);
    expect(remove(one, 1)).toBe('last-voter');
    expect(remove(one, 1, LAX)).toBe('last-voter');
  });

  it('is allowed when all of the others answer', () => {
    expect(remove(THREE, 3)).toBe('ok');
  });

  it('is refused when those that are left and answer would be no quorum', () => {
    const hurt = view([voter(1), voter(2), voter(3, { answers: false })]);
    expect(remove(hurt, 2)).toBe('unhealthy');
    expect(remove(hurt, 2, LAX)).toBe('ok');
  });

  it('is allowed for the voter that is down', () => {
    expect(remove(view([voter(1), voter(2), voter(3, { answers: false })]), 3)).toBe('ok');
    expect(remove(view([voter(1), voter(2, { answers: false }), voter(3, { answers: false })]), 3)).toBe('ok');
  });

  it('is refused when those that are left have not started', () => {
    const young = view([voter(1), voter(2, { started: false, answers: false }), voter(3)]);
    expect(remove(young, 3)).toBe('not-enough-started');
    expect(remove(young, 2)).toBe('ok');
  });
});

describe('promoting a learner', () => {
  const promote = (cluster: ClusterView, id: number): CheckResult =>
    checkPromote(cluster, id, policy({ promoteMaxLag: 100 }));

  it('is allowed when it answers, replicates and is close', () => {
    expect(promote(view([voter(1), learner(2, { match: LAST_INDEX - 100 })]), 2)).toEqual({ ok: true });
  });

  it('is refused beyond the lag, with both numbers', () => {
    expect(promote(view([voter(1), learner(2, { match: LAST_INDEX - 101 })]), 2)).toEqual({
      ok: false,
      reason: 'lagging',
      text: 'n2 (0000000000000002) is 101 entries behind (at 9899 of 10000); at most 100 are allowed; it cannot be told yet when it will be ready',
    });
  });

  it('is refused in a snapshot, while probing and while silent', () => {
    const reason = (rest: Parameters<typeof learner>[1]): string =>
      reasonOf(promote(view([voter(1), learner(2, rest)]), 2));
    expect(reason({ replication: 'snapshot' })).toBe('in-snapshot');
    expect(reason({ replication: 'probe' })).toBe('probing');
    expect(reason({ answers: false })).toBe('silent');
  });

  it('is refused for who is no learner', () => {
    expect(reasonOf(promote(THREE, 2))).toBe('not-learner');
    expect(reasonOf(promote(view([voter(1), voter(2, { role: 'reader' })]), 2))).toBe('not-learner');
    expect(reasonOf(promote(THREE, 9))).toBe('not-found');
  });

  it('is refused when too few voters have started', () => {
    const unstarted = { started: false, answers: false };
    const young = view([voter(1), voter(2, unstarted), voter(3, unstarted), learner(4)]);
    expect(reasonOf(promote(young, 4))).toBe('not-enough-started');
    expect(reasonOf(checkPromote(young, 4, policy(), LAX))).toBe('ok');
  });
});

describe('updating a member', () => {
  it('may keep its own URLs and take new ones, and not those of another', () => {
    expect(reasonOf(checkUpdate(THREE, 1, ['http://10.0.0.1:2380', 'http://new:2380']))).toBe('ok');
    expect(reasonOf(checkUpdate(THREE, 1, ['http://10.0.0.3:2380']))).toBe('peer-url-exists');
    expect(reasonOf(checkUpdate(THREE, 1, []))).toBe('peer-urls-invalid');
    expect(reasonOf(checkUpdate(THREE, 9, ['http://new:2380']))).toBe('not-found');
  });
});
