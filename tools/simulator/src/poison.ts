/**
 * Takes away, for the length of a run, everything that would make it depend on the world outside: clocks, chance, timers,
 * the microtask queue, files and sockets. Whoever reaches for one of them inside a run gets an error with its name.
 * Never leaves anything poisoned behind.
 */
import childProcess from 'node:child_process';
import crypto from 'node:crypto';
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import net from 'node:net';
import timers from 'node:timers';

export class PoisonedError extends Error {
  override readonly name = 'PoisonedError';

  constructor(readonly what: string) {
    super(`${what} is used inside a simulation: the run would not replay`);
  }
}

type Owner = Record<string, unknown>;

const owner = (value: unknown): Owner => value as Owner;

const POISONED: readonly (readonly [label: string, owner: Owner, names: readonly string[]])[] = [
  ['Date.', owner(Date), ['now']],
  ['performance.', owner(performance), ['now']],
  ['Math.', owner(Math), ['random']],
  ['', owner(globalThis), ['setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask', 'fetch']],
  ['timers.', owner(timers), ['setTimeout', 'setInterval', 'setImmediate']],
  ['process.', owner(process), ['nextTick', 'hrtime']],
  ['Promise.prototype.', owner(Promise.prototype), ['then', 'catch', 'finally']],
  ['crypto.', owner(crypto), ['randomBytes', 'randomInt', 'randomUUID', 'randomFillSync']],
  ['fs.', owner(fs), ['open', 'openSync', 'read', 'readSync', 'readFile', 'readFileSync', 'write', 'writeSync']],
  ['fs.', owner(fs), ['writeFile', 'writeFileSync', 'fsync', 'fsyncSync', 'rename', 'renameSync', 'mkdirSync']],
  ['fs.promises.', owner(fs.promises), ['open', 'readFile', 'writeFile', 'rename', 'rm', 'mkdir']],
  ['net.', owner(net), ['connect', 'createConnection', 'createServer']],
  ['child_process.', owner(childProcess), ['spawn', 'spawnSync', 'exec', 'execSync']],
];

/** `new Date()` without arguments asks for the time; a date of given numbers does not. */
function poisonedDate(real: DateConstructor): unknown {
  return new Proxy(real, {
    construct(target, args: unknown[]) {
      if (args.length === 0) throw new PoisonedError('new Date()');
      return Reflect.construct(target, args) as object;
    },
    apply() {
      throw new PoisonedError('Date()');
    },
  });
}

export function poisoned<T>(run: () => T): T {
  const restore: (() => void)[] = [];
  const replace = (of: Owner, name: string, value: unknown): void => {
    const descriptor = Object.getOwnPropertyDescriptor(of, name);
    Object.defineProperty(of, name, { value, configurable: true, writable: true });
    restore.push(() => {
      if (descriptor === undefined) delete of[name];
      else Object.defineProperty(of, name, descriptor);
    });
  };
  for (const [label, of, names] of POISONED) {
    for (const name of names) {
      replace(of, name, () => {
        throw new PoisonedError(label + name);
      });
    }
  }
  replace(owner(globalThis), 'Date', poisonedDate(Date));
  syncBuiltinESMExports();
  try {
    return run();
  } finally {
    for (let i = restore.length - 1; i >= 0; i--) restore[i]?.();
    syncBuiltinESMExports();
  }
}
