/** Frames that make sense and frames that do not, in pieces of any size: nothing of ours breaks, nothing is kept. */
import fc from 'fast-check';
import { expect } from 'vitest';
import { frame, Http2Peer, REQUEST } from './http2-peer.js';

const id = fc.constantFrom(0, 1, 3, 5, 7, 2);
const body = fc.oneof(fc.uint8Array({ maxLength: 60 }), fc.constant(new Uint8Array(REQUEST)));
const type = fc.integer({ min: 0, max: 11 });
const frames = fc.array(fc.tuple(type, fc.integer({ min: 0, max: 255 }), id, body), { maxLength: 30 });

export async function fuzzHttp2(numRuns: number): Promise<void> {
  const tail = fc.uint8Array({ maxLength: 40 });
  const cut = fc.integer({ min: 1, max: 50 });
  await fc.assert(
    fc.asyncProperty(frames, tail, cut, async (sent, rest, size) => {
      const peer = new Http2Peer().greet();
      const bytes = Buffer.concat([
        ...sent.map(([kind, flags, stream, data]) => frame(kind, flags, stream, data)),
        rest,
      ]);
      for (let at = 0; at < bytes.length; at += size) peer.socket.write(bytes.subarray(at, at + size));
      for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setImmediate(resolve));
      peer.socket.end();
      await peer.ended;
      expect(peer.defects).toEqual([]);
      expect([peer.connection.streamCount, peer.connection.output.pendingBytes]).toEqual([0, 0]);
    }),
    { numRuns },
  );
}
