/**
 * What every transport must do, whatever it is made of. A package that implements the contract runs each case in its own
 * test runner. Cases take real time where the transport does; they wait for events, never for a guess.
 */
import assert from 'node:assert/strict';
import type { DisconnectCause, Lane, PeerAddress, Transport, TransportHandlers } from '../transport.js';

/** Members of one cluster that can reach each other once they were told of each other. */
export interface TransportCluster {
  /** Not started, and without peers. */
  transport(id: number): Transport;
  address(id: number): PeerAddress;
  /** Stops whatever is left. */
  close(): Promise<void>;
}

export interface TransportHarness {
  cluster(ids: readonly number[]): Promise<TransportCluster>;
}

export interface TransportCase {
  readonly title: string;
  run(harness: TransportHarness): Promise<void>;
}

const DEADLINE_MS = 15_000;
const LANES: readonly Lane[] = ['control', 'bulk'];

interface Frame {
  readonly from: number;
  readonly lane: Lane;
  readonly frame: Uint8Array;
}

type ReceiveSnapshot = (from: number, header: Uint8Array, chunks: AsyncIterable<Uint8Array>) => Promise<void>;

/** Keeps all it is told, and lets a case wait for it. */
class Observer implements TransportHandlers {
  readonly frames: Frame[] = [];
  readonly disconnects: { readonly peer: number; readonly lane: Lane; readonly cause: DisconnectCause }[] = [];
  readonly deaths: number[] = [];
  /** Lanes that are up, as `peer/lane`. */
  readonly up = new Set<string>();
  events = 0;
  receive: ReceiveSnapshot = () => Promise.reject(new Error('no snapshot is expected'));
  readonly #checks = new Set<() => void>();

  onFrame(from: number, lane: Lane, frame: Uint8Array): void {
    this.frames.push({ from, lane, frame });
    this.#happened();
  }

  onSnapshot(from: number, header: Uint8Array, chunks: AsyncIterable<Uint8Array>): Promise<void> {
    this.#happened();
    return this.receive(from, header, chunks);
  }

  onConnected(peer: number, lane: Lane): void {
    assert.ok(!this.up.has(`${peer}/${lane}`), `${lane} of ${peer} came up twice`);
    this.up.add(`${peer}/${lane}`);
    this.#happened();
  }

  onDisconnected(peer: number, lane: Lane, cause: DisconnectCause): void {
    assert.ok(this.up.has(`${peer}/${lane}`), `${lane} of ${peer} went down, but was not up`);
    this.up.delete(`${peer}/${lane}`);
    this.disconnects.push({ peer, lane, cause });
    this.#happened();
  }

  onPeerDead(peer: number): void {
    this.deaths.push(peer);
    this.#happened();
  }

  async until(what: string, condition: () => boolean): Promise<void> {
    if (condition()) return;
    await new Promise<void>((resolve, reject) => {
      const check = (): void => {
        if (!condition()) return;
        clearTimeout(timer);
        this.#checks.delete(check);
        resolve();
      };
      const timer = setTimeout(() => {
        this.#checks.delete(check);
        reject(new Error(`not within ${DEADLINE_MS} ms: ${what}`));
      }, DEADLINE_MS);
      this.#checks.add(check);
    });
  }

  lanesUp(peer: number): Promise<void> {
    return this.until(`both lanes to ${peer}`, () => LANES.every((lane) => this.up.has(`${peer}/${lane}`)));
  }

  #happened(): void {
    this.events += 1;
    for (const check of [...this.#checks]) check();
  }
}

interface Member {
  readonly id: number;
  readonly transport: Transport;
  readonly seen: Observer;
}

/** Runs `body` with started members; `connected` says whether they know each other and all lanes are up. */
async function withMembers(
  harness: TransportHarness,
  ids: readonly number[],
  connected: boolean,
  body: (members: readonly Member[], cluster: TransportCluster) => Promise<void>,
): Promise<void> {
  const cluster = await harness.cluster(ids);
  try {
    const members = ids.map((id) => ({ id, transport: cluster.transport(id), seen: new Observer() }));
    for (const { transport, seen } of members) transport.start(seen);
    if (connected) {
      for (const member of members) {
        member.transport.setPeers(ids.filter((id) => id !== member.id).map((id) => cluster.address(id)));
      }
      await Promise.all(
        members.map((member) => Promise.all(ids.filter((id) => id !== member.id).map((id) => member.seen.lanesUp(id)))),
      );
    }
    await body(members, cluster);
  } finally {
    await cluster.close();
  }
}

async function withPair(harness: TransportHarness, body: (one: Member, two: Member) => Promise<void>): Promise<void> {
  await withMembers(harness, [1, 2], true, async (members) => body(members[0] as Member, members[1] as Member));
}

/** Bytes that are different at each place and for each seed. */
function pattern(length: number, seed: number): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let i = 0; i < length; i += 1) bytes[i] = (i * 31 + (i >> 8) * 7 + seed * 13) & 0xff;
  return bytes;
}

