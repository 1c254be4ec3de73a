import type { LifeClaim, PeerHello } from '@understudy/transport-ws';
import { describe, expect, it } from 'vitest';
import type { ClusterReport } from '../src/bootstrap/discovery.js';
import { formatId } from '../src/bootstrap/member-id.js';
import { type Acknowledged, whatIsForgotten, whatReportsRemember } from '../src/recovery/judge-life.js';
import { LifeWitness } from '../src/recovery/life-witness.js';
import type { PublishedLife } from '../src/state/member-record.js';
import type { Logger } from '../src/telemetry/logger.js';

type Claim = LifeClaim & { readonly bootCount: number };

const warnings: object[] = [];
const logger = { warn: (fields: object) => void warnings.push(fields) } as Pick<Logger, 'warn'>;

const OPENED: Claim = {
  bootCount: 5,
  lifeId: 50,
  openedTerm: 7,
  openedIndex: 100,
  recovering: false,
  voteLost: false,
};

function forgotten(claim: Partial<Claim>, life: PublishedLife | null, acknowledged: Acknowledged | null = null) {
  return whatIsForgotten({ ...OPENED, ...claim }, { life, acknowledged });
}

describe('by the count of runs, a member has forgotten something', () => {
  it.each([
    ['nothing where nobody has seen it', null, false],
    ['nothing where it was seen in the run before', { bootCount: 4, lifeId: 40 }, false],
    ['nothing where it was seen in this run', { bootCount: 5, lifeId: 50 }, false],
    ['something where another run had the same count', { bootCount: 5, lifeId: 51 }, true],
    ['something where a run had a higher count', { bootCount: 6, lifeId: 60 }, true],
    ['nothing that can be told where a version does not name its runs', { bootCount: 5, lifeId: 0 }, false],
  ] as const)('%s', (_, life, expected) => {
    expect(forgotten({}, life) !== null).toBe(expected);
  });

  it('and nothing more once it votes no more', () => {
    expect(forgotten({ voteLost: true }, { bootCount: 9, lifeId: 90 })).toBeNull();
  });
});

describe('by what it acknowledged to the leader, a member has forgotten something', () => {
  it.each([
    ['nothing where its log opened with it', {}, { term: 7, match: 100, commit: 90 }, false],
    ['something where its log opened with less', {}, { term: 7, match: 101, commit: 90 }, true],
    ['something where its log opened in a lower term', {}, { term: 8, match: 3, commit: 90 }, true],
    [
      'nothing where a later leader may have cut off what was not committed',
      {},
      { term: 6, match: 120, commit: 100 },
      false,
    ],
    ['something where what was committed is not there', {}, { term: 6, match: 120, commit: 101 }, true],
    [
      'nothing that it does not know, where it recovers',
      { recovering: true },
      { term: 7, match: 101, commit: 101 },
      false,
    ],
    [
      'its term too, where it recovers without knowing that',
      { recovering: true },
      { term: 8, match: 1, commit: 1 },
      true,
    ],
  ] as const)('%s', (_, claim, acknowledged, expected) => {
    expect(forgotten(claim, null, acknowledged) !== null).toBe(expected);
  });
});

function hello(claim: Partial<Claim>, directoryId = 'd'): PeerHello {
  const { bootCount, ...life } = { ...OPENED, ...claim };
  return { memberId: 2, directoryId, bootCount, life, stream: 'control', protocol: 1, dialledBy: 'peer' };
}

