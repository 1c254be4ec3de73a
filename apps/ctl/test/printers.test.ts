// The shapes that etcdctl 3.4 prints, with data of our own. Ids are what they are here, below 2^53.
import {
  DeleteRangeResponse,
  EventType,
  type KeyValue,
  LeaseTimeToLiveResponse,
  PutResponse,
  RangeResponse,
  StatusResponse,
} from '@understudy/protocol';
import { describe, expect, it } from 'vitest';
import { createPrinter } from '../src/output/formats.js';
import type { Printer } from '../src/output/printer.js';

const HEADER = { clusterId: 0xc1, memberId: 0xa1, revision: 7, raftTerm: 2 };
const bytes = (text: string): Uint8Array => Buffer.from(text);

function kv(key: string, value: string): KeyValue {
  return { key: bytes(key), value: bytes(value), createRevision: 2, modRevision: 6, version: 3, lease: 0n };
}

/** What a format prints, with stderr behind `!`. */
function printed(
  format: string,
  print: (printer: Printer) => void,
  options = { hex: false, valueOnly: false },
): string {
  let text = '';
  const line = (prefix: string) => (each: string | Uint8Array) => {
    text += `${prefix}${Buffer.from(each as string).toString()}\n`;
  };
  print(createPrinter(format, { line: line(''), errorLine: line('!'), write: () => {} }, options));
  return text;
}

function each(print: (printer: Printer) => void): Record<'simple' | 'fields' | 'json', string> {
  return { simple: printed('simple', print), fields: printed('fields', print), json: printed('json', print) };
}

const FIELDS_HEADER = '"ClusterID" : 193\n"MemberID" : 161\n"Revision" : 7\n"RaftTerm" : 2\n';
const JSON_HEADER = '{"cluster_id":193,"member_id":161,"revision":7,"raft_term":2}';

describe('keys', () => {
  it('are printed as pairs of lines, as fields, and as JSON with base64', () => {
    const answer = RangeResponse.create({ header: HEADER, kvs: [kv('a', '1')], more: true, count: 3 });
    expect(each((printer) => printer.get(answer))).toEqual({
      simple: 'a\n1\n',
      fields: `${FIELDS_HEADER}"Key" : "a"\n"CreateRevision" : 2\n"ModRevision" : 6\n"Version" : 3\n"Value" : "1"\n"Lease" : 0\n"More" : true\n"Count" : 3\n`,
      json: `{"header":${JSON_HEADER},"kvs":[{"key":"YQ==","create_revision":2,"mod_revision":6,"version":3,"value":"MQ=="}],"more":true,"count":3}\n`,
    });
  });

  it('can be hexadecimal, or values only', () => {
    const answer = RangeResponse.create({ header: HEADER, kvs: [kv('az', '1')] });
    expect(printed('simple', (p) => p.get(answer), { hex: true, valueOnly: false })).toBe('\\x61\\x7a\n\\x31\n');
    expect(printed('simple', (p) => p.get(answer), { hex: false, valueOnly: true })).toBe('1\n');
  });

  it('that were put and deleted are confirmed, with the versions before', () => {
    const put = PutResponse.create({ header: HEADER, prevKv: kv('a', '"x"') });
    expect(printed('simple', (p) => p.put(put))).toBe('OK\na\n"x"\n');
    expect(printed('fields', (p) => p.put(put))).toContain('"PrevKey" : "a"\n');
    expect(printed('fields', (p) => p.put(put))).toContain('"PrevValue" : "\\"x\\""\n');
    const del = DeleteRangeResponse.create({ header: HEADER, deleted: 1, prevKvs: [kv('a', '1')] });
    expect(printed('simple', (p) => p.del(del))).toBe('1\na\n1\n');
    expect(printed('json', (p) => p.del(DeleteRangeResponse.create({ header: HEADER })))).toBe(
      `{"header":${JSON_HEADER}}\n`,
    );
  });
});

it('a transaction prints its side, and each answer after an empty line', () => {
  const inner = { clusterId: 0, memberId: 0, revision: 7, raftTerm: 0 };
  const answer = {
    header: HEADER,
    succeeded: true,
    responses: [
      { responsePut: PutResponse.create({ header: inner }) },
      { responseRange: RangeResponse.create({ header: inner, kvs: [kv('a', '1')], count: 1 }) },
    ],
  };
  expect(printed('simple', (p) => p.txn(answer))).toBe('SUCCESS\n\nOK\n\na\n1\n');
  expect(printed('json', (p) => p.txn(answer))).toBe(
    `{"header":${JSON_HEADER},"succeeded":true,"responses":[{"Response":{"ResponsePut":{"header":{"revision":7}}}},{"Response":{"ResponseRange":{"header":{"revision":7},"kvs":[{"key":"YQ==","create_revision":2,"mod_revision":6,"version":3,"value":"MQ=="}],"count":1}}}]}\n`,
  );
});

