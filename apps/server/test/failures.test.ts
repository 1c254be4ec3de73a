import { StatusCode } from '@understudy/protocol';
import { RaftNodeError } from '@understudy/raft-node';
import { describe, expect, it } from 'vitest';
import { asRpcError, fromRaft } from '../src/services/failures.js';

describe('what Raft says, as a client hears it', () => {
  const rows: readonly [ConstructorParameters<typeof RaftNodeError>[0], 'not-applied' | 'unknown', object][] = [
    ['no-leader', 'not-applied', { code: StatusCode.UNAVAILABLE, text: 'etcdserver: no leader', retryable: true }],
    ['lost', 'not-applied', { text: 'etcdserver: leader changed', retryable: true }],
    ['timeout', 'unknown', { text: 'etcdserver: request timed out', retryable: true }],
    ['timeout', 'not-applied', { text: 'etcdserver: request timed out', retryable: true }],
    ['overloaded', 'not-applied', { code: StatusCode.RESOURCE_EXHAUSTED, retryable: true }],
    ['too-large', 'not-applied', { code: StatusCode.INVALID_ARGUMENT, retryable: false }],
    // Not here any more, but at another member.
    ['stopped', 'not-applied', { text: 'etcdserver: server stopped', retryable: true }],
    ['failed', 'unknown', { text: 'etcdserver: server stopped', retryable: true }],
    ['not-member', 'not-applied', { code: StatusCode.UNAVAILABLE, retryable: true }],
    ['change-refused', 'not-applied', { code: StatusCode.FAILED_PRECONDITION, retryable: false }],
    ['invalid-target', 'not-applied', { text: 'etcdserver: bad leader transferee', retryable: false }],
    ['damaged', 'not-applied', { code: StatusCode.UNAVAILABLE, retryable: false }],
  ];
  it.each(rows)('%s, %s', (code, outcome, told) => {
    expect(fromRaft(new RaftNodeError(code, 'why', { outcome }))).toMatchObject({ outcome, ...told });
  });

  it('a bug of ours is told without its insides, and its outcome is unknown', () => {
    const told = asRpcError(new TypeError('secret'));
    expect(told).toMatchObject({ code: StatusCode.INTERNAL, outcome: 'unknown', retryable: false });
    expect(told.message).not.toContain('secret');
  });
});
