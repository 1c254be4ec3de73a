import { expect, test } from 'vitest';
import { Backoff } from '../src/backoff.js';
import { DeathWatch } from '../src/death-watch.js';
import { answerToHello, paceOnLoss, paceOnRefusal, paceOnStart, saysGone } from '../src/dial-plan.js';
import { Liveness } from '../src/liveness.js';
import { LogLimit } from '../src/log-limit.js';
import { resolveOptions, type WsTransportOptions } from '../src/options.js';
import { TokenBucket } from '../src/token-bucket.js';

test('the backoff doubles to its ceiling, draws from the upper half, and starts over after a reset', () => {
  const backoff = new Backoff(50, 300);
  const low = Array.from({ length: 5 }, () => backoff.nextMs(() => 0));
  expect(low).toEqual([25, 50, 100, 150, 150]);
  expect(backoff.nextMs((max) => max - 1)).toBe(300);
  backoff.reset();
  expect(backoff.nextMs((max) => max - 1)).toBe(50);
  for (let i = 0; i < 2000; i += 1) backoff.nextMs(() => 0);
  expect(backoff.nextMs(() => 0)).toBe(150);
});

test('the lower id dials at once and turns away the other while its hello is out; the higher always accepts', () => {
  expect([paceOnStart(1, 2), paceOnStart(2, 1)]).toEqual(['now', 'stagger']);
  expect(answerToHello(1, 2, 'hello-sent')).toBe('duplicate');
  expect(answerToHello(1, 2, 'connecting')).toBe('accept');
  expect(answerToHello(1, 2, 'none')).toBe('accept');
  expect(answerToHello(2, 1, 'hello-sent')).toBe('accept');
});

test('only what the peer closed after a while is redialled at once', () => {
  expect(paceOnLoss('closed-by-peer', 100, 50)).toBe('now');
  expect(paceOnLoss('closed-by-peer', 10, 50)).toBe('backoff');
  for (const cause of ['ping-timeout', 'back-pressure', 'protocol-error', 'closed-by-us'] as const) {
    expect(paceOnLoss(cause, 100, 50)).toBe('backoff');
  }
});

test('a removal ends dialling, a collision is retried soon, everything else slowly', () => {
  expect(paceOnRefusal('removed')).toBe('never');
  expect(paceOnRefusal('duplicate')).toBe('backoff');
  for (const reason of [
    'wrong-cluster',
    'wrong-member',
    'unknown-member',
    'wiped',
    'protocol-range',
    'busy',
  ] as const) {
    expect(paceOnRefusal(reason)).toBe('slow');
  }
});

test('a refused connection says that nobody is there; a time-out, a reset or an unknown name says nothing', () => {
  const error = (code: string) => Object.assign(new Error(code), { code });
  expect(saysGone(error('ECONNREFUSED'))).toBe(true);
  expect(saysGone(error('ECONNRESET'))).toBe(false);
  expect(saysGone(error('ETIMEDOUT'))).toBe(false);
  expect(saysGone(error('ENOTFOUND'))).toBe(false);
  expect(saysGone(new Error('Unexpected server response: 404'))).toBe(false);
  expect(saysGone(new AggregateError([error('ECONNREFUSED'), error('ECONNREFUSED')]))).toBe(true);
  expect(saysGone(new AggregateError([error('ECONNREFUSED'), error('ETIMEDOUT')]))).toBe(false);
  expect(saysGone(null)).toBe(false);
});

function connectedWatch(): DeathWatch {
  const watch = new DeathWatch();
  watch.connected('control');
  watch.connected('bulk');
  return watch;
}

test('a peer is dead when it closed all its lanes and a dial found nobody, and only once', () => {
  const watch = connectedWatch();
  watch.disconnected('control', 'closed-by-peer');
  expect(watch.foundNobody()).toBe(false);
  watch.disconnected('bulk', 'closed-by-peer');
  expect(watch.foundNobody()).toBe(true);
  expect(watch.foundNobody()).toBe(false);
});

test('a lane that ended in another way than by the peer rules death out, until the peer was connected again', () => {
  for (const cause of ['closed-by-us', 'ping-timeout', 'back-pressure', 'protocol-error'] as const) {
    const watch = connectedWatch();
    watch.disconnected('bulk', cause);
    watch.disconnected('control', 'closed-by-peer');
    expect(watch.foundNobody()).toBe(false);
    watch.connected('control');
    watch.disconnected('control', 'closed-by-peer');
    expect(watch.foundNobody()).toBe(true);
  }
});

