import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { askCluster, type ClusterReport } from '../src/bootstrap/discovery.js';
import { bootstrapClusterId, bootstrapMemberId, formatId } from '../src/bootstrap/member-id.js';
import {
  type MemberPlan,
  planRestart,
  planStart,
  type StandbyPlan,
  type StoredIdentity,
} from '../src/bootstrap/start-plan.js';
import { type Config, resolveConfig } from '../src/config/config.js';
import { parseCommandLine } from '../src/config/command-line.js';
import type { MemberView } from '../src/state/member-view.js';

const URLS = { n1: 'http://a:1', n2: 'http://b:1', n3: 'http://c:1' };
const INITIAL = Object.entries(URLS).map(([name, url]) => `${name}=${url}`);
const TOKEN = 'understudy-cluster';
const IDS = Object.values(URLS).map((url) => bootstrapMemberId([url], TOKEN));
const CLUSTER = bootstrapClusterId(IDS, TOKEN);

function configOf(...flags: string[]): Config {
  const usual = ['--name=n1', `--listen-peer-urls=${URLS.n1}`, `--initial-cluster=${INITIAL.join(',')}`];
  const parsed = parseCommandLine([...usual, ...flags], {}, '0.0.0');
  if (parsed.kind !== 'run') throw new Error('not a run');
  return resolveConfig(parsed.flags, false);
}

const EXISTING = '--initial-cluster-state=existing';

function view(id: number, url: string, directoryId = ''): MemberView {
  return {
    id: formatId(id),
    name: '',
    peerUrls: [url],
    clientUrls: [],
    isLearner: false,
    directoryId,
    registration: '',
  };
}

const report = (members: MemberView[], clusterId = CLUSTER): ClusterReport => ({
  clusterId: formatId(clusterId),
  members,
  leaderId: '',
  appliedIndex: 1,
});
const WHOLE = [view(IDS[0] as number, URLS.n1), view(IDS[1] as number, URLS.n2, 'd2')];

/** Plans with the answers of one attempt after the other; the last one repeats. */
async function plan(
  config: Config,
  stored: StoredIdentity | null,
  ...answers: ClusterReport[][]
): Promise<MemberPlan & { pauses: number }> {
  let asked = 0;
  let pauses = 0;
  const deps = {
    ask: async (urls: readonly string[]) => {
      expect(urls).not.toContain(config.advertisePeerUrls[0]);
      asked += 1;
      return answers[Math.min(asked, answers.length) - 1] ?? [];
    },
    onWait: () => undefined,
    pause: async () => {
      pauses += 1;
    },
  };
  const planned = stored === null ? await planStart(deps, config, null) : await planRestart(deps, config, stored);
  if (planned.kind === 'standby') throw new Error('it is to stand by');
  return { ...planned, pauses };
}

/** Of a start without a log that is expected to stand by. */
async function planStandby(
  config: Config,
  reports: ClusterReport[],
  info: Parameters<typeof planStart>[2] = null,
): Promise<StandbyPlan> {
  const never = (): never => {
    throw new Error('it waits');
  };
  const planned = await planStart({ ask: async () => reports, onWait: never, pause: never }, config, info);
  if (planned.kind !== 'standby') throw new Error(`it is a ${planned.kind}`);
  return planned;
}

describe('a start without data, of a new cluster', () => {
  it('makes the same members and ids on each of them', async () => {
    const first = await plan(configOf(), null);
    const second = await plan(configOf('--name=n2', `--listen-peer-urls=${URLS.n2}`), null);
    expect(first).toMatchObject({ kind: 'bootstrap', clusterId: CLUSTER, memberId: IDS[0] });
    expect(second.bootstrap).toEqual(first.bootstrap);
    expect(second.memberId).toBe(IDS[1]);
    expect(new Set(first.bootstrap.map(({ id }) => id))).toEqual(new Set(IDS));
  });

  it('goes on where the others have begun already, and know it', async () => {
    expect(await plan(configOf(), null, [report(WHOLE)])).toMatchObject({ kind: 'bootstrap', memberId: IDS[0] });
  });

  it('is refused where any of the others is of another cluster', async () => {
    const answers = [report(WHOLE), report(WHOLE, 77)];
    await expect(plan(configOf(), null, answers)).rejects.toThrow(
      /cluster 0+4d already.*initial-cluster-state=existing/,
    );
  });

  it('is refused where it has run before with another data directory', async () => {
    const answers = [report([view(IDS[0] as number, URLS.n1, 'lost')])];
    await expect(plan(configOf(), null, answers)).rejects.toThrow(/another data directory.*add it again/);
  });

  it('stands by where it was removed, or is refused as etcd does', async () => {
    const removed = report(WHOLE.slice(1));
    expect(await planStandby(configOf(), [removed])).toEqual({ kind: 'standby', cluster: removed });
    const exit = configOf('--on-removal=exit');
    await expect(plan(exit, null, [removed])).rejects.toThrow(/was removed from the cluster/);
  });

  it('another token is another cluster of other members', async () => {
    const other = await plan(configOf('--initial-cluster-token=other'), null);
    expect(other.clusterId).not.toBe(CLUSTER);
    expect(IDS).not.toContain(other.memberId);
  });
});

