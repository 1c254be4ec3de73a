import { describe, expect, it } from 'vitest';
import { ConfChangeType, decodeConfChange, encodeConfChange, EntryType, entrySize } from '../src/index.js';
import { bytes, confChange, Network } from './network.js';

const BIG = 2 ** 31 + 2 ** 40;
const HUGE_ID = 2 ** 52 + 12_345;

describe('numbers beyond 32 bits', () => {
  it('indexes work as small ones do: replication, conflict, snapshot, reads', () => {
    const network = Network.of([1, 2, 3], { maxInflightMessages: 3, maxInflightBytes: 2 ** 40 }, {}, BIG);
    network.campaign(1);
    network.isolate(3);
    network.propose(1, 'a', 'b');
    network.isolate(1);
    network.propose(1, 'lost');
    network.lose = ({ from, to }) => from === 1 || to === 1;
    network.campaign(2);
    network.propose(2, 'c');
    network.heal();
    network.tick(3);
    for (const member of network.members.values()) expect(member.applied).toEqual(['a', 'b', 'c']);
    expect(network.get(1).node.commitIndex).toBe(BIG + 5);
    network.isolate(3);
    network.propose(2, 'd');
    network.get(2).log.compact(BIG + 6);
    network.heal();
    network.tick(3);
    expect(network.get(3).applied).toEqual(['a', 'b', 'c', 'd']);
    network.get(3).node.readIndex(2 ** 45);
    network.settle();
    expect(network.get(3).readStates).toEqual([{ index: BIG + 6, context: 2 ** 45 }]);
  });

  it('member ids too', () => {
    const network = Network.of([HUGE_ID, HUGE_ID + 1, 7]);
    network.campaign(HUGE_ID + 1);
    network.propose(7, 'a');
    expect(network.get(HUGE_ID).applied).toEqual(['a']);
    network.change(HUGE_ID + 1, { type: ConfChangeType.AddLearnerNode, nodeId: HUGE_ID + 2 });
    expect(network.get(7).confState.learners).toEqual([HUGE_ID + 2]);
  });

  it('config changes keep them in their bytes', () => {
    const change = {
      ...confChange([
        { type: ConfChangeType.AddNode, nodeId: HUGE_ID },
        { type: ConfChangeType.RemoveNode, nodeId: 2 ** 32 },
      ]),
      context: bytes('http://a'),
    };
    const data = encodeConfChange(change, 'v2');
    expect(decodeConfChange({ term: 1, index: 1, type: EntryType.ConfChangeV2, data })).toEqual(change);
  });

  it('an entry is as large as its protobuf encoding', () => {
    const size = (term: number, index: number, length: number): number =>
      entrySize({ term, index, type: EntryType.Normal, data: new Uint8Array(length) });
    expect(size(1, 1, 0)).toBe(6);
    expect(size(1, 127, 1)).toBe(9);
    expect(size(1, 128, 1)).toBe(10);
    expect(size(300, 2 ** 35, 200)).toBe(2 + 3 + 7 + 203);
    expect(size(1, Number.MAX_SAFE_INTEGER, 0)).toBe(2 + 2 + 9);
  });
});
