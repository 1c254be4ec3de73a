import { createHash } from 'node:crypto';
import { afterEach, expect, test } from 'vitest';
import { emptyChunk, encodeSnapshotEnd, encodeSnapshotHeader } from '../src/snapshot-codec.js';
import { bytes, closeMembers, eventually, type Member, member, pair, text } from './cluster.js';
import { RawPeer } from './raw-peer.js';

afterEach(closeMembers);

const MIB = 1024 * 1024;

/** `count` chunks; calls `each` before it makes one. */
async function* source(count: number, size: number, each: (made: number) => void = () => {}) {
  for (let i = 0; i < count; i += 1) {
    each(i);
    yield new Uint8Array(size).fill(i);
  }
}

function never(): AbortSignal {
  return new AbortController().signal;
}

test('50 MiB pass while neither side holds more than the window and two chunks', async () => {
  const [one, two] = await pair({}, { options: { snapshotWindowBytes: MIB, snapshotChunkBytes: 256 * 1024 } });
  const hash = createHash('sha256');
  const expected = createHash('sha256');
  let taken = 0;
  let made = 0;
  let widest = 0;
  two.recorder.receive = async (from, header, chunks) => {
    expect([from, text(header)]).toEqual([1, 'index 12']);
    for await (const chunk of chunks) {
      taken += chunk.length;
      widest = Math.max(widest, made - taken);
      hash.update(chunk);
      if (taken % (4 * MIB) < chunk.length) await new Promise((resolve) => setTimeout(resolve, 2));
    }
  };
  const chunks = source(800, 64 * 1024, (i) => {
    made += 64 * 1024;
    expected.update(new Uint8Array(64 * 1024).fill(i));
  });
  await one.transport.sendSnapshot(2, bytes('index 12'), chunks, never());
  expect(taken).toBe(50 * MIB);
  expect(hash.digest('hex')).toBe(expected.digest('hex'));
  expect(widest).toBeLessThanOrEqual(MIB + 2 * 256 * 1024 + 64 * 1024);
  expect(one.transport.peerDetails(2)?.counters).toMatchObject({ snapshotsSent: 1, snapshotBytesOut: 50 * MIB });
  expect(two.transport.peerDetails(1)?.counters).toMatchObject({ snapshotsReceived: 1, snapshotBytesIn: 50 * MIB });
  expect([one.transport.snapshots(), two.transport.snapshots()]).toEqual([[], []]);
});

test('what still waits in the socket is not written over', async () => {
  // More than the system takes at once, allowed all at once.
  const [one, two] = await pair({}, { options: { snapshotWindowBytes: 64 * MIB } });
  const expected = createHash('sha256');
  const hash = createHash('sha256');
  two.recorder.receive = async (_from, _header, chunks) => {
    for await (const chunk of chunks) hash.update(chunk);
  };
  const chunks = source(640, 64 * 1024, (i) => {
    expected.update(new Uint8Array(64 * 1024).fill(i));
  });
  await one.transport.sendSnapshot(2, bytes('h'), chunks, never());
  expect(hash.digest('hex')).toBe(expected.digest('hex'));
});

test('a sender waits for a receiver that takes nothing', async () => {
  const [one, two] = await pair({}, { options: { snapshotWindowBytes: 512 * 1024 } });
  let release = (): void => {};
  const gate = new Promise<void>((resolve) => {
    release = resolve;
  });
  two.recorder.receive = async (_from, _header, chunks) => {
    await gate;
    for await (const _chunk of chunks) {
      // taken
    }
  };
  let made = 0;
  const sent = one.transport.sendSnapshot(
    2,
    bytes('h'),
    source(100, 256 * 1024, () => {
      made += 1;
    }),
    never(),
  );
  await eventually(() => (two.transport.snapshots()[0]?.bytes ?? 0) >= 512 * 1024);
  // Every message before this answer has been handled: what could come has come.
  one.transport.send(2, 'control', bytes('marker'));
  await two.recorder.until(() => two.recorder.frames.length === 1);
  expect(made).toBeLessThanOrEqual(4);
  expect(one.transport.snapshots()).toMatchObject([{ peer: 2, direction: 'out', bytes: 512 * 1024 }]);
  release();
  await sent;
  expect(made).toBe(100);
});

test('chunks of any size are re-cut, and a window smaller than a chunk does not lock up', async () => {
  const [one, two] = await pair({ options: { snapshotChunkBytes: 1000 } }, { options: { snapshotWindowBytes: 300 } });
  const sizes: number[] = [];
  two.recorder.receive = async (_from, _header, chunks) => {
    for await (const chunk of chunks) sizes.push(chunk.length);
  };
  const uneven = async function* () {
    yield new Uint8Array(1);
    yield new Uint8Array(0);
    yield new Uint8Array(2500);
    yield new Uint8Array(700);
  };
  await one.transport.sendSnapshot(2, bytes('h'), uneven(), never());
  expect(sizes).toEqual([1000, 1000, 1000, 201]);
});