it('a watch prints type, version before, and version of each event', () => {
  const gone = { key: bytes('a'), value: bytes(''), createRevision: 0, modRevision: 7, version: 0, lease: 0n };
  const answer = {
    header: HEADER,
    events: [
      { type: EventType.PUT, kv: kv('a', '2'), prevKv: kv('a', '1') },
      { type: EventType.DELETE, kv: gone, prevKv: undefined },
    ],
    compactRevision: 0,
    canceled: false,
  };
  expect(printed('simple', (p) => p.watch(answer))).toBe('PUT\na\n1\na\n2\nDELETE\na\n\n');
  expect(printed('json', (p) => p.watch({ ...answer, events: answer.events.slice(1) }))).toBe(
    `{"Header":${JSON_HEADER},"Events":[{"type":1,"kv":{"key":"YQ==","mod_revision":7}}],"CompactRevision":0,"Canceled":false,"Created":false}\n`,
  );
});

describe('leases', () => {
  const id = 0x7089_a1f8_a778_7226n;

  it('have ids of sixteen digits, and all of their bits in JSON', () => {
    const grant = { header: HEADER, id, ttl: 100, error: '' };
    expect(each((printer) => printer.leaseGrant(grant))).toEqual({
      simple: 'lease 7089a1f8a7787226 granted with TTL(100s)\n',
      fields: `${FIELDS_HEADER}"ID" : 8109190693390938662\n"TTL" : 100\n`,
      json: `${JSON_HEADER.slice(0, -1)},"ID":8109190693390938662,"TTL":100,"Error":""}\n`,
    });
    expect(printed('simple', (p) => p.leaseRevoke(0x12n, { header: HEADER }))).toBe('lease 0000000000000012 revoked\n');
    expect(printed('simple', (p) => p.leases({ header: HEADER, leases: [{ id }, { id: -1n }] }))).toBe(
      'found 2 leases\n7089a1f8a7787226\nffffffffffffffff\n',
    );
  });

  it('tell what is left of them, and their keys', () => {
    const answer = LeaseTimeToLiveResponse.create({
      header: HEADER,
      id,
      ttl: 59,
      grantedTtl: 60,
      keys: [bytes('k1'), bytes('k2')],
    });
    expect(printed('simple', (p) => p.leaseTimeToLive(answer, true))).toBe(
      'lease 7089a1f8a7787226 granted with TTL(60s), remaining(59s), attached keys([k1 k2])\n',
    );
    expect(printed('simple', (p) => p.leaseTimeToLive(answer, false))).toBe(
      'lease 7089a1f8a7787226 granted with TTL(60s), remaining(59s)\n',
    );
    const gone = LeaseTimeToLiveResponse.create({ header: HEADER, id, ttl: -1 });
    expect(printed('simple', (p) => p.leaseTimeToLive(gone, false))).toBe('lease 7089a1f8a7787226 already expired\n');
    expect(printed('json', (p) => p.leaseTimeToLive(gone, false))).toContain('"ttl":-1,"granted-ttl":0,"keys":null}');
  });
});

describe('members', () => {
  const learner = { id: 0x7ad, name: '', peerUrls: ['http://p:2'], clientUrls: [], isLearner: true };
  const voter = {
    id: 0xcc4a,
    name: 'n1',
    peerUrls: ['http://p:1', 'http://q:1'],
    clientUrls: ['http://c:1'],
    isLearner: false,
  };
  const list = { header: HEADER, members: [learner, voter] };

  it('are listed as lines, as a table, and as JSON without what is empty', () => {
    expect(printed('simple', (p) => p.memberList(list))).toBe(
      '00000000000007ad, unstarted, , http://p:2, , true\n000000000000cc4a, started, n1, http://p:1,http://q:1, http://c:1, false\n',
    );
    expect(printed('table', (p) => p.memberList(list))).toBe(
      [
        '+------------------+-----------+------+-----------------------+--------------+------------+',
        '|        ID        |  STATUS   | NAME |      PEER ADDRS       | CLIENT ADDRS | IS LEARNER |',
        '+------------------+-----------+------+-----------------------+--------------+------------+',
        '| 00000000000007ad | unstarted |      |            http://p:2 |              |       true |',
        '| 000000000000cc4a |   started |   n1 | http://p:1,http://q:1 |   http://c:1 |      false |',
        '+------------------+-----------+------+-----------------------+--------------+------------+',
        '',
      ].join('\n'),
    );
    expect(printed('json', (p) => p.memberList(list))).toContain(
      '"members":[{"ID":1965,"peerURLs":["http://p:2"],"isLearner":true},{"ID":52298,"name":"n1"',
    );
  });

  it('that are added get the environment they start with, their own urls first', () => {
    expect(printed('simple', (p) => p.memberAdd('n2', { ...list, member: learner }))).toBe(
      [
        'Member 00000000000007ad added to cluster 00000000000000c1',
        '',
        'UNDERSTUDY_NAME="n2"',
        'UNDERSTUDY_INITIAL_CLUSTER="n2=http://p:2,n1=http://p:1,n1=http://q:1"',
        'UNDERSTUDY_INITIAL_ADVERTISE_PEER_URLS="http://p:2"',
        'UNDERSTUDY_INITIAL_CLUSTER_STATE="existing"',
        '',
      ].join('\n'),
    );
  });

  it('that change are named with their cluster', () => {
    expect(printed('simple', (p) => p.memberRemove(0x7ad, list))).toBe(
      'Member 00000000000007ad removed from cluster 00000000000000c1\n',
    );
    expect(printed('simple', (p) => p.memberUpdate(0x7ad, list))).toBe(
      'Member 00000000000007ad updated in cluster 00000000000000c1\n',
    );
    expect(printed('simple', (p) => p.memberPromote(0x7ad, list))).toBe(
      'Member 00000000000007ad promoted in cluster 00000000000000c1\n',
    );
    expect(printed('simple', (p) => p.moveLeader(0xa1, 0xa2, { header: HEADER }))).toBe(
      'Leadership transferred from 00000000000000a1 to 00000000000000a2\n',
    );
  });
});

