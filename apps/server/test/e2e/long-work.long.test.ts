/**
 * Work on very many keys at once: nobody may miss a heartbeat for it. What it holds up is read from each member's own
 * figures, over the time of that work alone.
 */
import { Client } from '@understudy/client';
import { TestCluster, type TestMember, timed } from '@understudy/testbed';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { jsonCall } from '../json-call.js';

const KEYS = 500_000;
const OPS_A_TXN = 128;
const TXNS_AT_ONCE = 16;
/**
 * The default of --election-timeout: a member that stands still for less is not missed. On a machine of its own: 100. On a
 * slow one it may stand still for longer, unless it is missed.
 */
const LONGEST_HOLD_MS = 1000;

let cluster: TestCluster;
let client: Client;

beforeAll(async () => {
  cluster = await TestCluster.start();
  client = new Client({ endpoints: cluster.endpoints }, { timeoutMs: 60_000 });
}, 60_000);

afterAll(async () => {
  await client.close();
  await cluster.stop();
});

describe('work on half a million keys', { timeout: 200_000 }, () => {
  it('holds up no heartbeat while they are written and flushed', async () => {
    await undisturbed('write', () => fill());
  });

  it('holds up no heartbeat while they are read in an order of their values', async () => {
    await undisturbed('sorted range', async () => {
      const answer = await post('kv/range', {
        key: text('k/'),
        range_end: text('k0'),
        sort_target: 'VALUE',
        sort_order: 'DESCEND',
        keys_only: true,
        limit: '10',
      });
      expect(answer).toMatchObject({ count: String(KEYS) });
    });
  });

  it('holds up no heartbeat while they are hashed', async () => {
    await undisturbed('hash', () => post('maintenance/hash', {}));
    await undisturbed('hashKV', () => post('maintenance/hashkv', {}));
  });

  it('holds up no heartbeat while disk space is given back', async () => {
    await undisturbed('defragment', async () => {
      await Promise.all(cluster.members.map((member) => post('maintenance/defragment', {}, member)));
    });
  });

  it('holds up no heartbeat while they are deleted by one request, on any member', async () => {
    await undisturbed('delete', async () => {
      const answer = await post('kv/deleterange', { key: text('k/'), range_end: text('k0') });
      expect(answer).toMatchObject({ deleted: String(KEYS) });
    });
  });

  it('holds up no heartbeat while what was deleted is flushed and compacted', async () => {
    await undisturbed('compact', async () => {
      const { revision } = await cluster.status(cluster.members[0] as TestMember);
      await post('kv/compaction', { revision: String(revision), physical: true });
    });
  });
});

/** Runs it: no member changes its term, and no event loop stands still for long. */
async function undisturbed(what: string, work: () => Promise<unknown>): Promise<void> {
  const before = await Promise.all(cluster.members.map((member) => cluster.status(member)));
  await Promise.all(cluster.members.map((member) => longestHoldMs(member)));
  const { tookMs, slow } = await timed(work);
  const holds = await Promise.all(cluster.members.map((member) => longestHoldMs(member)));
  const after = await Promise.all(cluster.members.map((member) => cluster.status(member)));
  console.info(`${what}: ${Math.round(tookMs)} ms; longest hold of each member's event loop: ${holds.join(', ')} ms`);
  expect(after.map(({ term, leader }) => ({ term, leader }))).toEqual(
    before.map(({ term, leader }) => ({ term, leader })),
  );
  expect(Math.max(...holds)).toBeLessThan(LONGEST_HOLD_MS * slow);
}

/** Of its event loop, since this was last asked. */
async function longestHoldMs(member: TestMember): Promise<number> {
  const figures = await (await fetch(`${member.clientUrl}/metrics`)).text();
  const found = /^understudy_event_loop_lag_seconds\{quantile="1"\} (\S+)$/m.exec(figures);
  return Math.round(Number(found?.[1]) * 1000);
}

async function fill(): Promise<void> {
  let next = 0;
  const one = async (): Promise<void> => {
    while (next < KEYS) {
      const first = next;
      next += OPS_A_TXN;
      const puts = Array.from({ length: Math.min(OPS_A_TXN, KEYS - first) }, (_, i) => ({
        request_put: { key: text(`k/${String(first + i).padStart(8, '0')}`), value: text(`value ${first + i}`) },
      }));
      await post('kv/txn', { success: puts });
    }
  };
  await Promise.all(Array.from({ length: TXNS_AT_ONCE }, one));
}

function text(of: string): string {
  return Buffer.from(of).toString('base64');
}

async function post(method: string, body: object, member = cluster.members[0] as TestMember): Promise<unknown> {
  const { body: answer } = await jsonCall(member.clientUrl, `/v3/${method}`, body);
  expect(answer).not.toHaveProperty('error');
  return answer;
}
