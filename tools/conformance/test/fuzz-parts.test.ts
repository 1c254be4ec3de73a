import { describe, expect, test } from 'vitest';
import { compare, differences } from '../src/fuzz/differences.js';
import { Operations } from '../src/fuzz/operations.js';
import { Random } from '../src/fuzz/random.js';
import { openWatches, watchNotes } from '../src/fuzz/watch-notes.js';

describe('the operations of a seed', () => {
  const first = (seed: number): unknown[] => {
    const operations = new Operations(new Random(seed));
    return Array.from({ length: 200 }, () => operations.next({ revision: 40, compacted: 10 }));
  };

  test('are the same each time', () => {
    expect(first(7)).toEqual(first(7));
  });

  test('are others for another seed', () => {
    expect(first(7)).not.toEqual(first(8));
  });

  test('are of every kind', () => {
    const text = JSON.stringify(first(1).concat(first(2), first(3)));
    for (const part of [
      'KV/Put',
      'KV/Range',
      'KV/DeleteRange',
      'request_txn',
      'KV/Compact',
      'LeaseGrant',
      'LeaseRevoke',
    ])
      expect(text).toContain(part);
    for (const part of [
      'LeaseTimeToLive',
      'LeaseLeases',
      'create_request',
      'cancel_request',
      'settle',
      '"revision":"-1"',
    ])
      expect(text).toContain(part);
  });
});

describe('a comparison', () => {
  const answer = (response: object) => ({ ok: true as const, response: response as never });

  test('tells each field that differs', () => {
    const [ours, theirs] = [answer({ count: '1', more: true }), answer({ count: '2', kvs: [{ key: 'YQ==' }] })];
    expect(differences(ours, theirs, '/etcdserverpb.KV/Range')).toEqual([
      'response.count: "1", etcd: "2"',
      'response.kvs: undefined, etcd: [{"key":"YQ=="}]',
      'response.more: true, etcd: undefined',
    ]);
  });

  test('tells a refusal that only one gives, and another text', () => {
    const refusal = { ok: false as const, code: 'NOT_FOUND', text: 'x' };
    expect(differences(answer({}), refusal, '/p')).not.toEqual([]);
    expect(differences(refusal, { ...refusal, text: 'y' }, '/p')).toEqual(['answer.text: "x", etcd: "y"']);
  });

  test('leaves out the ids of the header and no more of it', () => {
    const header = { cluster_id: '1', member_id: '2', raft_term: '3', revision: '4' };
    const other = { cluster_id: '5', member_id: '6', raft_term: '7', revision: '8' };
    expect(compare({ header }, { header: other }, 'response')).toEqual(['response.header.revision: "4", etcd: "8"']);
  });

  test('knows the order of keys, but not that of the leases', () => {
    const [one, two] = [{ ID: '1' }, { ID: '2' }];
    const [ours, theirs] = [answer({ leases: [one, two] }), answer({ leases: [two, one] })];
    expect(differences(ours, theirs, '/etcdserverpb.Lease/LeaseLeases')).toEqual([]);
    expect(differences(ours, theirs, '/other')).not.toEqual([]);
  });
});

describe('the notes of watches', () => {
  test('keep the order of events and not how they were gathered', () => {
    const [a, b] = [{ kv: { key: 'YQ==' } }, { kv: { key: 'Yg==' } }];
    const created = { watch_id: '1', created: true };
    const together = watchNotes([created, { watch_id: '1', events: [a, b] }]);
    const apart = watchNotes([created, { watch_id: '1', events: [a] }, { watch_id: '1', events: [b] }]);
    expect([...together]).toEqual([...apart]);
    expect([...together]).toEqual([['1', ['created', a, b]]]);
  });

  test('say which watches are open', () => {
    const notes = watchNotes([
      { watch_id: '1', created: true },
      { watch_id: '2', created: true },
      { watch_id: '1', canceled: true, compact_revision: '5' },
    ]);
    expect([...openWatches(notes)]).toEqual(['2']);
    expect(notes.get('1')).toEqual(['created', 'canceled, compact revision 5: ']);
  });
});
