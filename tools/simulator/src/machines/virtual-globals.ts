/**
 * Virtual time for code that has promises and timers: for the length of a run, the clocks, timers and chance of the whole
 * process are those of a `VirtualClock`. What the code does between two events is finished before the next one comes, so
 * the same seed gives the same run. Never leaves anything replaced behind.
 */
import crypto from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';
import timersPromises from 'node:timers/promises';
import type { Random } from '../random.js';
import type { VirtualClock } from '../virtual-clock.js';

type Owner = Record<string, unknown>;

/** What wall clocks show when a run begins. */
const EPOCH_MS = 1_700_000_000_000;
const realImmediate = setImmediate;

class VirtualTimer {
  over = false;

  unref(): this {
    return this;
  }

  ref(): this {
    return this;
  }

  hasRef(): boolean {
    return !this.over;
  }
}

/** Runs events until then; whatever follows from one without time passing is over before the next. */
export async function advance(clock: VirtualClock, untilMs: number): Promise<void> {
  while (clock.step(untilMs)) await new Promise<void>((resolve) => realImmediate(resolve));
}

export async function onVirtualTime<T>(clock: VirtualClock, random: Random, run: () => Promise<T>): Promise<T> {
  const restore: (() => void)[] = [];
  const replace = (of: unknown, name: string, value: unknown): void => {
    const owner = of as Owner;
    const descriptor = Object.getOwnPropertyDescriptor(owner, name);
    Object.defineProperty(owner, name, { value, configurable: true, writable: true });
    restore.push(() => {
      if (descriptor === undefined) delete owner[name];
      else Object.defineProperty(owner, name, descriptor);
    });
  };
  for (const [name, value] of Object.entries(timersOn(clock))) replace(globalThis, name, value);
  replace(timersPromises, 'setTimeout', delayOn(clock));
  replace(performance, 'now', () => clock.now);
  replace(Date, 'now', () => EPOCH_MS + clock.now);
  replace(Math, 'random', () => random.unit());
  replace(crypto, 'randomBytes', (size: number) => Buffer.from(random.hex(2 * size), 'hex'));
  syncBuiltinESMExports();
  try {
    return await run();
  } finally {
    for (let i = restore.length - 1; i >= 0; i--) restore[i]?.();
    syncBuiltinESMExports();
  }
}

function timersOn(clock: VirtualClock): Owner {
  const once = (work: (...args: unknown[]) => void, delayMs = 0, ...args: unknown[]): VirtualTimer => {
    const timer = new VirtualTimer();
    clock.after(Math.max(0, delayMs), () => {
      if (timer.over) return;
      timer.over = true;
      work(...args);
    });
    return timer;
  };
  const clear = (timer: VirtualTimer | null | undefined): void => {
    if (timer instanceof VirtualTimer) timer.over = true;
  };
  return {
    setTimeout: once,
    setImmediate: (work: () => void, ...args: unknown[]) => once(work, 0, ...args),
    setInterval: (work: () => void, everyMs: number) => {
      const timer = new VirtualTimer();
      const again = (): void => {
        clock.after(everyMs, () => {
          if (timer.over) return;
          work();
          again();
        });
      };
      again();
      return timer;
    },
    clearTimeout: clear,
    clearInterval: clear,
    clearImmediate: clear,
  };
}

/** Of `node:timers/promises`. */
function delayOn(clock: VirtualClock) {
  return (delayMs: number, value?: unknown, { signal }: { signal?: AbortSignal } = {}): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const aborted = (): void => reject(signal?.reason as Error);
      if (signal?.aborted === true) return aborted();
      signal?.addEventListener('abort', aborted, { once: true });
      clock.after(delayMs, () => {
        signal?.removeEventListener('abort', aborted);
        resolve(value);
      });
    });
}
