import { expect, it } from 'vitest';
import { knownPeers } from '../src/known-peers.js';
import { newMemberRecord } from '../src/state/member-record.js';
import { MemberTable } from '../src/state/member-table.js';

const record = (id: number, host = 'm') => newMemberRecord({ id, peerUrls: [`http://${host}${id}:1`] });
const plan = { memberId: 5, contacts: [1, 2, 3, 4, 5].map((id) => record(id)) };

function urlsOf(table: MemberTable): string[] {
  return knownPeers(plan, table).flatMap(({ urls }) => urls);
}

it('a member that has just joined knows whom its start knew, until its own state is as new as that', () => {
  const table = new MemberTable();
  expect(urlsOf(table)).toEqual([1, 2, 3, 4, 5].map((id) => `http://m${id}:1`));
  // The first entries of the log: whoever leads now may have been added by one of the next.
  table.put(record(1, 'moved'));
  expect(urlsOf(table)).toEqual(['http://moved1:1', ...[2, 3, 4, 5].map((id) => `http://m${id}:1`)]);
  table.put(record(2));
  table.remove(2);
  expect(urlsOf(table)).toEqual(['http://moved1:1', ...[3, 4, 5].map((id) => `http://m${id}:1`)]);
  table.put(record(5));
  expect(urlsOf(table)).toEqual(['http://moved1:1', 'http://m5:1']);
});
