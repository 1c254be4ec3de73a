import { describe, expect, it } from 'vitest';
import { resolveOptions } from '../src/client-options.js';

describe('resolveOptions', () => {
  it('fills in defaults and keeps what is given', () => {
    expect(resolveOptions({ timeoutMs: 7 })).toMatchObject({ timeoutMs: 7, retry: 'safe', maxPendingCalls: 10_000 });
  });

  it.each([
    [{ timeoutMs: 0 }, /^timeoutMs is 0; it is a whole number from 1 /],
    [{ maxPendingCalls: 1.5 }, /^maxPendingCalls is 1.5/],
    [{ keepAliveMs: Number.NaN }, /^keepAliveMs is NaN/],
    [{ retry: 'always' as 'safe' }, /^retry is always; it is one of safe, at-least-once, never/],
    [{ readers: 'some' as 'all' }, /^readers is some; it is one of none, serializable, all/],
    [{ readers: 'all' as const, followLeader: false }, /^readers is all, which needs excludeLearners and followLeader/],
    [{ backoffBaseMs: 100, backoffMaxMs: 50 }, /^backoffMaxMs \(50\) is below backoffBaseMs \(100\)/],
  ])('refuses %j and names the field', (options, message) => {
    expect(() => resolveOptions(options)).toThrow(message);
  });
});
