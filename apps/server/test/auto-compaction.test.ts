import { CompactionRequest } from '@understudy/protocol';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { AutoCompaction } from '../src/auto-compaction.js';
import type { Member } from '../src/services/member.js';
import { createLogger } from '../src/telemetry/logger.js';

const MINUTE_MS = 60_000;

/** What it uses of a member, which compacts at once. */
const mvcc = { revision: 1, compactedRevision: 0 };
const node = { isLeader: true };
const proposeOwn = async (_kind: unknown, request: Uint8Array): Promise<object> => {
  mvcc.compactedRevision = CompactionRequest.decode(request).revision;
  return { ok: true };
};
const member = { state: { mvcc }, node, proposeOwn } as unknown as Member;
const logger = createLogger('n', 'silent', 'json');

beforeEach(() => {
  vi.useFakeTimers();
  Object.assign(mvcc, { revision: 1, compactedRevision: 0 });
  node.isLeader = true;
});
afterEach(() => vi.useRealTimers());

it('by revisions keeps so many, and looks every five minutes', async () => {
  const compaction = new AutoCompaction(member, { mode: 'revision', retentionRevisions: 100 }, logger);
  mvcc.revision = 100;
  await vi.advanceTimersByTimeAsync(5 * MINUTE_MS);
  expect(mvcc.compactedRevision).toBe(0);
  mvcc.revision = 1000;
  await vi.advanceTimersByTimeAsync(4 * MINUTE_MS);
  expect(mvcc.compactedRevision).toBe(0);
  await vi.advanceTimersByTimeAsync(MINUTE_MS);
  expect(mvcc.compactedRevision).toBe(900);
  compaction.stop();
  mvcc.revision = 2000;
  await vi.advanceTimersByTimeAsync(5 * MINUTE_MS);
  expect(mvcc.compactedRevision).toBe(900);
});

it('by time keeps what is younger, and what there was at each look is what counts', async () => {
  const compaction = new AutoCompaction(member, { mode: 'periodic', retentionMs: 60 * MINUTE_MS }, logger);
  for (let look = 1; look <= 10; look += 1) {
    mvcc.revision = 10 * look;
    await vi.advanceTimersByTimeAsync(6 * MINUTE_MS);
  }
  expect(mvcc.compactedRevision).toBe(0);
  // The first look is an hour old.
  await vi.advanceTimersByTimeAsync(6 * MINUTE_MS);
  expect(mvcc.compactedRevision).toBe(10);
  await vi.advanceTimersByTimeAsync(12 * MINUTE_MS);
  expect(mvcc.compactedRevision).toBe(30);
  compaction.stop();
});

it('is the leader’s work alone', async () => {
  const compaction = new AutoCompaction(member, { mode: 'revision', retentionRevisions: 1 }, logger);
  node.isLeader = false;
  mvcc.revision = 1000;
  await vi.advanceTimersByTimeAsync(10 * MINUTE_MS);
  expect(mvcc.compactedRevision).toBe(0);
  compaction.stop();
});