test('control frames pass while bulk and a snapshot are flooding', async () => {
  const [one, two] = await pair();
  two.recorder.receive = async (_from, _header, chunks) => {
    for await (const _chunk of chunks) {
      // taken
    }
  };
  let bulkBytes = 0;
  let control = 0;
  let sentBulk = 0;
  // Pings that came while bulk that was sent before them had not.
  let overtook = 0;
  two.recorder.frameHook = (_from, lane, frame) => {
    if (lane === 'bulk') bulkBytes += frame.length;
    else {
      control += 1;
      if (bulkBytes < sentBulk) overtook += 1;
      two.transport.send(1, 'control', frame);
    }
  };
  const snapshot = one.transport.sendSnapshot(2, bytes('h'), source(400, 64 * 1024), never());
  for (let i = 0; i < 40; i += 1) {
    const heard = one.recorder.frames.length;
    for (let k = 0; k < 4; k += 1) {
      if (one.transport.send(2, 'bulk', new Uint8Array(512 * 1024)) === 'sent') sentBulk += 512 * 1024;
    }
    expect(one.transport.send(2, 'control', bytes('ping'))).toBe('sent');
    await one.recorder.until(() => one.recorder.frames.length > heard);
  }
  expect(control).toBe(40);
  // In the queue of bulk it would overtake nothing.
  expect(overtook).toBeGreaterThan(30);
  await snapshot;
  await two.recorder.until(() => bulkBytes === sentBulk);
});

async function rawSnapshot(
  setup: Parameters<typeof member>[1] = {},
): Promise<{ one: Member; raw: RawPeer; outcome: Promise<string> }> {
  const one = await member(1, setup);
  one.transport.setPeers([{ id: 2, urls: [] }]);
  const outcome = new Promise<string>((resolve) => {
    one.recorder.receive = async (_from, _header, chunks) => {
      let length = 0;
      try {
        for await (const chunk of chunks) length += chunk.length;
        resolve(`complete after ${length}`);
      } catch (error) {
        resolve((error as { code: string }).code);
        throw error;
      }
    };
  });
  const raw = await new RawPeer(one).join({ stream: 'snapshot' });
  return { one, raw, outcome };
}

function chunk(length: number): Buffer {
  const message = emptyChunk(length);
  message.fill(7, 1);
  return message;
}

test('a snapshot with a wrong hash is corrupt for the receiver, and refused', async () => {
  const { raw, outcome } = await rawSnapshot();
  raw.send(encodeSnapshotHeader(bytes('h')));
  raw.send(chunk(100));
  raw.send(encodeSnapshotEnd(100, createHash('sha256').update('h').update(chunk(100)).digest()));
  expect(await outcome).toBe('snapshot-corrupt');
  // Accept, credit, then done with the outcome `corrupt`.
  expect([...(await raw.message(2)).subarray(0, 2)]).toEqual([0x24, 2]);
});

test('a snapshot with a wrong length is corrupt, and one with both right is complete', async () => {
  const digest = createHash('sha256').update('h').update(chunk(100).subarray(1)).digest();
  for (const [length, expected] of [
    [101, 'snapshot-corrupt'],
    [100, 'complete after 100'],
  ] as const) {
    const { raw, one, outcome } = await rawSnapshot();
    raw.send(encodeSnapshotHeader(bytes('h')));
    raw.send(chunk(100));
    raw.send(encodeSnapshotEnd(length, digest));
    expect(await outcome).toBe(expected);
    await one.close();
  }
});

test('a sender that ignores its credit is cut off', async () => {
  const { raw, outcome } = await rawSnapshot({ options: { snapshotWindowBytes: 1000 } });
  raw.send(encodeSnapshotHeader(bytes('h')));
  for (let i = 0; i < 200; i += 1) raw.send(chunk(900));
  expect(await outcome).toBe('protocol-error');
});

test('a chunk before the header is a protocol error, and no snapshot begins', async () => {
  const { raw, one } = await rawSnapshot();
  raw.send(chunk(10));
  expect((await raw.message(2))[0]).toBe(0x24);
  expect(one.transport.snapshots()).toEqual([]);
});

test('a sender that vanishes fails the iteration', async () => {
  const { raw, outcome } = await rawSnapshot();
  raw.send(encodeSnapshotHeader(bytes('h')));
  raw.send(chunk(10));
  raw.ws.terminate();
  expect(await outcome).toBe('disconnected');
});

test('a sender that falls silent is given up', async () => {
  const { raw, outcome } = await rawSnapshot({ options: { snapshotIdleTimeoutMs: 40 } });
  raw.send(encodeSnapshotHeader(bytes('h')));
  expect(await outcome).toBe('snapshot-stalled');
});