describe('a witness', () => {
  const witness = (acknowledged: Acknowledged | null = null, published: PublishedLife | null = null) =>
    new LifeWitness({ acknowledged: () => acknowledged, published: () => published, logger });

  it('does not hold against a run what that run acknowledged itself', () => {
    const leader = witness({ term: 7, match: 300, commit: 300 });
    leader.greeted(hello({}));
    expect(leader.judge(hello({}))).toBeNull();
    expect(leader.judge(hello({ bootCount: 6, lifeId: 60 }))).toMatch(/up to index 300.*opened with 100/);
    expect(leader.judge(hello({ bootCount: 6, lifeId: 60, openedIndex: 300 }))).toBeNull();
  });

  it('remembers what was acknowledged to it as long as the run that did so, though it leads no more', () => {
    let acknowledged: Acknowledged | null = { term: 7, match: 300, commit: 250 };
    const peer = new LifeWitness({ acknowledged: () => acknowledged, published: () => null, logger });
    peer.greeted(hello({}));
    peer.parted(hello({}));
    acknowledged = null;
    peer.parted(hello({}));
    expect(peer.judge(hello({}))).toBeNull();
    expect(peer.judge(hello({ bootCount: 6, lifeId: 60, openedIndex: 299 }))).toMatch(/up to index 300/);
    expect(peer.judge(hello({ bootCount: 6, lifeId: 60, openedTerm: 8, openedIndex: 250 }))).toBeNull();
    expect(peer.judge(hello({ bootCount: 6, lifeId: 60, openedTerm: 8, openedIndex: 249 }))).toMatch(/up to index 250/);
    peer.greeted(hello({ bootCount: 6, lifeId: 60, openedIndex: 300 }));
    expect(peer.judge(hello({ bootCount: 7, lifeId: 70, openedIndex: 260, openedTerm: 9 }))).toBeNull();
  });

  it('remembers the highest run that it met, also after a lower one was let in', () => {
    const peer = witness();
    peer.greeted(hello({ bootCount: 9, lifeId: 90 }));
    peer.greeted(hello({ bootCount: 5, voteLost: true }));
    expect(peer.judge(hello({ bootCount: 8, lifeId: 80 }))).toMatch(/8 times.*the 9th/);
  });

  it('knows nothing against another directory', () => {
    const peer = witness();
    peer.greeted(hello({ bootCount: 9, lifeId: 90 }));
    expect(peer.judge(hello({ bootCount: 1, lifeId: 1 }, 'new'))).toBeNull();
  });

  it('has not seen a run that was refused', () => {
    const peer = witness(null, { bootCount: 5, lifeId: 50 });
    expect(peer.judge(hello({ bootCount: 6, lifeId: 61 }))).toBeNull();
    expect(peer.judge(hello({}))).toBeNull();
  });

  it('says whom it does not admit, and why', () => {
    warnings.length = 0;
    const peer = witness(null, { bootCount: 6, lifeId: 60 });
    expect([peer.admits(hello({ bootCount: 7, lifeId: 70 })), peer.admits(hello({}))]).toEqual([true, false]);
    expect(warnings).toEqual([{ member: formatId(2), forgotten: expect.stringContaining('the 6th') }]);
  });

  it('goes by what was published where it has met nobody', () => {
    expect(witness(null, { bootCount: 6, lifeId: 60 }).judge(hello({}))).toMatch(/the 6th/);
  });
});

describe('before it starts, a member hears', () => {
  const identity = { memberId: 2, clusterId: 1, directoryId: 'd', bootCount: 5 };
  const report = (life: PublishedLife | null, directoryId = 'd', clusterId = 1): ClusterReport => ({
    clusterId: formatId(clusterId),
    members: [
      {
        id: formatId(2),
        name: 'n2',
        peerUrls: [],
        clientUrls: [],
        isLearner: false,
        directoryId,
        registration: '',
        life,
      },
    ],
    leaderId: '',
    appliedIndex: 0,
  });

  it('that a run with its count or a higher one was there, from any of the others', () => {
    expect(whatReportsRemember(identity, [report(null), report({ bootCount: 5, lifeId: 1 })])).toMatch(/5 times/);
    expect(whatReportsRemember(identity, [report({ bootCount: 4, lifeId: 1 })])).toBeNull();
    expect(whatReportsRemember(identity, [])).toBeNull();
  });

  it('nothing of use about another directory, or from another cluster', () => {
    expect(whatReportsRemember(identity, [report({ bootCount: 9, lifeId: 1 }, 'other')])).toBeNull();
    expect(whatReportsRemember(identity, [report({ bootCount: 9, lifeId: 1 }, 'd', 7)])).toBeNull();
  });
});
