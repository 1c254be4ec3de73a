import { etcdErrors } from '@understudy/protocol';
import { beforeEach, afterEach, expect, it, vi } from 'vitest';
import { LeaderRequired } from '../src/services/leader-required.js';
import type { Member } from '../src/services/member.js';
import type { StreamHandler, StreamSink } from '../src/services/rpc.js';

const node = { leader: 1 };
let required: LeaderRequired;

beforeEach(() => {
  vi.useFakeTimers();
  node.leader = 1;
  required = new LeaderRequired({ node, config: { electionTimeoutMs: 100 } } as unknown as Member);
});
afterEach(() => {
  vi.useRealTimers();
});

function open() {
  const sink = { send: vi.fn(() => true), end: vi.fn() };
  const inner = { onMessage: vi.fn(), onDrain: vi.fn(), onHalfClose: vi.fn(), onClose: vi.fn() };
  let guarded: StreamSink = sink;
  const handler: StreamHandler = required.open(sink, (given) => {
    guarded = given;
    return inner;
  });
  return { sink, inner, handler, guarded };
}

it('a stream that wants a leader is refused where there is none', () => {
  node.leader = 0;
  expect(open).toThrow(etcdErrors.noLeader.text);
});

it('a stream outlives an election, and ends after three election timeouts without a leader', () => {
  const { sink, inner } = open();
  node.leader = 0;
  vi.advanceTimersByTime(250);
  node.leader = 2;
  vi.advanceTimersByTime(100);
  expect(sink.end).not.toHaveBeenCalled();
  node.leader = 0;
  vi.advanceTimersByTime(300);
  expect(sink.end).toHaveBeenCalledWith(expect.objectContaining({ text: etcdErrors.noLeader.text }));
  expect(inner.onClose).toHaveBeenCalledOnce();
});

it('a stream that ended by itself, or whose client went away, is not ended again', () => {
  const gone = open();
  gone.handler.onClose();
  const over = open();
  over.guarded.end();
  expect(vi.getTimerCount()).toBe(0);
  node.leader = 0;
  vi.advanceTimersByTime(1000);
  expect(gone.sink.end).not.toHaveBeenCalled();
  expect(over.sink.end).toHaveBeenCalledOnce();
});