test('aborting in the middle ends both sides at once, even while the source hangs', async () => {
  const [one, two] = await pair();
  const abort = new AbortController();
  let returned = false;
  let outcome = '';
  two.recorder.receive = async (_from, _header, chunks) => {
    try {
      for await (const _chunk of chunks) abort.abort(new Error('leadership lost'));
    } catch (error) {
      outcome = (error as { code: string }).code;
      throw error;
    }
  };
  const hanging: AsyncIterable<Uint8Array> = {
    [Symbol.asyncIterator]: () => {
      let calls = 0;
      return {
        next: () => {
          calls += 1;
          if (calls === 1) return Promise.resolve({ done: false, value: new Uint8Array(256 * 1024) });
          return new Promise(() => {});
        },
        return: () => {
          returned = true;
          return Promise.resolve({ done: true, value: undefined });
        },
      };
    },
  };
  await expect(one.transport.sendSnapshot(2, bytes('h'), hanging, abort.signal)).rejects.toMatchObject({
    code: 'aborted',
    cause: new Error('leadership lost'),
  });
  expect(returned).toBe(true);
  await eventually(() => outcome !== '');
  expect(outcome).toBe('aborted');
  await eventually(() => two.transport.snapshots().length === 0);
});

test('a signal that fired before does not even dial', async () => {
  const [one, two] = await pair();
  await expect(one.transport.sendSnapshot(2, bytes('h'), source(1, 1), AbortSignal.abort())).rejects.toMatchObject({
    code: 'aborted',
  });
  expect(two.transport.snapshots()).toEqual([]);
});

test('the receiver’s reason travels, and so does the source’s error', async () => {
  const [one, two] = await pair();
  two.recorder.receive = async () => {
    throw new Error('no space for 5 GiB');
  };
  await expect(one.transport.sendSnapshot(2, bytes('h'), source(9, MIB), never())).rejects.toMatchObject({
    code: 'snapshot-refused',
    message: expect.stringContaining('no space for 5 GiB'),
  });
  two.recorder.receive = async (_from, _header, chunks) => {
    for await (const _chunk of chunks) {
      // taken
    }
  };
  const broken = source(9, MIB, (i) => {
    if (i === 5) throw new Error('compacted meanwhile');
  });
  await expect(one.transport.sendSnapshot(2, bytes('h'), broken, never())).rejects.toMatchObject({
    code: 'source-failed',
    cause: new Error('compacted meanwhile'),
  });
});

test('a receiver that has what it needs may finish early', async () => {
  const [one, two] = await pair();
  let made = 0;
  two.recorder.receive = async (_from, _header, chunks) => {
    for await (const _chunk of chunks) return;
  };
  await one.transport.sendSnapshot(
    2,
    bytes('h'),
    source(1000, 256 * 1024, () => {
      made += 1;
    }),
    never(),
  );
  expect(made).toBeLessThan(50);
});

test('more snapshots at a time than allowed are refused as busy, and the place is free again later', async () => {
  const [one, two] = await pair({}, { options: { maxIncomingSnapshots: 1 } });
  let release = (): void => {};
  const gate = new Promise<void>((resolve) => {
    release = resolve;
  });
  two.recorder.receive = async () => gate;
  const first = one.transport.sendSnapshot(2, bytes('h'), source(1, 1), never());
  await eventually(() => two.transport.snapshots().length === 1);
  await expect(one.transport.sendSnapshot(2, bytes('h'), source(1, 1), never())).rejects.toMatchObject({
    code: 'refused',
    refusal: 'busy',
  });
  release();
  await first;
  await one.transport.sendSnapshot(2, bytes('h'), source(1, 1), never());
});

test('the rate limit holds, and can be lifted while a snapshot is under way', async () => {
  const [one, two] = await pair({ options: { snapshotChunkBytes: 10_000, snapshotBytesPerSecond: 100_000 } });
  two.recorder.receive = async (_from, _header, chunks) => {
    for await (const _chunk of chunks) {
      // taken
    }
  };
  const start = performance.now();
  await one.transport.sendSnapshot(2, bytes('h'), source(4, 10_000), never());
  // Of four tenths of a second, idle time may have saved up one, and the debt of the last chunk is waited for by nobody.
  expect(performance.now() - start).toBeGreaterThan(190);
  one.transport.setSnapshotRate(1);
  const slow = one.transport.sendSnapshot(2, bytes('h'), source(100, 10_000), never());
  await eventually(() => (one.transport.snapshots()[0]?.bytes ?? 0) === 10_000);
  one.transport.setSnapshotRate(0);
  await slow;
});

test('a peer that cannot be reached, or is not known, gets no snapshot', async () => {
  const one = await member(1);
  const dead = await member(2);
  await dead.close();
  one.transport.setPeers([dead.address]);
  const never_ = never();
  await expect(one.transport.sendSnapshot(2, bytes('h'), source(1, 1), never_)).rejects.toMatchObject({
    code: 'unreachable',
  });
  await expect(one.transport.sendSnapshot(3, bytes('h'), source(1, 1), never_)).rejects.toMatchObject({
    code: 'unknown-peer',
  });
});

test('removing the peer ends its snapshots', async () => {
  const [one, two] = await pair();
  let outcome = '';
  two.recorder.receive = async (_from, _header, chunks) => {
    try {
      for await (const _chunk of chunks) one.transport.setPeers([]);
    } catch (error) {
      outcome = (error as { code: string }).code;
    }
  };
  await expect(one.transport.sendSnapshot(2, bytes('h'), source(100, MIB), never())).rejects.toMatchObject({
    code: 'unknown-peer',
  });
  await eventually(() => outcome !== '');
  expect(outcome).toBe('aborted');
});
