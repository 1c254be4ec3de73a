import type { Event } from '@understudy/mvcc';
import { EventType } from '@understudy/mvcc';
import { describe, expect, it } from 'vitest';
import { cutBatch } from '../src/services/watch-pieces.js';

/** A put of `bytes` at `revision`. */
function event(revision: number, bytes: number): Event {
  const kv = {
    key: new Uint8Array(),
    value: new Uint8Array(bytes),
    createRevision: revision,
    modRevision: revision,
    version: 1,
    lease: 0n,
  };
  return { type: EventType.put, kv, prevKv: undefined };
}

const shape = (events: Event[], fragments: boolean): unknown =>
  cutBatch({ revision: 99, events }, fragments, 1000).map((piece) => [
    piece.revision,
    piece.events.map(({ kv }) => kv.modRevision),
    piece.fragment,
  ]);

describe('pieces of a batch', () => {
  it('a small batch is one answer, at the revision of the batch', () => {
    expect(shape([event(5, 100), event(6, 100)], true)).toEqual([[99, [5, 6], false]]);
  });

  it('a large one is cut between revisions, and each piece says how far it goes', () => {
    const events = [event(5, 600), event(6, 600), event(7, 100), event(8, 900)];
    expect(shape(events, false)).toEqual([
      [5, [5], false],
      [7, [6, 7], false],
      [99, [8], false],
    ]);
  });

  it('a revision is cut only where the client takes fragments', () => {
    const events = [event(5, 600), event(5, 600), event(5, 600), event(6, 10)];
    expect(shape(events, false)).toEqual([
      [5, [5, 5, 5], false],
      [99, [6], false],
    ]);
    expect(shape(events, true)).toEqual([
      [5, [5], true],
      [5, [5], true],
      [99, [5, 6], false],
    ]);
  });

  it('loses and repeats nothing', () => {
    const events = Array.from({ length: 300 }, (_, i) => event(Math.floor(i / 7) + 1, (i * 37) % 1500));
    for (const fragments of [true, false]) {
      const pieces = cutBatch({ revision: 99, events }, fragments, 1000);
      expect(pieces.flatMap((piece) => piece.events)).toEqual(events);
    }
  });
});