describe('a start without data, of a member that joins', () => {
  const joined = report([...WHOLE.slice(1), view(4, URLS.n1)]);

  it('is who the cluster says it is, and knows where the others are', async () => {
    expect(await plan(configOf(EXISTING), null, [joined])).toMatchObject({
      kind: 'join',
      memberId: 4,
      clusterId: CLUSTER,
      bootstrap: [],
      contacts: [
        { id: IDS[1], peerUrls: [URLS.n2] },
        { id: 4, peerUrls: [URLS.n1] },
      ],
    });
  });

  it('believes whoever knows it, where another is behind', async () => {
    expect(await plan(configOf(EXISTING), null, [report(WHOLE.slice(1)), joined])).toMatchObject({ memberId: 4 });
    const later = await plan(configOf(EXISTING), null, [report(WHOLE.slice(1))], [joined]);
    expect(later).toMatchObject({ memberId: 4, pauses: 1 });
  });

  it('waits for somebody to answer, and gives up in the end', async () => {
    expect(await plan(configOf(EXISTING), null, [], [], [joined])).toMatchObject({ memberId: 4, pauses: 2 });
    await expect(plan(configOf(EXISTING), null, [])).rejects.toThrow(/none of http:\/\/b:1, http:\/\/c:1 answers/);
  });

  it('says how to announce it, where nobody has', async () => {
    await expect(plan(configOf(EXISTING), null, [report(WHOLE.slice(1))])).rejects.toThrow(
      /no member with peer URLs http:\/\/a:1; run "member add n1 --peer-urls=http:\/\/a:1" first/,
    );
  });

  it('is refused where its directory was lost, or where two clusters answer', async () => {
    const wiped = report([view(4, URLS.n1, 'lost')]);
    await expect(plan(configOf(EXISTING), null, [wiped])).rejects.toThrow(/another data directory/);
    await expect(plan(configOf(EXISTING), null, [joined, report([], 77)])).rejects.toThrow(/two clusters/);
  });
});

/** `n1` by --join, with the flags of one that was never named in an --initial-cluster. */
function joining(...flags: string[]): Config {
  const usual = ['--name=n1', `--listen-peer-urls=${URLS.n1}`, ...flags];
  const parsed = parseCommandLine(usual, {}, '0.0.0');
  if (parsed.kind !== 'run') throw new Error('not a run');
  return resolveConfig(parsed.flags, false);
}

describe('a start without data, by --join', () => {
  const join = `--join=${URLS.n2},${URLS.n3}`;
  const all = `--join=${Object.values(URLS).join(',')}`;

  it('stands by for a cluster that does not have it, or that does not answer yet', async () => {
    const cluster = report(WHOLE.slice(1));
    expect(await planStandby(joining(join), [cluster])).toEqual({ kind: 'standby', cluster });
    expect(await planStandby(joining(join), [])).toEqual({ kind: 'standby', cluster: null });
  });

  it('is the member that it was announced as, and no other that was there before with its URLs', async () => {
    const announced = report([...WHOLE.slice(1), view(4, URLS.n1)]);
    expect(await plan(joining(join), null, [announced])).toMatchObject({ kind: 'join', memberId: 4 });
    const lost = report([...WHOLE.slice(1), view(4, URLS.n1, 'lost')]);
    expect(await planStandby(joining(join), [lost])).toMatchObject({ kind: 'standby' });
  });

  it('makes the first of the list the voters of a new cluster, alike on each of them, and the rest standbys', async () => {
    const flags = ['--bootstrap-expect=2', all];
    const first = await plan(joining(...flags), null, []);
    const second = await plan(joining(...flags, '--name=n2', `--listen-peer-urls=${URLS.n2}`), null, []);
    expect(first.bootstrap.map(({ peerUrls }) => peerUrls)).toHaveLength(2);
    expect(second).toMatchObject({ clusterId: first.clusterId, bootstrap: first.bootstrap });
    expect(new Set([first.memberId, second.memberId])).toEqual(new Set(IDS.slice(0, 2)));
    const third = joining(...flags, '--name=n3', `--listen-peer-urls=${URLS.n3}`);
    expect(await planStandby(third, [])).toEqual({ kind: 'standby', cluster: null });
  });

  it('goes on with a bootstrap that the others have begun, and makes none where there is another cluster', async () => {
    const flags = ['--bootstrap-expect=3', all];
    expect(await plan(joining(...flags), null, [report(WHOLE)])).toMatchObject({
      kind: 'bootstrap',
      clusterId: CLUSTER,
    });
    expect(await planStandby(joining(...flags), [report(WHOLE.slice(1), 77)])).toMatchObject({ kind: 'standby' });
    expect(await planStandby(joining(...flags), [report(WHOLE.slice(1))])).toMatchObject({ kind: 'standby' });
  });

  it('is refused where two clusters answer', async () => {
    await expect(plan(joining(join), null, [report(WHOLE), report([], 77)])).rejects.toThrow(/--join.*two clusters/);
  });
});

