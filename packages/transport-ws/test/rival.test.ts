import { afterEach, expect, test } from 'vitest';
import { encodeConfirm, encodeGreeting } from '../src/handshake-codec.js';
import { type PeerHello, UNKNOWN_LIFE } from '../src/identity.js';
import { type RivalStream, RivalWatch } from '../src/rival-watch.js';
import { CLUSTER_ID, closeMembers, introduce, type Member, member } from './cluster.js';
import { greeting, RawPeer } from './raw-peer.js';

afterEach(closeMembers);

const identityOf = (memberId: number, lifeId: number) => ({
  clusterId: CLUSTER_ID,
  memberId,
  directoryId: `dir-${memberId}`,
  bootCount: 1,
  life: { ...UNKNOWN_LIFE, lifeId },
});

function run(id: number, lifeId: number): Promise<Member> {
  return member(id, { deps: { identity: identityOf(id, lifeId) } });
}

/** Says hello as run `lifeId` of member 2's directory, on a lane of its own. */
async function hello(to: Member, lifeId: number): Promise<RawPeer> {
  const raw = await new RawPeer(to).opened();
  const life = { ...UNKNOWN_LIFE, lifeId };
  raw.send(encodeGreeting('hello', greeting({ directoryId: 'dir-2', bootCount: 2, life })));
  return raw;
}

test('a second process on a copy of the directory is refused while the first one answers, and the first goes on', async () => {
  const one = await run(1, 11);
  const original = await run(2, 21);
  introduce(one, original);
  await Promise.all([one.recorder.bothLanes(2), original.recorder.bothLanes(1)]);
  const copy = await run(2, 22);
  copy.transport.setPeers([one.address]);
  await copy.recorder.saw({ what: 'refused', peer: 1, reason: 'directory-in-use' });
  expect(copy.recorder.count({ what: 'connected' })).toBe(0);
  expect(one.recorder.count({ what: 'disconnected' })).toBe(0);
  original.transport.send(1, 'control', Uint8Array.of(1));
  await one.recorder.until(() => one.recorder.frames.length === 1);
});

test('a process that restarts is let in once its old connection, whose end nobody told, does not answer', async () => {
  const one = await run(1, 11);
  one.transport.setPeers([{ id: 2, urls: [] }]);
  const old = await hello(one, 21);
  expect(await old.answer()).toMatchObject({ kind: 'accept' });
  old.send(encodeConfirm());
  await one.recorder.saw({ what: 'connected', peer: 2, lane: 'control' });
  // It does not even read any more: no ping of ours is answered.
  old.socket?.pause();
  const again = await run(2, 22);
  again.transport.setPeers([one.address]);
  await again.recorder.bothLanes(1);
  expect(again.recorder.count({ what: 'refused' })).toBe(0);
});

test('a newcomer gets no lane while it is not known who lives', async () => {
  const one = await run(1, 11);
  one.transport.setPeers([{ id: 2, urls: [] }]);
  const old = await hello(one, 21);
  await old.answer();
  old.send(encodeConfirm());
  await one.recorder.saw({ what: 'connected', peer: 2, lane: 'control' });
  const newcomer = await hello(one, 22);
  expect(await newcomer.answer()).toMatchObject({ kind: 'refuse', refusal: { reason: 'duplicate' } });
});

function helloOf(lifeId: number, directoryId = 'd'): PeerHello {
  const life = { ...UNKNOWN_LIFE, lifeId };
  return { memberId: 2, directoryId, bootCount: 1, life, stream: 'control', protocol: 1, dialledBy: 'peer' };
}

function streamOf(lifeId: number): RivalStream & { answer(): void } {
  const waiting: (() => void)[] = [];
  return {
    hello: helloOf(lifeId),
    challenge: (answered) => waiting.push(answered),
    answer: () => {
      for (const answered of waiting.splice(0)) answered();
    },
  };
}

test('an answer that the old process gave to one newcomer is not held against the next', () => {
  const watch = new RivalWatch();
  const old = streamOf(1);
  expect(watch.judge(helloOf(2), [old], 0)).toBe('asked');
  old.answer();
  expect(watch.judge(helloOf(2), [old], 1)).toBe('alive');
  expect(watch.judge(helloOf(3), [old], 2)).toBe('asked');
  expect(watch.judge(helloOf(3), [old], 1002)).toBe('none');
});

test('the same run, another directory, and versions that do not tell their runs apart are no rivals', () => {
  const watch = new RivalWatch();
  for (const [hello, stream] of [
    [helloOf(1), streamOf(1)],
    [helloOf(2, 'other'), streamOf(1)],
    [helloOf(0), streamOf(1)],
    [helloOf(1), streamOf(0)],
  ] as const) {
    expect(watch.judge(hello, [stream], 0)).toBe('none');
  }
});
