import { describe, expect, it } from 'vitest';
import {
  type EtcdErrorName,
  etcdError,
  etcdErrorName,
  etcdErrors,
  gatewayError,
  gatewayStreamError,
  httpStatusOf,
  ProtocolError,
  RpcError,
  StatusCode,
  statusName,
  statusOfMalformedRequest,
  toStatusCode,
} from '../src/index.js';

const names = Object.keys(etcdErrors) as EtcdErrorName[];

describe('the table of etcd’s errors', () => {
  it('has each text once, so that a text names its error', () => {
    for (const name of names) expect(etcdErrorName(etcdErrors[name].text)).toBe(name);
    expect(etcdErrorName('etcdserver: something else')).toBeUndefined();
  });

  it.each([
    ['compacted', StatusCode.OUT_OF_RANGE, 'etcdserver: mvcc: required revision has been compacted'],
    [
      'learnerNotReady',
      StatusCode.FAILED_PRECONDITION,
      'etcdserver: can only promote a learner member which is in sync with leader',
    ],
    ['tooManyLearners', StatusCode.FAILED_PRECONDITION, 'etcdserver: too many learner members in cluster'],
    ['notSupportedForLearner', StatusCode.UNAVAILABLE, 'etcdserver: rpc not supported for learner'],
    ['memberNotFound', StatusCode.NOT_FOUND, 'etcdserver: member not found'],
    ['peerUrlExists', StatusCode.FAILED_PRECONDITION, 'etcdserver: Peer URLs already exists'],
    ['leaseNotFound', StatusCode.NOT_FOUND, 'etcdserver: requested lease not found'],
    ['noSpace', StatusCode.RESOURCE_EXHAUSTED, 'etcdserver: mvcc: database space exceeded'],
    ['invalidAuthToken', StatusCode.UNAUTHENTICATED, 'etcdserver: invalid auth token'],
    ['corrupt', StatusCode.DATA_LOSS, 'etcdserver: corrupt cluster'],
  ] as const)('says of %s what etcd 3.4 says', (name, code, text) => {
    expect(etcdErrors[name]).toMatchObject({ code, text });
  });

  it('never calls a time-out or a stop harmless, and never retries what was refused for good', () => {
    for (const name of names) {
      const { outcome, retryable, code } = etcdErrors[name];
      if (/^timeout|stopped|leaderChanged|deadline/.test(name)) expect(outcome, name).toBe('unknown');
      if (code === StatusCode.INVALID_ARGUMENT && name !== 'authOldRevision') expect(retryable, name).toBe(false);
    }
  });

  it('gives errors to throw, with a stack and a cause', () => {
    const cause = new Error('disk');
    const error = etcdError('noLeader', { cause });
    expect(error).toBeInstanceOf(RpcError);
    expect(error).toMatchObject({
      ...etcdErrors.noLeader,
      message: 'etcdserver: no leader',
      codeName: 'UNAVAILABLE',
      cause,
    });
    expect(new RpcError(StatusCode.UNKNOWN, 'x')).toMatchObject({ retryable: false, outcome: 'unknown' });
  });
});

describe('the gateway', () => {
  it('answers with the HTTP status and body of etcd 3.4', () => {
    expect(gatewayError(etcdErrors.userNotFound)).toEqual({
      status: 412,
      body: { error: 'etcdserver: user name not found', message: 'etcdserver: user name not found', code: 9 },
    });
    const statuses = [
      'emptyKey',
      'leaseNotFound',
      'noSpace',
      'compacted',
      'noLeader',
      'permissionDenied',
      'invalidAuthToken',
      'noPasswordUser',
    ] as const;
    expect(statuses.map((name) => gatewayError(etcdErrors[name]).status)).toEqual([
      400, 404, 429, 400, 503, 403, 401, 500,
    ]);
    expect(Object.values(StatusCode).map(httpStatusOf)).toEqual([
      200, 408, 500, 400, 504, 404, 409, 403, 429, 412, 409, 400, 501, 500, 503, 500, 401,
    ]);
  });

  it('ends a stream with an error object', () => {
    expect(gatewayStreamError(etcdErrors.noLeader)).toEqual({
      error: { grpc_code: 14, http_code: 503, message: 'etcdserver: no leader', http_status: 'Service Unavailable' },
    });
    for (const code of Object.values(StatusCode)) {
      expect(gatewayStreamError({ code, text: '' }).error.http_status, String(code)).not.toBe('');
    }
  });

  it('calls malformed input an invalid argument that changed nothing', () => {
    expect(statusOfMalformedRequest(new ProtocolError('bad-json', 'key: no'))).toEqual({
      code: StatusCode.INVALID_ARGUMENT,
      text: 'key: no',
      retryable: false,
      outcome: 'not-applied',
    });
    expect(statusOfMalformedRequest(new ProtocolError('too-large', 'no')).code).toBe(StatusCode.RESOURCE_EXHAUSTED);
  });
});

it('numbers that are no status code are UNKNOWN', () => {
  expect([0, 5, 16].map(statusName)).toEqual(['OK', 'NOT_FOUND', 'UNAUTHENTICATED']);
  expect([-1, 17, 1.5, Number.NaN].map(toStatusCode)).toEqual([2, 2, 2, 2]);
});
