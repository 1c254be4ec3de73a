import { etcdErrors, StatusCode } from '@understudy/protocol';
import { describe, expect, it } from 'vitest';
import { classifyLostConnection, classifyServerError, outcomeFor, shouldRetry } from '../src/retry-policy.js';

describe('shouldRetry', () => {
  it('repeats a write that was never sent', () => {
    expect(shouldRetry('write', 'safe', classifyLostConnection(false))).toBe(true);
  });

  it('does not repeat a write that may have been carried out, unless its caller allows twice', () => {
    const lost = classifyLostConnection(true);
    expect(shouldRetry('write', 'safe', lost)).toBe(false);
    expect(shouldRetry('write', 'at-least-once', lost)).toBe(true);
  });

  it('repeats reads and idempotent calls after any failure that passes', () => {
    for (const kind of ['read', 'idempotent'] as const) {
      expect(shouldRetry(kind, 'safe', classifyLostConnection(true))).toBe(true);
      expect(shouldRetry(kind, 'safe', classifyServerError(etcdErrors.timeout))).toBe(true);
    }
  });

  it('repeats a write that a member without a leader refused', () => {
    expect(shouldRetry('write', 'safe', classifyServerError(etcdErrors.noLeader))).toBe(true);
    expect(shouldRetry('write', 'safe', classifyServerError(etcdErrors.notLeader))).toBe(true);
  });

  it('does not repeat a write that timed out at the server', () => {
    expect(shouldRetry('write', 'safe', classifyServerError(etcdErrors.timeout))).toBe(false);
    expect(shouldRetry('write', 'safe', classifyServerError(etcdErrors.leaderChanged))).toBe(false);
  });

  it('repeats nothing that was refused for good, and nothing that only an operator can mend', () => {
    for (const status of [
      etcdErrors.compacted,
      etcdErrors.leaseNotFound,
      etcdErrors.learnerNotReady,
      etcdErrors.unhealthy,
    ]) {
      expect(shouldRetry('read', 'at-least-once', classifyServerError(status))).toBe(false);
    }
  });

  it('repeats nothing at all in the mode never', () => {
    expect(shouldRetry('read', 'never', classifyLostConnection(false))).toBe(false);
  });
});

describe('classifyServerError', () => {
  it('tells what the failure says about the member', () => {
    expect(classifyServerError(etcdErrors.noLeader).hint).toBe('leader-lost');
    expect(classifyServerError(etcdErrors.notSupportedForLearner).hint).toBe('not-a-voter');
    expect(classifyServerError(etcdErrors.tooManyRequests).hint).toBe('overloaded');
    expect(classifyServerError(etcdErrors.invalidAuthToken).hint).toBe('bad-token');
  });

  it('trusts the flags of a text it does not know', () => {
    const unknown = {
      code: StatusCode.UNAVAILABLE,
      text: 'draining',
      retryable: true,
      outcome: 'not-applied',
    } as const;
    expect(classifyServerError(unknown)).toEqual({ outcome: 'not-applied', transient: true, hint: 'none' });
    expect(classifyServerError({ ...unknown, retryable: false }).transient).toBe(false);
  });
});

describe('outcomeFor', () => {
  it('is never unknown for a read', () => {
    expect(outcomeFor('read', 'unknown')).toBe('not-applied');
    expect(outcomeFor('write', 'unknown')).toBe('unknown');
  });
});
