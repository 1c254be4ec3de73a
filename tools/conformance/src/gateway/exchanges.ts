/**
 * What the JSON gateways are asked, in order, each on the state that those before have left. Requests are sent as they
 * are written here, so that bad ones stay bad.
 */

export interface Exchange {
  /** Default: POST. */
  readonly method?: string;
  readonly path: string;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** A stream that does not end by itself: so many lines are read. */
  readonly lines?: number;
  /** Why the answers are not the same. */
  readonly differs?: Difference;
}

/** What differs on purpose, and what is the same all the same. */
export interface Difference {
  readonly reason: string;
  readonly same: readonly ('status' | 'contentType' | 'code')[];
}

const WORDS: Difference = {
  reason: "Go's words for what is wrong with a JSON text; ours name the field",
  same: ['status', 'contentType', 'code'],
};
const FIRST_MESSAGE: Difference = {
  reason: 'a bad first message of a stream is the fault of who sent it: 400, as for any other method, and not 500',
  same: ['contentType'],
};
const TRAILING: Difference = { reason: 'what follows the object is refused, not overlooked', same: ['contentType'] };
const FRACTION: Difference = {
  reason: 'a whole number is one however it is written, as the JSON of protobuf has it; Go takes no 1.0',
  same: ['contentType'],
};
const NO_TOKENS: Difference = {
  reason: 'while authentication is off, tokens are not looked at',
  same: ['contentType'],
};
const INNER_CODE: Difference = {
  reason: "locks and elections have the code of what failed within them; etcd's is 2, which is 500",
  same: ['contentType'],
};
const DEADLINE: Difference = { reason: 'the words of etcd 3.6 for a deadline', same: ['status', 'contentType'] };
const PLAIN_HEALTH: Difference = { reason: 'its JSON is called so', same: ['status'] };
const REDIRECT: Difference = { reason: 'a path that is not clean is not found, rather than sent elsewhere', same: [] };
const AUTH_STATUS: Difference = { reason: 'a method that etcd has since 3.5', same: [] };

const b64 = (text: string): string => Buffer.from(text).toString('base64');
const post = (path: string, body: unknown): Exchange => ({ path, body: JSON.stringify(body) });
const raw = (path: string, body: string): Exchange => ({ path, body });

const key = b64('key');
const range = { key: b64('k'), range_end: b64('l') };

const puts = (count: number): object[] =>
  Array.from({ length: count }, (_, at) => ({ request_put: { key: b64(`txn-${at}`), value: b64('x') } }));

