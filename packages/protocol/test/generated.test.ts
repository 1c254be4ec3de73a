import { readdirSync, readFileSync } from 'node:fs';
import protobuf from 'protobufjs';
import { expect, it } from 'vitest';
import { generate } from '../scripts/generator.js';
import { methodIds } from '../scripts/method-ids.js';
import { jsonNameOf, localNameOf, permissionOf } from '../scripts/schema.js';
import { findMethodByHttpPath, findMethodById, findMethodByPath, KVService, methods, services } from '../src/index.js';

it('src/gen is what the generator makes of proto/ (if this fails: pnpm generate)', () => {
  const target = new URL('../src/gen/', import.meta.url);
  const fresh = generate();
  expect(readdirSync(target).sort()).toEqual([...fresh.keys()].sort());
  for (const [name, text] of fresh) expect(readFileSync(new URL(name, target), 'utf8') === text, name).toBe(true);
});

it('names are camel case, whatever the .proto has', () => {
  const names = [
    'ID',
    'memberID',
    'peerURLs',
    'prev_kv',
    'remaining_TTL',
    'TTL',
    'grantedTTL',
    'dbSizeInUse',
    'isLearner',
  ];
  expect(names.map(localNameOf)).toEqual([
    'id',
    'memberId',
    'peerUrls',
    'prevKv',
    'remainingTtl',
    'ttl',
    'grantedTtl',
    'dbSizeInUse',
    'isLearner',
  ]);
  expect(names.map(jsonNameOf)).toEqual(
    names.map((name) => ({ prev_kv: 'prevKv', remaining_TTL: 'remainingTTL' })[name] ?? name),
  );
});

it('every method is found by its path, its number and its http paths', () => {
  expect(methods).toHaveLength(Object.keys(methodIds).length);
  for (const method of methods) {
    expect(findMethodByPath(method.path)).toBe(method);
    expect(findMethodById(method.id)).toBe(method);
    for (const { path } of method.http) {
      expect(findMethodByHttpPath(path)).toBe(method);
      expect(findMethodByHttpPath(path.replace('/v3/', '/v3beta/'))).toBe(method);
    }
  }
});

it('what is no method is not found', () => {
  for (const path of ['', '/', 'etcdserverpb.KV/Put', '/etcdserverpb.KV/put', '/__proto__'])
    expect(findMethodByPath(path)).toBeUndefined();
  for (const id of [0, -1, 49, 1e9, 1.5]) expect(findMethodById(id)).toBeUndefined();
  for (const path of ['/v3/kv', '/v3alpha/kv/put', '/v3beta/', '/v3/kv/put/'])
    expect(findMethodByHttpPath(path)).toBeUndefined();
});

it('numbers of methods never change', async () => {
  // A number is on the wire for good. This list only grows.
  const numbers = methods
    .map(({ id, path }) => `${id} ${path.slice(1)}`)
    .sort((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10));
  await expect(numbers.join('\n')).toMatchFileSnapshot('./method-numbers.txt');
  expect([...new Set(methods.map(({ id }) => id))]).toHaveLength(methods.length);
});

it('the table has the kinds and paths of etcd', () => {
  expect(KVService.methods.put).toMatchObject({
    service: 'etcdserverpb.KV',
    name: 'Put',
    path: '/etcdserverpb.KV/Put',
    kind: 'unary',
    http: [{ method: 'POST', path: '/v3/kv/put' }],
  });
  const streams = methods.filter(({ kind }) => kind !== 'unary').map(({ name, kind }) => `${name} ${kind}`);
  expect(streams).toEqual([
    'Watch bidi',
    'LeaseKeepAlive bidi',
    'Snapshot server-stream',
    'Observe server-stream',
    'Register bidi',
    'Watch server-stream',
    'ServerReflectionInfo bidi',
  ]);
  expect(findMethodByHttpPath('/v3/kv/lease/revoke')).toBe(findMethodByHttpPath('/v3/lease/revoke'));
  expect(services.map(({ typeName }) => typeName)).toEqual([
    'etcdserverpb.KV',
    'etcdserverpb.Watch',
    'etcdserverpb.Lease',
    'etcdserverpb.Cluster',
    'etcdserverpb.Maintenance',
    'etcdserverpb.Auth',
    'v3lockpb.Lock',
    'v3electionpb.Election',
    'understudy.v1.Ladder',
    'understudy.v1.Standby',
    'grpc.health.v1.Health',
    'grpc.reflection.v1.ServerReflection',
  ]);
});

it('a method without a permission, or with an unknown one, does not generate', () => {
  const methodWith = (options: string): protobuf.Method => {
    const text = `syntax = "proto3"; message M {} service S { rpc Call(M) returns (M) { ${options} } }`;
    return protobuf.parse(text, { keepCase: true }).root.lookupService('S').methods['Call'] as protobuf.Method;
  };
  expect(permissionOf(methodWith('option (understudy.permission) = "admin";'))).toBe('admin');
  expect(() => permissionOf(methodWith(''))).toThrow('.S.Call: needs one (understudy.permission)');
  expect(() => permissionOf(methodWith('option (understudy.permission) = "everybody";'))).toThrow('needs one');
});
