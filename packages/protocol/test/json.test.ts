// JSON as a gateway of etcd 3.4.23 was seen to answer and to accept it.
import { describe, expect, it } from 'vitest';
import {
  AlarmResponse,
  AlarmType,
  AuthRoleGrantPermissionRequest,
  CompareTarget,
  HashResponse,
  KeyValue,
  LeaseGrantRequest,
  LeaseGrantResponse,
  LeaseTimeToLiveResponse,
  Member,
  MemberAddRequest,
  MemberListResponse,
  type MessageType,
  parseJson,
  PermissionType,
  ProtocolError,
  PutRequest,
  PutResponse,
  RangeRequest,
  RangeResponse,
  ResponseHeader,
  ResponseOp,
  SortOrder,
  SortTarget,
  stringifyJson,
  toJson,
  TxnRequest,
  TxnResponse,
  WatchRequest,
} from '../src/index.js';

const foo = Uint8Array.from(Buffer.from('foo'));
const header = ResponseHeader.create({ clusterId: 15875391935852, memberId: 73837924, revision: 2, raftTerm: 2 });
const headerText = '"header":{"cluster_id":"15875391935852","member_id":"73837924","revision":"2","raft_term":"2"}';
const kv = KeyValue.create({ key: foo, createRevision: 2, modRevision: 2, version: 1, value: Buffer.from('bar') });

function row<T extends object>(
  type: MessageType<T>,
  init: Partial<T>,
  text: string,
): [string, MessageType<object>, object, string] {
  return [type.typeName, type, type.create(init), text];
}

describe('printing', () => {
  it.each([
    row(
      RangeResponse,
      { header, kvs: [kv], count: 1 },
      `{${headerText},"kvs":[{"key":"Zm9v","create_revision":"2","mod_revision":"2","version":"1","value":"YmFy"}],"count":"1"}`,
    ),
    row(PutResponse, { header }, `{${headerText}}`),
    row(LeaseGrantResponse, { id: 7587869134528476676n, ttl: 10 }, '{"ID":"7587869134528476676","TTL":"10"}'),
    row(
      LeaseTimeToLiveResponse,
      { id: 55n, ttl: -1, grantedTtl: 0, keys: [foo] },
      '{"ID":"55","TTL":"-1","keys":["Zm9v"]}',
    ),
    row(
      MemberListResponse,
      {
        members: [
          Member.create({ id: 73, name: 'default', peerUrls: ['http://a'], clientUrls: ['http://b'], isLearner: true }),
        ],
      },
      '{"members":[{"ID":"73","name":"default","peerURLs":["http://a"],"clientURLs":["http://b"],"isLearner":true}]}',
    ),
    row(AlarmResponse, { alarms: [{ memberId: 0, alarm: AlarmType.NOSPACE }] }, '{"alarms":[{"alarm":"NOSPACE"}]}'),
    row(HashResponse, { hash: 559304894 }, '{"hash":559304894}'),
    row(
      TxnResponse,
      {
        succeeded: true,
        responses: [
          ResponseOp.create({
            responseDeleteRange: { header: ResponseHeader.create({ revision: 4 }), deleted: 0, prevKvs: [] },
          }),
          ResponseOp.create({ responseTxn: TxnResponse.create({ header: ResponseHeader.create(), succeeded: true }) }),
        ],
      },
      '{"succeeded":true,"responses":[{"response_delete_range":{"header":{"revision":"4"}}},{"response_txn":{"header":{},"succeeded":true}}]}',
    ),
  ])('%s is as etcd prints it', (_name, type, message, text) => {
    expect(stringifyJson(type, message)).toBe(text);
  });

  it('prints an enum’s number that has no name, and a default inside a oneof', () => {
    expect(toJson(RangeRequest, { ...RangeRequest.create(), sortOrder: 77 as SortOrder })).toEqual({ sort_order: 77 });
    const compare = parseJson(TxnRequest, '{"compare":[{"version":"0"}]}').compare;
    expect(toJson(TxnRequest, TxnRequest.create({ compare }))).toEqual({ compare: [{ version: '0' }] });
  });
});