export const EXCHANGES: readonly Exchange[] = [
  // Keys and values.
  post('/v3/kv/put', { key, value: b64('one') }),
  post('/v3beta/kv/put', { key, value: b64('two'), prev_kv: true }),
  post('/v3/kv/range', { key }),
  post('/v3beta/kv/range', { key }),
  post('/v3/kv/range', { ...range, count_only: true }),
  post('/v3/kv/range', { ...range, keys_only: true, serializable: true }),
  post('/v3/kv/range', { ...range, sort_order: 'DESCEND', sort_target: 'MOD', limit: '1' }),
  post('/v3/kv/range', { ...range, sort_order: 2, sort_target: 0 }),
  post('/v3/kv/range', { key, revision: 2 }),
  post('/v3/kv/range', { key: b64('absent') }),
  post('/v3/kv/put', { key: b64('leer'), value: '' }),
  post('/v3/kv/range', { key: b64('leer') }),
  post('/v3/kv/txn', {
    compare: [{ key, target: 'VALUE', result: 'EQUAL', value: b64('two') }],
    success: [{ request_put: { key, value: b64('three') } }, { request_range: { key } }],
    failure: [{ request_delete_range: { key } }],
  }),
  post('/v3/kv/txn', {
    compare: [{ key, target: 'VERSION', result: 'GREATER', version: '100' }],
    failure: [{ request_delete_range: { key: b64('leer'), prev_kv: true } }],
  }),
  post('/v3/kv/txn', {}),
  post('/v3/kv/deleterange', { key, prev_kv: true }),
  post('/v3/kv/deleterange', { key }),
  post('/v3/kv/compaction', { revision: '3' }),
  // Names in the other spelling, numbers as text, fields that nobody knows.
  post('/v3/kv/put', { key, value: b64('camel'), prevKv: true }),
  post('/v3/kv/range', { key: b64('k'), rangeEnd: b64('l'), limit: 1 }),
  post('/v3/kv/range', { key, unknown: 1 }),
  post('/v3/kv/range', { key: null }),
  // Errors.
  post('/v3/kv/range', { key, revision: '2' }),
  post('/v3/kv/range', { key, revision: '1000' }),
  post('/v3/kv/compaction', { revision: '3' }),
  post('/v3/kv/compaction', { revision: '1000' }),
  post('/v3/kv/put', {}),
  post('/v3/kv/put', { key, value: b64('x'), lease: '7' }),
  post('/v3/kv/put', { key: b64('absent'), ignore_value: true }),
  post('/v3/kv/put', { key, value: b64('x'), ignore_value: true }),
  post('/v3/kv/txn', { success: [{ request_put: { key } }, { request_put: { key } }] }),
  post('/v3/lease/revoke', { ID: '7' }),
  post('/v3/lease/timetolive', { ID: '7' }),
  post('/v3/auth/enable', {}),
  post('/v3/auth/authenticate', { name: 'nobody', password: 'x' }),
  post('/v3/auth/user/get', { name: 'nobody' }),
  post('/v3/auth/role/get', { role: 'nobody' }),
  post('/v3/maintenance/transfer-leadership', { targetID: '7' }),
  // Bad requests.
  raw('/v3/kv/range', ''),
  { ...raw('/v3/kv/range', '{'), differs: WORDS },
  { ...raw('/v3/kv/range', '[]'), differs: WORDS },
  { ...raw('/v3/kv/range', '{"key":"%%%"}'), differs: WORDS },
  { ...raw('/v3/kv/range', '{"key":7}'), differs: WORDS },
  { ...raw('/v3/kv/range', '{"key":"a2V5","limit":"many"}'), differs: WORDS },
  { ...raw('/v3/kv/range', '{"key":"a2V5","sort_order":"SIDEWAYS"}'), differs: WORDS },
  { ...raw('/v3/kv/range', '{"key":"a2V5"} trailing'), differs: TRAILING },
  { ...raw('/v3/kv/range', '{"key":"a2V5","limit":1.0}'), differs: FRACTION },
  { ...raw('/v3/kv/range', '{"key":"a2V5","limit":1.5}'), differs: WORDS },
  { ...raw('/v3/kv/range', '{"key":"a2V5","limit":"0x1"}'), differs: WORDS },
  { ...raw('/v3/kv/range', '{"key":"a2V5","limit":9223372036854775808}'), differs: WORDS },
  { ...raw('/v3/kv/range', '{"key":"a2V5","keys_only":"true"}'), differs: WORDS },
  { ...raw('/v3/kv/range', '{"key":"_-_-"}'), differs: WORDS },
  { ...raw('/v3/kv/range', '{"key":"a2V"}'), differs: WORDS },
  raw('/v3/kv/range', '{"key":"a2\\nV5\\r\\n","limit":" 1 "}'),
  raw('/v3/kv/range', '{"key":"YQ==","key":"a2V5"}'),
  raw('/v3/kv/range', '{"KEY":"a2V5"}'),
  raw('/v3/kv/range', '{"key":"a2V5","__proto__":{"limit":"1"},"constructor":1}'),
  raw('/v3/kv/range', '{"key":"a2V5","limit":null,"sort_order":7}'),
  raw('/v3/kv/range', 'null'),
  { ...raw('/v3/kv/range', '{"key":"a2V5"}'), headers: { 'content-type': 'text/plain', accept: 'text/html' } },
  { ...raw('/v3/kv/range', '{"key":"a2V5"}'), headers: { 'grpc-timeout': '20S', 'grpc-metadata-hasleader': 'true' } },
  { ...raw('/v3/kv/range', '{"key":"a2V5"}'), headers: { 'grpc-timeout': 'soon' } },
  { ...raw('/v3/kv/range', '{"key":"a2V5"}'), headers: { authorization: 'x' }, differs: NO_TOKENS },
  raw('/v3/kv/range?limit=1', '{"key":"a2V5"}'),
  { ...raw('/v3//kv/range', '{}'), differs: REDIRECT },
  { method: 'GET', path: '/health', body: '', differs: PLAIN_HEALTH },
  raw('/health', '{}'),
  raw('/version', '{}'),
  raw('/v3/kv/none', '{}'),
  raw('/v4/kv/range', '{}'),
  { method: 'GET', path: '/v3/kv/range', body: '' },
  { method: 'PUT', path: '/v3/kv/range', body: '{}' },
  // Bounds of transactions, nested ones too.
  post('/v3/kv/txn', { success: puts(128) }),
  post('/v3/kv/txn', { success: puts(129) }),
  post('/v3/kv/txn', { success: [{ request_txn: { success: puts(128) } }] }),
  post('/v3/kv/txn', { success: [{ request_txn: { success: puts(100) } }, { request_txn: { failure: puts(28) } }] }),
  post('/v3/kv/txn', { compare: Array.from({ length: 129 }, () => ({ key })) }),
  post('/v3/kv/txn', { success: [{}] }),
  post('/v3/kv/txn', { success: [{ request_txn: { success: puts(1) } }, ...puts(1)] }),
  post('/v3/kv/txn', { success: [{ request_delete_range: range }, ...puts(1)] }),
  post('/v3/kv/txn', { success: [...puts(1), { request_range: { key, revision: '100000' } }] }),
  post('/v3/kv/txn', {
    compare: [{ key, target: 'LEASE', result: 'NOT_EQUAL', lease: '0' }],
    failure: [{ request_range: { key } }],
  }),
  // Locks and elections.
  { ...post('/v3/lock/lock', { name: key, lease: '777' }), differs: INNER_CODE },
  { ...post('/v3/lock/unlock', {}), differs: INNER_CODE },
  { ...post('/v3/election/campaign', { name: key, lease: '777' }), differs: INNER_CODE },
  post('/v3/election/proclaim', {}),
  post('/v3/election/leader', { name: key }),
  // Leases, users, maintenance.
  post('/v3/lease/grant', { TTL: '9000000001' }),
  post('/v3/lease/grant', { ID: '-5', TTL: '-1' }),
  post('/v3/lease/revoke', { ID: '-5' }),
  post('/v3/cluster/member/add', { peerURLs: ['x'] }),
  post('/v3/cluster/member/update', { ID: '7', peerURLs: ['http://127.0.0.1:9'] }),
  post('/v3/cluster/member/promote', { ID: '7' }),
  post('/v3/auth/user/add', {}),
  post('/v3/auth/role/add', {}),
  post('/v3/auth/role/grant', { name: 'nobody', perm: { key } }),
  post('/v3/auth/role/revoke', { role: 'nobody', key }),
  post('/v3/auth/user/changepw', { name: 'nobody', password: 'x' }),
  post('/v3/auth/disable', {}),
  post('/v3/lease/grant', { ID: '77', TTL: '600' }),
  post('/v3/lease/grant', { ID: '77', TTL: '600' }),
  post('/v3/kv/put', { key: b64('leased'), value: b64('x'), lease: '77' }),
  post('/v3/lease/timetolive', { ID: '77', keys: true }),
  post('/v3/lease/leases', {}),
  post('/v3/kv/lease/timetolive', { ID: '77' }),
  post('/v3/lease/revoke', { ID: '77' }),
  post('/v3/auth/user/add', { name: 'ann', password: 'secret' }),
  post('/v3/auth/user/list', {}),
  post('/v3/auth/role/add', { name: 'reader' }),
  post('/v3/auth/role/grant', { name: 'reader', perm: { permType: 'READ', key, range_end: b64('l') } }),
  post('/v3/auth/role/get', { role: 'reader' }),
  post('/v3/auth/user/grant', { user: 'ann', role: 'reader' }),
  post('/v3/auth/user/get', { name: 'ann' }),
  { ...post('/v3/auth/status', {}), differs: AUTH_STATUS },
  post('/v3/maintenance/alarm', {}),
  post('/v3/maintenance/defragment', {}),
  // Streams.
  { ...post('/v3/watch', { create_request: { key, start_revision: '4' } }), lines: 2 },
  { ...post('/v3beta/watch', { create_request: { key, start_revision: '4', prev_kv: true } }), lines: 2 },
  { ...post('/v3/watch', { create_request: { key, start_revision: '1' } }), lines: 2 },
  { ...post('/v3/watch', { create_request: { key, range_end: b64('a') } }), lines: 1 },
  {
    ...post('/v3/watch', { create_request: { key: b64('quiet') } }),
    // Long enough for the watch to be made on a slow machine.
    headers: { 'grpc-timeout': '2S' },
    differs: DEADLINE,
  },
  post('/v3/lease/keepalive', { ID: '78' }),
  { ...raw('/v3/watch', '{"create_request":{"key":7}}'), differs: FIRST_MESSAGE },
  { ...raw('/v3/watch', '{'), differs: FIRST_MESSAGE },
];