describe('a start without a log, of a machine that stood by', () => {
  const info = { registration: '00000000000000aa', cluster: report(WHOLE) };

  it('stands by again and bootstraps nothing, whatever the flags say and whoever answers', async () => {
    expect(await planStandby(configOf(), [], info)).toEqual({ kind: 'standby', cluster: info.cluster });
    expect(await planStandby(configOf(), [], { ...info, cluster: null })).toEqual({ kind: 'standby', cluster: null });
  });
});

describe('a start with data', () => {
  const stored = { memberId: 4, clusterId: CLUSTER, formerClusterId: 0 };

  it('is who it was, whatever the flags say of its members', async () => {
    for (const flags of [[], [EXISTING]]) {
      expect(await plan(configOf(...flags), stored)).toMatchObject({
        kind: 'restart',
        memberId: 4,
        clusterId: CLUSTER,
        bootstrap: [],
      });
    }
  });

  it('is refused where any of the others is of another cluster', async () => {
    const answers = [report(WHOLE), report(WHOLE, 77)];
    await expect(plan(configOf(), stored, answers)).rejects.toThrow(/belongs to cluster .* are cluster 0+4d/);
  });

  it('takes the members of the cluster that it was taken out of by force for strangers, and starts', async () => {
    const forced = { ...stored, clusterId: 78, formerClusterId: 77 };
    expect(await plan(configOf(), forced, [report(WHOLE, 77)])).toMatchObject({
      kind: 'restart',
      clusterId: 78,
      contacts: [],
    });
    await expect(plan(configOf(), forced, [report(WHOLE, 79)])).rejects.toThrow(/belongs to cluster/);
    const token = '--initial-cluster-token=other';
    await expect(plan(configOf(token), forced)).rejects.toThrow(/describe cluster/);
  });

  it('is refused where the token that was given describes another cluster', async () => {
    const flag = '--initial-cluster-token=other';
    await expect(plan(configOf(flag), stored)).rejects.toThrow(/describe cluster/);
    expect(await plan(configOf(flag, EXISTING), stored)).toMatchObject({ kind: 'restart' });
    expect(await plan(configOf(flag), stored, [report(WHOLE)])).toMatchObject({ kind: 'restart' });
  });
});

describe('asking the others', () => {
  const servers: Server[] = [];
  afterEach(() => {
    for (const server of servers.splice(0)) {
      server.closeAllConnections();
      server.close();
    }
  });

  async function serve(listener: RequestListener): Promise<string> {
    const server = createServer(listener);
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  it('gathers what each says, in the order asked', async () => {
    const answering = (answer: ClusterReport) =>
      serve(({ url }, response) => response.end(url === '/members' ? JSON.stringify(answer) : ''));
    const [first, second] = [report(WHOLE), report([], 77)];
    expect(await askCluster([await answering(first), await answering(second)])).toEqual([first, second]);
  });

  const useless: readonly [string, RequestListener][] = [
    ['503', (_request, response) => void response.writeHead(503).end(JSON.stringify(report(WHOLE)))],
    ['no JSON', (_request, response) => void response.end('<html>')],
    ['another shape', (_request, response) => void response.end('{"clusterId":"0000000000000001","members":[null]}')],
    [
      'an id that no member has',
      (_request, response) => void response.end('{"clusterId":"ffffffffffffffff","members":[]}'),
    ],
    ['a redirect', (_request, response) => void response.writeHead(302, { location: '/members' }).end()],
    ['nothing at all', () => undefined],
    ['a broken answer', (_request, response) => void response.destroy()],
    [
      'an answer without end',
      (_request, response) => {
        const more = (): void => {
          while (!response.destroyed && response.write('x'.repeat(65_536)));
        };
        response.on('drain', more);
        more();
      },
    ],
  ];
  it.each(useless)('takes %s for no answer', async (_what, listener) => {
    expect(await askCluster([await serve(listener), 'http://127.0.0.1:1'], undefined, 300)).toEqual([]);
  });
});
