/** A cluster of which every machine is another one in the end. */
import { setTimeout } from 'node:timers/promises';
import { Client } from '@understudy/client';
import { LadderService } from '@understudy/protocol';
import { TestCluster } from '@understudy/testbed';
import { afterEach, describe, expect, it } from 'vitest';
import { ladderStatus, namesIn, voted } from './ladder-status.js';
import { expectNothingLost, WriteLoad } from './write-load.js';

const { methods } = LadderService;
const LOOK_MS = 20;

let cluster: TestCluster;
let client: Client;

afterEach(async () => {
  await client.close();
  await cluster.stop();
});

/**
 * How many voters more than a quorum run, again and again; keeps the lowest, and what the cluster looked like then. Who
 * runs is what the processes say: a leader that has just been elected has not heard of everybody yet. They are looked at
 * first: once the answer is here, a voter of it may have been replaced, and have ended.
 */
class SlackWatch {
  least = Number.POSITIVE_INFINITY;
  at = '';
  looks = 0;
  readonly #client: Client;
  readonly #done: Promise<void>;
  #going = true;

  constructor(watched: Client) {
    this.#client = watched;
    this.#done = this.#watch();
  }

  async stop(): Promise<void> {
    this.#going = false;
    await this.#done;
  }

  async #watch(): Promise<void> {
    while (this.#going) {
      const running = new Set(cluster.members.filter(({ process }) => process.running).map(({ name }) => name));
      const { quorum, members, term } = await ladderStatus(this.#client);
      const voters = members.filter(({ role }) => role === 'voter').map(({ name }) => name);
      const slack = voters.filter((name) => running.has(name)).length - quorum;
      this.looks += 1;
      // Each look is a plan of the leader: more of them would be the load.
      await setTimeout(LOOK_MS);
      if (slack >= this.least) continue;
      this.least = slack;
      const told = voters.map((name) => `${name}${running.has(name) ? '' : ', gone'}`);
      this.at = `term ${term}: ${told.join('; ')}`;
    }
  }
}

describe('every voter of five', { timeout: 600_000 }, () => {
  it('is replaced by another machine, under load, and no client request fails', async () => {
    cluster = await TestCluster.start({ voters: 5, flags: ['--on-removal=exit'] });
    client = new Client({ endpoints: cluster.endpoints }, { timeoutMs: 30_000, syncIntervalMs: 500 });
    const load = new WriteLoad(client, 16);
    await load.more(500);
    const first = [...cluster.members];
    await voted(
      client,
      first.map(({ name }) => name),
    );
    const { slack } = await ladderStatus(client);
    const watch = new SlackWatch(client);
    for (const [at, old] of first.entries()) {
      const { members } = await ladderStatus(client);
      const id = members.find(({ name }) => name === old.name)?.id ?? 0;
      const fresh = await cluster.prepareMember(`m${at + 1}`);
      await client.call(methods.memberReplace, { id, peerUrls: [fresh.peerUrl], zone: '' });
      fresh.process.start();
      const wanted = [
        ...first.slice(at + 1).map(({ name }) => name),
        ...first.slice(0, at + 1).map((_, i) => `m${i + 1}`),
      ];
      await voted(client, wanted, 90_000);
      expect(await old.process.exited()).toMatchObject({ code: 0 });
      await load.more(100);
    }
    await watch.stop();
    await load.stop();
    console.log(`${load.acknowledged.size} writes; slack ${slack}, at least ${watch.least} in ${watch.looks} looks`);
    expect([...load.failures]).toEqual([]);
    expect({ least: watch.least, at: watch.least < slack ? watch.at : '' }).toEqual({ least: slack, at: '' });
    expect(await namesIn(client, 'voter')).toEqual(['m1', 'm2', 'm3', 'm4', 'm5']);
    const fresh = new Client({ endpoints: [cluster.member('m5').clientUrl] });
    await expectNothingLost(fresh, load);
    await fresh.close();
  });
});