describe('reading', () => {
  const range = (text: string): RangeRequest => parseJson(RangeRequest, text);

  it('takes both styles of names', () => {
    const request = { key: foo, rangeEnd: Uint8Array.of(0) };
    expect(range('{"key":"Zm9v","range_end":"AA=="}')).toMatchObject(RangeRequest.create(request));
    expect(range('{"key":"Zm9v","rangeEnd":"AA=="}')).toMatchObject(RangeRequest.create(request));
    // Wrapped, as tools print it.
    expect(range('{"key":"Zm\\n9v\\r\\n","rangeEnd":"AA=="}')).toMatchObject(RangeRequest.create(request));
    expect(parseJson(MemberAddRequest, '{"peerURLs":["a"],"isLearner":true}')).toEqual({
      peerUrls: ['a'],
      isLearner: true,
    });
  });

  it('takes enums by name and by number, and integers as strings and as numbers', () => {
    const request = range('{"limit":"5","revision":-7,"sort_order":"ASCEND","sort_target":3}');
    expect(request).toMatchObject({ limit: 5, revision: -7, sortOrder: SortOrder.ASCEND, sortTarget: SortTarget.MOD });
    const grant = parseJson(
      AuthRoleGrantPermissionRequest,
      '{"name":"r","perm":{"permType":"READWRITE","key":"YQ=="}}',
    );
    expect(grant.perm?.permType).toBe(PermissionType.READWRITE);
  });

  it('keeps every digit of a lease id, also of a bare number, and no digit of a string is taken for one', () => {
    const grant = (text: string): bigint => parseJson(LeaseGrantRequest, text).id;
    expect(grant('{"ID":"7587869134528476677"}')).toBe(7587869134528476677n);
    expect(grant('{"TTL": 10, "ID": 7587869134528476677}')).toBe(7587869134528476677n);
    expect(grant('{"ID":-9223372036854775808}')).toBe(-(2n ** 63n));
    expect(grant('{"ID":9007199254740993}')).toBe(2n ** 53n + 1n);
    const name = 'say \\"x:1234567890123456789\\" and ,12345678901234567';
    const request = parseJson(MemberAddRequest, `{"peerURLs":["${name}"],"isLearner":false}`);
    expect(request.peerUrls).toEqual([JSON.parse(`"${name}"`)]);
  });

  it('saturates what a number does not hold', () => {
    expect(range('{"revision":"9223372036854775807"}').revision).toBe(Number.MAX_SAFE_INTEGER);
    expect(range('{"revision":"-9223372036854775808"}').revision).toBe(-Number.MAX_SAFE_INTEGER);
    expect(parseJson(Member, '{"ID":"18446744073709551615"}').id).toBe(Number.MAX_SAFE_INTEGER);
  });

  it('takes null, empty text and unknown fields for nothing given', () => {
    for (const text of [
      '',
      '  ',
      'null',
      '{}',
      '{"key":null}',
      '{"bogus":1}',
      '{"__proto__":{"key":"Zm9v"},"constructor":5}',
    ]) {
      expect(range(text), text).toEqual(RangeRequest.create());
    }
    expect(({} as Record<string, unknown>)['key']).toBeUndefined();
  });

  it('refuses unknown fields where that is asked for', () => {
    const strict = { unknownFields: 'refuse' } as const;
    const txn = '{"success":[{"request_put":{"key":"Zm9v","__proto__":1}}]}';
    expect(() => parseJson(TxnRequest, txn, strict)).toThrow(
      expect.objectContaining({
        code: 'unknown-field',
        message: 'success[0].request_put.__proto__: etcdserverpb.PutRequest has no such field',
      }),
    );
    expect(parseJson(PutRequest, '{"prev_kv":true,"ignoreLease":true}', strict)).toMatchObject({
      prevKv: true,
      ignoreLease: true,
    });
  });

  it('takes a member of a oneof, and not two', () => {
    const { compare } = parseJson(TxnRequest, '{"compare":[{"key":"Zm9v","target":"CREATE","createRevision":"0"}]}');
    expect(compare[0]).toMatchObject({ target: CompareTarget.CREATE, createRevision: 0 });
    expect(compare[0]?.version).toBeUndefined();
    expect(() => parseJson(WatchRequest, '{"create_request":{},"cancelRequest":{}}')).toThrow(
      'cancelRequest: create_request is given already; only one of request_union may be',
    );
  });

  it.each([
    [RangeRequest, '{"key":"Zm9v"', 'the text is not JSON'],
    [RangeRequest, '[]', 'an object is needed, not array'],
    [RangeRequest, '5', 'an object is needed, not number'],
    [RangeRequest, '{"limit":"abc"}', 'limit: "abc" is no 64-bit integer'],
    [RangeRequest, '{"limit":""}', 'limit: "" is no 64-bit integer'],
    [RangeRequest, '{"limit":"05"}', 'limit: "05" is no 64-bit integer'],
    [RangeRequest, '{"limit":"+5"}', 'limit: "+5" is no 64-bit integer'],
    [RangeRequest, '{"limit":1.5}', 'limit: 1.5 is no whole number'],
    [RangeRequest, '{"limit":true}', 'limit: an integer, as a number or a string, is needed, not boolean'],
    [RangeRequest, '{"limit":"99999999999999999999"}', 'limit: 99999999999999999999 is not from'],
    [RangeRequest, '{"limit":99999999999999999999}', 'limit: 99999999999999999999 is not from'],
    [RangeRequest, '{"limit":1e300}', 'is not from'],
    [PutRequest, '{"lease":"9223372036854775808"}', 'lease: 9223372036854775808 is not from'],
    [Member, '{"ID":"-1"}', 'ID: -1 is not from 0 to'],
    [HashResponse, '{"hash":4294967296}', 'hash: 4294967296 is not from 0 to'],
    [RangeRequest, '{"sort_order":"BOGUS"}', 'sort_order: etcdserverpb.RangeRequest.SortOrder has no value "BOGUS"'],
    [RangeRequest, '{"sort_order":"1"}', 'has no value "1"'],
    [RangeRequest, '{"sort_order":"toString"}', 'has no value "toString"'],
    [RangeRequest, '{"sort_order":2147483648}', 'sort_order: 2147483648 is no 32-bit integer'],
    [RangeRequest, '{"sort_order":[]}', 'sort_order: a name or a number is needed, not array'],
    [RangeRequest, '{"key":"not base64!"}', 'key: the text is not base64'],
    [RangeRequest, '{"key":"Zm8"}', 'key: the text is not base64'],
    [RangeRequest, '{"key":"Zm8_-w=="}', 'key: the text is not base64'],
    [RangeRequest, '{"key":"Zm=9"}', 'key: the text is not base64'],
    [RangeRequest, '{"key":"Zm 9v"}', 'key: the text is not base64'],
    [RangeRequest, '{"key":5}', 'key: base64 text is needed, not number'],
    [RangeRequest, '{"keys_only":"true"}', 'keys_only: true or false is needed, not string'],
    [RangeRequest, '{"keysOnly":1}', 'keysOnly: true or false is needed, not number'],
    [MemberAddRequest, '{"peerURLs":"http://x"}', 'peerURLs: a list is needed, not string'],
    [MemberAddRequest, '{"peerURLs":["a",5]}', 'peerURLs[1]: a string is needed, not number'],
    [TxnRequest, '{"success":[null]}', 'success[0]: a list holds no null'],
    [TxnRequest, '{"compare":[5]}', 'compare[0]: an object is needed, not number'],
    [TxnRequest, '{"failure":[{},{"requestPut":{"key":1}}]}', 'failure[1].requestPut.key: base64 text is needed'],
  ] as [MessageType<object>, string, string][])('%# refuses %s', (type, text, message) => {
    let error: unknown;
    try {
      parseJson(type, text);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(ProtocolError);
    expect(error).toMatchObject({ code: 'bad-json', message: expect.stringContaining(message) });
  });

  it('refuses transactions that are nested without end', () => {
    const nested = (depth: number): string =>
      ['{"success":[{"request_txn":'.repeat(depth), '{}', '}]}'.repeat(depth)].join('');
    expect(parseJson(TxnRequest, nested(20)).success).toHaveLength(1);
    for (const depth of [60, 20_000]) {
      expect(() => parseJson(TxnRequest, nested(depth))).toThrow(expect.objectContaining({ code: 'too-deep' }));
    }
  });

  it('takes a value of megabytes', () => {
    const value = Buffer.alloc(3_000_000, 'abc');
    const text = `{"lease":1234567890123456789,"value":"${value.toString('base64')}"}`;
    expect(Buffer.compare(parseJson(PutRequest, text).value, value)).toBe(0);
  });
});

it('digits of a fraction are not taken for an integer that is too long', () => {
  const parse = (text: string) => () => parseJson(LeaseGrantRequest, text);
  expect(parse('{"ID":0.0000010000000000000002}')).toThrow(expect.objectContaining({ code: 'bad-json' }));
  expect(parse('{"other":[-12345678901234567.25e-3,"\\"1234567890123456789\\""]}')()).toMatchObject({ id: 0n });
  expect(parse('{"ID":-1234567890123456789}')()).toMatchObject({ id: -1234567890123456789n });
});
