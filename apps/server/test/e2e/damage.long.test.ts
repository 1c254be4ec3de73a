// Damage to the files of members of a live three-voter cluster: each heals from its peers, without an operator, and
// serves what was acknowledged and nothing else.
import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Client } from '@understudy/client';
import { TestCluster, type TestMember, waitUntil } from '@understudy/testbed';
import { afterEach, expect, it } from 'vitest';
import {
  type ClassDamage,
  type Damage,
  inflict,
  planClassDamages,
  randomFrom,
  resolveDamage,
} from '../damage/damage-plan.js';
import { VerdictTable } from '../damage/verdict-table.js';
import { base64, jsonCall } from '../json-call.js';
import { WriteLoad } from './write-load.js';

const DAMAGES = 30;
const VOTERS = 3;
const SEED = 20_261_121;
const HEAL_MS = 90_000;
const FLAGS = ['--snapshot-count=300', '--snapshot-catchup-entries=3000', '--ballast-bytes=0'];

let cluster: TestCluster | null = null;
afterEach(() => cluster?.stop());

/** Whether it has said so in a line of its log since. */
function said({ process }: TestMember, words: string, since: string): boolean {
  const timeOf = (line: string): string => /"time":"([^"]*)"/.exec(line)?.[1] ?? '';
  return process.output.split('\n').some((line) => line.includes(words) && timeOf(line) >= since);
}

const RECOVERS = 'this member recovers';
const REFETCHED = 'had lost is refetched';
const REBUILT = 'thrown away and built again';

/** It serves, has no damage left to make good, and holds every acknowledged write, read from its own state. */
async function healed(member: TestMember, load: WriteLoad, since: string): Promise<void> {
  const { process, clientUrl } = member;
  await process.answers(`${clientUrl}/health`, HEAL_MS);
  const whole = (): boolean => !said(member, RECOVERS, since) || said(member, REFETCHED, since);
  await waitUntil(`${member.name} has everything back`, whole, HEAL_MS);
  const expected = new Map([...load.acknowledged].map(([key, { value }]) => [base64(key), base64(value)]));
  let wrong: string[] = [];
  const same = async (): Promise<boolean> => {
    const range = { key: base64('load/'), range_end: base64('load0'), serializable: true };
    const { body } = await jsonCall(clientUrl, '/v3/kv/range', range);
    const found = new Map((body['kvs'] as { key: string; value: string }[]).map(({ key, value }) => [key, value]));
    wrong = [...expected].filter(([key, value]) => found.get(key) !== value).map(([key]) => key);
    return wrong.length === 0;
  };
  await waitUntil('every acknowledged write is there', same, HEAL_MS).catch((error: Error) => {
    throw new Error(`${error.message}: ${wrong.length} of ${expected.size} are missing or wrong`);
  });
}

/** `damage`: null where it has no such file now: a state that was built again has no tables yet. */
async function damageMember(
  member: TestMember,
  older: string,
  damage: Damage | null,
  load: WriteLoad,
): Promise<string> {
  const { process, dataDir } = member;
  const changed = damage !== null && (await inflict(dataDir, older, damage));
  const since = new Date().toISOString();
  process.start();
  await healed(member, load, since);
  if (damage === null) return 'no such file';
  if (!changed) return 'no change';
  if (said(member, RECOVERS, since)) return 'refetched';
  return said(member, REBUILT, since) ? 'built again' : 'harmless';
}

/** Of the log's LevelDB files, the one that its latest records are in and nowhere else: they are lost for certain. */
const NEWEST_RECORDS: ClassDamage = {
  fileClass: 'wal: LevelDB log',
  which: 1 - Number.EPSILON,
  kind: 'delete',
  place: 0,
  bit: 0,
};

/** The whole list, with whom each befalls in turn. The last of each member is not drawn. */
async function planOf(members: readonly TestMember[], olders: ReadonlyMap<string, string>) {
  const [first] = members as [TestMember];
  const older = olders.get(first.name) as string;
  // While nobody writes there.
  await first.process.end('SIGKILL');
  const drawn = await planClassDamages(first.dataDir, older, DAMAGES - VOTERS, randomFrom(SEED));
  first.process.start();
  await first.process.answers(`${first.clientUrl}/health`, HEAL_MS);
  const list = [...drawn, ...members.map(() => NEWEST_RECORDS)];
  return list.map((planned, i) => ({ member: members[i % VOTERS] as TestMember, planned }));
}

it(`${DAMAGES} damages to members of a live cluster: all heal from their peers, and none is served`, async () => {
  cluster = await TestCluster.start({ voters: VOTERS, flags: FLAGS });
  const client = new Client({ endpoints: cluster.endpoints });
  const load = new WriteLoad(client, 1, 200);
  const table = new VerdictTable();
  const faults: string[] = [];
  await load.more(300);
  const olders = new Map<string, string>();
  for (const member of cluster.members) {
    await member.process.end('SIGKILL');
    const older = join(cluster.directory, `${member.name}-older`);
    await cp(member.dataDir, older, { recursive: true });
    olders.set(member.name, older);
    member.process.start();
    await healed(member, load, new Date().toISOString());
  }
  await load.more(300);
  for (const { member, planned } of await planOf(cluster.members, olders)) {
    const older = olders.get(member.name) as string;
    await member.process.end('SIGKILL');
    const damage = await resolveDamage(member.dataDir, older, planned);
    try {
      table.add(planned.fileClass, planned.kind, await damageMember(member, older, damage, load));
    } catch (error) {
      faults.push(
        `${planned.kind} of ${damage?.file}: ${(error as Error).message}\n${member.process.output.slice(-3000)}`,
      );
      break;
    }
    await load.more(20);
  }
  await load.stop();
  await client.close();
  console.log(`${table}\n${load.acknowledged.size} acknowledged writes meanwhile`);
  expect(faults).toEqual([]);
  expect(table.count('refetched')).toBeGreaterThanOrEqual(VOTERS);
  expect(table.count('no such file')).toBeLessThan(DAMAGES / 10);

  // Counted apart: without either copy of the identity nobody can say who this was.
  const lost = cluster.member('n2');
  await lost.process.end('SIGKILL');
  await rm(join(lost.dataDir, 'member', 'wal', 'identity'));
  await rm(join(lost.dataDir, 'member', 'wal', 'log', 'CURRENT'));
  lost.process.start();
  expect(await lost.process.exited()).toMatchObject({ code: 1 });
  expect(lost.process.output).toMatch(/nobody can say which member the log in \S+ is of: .*add it again/);
}, 900_000);