describe('endpoints', () => {
  const status = StatusResponse.create({
    header: HEADER,
    version: '3.4.0',
    dbSize: 24576,
    leader: 0xa1,
    raftIndex: 33,
    raftTerm: 2,
    raftAppliedIndex: 32,
    errors: ['etcdserver: no leader'],
  });

  it('tell their status', () => {
    const list = [{ endpoint: '127.0.0.1:2379', status }];
    expect(printed('simple', (p) => p.endpointStatus(list))).toBe(
      '127.0.0.1:2379, 00000000000000a1, 3.4.0, 25 kB, true, false, 2, 33, 32, etcdserver: no leader\n',
    );
    expect(printed('table', (p) => p.endpointStatus(list))).toBe(
      [
        '+----------------+------------------+---------+---------+-----------+------------+-----------+------------+--------------------+-----------------------+',
        '|    ENDPOINT    |        ID        | VERSION | DB SIZE | IS LEADER | IS LEARNER | RAFT TERM | RAFT INDEX | RAFT APPLIED INDEX |        ERRORS         |',
        '+----------------+------------------+---------+---------+-----------+------------+-----------+------------+--------------------+-----------------------+',
        '| 127.0.0.1:2379 | 00000000000000a1 |   3.4.0 |   25 kB |      true |      false |         2 |         33 |                 32 | etcdserver: no leader |',
        '+----------------+------------------+---------+---------+-----------+------------+-----------+------------+--------------------+-----------------------+',
        '',
      ].join('\n'),
    );
    expect(printed('json', (p) => p.endpointStatus(list))).toBe(
      `[{"Endpoint":"127.0.0.1:2379","Status":{"header":${JSON_HEADER},"version":"3.4.0","dbSize":24576,"leader":161,"raftIndex":33,"raftTerm":2,"raftAppliedIndex":32,"errors":["etcdserver: no leader"]}}]\n`,
    );
    expect(printed('fields', (p) => p.endpointStatus(list))).toContain(
      '"Errors" : [etcdserver: no leader]\n"Endpoint" : "127.0.0.1:2379"\n\n',
    );
  });

  it('tell their health, on stderr in the simple format', () => {
    const list = [
      { endpoint: 'a:1', healthy: true, tookMs: 1.446696, error: '' },
      { endpoint: 'b:1', healthy: false, tookMs: 5001.217113, error: 'context deadline exceeded' },
    ];
    expect(printed('simple', (p) => p.endpointHealth(list))).toBe(
      '!a:1 is healthy: successfully committed proposal: took = 1.446696ms\n!b:1 is unhealthy: failed to commit proposal: context deadline exceeded\n',
    );
    expect(printed('json', (p) => p.endpointHealth(list))).toBe(
      '[{"endpoint":"a:1","health":true,"took":"1.446696ms"},{"endpoint":"b:1","health":false,"took":"5.001217113s","error":"context deadline exceeded"}]\n',
    );
    expect(printed('table', (p) => p.endpointHealth(list))).toBe(
      [
        '+----------+--------+--------------+---------------------------+',
        '| ENDPOINT | HEALTH |     TOOK     |           ERROR           |',
        '+----------+--------+--------------+---------------------------+',
        '|      a:1 |   true |   1.446696ms |                           |',
        '|      b:1 |  false | 5.001217113s | context deadline exceeded |',
        '+----------+--------+--------------+---------------------------+',
        '',
      ].join('\n'),
    );
  });
});

it('what is no table is refused, and so is a format that does not exist', () => {
  expect(() => printed('table', (p) => p.put(PutResponse.create()))).toThrow('table not supported as output format');
  expect(() => printed('xml', () => {})).toThrow('unsupported output format');
});