test('a peer that never had a stream is not dead, and one with a single lane can be', () => {
  const watch = new DeathWatch();
  expect(watch.foundNobody()).toBe(false);
  watch.connected('control');
  expect(watch.foundNobody()).toBe(false);
  watch.disconnected('control', 'closed-by-peer');
  expect(watch.foundNobody()).toBe(true);
});

test('silence for all allowed ticks is a ping timeout; anything heard starts the count over', () => {
  const liveness = new Liveness(2, 9);
  expect(liveness.tick(0, 0, false)).toBe('alive');
  expect(liveness.tick(0, 0, false)).toBe('alive');
  liveness.heard();
  expect(liveness.tick(0, 0, false)).toBe('alive');
  expect(liveness.tick(0, 0, false)).toBe('alive');
  expect(liveness.tick(0, 0, false)).toBe('ping-timeout');
});

test('a congested socket that moves is alive; an idle one that takes bytes proves nothing', () => {
  const congested = new Liveness(1, 9);
  for (let flushed = 0; flushed < 10; flushed += 1) expect(congested.tick(1000, flushed, false)).toBe('alive');
  const idle = new Liveness(1, 9);
  expect(idle.tick(0, 1, false)).toBe('alive');
  expect(idle.tick(0, 2, false)).toBe('ping-timeout');
});

test('a queue that stays full is back-pressure; one that was emptied in between is not', () => {
  const liveness = new Liveness(99, 2);
  const verdicts = [true, true, false, true, true, true].map((full) => liveness.tick(0, 0, full));
  expect(verdicts).toEqual(['alive', 'alive', 'alive', 'alive', 'alive', 'back-pressure']);
});

test('round trips are smoothed', () => {
  const liveness = new Liveness(9, 9);
  expect(liveness.rttMs).toBeNull();
  liveness.sample(8);
  liveness.sample(16);
  expect(liveness.rttMs).toBe(9);
});

test('the bucket lets a debt be paid before the next send, and saves up no more than a tenth of a second', () => {
  const bucket = new TokenBucket(1000, 0);
  expect(bucket.waitMs(0)).toBe(0);
  bucket.take(500);
  expect(bucket.waitMs(0)).toBe(500);
  expect(bucket.waitMs(400)).toBe(100);
  expect(bucket.waitMs(60_000)).toBe(0);
  bucket.take(600);
  expect(bucket.waitMs(60_000)).toBe(500);
  bucket.setRate(0, 60_000);
  bucket.take(1e9);
  expect(bucket.waitMs(60_000)).toBe(0);
  bucket.setRate(10, 60_000);
  expect(bucket.waitMs(60_000)).toBe(0);
});

test('one line per key and interval passes, and strangers’ keys do not pile up', () => {
  const limit = new LogLimit(100);
  expect([limit.allows('a', 0), limit.allows('a', 99), limit.allows('b', 99), limit.allows('a', 100)]).toEqual([
    true,
    false,
    true,
    true,
  ]);
  for (let i = 0; i < 5000; i += 1) limit.allows(`stranger ${i}`, 100);
  expect(limit.allows('a', 101)).toBe(true);
});

const wrong: readonly (readonly [WsTransportOptions, string])[] = [
  [{ pingIntervalMs: 0 }, 'pingIntervalMs'],
  [{ pingIntervalMs: 1.5 }, 'pingIntervalMs'],
  [{ pingIntervalMs: 10_000 }, 'pingTimeoutMs'],
  [{ backoffMinMs: 5000 }, 'backoffMaxMs'],
  [{ snapshotChunkBytes: 1e9 }, 'snapshotChunkBytes'],
  [{ path: 'no-slash' }, 'path'],
  [{ path: '/ends/' }, 'path'],
  [{ tls: { key: 'k' } }, 'tls.cert'],
  [{ pingMs: 5 } as WsTransportOptions, 'pingMs'],
];

for (const [options, field] of wrong) {
  test(`the options ${JSON.stringify(options)} are refused, naming ${field}`, () => {
    expect(() => resolveOptions(options)).toThrow(
      expect.objectContaining({ code: 'invalid-options', message: expect.stringContaining(field) }),
    );
  });
}

test('an option that is undefined has its default', () => {
  expect(resolveOptions({ path: undefined } as unknown as WsTransportOptions).path).toBe('/understudy/peer');
});
