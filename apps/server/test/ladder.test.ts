import { Client } from '@understudy/client';
import { LadderService } from '@understudy/protocol';
import { waitUntil } from '@understudy/testbed';
import { afterEach, describe, expect, it } from 'vitest';
import { jsonCall } from './json-call.js';
import { type LoneServer, startLoneServer } from './lone-server.js';

const { methods } = LadderService;

let lone: LoneServer;
let client: Client;

async function begin(...flags: string[]): Promise<void> {
  lone = await startLoneServer(flags);
  client = new Client({ endpoints: [lone.clientUrl] });
}

afterEach(async () => {
  await client.close();
  await lone.end();
});

async function setting(name: string): Promise<{ value: string; isSet: boolean } | undefined> {
  const { settings } = await client.call(methods.policyGet, {});
  return settings.find((candidate) => candidate.name === name);
}

const set = (fields: Record<string, string>, reset: string[] = [], version = 0) =>
  client.call(methods.policySet, {
    fields: Object.entries(fields).map(([name, value]) => ({ name, value })),
    reset,
    version,
  });

describe('the policy', () => {
  it('is that of the flags first, takes what is set over it, and survives a restart', async () => {
    await begin('--policy', 'failoverAfter=2s autoPromote=join,size', '--max-learners=2');
    expect(await setting('failoverAfter')).toMatchObject({ value: '2s', isSet: true, defaultValue: '15s' });
    await waitUntil('it is in the log', async () => (await client.call(methods.policyGet, {})).version === 1);
    await set({ removeDelay: '1m30s', maxLearners: '3' });
    expect(await setting('removeDelay')).toMatchObject({ value: '1m30s', isSet: true });
    expect(await setting('autoPromote')).toMatchObject({ value: 'join,size' });
    const { version, settings } = await set({ activeSize: '3' }, ['maxLearners']);
    expect(version).toBe(3);
    expect(settings.find(({ name }) => name === 'maxLearners')).toMatchObject({ value: '4', isSet: false });
    await lone.restart(['--policy', 'failoverAfter=9s']);
    expect(await setting('activeSize')).toMatchObject({ value: '3', isSet: true });
    expect(await setting('failoverAfter')).toMatchObject({ value: '2s' });
  });

  it('is refused as a whole where a word of it is wrong, with the name and the range, and stays as it was', async () => {
    await begin();
    const before = await client.call(methods.policyGet, {});
    const refused = async (fields: Record<string, string>, text: RegExp, version = 0): Promise<void> => {
      await expect(set({ maxReaders: '1', ...fields }, [], version)).rejects.toMatchObject({
        message: expect.stringMatching(text),
      });
    };
    await refused({ activeSize: '12' }, /activeSize must be an integer from 1 to 9, not 12/);
    await refused({ nonsense: '1' }, /no policy setting 'nonsense'/);
    await refused({ failoverAfter: 'soon' }, /failoverAfter must be a duration/);
    await refused({ removeDelay: '5s' }, /removeDelay is 5s, and must be at least failoverAfter/);
    await refused({}, /the policy has version 0, not 7/, 7);
    await expect(set({})).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    const after = await client.call(methods.policyGet, {});
    expect(after.settings).toEqual(before.settings);
    expect(after.version).toBe(before.version);
  });

  it('pauses and resumes, and a dry run of the plan tells what it would do all the same', async () => {
    await begin();
    const { body } = await jsonCall(lone.clientUrl, '/understudy/v1/pause', {});
    expect(body).toMatchObject({ changed: true });
    expect(await client.call(methods.pause, {})).toMatchObject({ changed: false });
    const status = await client.call(methods.clusterStatus, {});
    expect(status.paused).toBe(true);
    expect(status.holds).toMatchObject([{ reason: 'paused' }]);
    const dry = await client.call(methods.plan, { policy: [], ignorePaused: true });
    expect(dry.holds).toEqual([]);
    await expect(
      client.call(methods.plan, { policy: [{ name: 'x', value: '1' }], ignorePaused: false }),
    ).rejects.toThrow("no policy setting 'x'");
    expect(await client.call(methods.resume, {})).toMatchObject({ changed: true });
    expect((await client.call(methods.clusterStatus, {})).holds).toEqual([]);
  });
});

