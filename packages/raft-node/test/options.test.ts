import { expect, test } from 'vitest';
import { resolveOptions } from '../src/options.js';

test.each([
  ['id', { id: 0 }],
  ['heartbeatIntervalMs', { id: 1, heartbeatIntervalMs: 0 }],
  ['electionTimeoutMs', { id: 1, heartbeatIntervalMs: 100, electionTimeoutMs: 400 }],
  ['maxProposalBytes', { id: 1, maxProposalBytes: Number.NaN }],
  ['maxAppendBytes', { id: 1, maxAppendBytes: 16 * 1024 * 1024 }],
  ['maxInflightBytes', { id: 1, maxInflightBytes: 1_000 }],
  ['maxUncommittedBytes', { id: 1, maxUncommittedBytes: 1_000 }],
  ['flushEntries', { id: 1, flushEntries: 100, snapshotEntries: 50 }],
  ['learnerMinBytesPerSecond', { id: 1, learnerBytesPerSecond: 100_000, learnerMinBytesPerSecond: 200_000 }],
  ['learnerMinBytesPerSecond', { id: 1, learnerBytesPerSecond: 1_000 }],
  ['bootstrap.members', { id: 1, bootstrap: { members: [] } }],
  ['bootstrap.members', { id: 1, bootstrap: { members: [{ id: 2 }] } }],
  ['bootstrap.members', { id: 1, bootstrap: { members: [{ id: 1 }, { id: 1 }] } }],
])('%s out of range is refused by name', (field, options) => {
  expect(() => resolveOptions(options)).toThrow(
    expect.objectContaining({ code: 'invalid-options', message: expect.stringContaining(`option ${field} `) }),
  );
});

test('the defaults pass their own checks', () => {
  expect(resolveOptions({ id: 2 ** 53 - 3 }).electionTimeoutMs).toBe(1_000);
});