async function* chunksOf(all: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let offset = 0; offset < all.length; offset += size) yield all.subarray(offset, offset + size);
}

/** Each chunk is written over the one before, as its sender may. */
async function* inOneMemory(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  const memory = Buffer.alloc(size);
  for (let at = 0; at < bytes.length; at += size) {
    const part = bytes.subarray(at, at + size);
    memory.set(part);
    yield memory.subarray(0, part.length);
  }
}

async function collect(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const chunk of chunks) parts.push(chunk);
  return new Uint8Array(Buffer.concat(parts));
}

function never(): AbortSignal {
  return new AbortController().signal;
}

/** Sends until the lane takes it: a full lane is no error. */
async function sendAll(member: Member, to: number, lane: Lane, frames: readonly Uint8Array[]): Promise<void> {
  for (const frame of frames) {
    for (;;) {
      const result = member.transport.send(to, lane, frame);
      if (result === 'sent') break;
      assert.equal(result, 'full');
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  }
}

export const transportCases: readonly TransportCase[] = [
  {
    title: 'a peer that was never named is unknown',
    run: (harness) =>
      withMembers(harness, [1], false, async (members) => {
        const { transport } = members[0] as Member;
        assert.equal(transport.send(9, 'control', pattern(1, 1)), 'unknown-peer');
        assert.equal(transport.peerStatus(9), null);
        await assert.rejects(transport.sendSnapshot(9, pattern(1, 1), chunksOf(pattern(1, 1), 1), never()));
      }),
  },
  {
    title: 'a peer whose streams are not up yet is not connected, and nothing was heard of it',
    run: (harness) =>
      withMembers(harness, [1, 2], false, async (members, cluster) => {
        const { transport } = members[0] as Member;
        transport.setPeers([cluster.address(2)]);
        assert.equal(transport.send(2, 'control', pattern(1, 1)), 'not-connected');
        const status = transport.peerStatus(2);
        assert.deepEqual([status?.id, status?.connected, status?.silentMs], [2, false, null]);
      }),
  },
  {
    title: 'two members that know each other have both lanes up, and say so once',
    run: (harness) =>
      withPair(harness, async (one, two) => {
        for (const [member, other] of [
          [one, 2],
          [two, 1],
        ] as const) {
          const status = member.transport.peerStatus(other);
          assert.equal(status?.connected, true);
          assert.ok(status !== null && status.silentMs !== null && status.silentMs >= 0);
          assert.deepEqual(member.seen.disconnects, []);
        }
      }),
  },
  {
    title: 'frames of each lane arrive complete, unaltered and in order, in both directions',
    run: (harness) =>
      withPair(harness, async (one, two) => {
        const frames = Array.from({ length: 400 }, (_, i) => pattern((i * 97) % 3000, i));
        await Promise.all(LANES.flatMap((lane) => [sendAll(one, 2, lane, frames), sendAll(two, 1, lane, frames)]));
        for (const [member, from] of [
          [one, 2],
          [two, 1],
        ] as const) {
          await member.seen.until('all frames', () => member.seen.frames.length === 800);
          for (const lane of LANES) {
            const got = member.seen.frames.filter((frame) => frame.lane === lane);
            assert.ok(got.every((frame) => frame.from === from));
            assert.deepEqual(
              got.map((frame) => Buffer.from(frame.frame)),
              frames.map((frame) => Buffer.from(frame)),
            );
          }
        }
      }),
  },
  {
    title: 'an empty frame and one of a mebibyte are frames like others',
    run: (harness) =>
      withPair(harness, async (one, two) => {
        const large = pattern(1024 * 1024, 5);
        await sendAll(one, 2, 'bulk', [new Uint8Array(0), large, new Uint8Array(0)]);
        await two.seen.until('three frames', () => two.seen.frames.length === 3);
        assert.deepEqual(
          two.seen.frames.map((frame) => frame.frame.length),
          [0, large.length, 0],
        );
        assert.ok(Buffer.from(large).equals((two.seen.frames[1] as Frame).frame));
      }),
  },
  {
    title: 'a received frame stays as it is while others follow',
    run: (harness) =>
      withPair(harness, async (one, two) => {
        const first = pattern(500, 1);
        await sendAll(one, 2, 'control', [first]);
        await two.seen.until('the first frame', () => two.seen.frames.length === 1);
        await sendAll(
          one,
          2,
          'control',
          Array.from({ length: 500 }, (_, i) => pattern(500, i + 2)),
        );
        await two.seen.until('the others', () => two.seen.frames.length === 501);
        assert.ok(Buffer.from(first).equals((two.seen.frames[0] as Frame).frame));
      }),
  },
  {
    title: 'among three members each frame names its sender',
    run: (harness) =>
      withMembers(harness, [1, 2, 3], true, async (members) => {
        for (const member of members) {
          for (const other of members) {
            if (other !== member) await sendAll(member, other.id, 'control', [Uint8Array.of(member.id, other.id)]);
          }
        }
        for (const member of members) {
          await member.seen.until('a frame of each other', () => member.seen.frames.length === 2);
          for (const frame of member.seen.frames) {
            assert.deepEqual([...frame.frame], [frame.from, member.id]);
          }
        }
      }),
  },
  {
    title: 'a snapshot arrives whole, and is sent only when the receiver has staged it',
    run: (harness) =>
      withPair(harness, async (one, two) => {
        const all = pattern(1_500_000, 3);
        const header = pattern(70, 4);
        let staged = false;
        two.seen.receive = async (from, gotHeader, chunks) => {
          assert.equal(from, 1);
          assert.deepEqual([...gotHeader], [...header]);
          assert.ok(Buffer.from(all).equals(await collect(chunks)));
          await new Promise((resolve) => setTimeout(resolve, 30));
          staged = true;
        };
        await one.transport.sendSnapshot(2, header, chunksOf(all, 100_000), never());
        assert.ok(staged, 'sendSnapshot resolved before onSnapshot did');
      }),
  },
  {
    title: 'a snapshot whose chunks share their memory arrives whole',
    run: (harness) =>
      withPair(harness, async (one, two) => {
        const all = pattern(700_000, 5);
        let got: Uint8Array = new Uint8Array(0);
        two.seen.receive = async (_from, _header, chunks) => {
          got = await collect(chunks);
        };
        await one.transport.sendSnapshot(2, pattern(3, 1), inOneMemory(all, 60_000), never());
        assert.ok(Buffer.from(all).equals(got));
      }),
  },
  {
    title: 'a snapshot without any chunk arrives',
    run: (harness) =>
      withPair(harness, async (one, two) => {
        let length = -1;
        two.seen.receive = async (_from, _header, chunks) => {
          length = (await collect(chunks)).length;
        };
        await one.transport.sendSnapshot(2, pattern(3, 1), chunksOf(new Uint8Array(0), 1), never());
        assert.equal(length, 0);
      }),
  },
  {
    title: 'a receiver that refuses a snapshot makes the sender fail',
    run: (harness) =>
      withPair(harness, async (one, two) => {
        two.seen.receive = async () => {
          throw new Error('no room');
        };
        await assert.rejects(one.transport.sendSnapshot(2, pattern(3, 1), chunksOf(pattern(10_000, 1), 1000), never()));
        await sendAll(one, 2, 'control', [pattern(1, 1)]);
        await two.seen.until('a frame afterwards', () => two.seen.frames.length === 1);
      }),
  },
  {
    title: 'a snapshot that its sender aborts fails on both sides',
    run: (harness) =>
      withPair(harness, async (one, two) => {
        const abort = new AbortController();
        let failed = false;
        two.seen.receive = async (_from, _header, chunks) => {
          try {
            for await (const _chunk of chunks) abort.abort();
          } catch (error) {
            failed = true;
            throw error;
          } finally {
            two.seen.onFrame(0, 'control', new Uint8Array(0));
          }
        };
        const endless = async function* (): AsyncGenerator<Uint8Array> {
          for (;;) yield pattern(50_000, 1);
        };
        await assert.rejects(one.transport.sendSnapshot(2, pattern(3, 1), endless(), abort.signal));
        await two.seen.until('the end of the iteration', () => two.seen.frames.length === 1);
        assert.ok(failed, 'the iteration ended as if the snapshot were complete');
      }),
  },
  {
    title: 'a snapshot whose source fails is never taken for complete',
    run: (harness) =>
      withPair(harness, async (one, two) => {
        let outcome = '';
        two.seen.receive = async (_from, _header, chunks) => {
          outcome = await collect(chunks).then(
            () => 'complete',
            () => 'failed',
          );
          two.seen.onFrame(0, 'control', new Uint8Array(0));
          throw new Error(outcome);
        };
        const broken = async function* (): AsyncGenerator<Uint8Array> {
          yield pattern(300_000, 1);
          throw new Error('the disk is gone');
        };
        await assert.rejects(one.transport.sendSnapshot(2, pattern(3, 1), broken(), never()));
        await two.seen.until('the end of the iteration', () => two.seen.frames.length === 1);
        assert.equal(outcome, 'failed');
      }),
  },
  {
    title: 'removing a peer closes its streams, here by us and there by the peer, and it is nobody’s death',
    run: (harness) =>
      withPair(harness, async (one, two) => {
        one.transport.setPeers([]);
        assert.equal(one.transport.send(2, 'control', pattern(1, 1)), 'unknown-peer');
        assert.equal(one.transport.peerStatus(2), null);
        await one.seen.until('both lanes down', () => one.seen.disconnects.length === 2);
        await two.seen.until('both lanes down', () => two.seen.disconnects.length >= 2);
        assert.ok(one.seen.disconnects.every((event) => event.cause === 'closed-by-us'));
        assert.ok(two.seen.disconnects.every((event) => event.cause === 'closed-by-peer'));
        assert.deepEqual([one.seen.deaths, two.seen.deaths], [[], []]);
      }),
  },
  {
    title: 'a peer that was removed and added again is connected again',
    run: (harness) =>
      withMembers(harness, [1, 2], true, async (members, cluster) => {
        const [one, two] = members as [Member, Member];
        one.transport.setPeers([]);
        await two.seen.until('both lanes down', () => two.seen.disconnects.length >= 2);
        one.transport.setPeers([cluster.address(2)]);
        await Promise.all([one.seen.lanesUp(2), two.seen.lanesUp(1)]);
        await sendAll(one, 2, 'control', [pattern(4, 4)]);
        await two.seen.until('a frame', () => two.seen.frames.length === 1);
      }),
  },
  {
    title: 'stop ends all streams as closed by us, and nothing is told afterwards',
    run: (harness) =>
      withPair(harness, async (one, two) => {
        await Promise.all([one.transport.stop(), one.transport.stop()]);
        assert.equal(one.seen.disconnects.length, 2);
        assert.ok(one.seen.disconnects.every((event) => event.cause === 'closed-by-us'));
        const told = one.seen.events;
        await two.seen.until('both lanes down', () => two.seen.disconnects.length >= 2);
        assert.equal(two.transport.send(1, 'control', pattern(1, 1)), 'not-connected');
        assert.notEqual(one.transport.send(2, 'control', pattern(1, 1)), 'sent');
        await assert.rejects(one.transport.sendSnapshot(2, pattern(1, 1), chunksOf(pattern(1, 1), 1), never()));
        assert.equal(one.seen.events, told);
      }),
  },
  {
    title: 'stop in the middle of a snapshot fails it on both sides',
    run: (harness) =>
      withPair(harness, async (one, two) => {
        let stopped: Promise<void> | null = null;
        let failed = false;
        two.seen.receive = async (_from, _header, chunks) => {
          try {
            for await (const _chunk of chunks) stopped ??= one.transport.stop();
          } catch (error) {
            failed = true;
            throw error;
          } finally {
            two.seen.onFrame(0, 'control', new Uint8Array(0));
          }
        };
        const endless = async function* (): AsyncGenerator<Uint8Array> {
          for (;;) yield pattern(50_000, 1);
        };
        await assert.rejects(one.transport.sendSnapshot(2, pattern(3, 1), endless(), never()));
        await two.seen.until('the end of the iteration', () => two.seen.frames.length === 1);
        await stopped;
        assert.ok(failed);
      }),
  },
];