describe('members by understudy.v1', () => {
  const add = (peerPort: number, role: number, promote = '') =>
    client.call(methods.memberAdd, { peerUrls: [`http://127.0.0.1:${peerPort}`], role, promote, zone: 'z' });

  it('are added as what was asked for, and told as what they are', async () => {
    await begin();
    const [join, learner, failover, reader] = [
      await add(1, 0),
      await add(2, 1),
      await add(3, 1, 'failover'),
      await add(4, 2),
    ].map(({ member }) => member);
    expect(join).toMatchObject({ role: 'learner', promotion: 'join', started: false, zone: 'z', origin: 'operator' });
    expect(learner).toMatchObject({ role: 'learner', promotion: 'manual' });
    expect(failover).toMatchObject({ promotion: 'auto', promotionTriggers: ['failover'] });
    expect(reader).toMatchObject({ role: 'reader' });
    const status = await client.call(methods.clusterStatus, {});
    expect(status).toMatchObject({ voters: 1, answeringVoters: 1, quorum: 1, slack: 0, failureTolerance: 0 });
    expect(status.members.find(({ isLeader }) => isLeader)).toMatchObject({ role: 'voter', lag: 0, name: 'default' });
    const list = await client.cluster.memberList();
    expect(list.members.filter(({ isLearner }) => isLearner)).toHaveLength(4);
  });

  it('are refused with what stands in the way, and promoting a voter is no error', async () => {
    await begin();
    const { member } = await add(1, 1);
    const id = member?.id ?? 0;
    await expect(client.call(methods.memberPromote, { id })).rejects.toMatchObject({
      code: 'FAILED_PRECONDITION',
      message: expect.stringContaining('has not answered'),
    });
    await expect(client.cluster.memberPromote(id)).rejects.toMatchObject({
      message: 'etcdserver: can only promote a learner member which is in sync with leader',
    });
    const own = lone.server.memberId;
    expect(await client.call(methods.memberPromote, { id: own })).toMatchObject({ changed: false });
    await expect(client.cluster.memberPromote(own)).rejects.toMatchObject({
      message: 'etcdserver: can only promote a learner member',
    });
    expect(await client.call(methods.memberDemote, { id })).toMatchObject({ changed: false });
    await expect(client.call(methods.memberDemote, { id: own })).rejects.toMatchObject({
      message: expect.stringContaining('is the only voter'),
    });
    await expect(client.call(methods.memberPromote, { id: 99 })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(add(1, 1)).rejects.toMatchObject({ message: expect.stringContaining('is a peer URL of') });
    await expect(add(2, 9)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    await expect(add(2, 1, 'sometimes')).rejects.toMatchObject({ message: expect.stringContaining("not 'sometimes'") });
    await expect(add(2, 0, 'auto')).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    await expect(client.call(methods.drain, { id: 99, cancel: false })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    const replace = (of: number, peerUrls: string[]) =>
      client.call(methods.memberReplace, { id: of, peerUrls, zone: '' });
    await expect(replace(own, [])).rejects.toMatchObject({
      code: 'FAILED_PRECONDITION',
      message: expect.stringContaining('has nobody to take its place: there is no standby'),
    });
    await expect(replace(id, ['http://127.0.0.1:9'])).rejects.toMatchObject({
      message: expect.stringContaining('only voters are replaced'),
    });
    expect((await client.cluster.memberList()).members).toHaveLength(2);
    expect((await client.call(methods.clusterStatus, {})).members.some(({ draining }) => draining)).toBe(false);
  });
});
