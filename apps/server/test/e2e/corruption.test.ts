/**
 * A member whose keys are not those of the others, by hand: its state was opened while it was stopped, changed and
 * closed in order, so that no checksum has anything to say.
 */
import { Client } from '@understudy/client';
import { TestCluster, type TestMember, waitUntil } from '@understudy/testbed';
import { PutRequest } from '@understudy/protocol';
import { afterEach, expect, it } from 'vitest';
import { dataDirectoryOf } from '../../src/data-directory.js';
import { ReplicatedState } from '../../src/state/replicated-state.js';
import { StateDirectory } from '../../src/state/state-directory.js';
import { jsonCall } from '../json-call.js';

const EVERY = '--experimental-corrupt-check-time=200ms';

let cluster: TestCluster;
let client: Client;

afterEach(async () => {
  await client.close();
  await cluster.stop();
});

async function begin(...flags: string[]): Promise<{ odd: TestMember; others: TestMember[]; leader: TestMember }> {
  cluster = await TestCluster.start({ flags });
  client = new Client({ endpoints: cluster.endpoints }, { timeoutMs: 20_000 });
  for (let i = 0; i < 10; i++) await client.put(`key/${i}`, String(i));
  const leader = await cluster.leader();
  const odd = cluster.members.find((member) => member !== leader) as TestMember;
  return { odd, others: cluster.members.filter((member) => member !== odd), leader };
}

/** One key more, at a revision that the others give to another key. */
async function tamper({ dataDir }: TestMember): Promise<void> {
  const directory = await StateDirectory.open(dataDirectoryOf(dataDir).state);
  const state = await ReplicatedState.open({ directory, mvccOptions: {} });
  const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
  state.mvcc.put(PutRequest.create({ key: bytes('tampered'), value: bytes('yes') }));
  await new Promise<void>((resolve, reject) => state.flush((error) => (error === null ? resolve() : reject(error))));
  await state.close();
}

async function alarms(): Promise<{ memberID: string; alarm: string }[]> {
  const { body } = await jsonCall(cluster.endpoints[0] as string, '/v3/maintenance/alarm', {});
  return (body as { alarms?: { memberID: string; alarm: string }[] }).alarms ?? [];
}

it('a member that differs is named by the alarm CORRUPT, which stops writes', { timeout: 180_000 }, async () => {
  const { odd } = await begin(EVERY);
  const { id } = await cluster.status(odd);
  await odd.process.stop();
  await tamper(odd);
  odd.process.start();
  const raised = await waitUntil('an alarm', async () => ((await alarms()).length > 0 ? alarms() : null));
  expect(raised).toEqual([{ memberID: id, alarm: 'CORRUPT' }]);
  const message = expect.stringContaining('corrupt cluster');
  const refused = { code: 'DATA_LOSS', message, retryable: false, outcome: 'not-applied' };
  await expect(client.put('key/1', 'more')).rejects.toMatchObject(refused);
  expect((await client.get('key/1')).kv?.text()).toBe('1');
});

it('members that agree raise no alarm, while they are written to and compacted', { timeout: 180_000 }, async () => {
  await begin(EVERY, '--auto-compaction-retention=300ms', '--log-level=debug');
  // Each line has its time; of old ones the output is rid after a while.
  const checks = new Set<string>();
  const look = (): void => {
    const lines = cluster.members.flatMap(({ process }) => process.output.split('\n'));
    for (const line of lines) if (line.includes('no member has other keys')) checks.add(line);
  };
  look();
  const before = checks.size;
  let written = 0;
  await waitUntil('five checks between many writes', async () => {
    await client.put('busy', String(written++));
    look();
    return checks.size >= before + 5 && written > 20;
  });
  expect(await alarms()).toEqual([]);
});

it('a member that differs does not serve where it is to check first', { timeout: 180_000 }, async () => {
  const { odd, others } = await begin();
  await odd.process.stop();
  await tamper(odd);
  for (let i = 0; i < 5; i++) await client.put('meanwhile', String(i));
  odd.process.start(['--experimental-initial-corrupt-check']);
  expect(await odd.process.exited()).toEqual({ code: 1, signal: null });
  expect(odd.process.output).toMatch(/--experimental-initial-corrupt-check: member [0-9a-f]{16} and its peer/);
  // One that agrees with those that answer does.
  const [healthy] = others as [TestMember];
  await healthy.process.stop();
  healthy.process.start(['--experimental-initial-corrupt-check']);
  await healthy.process.answers(`${healthy.clientUrl}/readyz`);
});
