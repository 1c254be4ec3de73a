// 100 power cuts under load: real servers on a loop-mounted disk, stopped, their disk copied, and started from the copy.
// How truthful such a cut is stands in image-disk.ts.
import { tmpdir } from 'node:os';
import { Client } from '@understudy/client';
import { TestCluster } from '@understudy/testbed';
import { afterEach, describe, expect, it } from 'vitest';
import { ImageDisk, whyNoImages } from './image-disk.js';
import { expectNothingLost, WriteLoad } from './write-load.js';

const IMAGE_MIB = 192;
const IN_FLIGHT = 8;
const WRITES_BETWEEN_CUTS = 40;
const READY_MS = 60_000;

const obstacle = await whyNoImages(tmpdir());
if (obstacle !== null)
  console.warn(`\n!!! POWER CUTS ARE NOT TESTED: this machine cannot mount an image: ${obstacle}\n`);

let cluster: TestCluster | null = null;
let disk: ImageDisk | null = null;
afterEach(async () => {
  for (const member of cluster?.members ?? []) if (member.process.running) await member.process.end('SIGKILL');
  await disk?.remove();
  await cluster?.stop();
});

async function ready(): Promise<void> {
  const members = cluster?.members ?? [];
  await Promise.all(members.map(({ process, clientUrl }) => process.answers(`${clientUrl}/health`, READY_MS)));
}

async function cutPower(): Promise<void> {
  const members = cluster?.members ?? [];
  for (const { process } of members) process.signal('SIGSTOP');
  await disk?.copy();
  await Promise.all(members.map(({ process }) => process.end('SIGKILL')));
  await disk?.goOnFromCopy();
  for (const { process } of members) process.start();
  await ready();
}

describe.skipIf(obstacle !== null)(`power cuts${obstacle === null ? '' : ` (NOT TESTED: ${obstacle})`}`, () => {
  it.each([
    [1, 60],
    [3, 40],
  ])(
    'of %i members at once, %i times: no acknowledged write is lost, and nothing is taken for damage',
    async (voters, cuts) => {
      cluster = await TestCluster.prepare({
        voters,
        flags: ['--snapshot-count=500', '--snapshot-catchup-entries=100'],
      });
      disk = await ImageDisk.make(`${cluster.directory}.image`, cluster.directory, IMAGE_MIB);
      for (const { process } of cluster.members) process.start();
      await ready();
      const acknowledged: WriteLoad['acknowledged'] = new Map();
      let firstKey = 0;
      let lastCut = 0;
      for (let cut = 1; cut <= cuts; cut += 1) {
        const client = new Client({ endpoints: cluster.endpoints });
        const load = new WriteLoad(client, IN_FLIGHT, 300, firstKey);
        await load.more(WRITES_BETWEEN_CUTS);
        await cutPower();
        await load.stop();
        firstKey = load.nextKey;
        // Whatever a stopped process had answered, it had answered before the copy was made; what was answered after the
        // restart is of the copy.
        for (const [key, write] of load.acknowledged) acknowledged.set(key, write);
        await expectNothingLost(client, { acknowledged }, `after cut ${cut}`);
        await client.close();
        lastCut = cut;
      }
      for (const { process } of cluster.members) expect(process.output).not.toMatch(/damaged|recovers|refetch/);
      expect(lastCut).toBe(cuts);
      expect(acknowledged.size).toBeGreaterThanOrEqual(cuts * WRITES_BETWEEN_CUTS);
      console.log(`${cuts} power cuts of ${voters} member(s): ${acknowledged.size} acknowledged writes, none lost`);
    },
    900_000,
  );
});
