// A log of which next to nothing is kept, under writes that never pause: a member that was away catches up all the same.
import { Client } from '@understudy/client';
import { TestCluster, waitUntil } from '@understudy/testbed';
import { afterEach, expect, it } from 'vitest';
import { expectNothingLost, WriteLoad } from './write-load.js';

const CATCH_UP_MS = 60_000;

let cluster: TestCluster | null = null;
afterEach(() => cluster?.stop());

it('a member that was away catches up after one snapshot, however few entries are kept', async () => {
  cluster = await TestCluster.start({ flags: ['--snapshot-count=300', '--snapshot-catchup-entries=20'] });
  const [away, ...others] = cluster.members as [(typeof cluster.members)[0], ...typeof cluster.members];
  await away.process.end('SIGKILL');
  const client = new Client({ endpoints: others.map(({ clientUrl }) => clientUrl) }, { timeoutMs: 20_000 });
  const load = new WriteLoad(client, 32, 1000);
  await load.more(5000);
  const before = load.acknowledged.size;
  const startedMs = performance.now();
  away.process.start();
  const appliedIndex = async (member: (typeof others)[0]): Promise<number> =>
    (await cluster?.status(member).catch(() => null))?.appliedIndex ?? Number.NEGATIVE_INFINITY;
  const lag = async (): Promise<number> => {
    const there = await appliedIndex(others[0] as (typeof others)[0]);
    return there - (await appliedIndex(away));
  };
  await waitUntil('it has caught up', async () => (await lag()) < 200, CATCH_UP_MS);
  const tookMs = performance.now() - startedMs;
  const written = load.acknowledged.size - before;
  console.log(`caught up in ${(tookMs / 1000).toFixed(1)} s, while ${written} writes were acknowledged`);
  // And goes on doing so.
  await load.more(1000);
  await waitUntil('it keeps up', async () => (await lag()) < 200, CATCH_UP_MS);
  await load.stop();
  const snapshots = away.process.output.match(/took over a snapshot from a peer/g) ?? [];
  expect(snapshots.length).toBeLessThanOrEqual(2);
  await expectNothingLost(client, load);
  await client.close();
}, 180_000);
