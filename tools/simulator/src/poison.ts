/**
 * Takes away, for the length of a run, everything that would make it depend on the world outside: clocks, chance, timers,
 * the microtask queue, files and sockets. Whoever reaches for one of them inside a run gets an error with its name.
 * Never leaves anything poisoned behind.
 */
import childProcess from 'node:child_process';
import crypto from 'node:crypto';
import dgram from 'node:dgram';
import dns from 'node:dns';
import fs from 'node:fs';
import http from 'node:http';
import http2 from 'node:http2';
import https from 'node:https';
import { syncBuiltinESMExports } from 'node:module';
import net from 'node:net';
import timers from 'node:timers';
import tls from 'node:tls';

export class PoisonedError extends Error {
  override readonly name = 'PoisonedError';

  constructor(readonly what: string) {
    super(`${what} is used inside a simulation: the run would not replay`);
  }
}

type Owner = Record<string, unknown>;

const owner = (value: unknown): Owner => value as Owner;

/** Every function of a module that touches the world outside. */
function functionsOf(module: unknown): string[] {
  const { prototype: _, ...names } = Object.getOwnPropertyDescriptors(owner(module));
  return Object.entries(names)
    .filter(([name, { value }]) => typeof value === 'function' && !/^[A-Z_]/.test(name))
    .map(([name]) => name);
}

const POISONED: readonly (readonly [label: string, owner: Owner, names: readonly string[]])[] = [
  ['Date.', owner(Date), ['now']],
  ['performance.', owner(performance), ['now', 'mark', 'measure', 'toJSON']],
  ['Math.', owner(Math), ['random']],
  ['', owner(globalThis), ['setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask', 'fetch']],
  ['', owner(globalThis), ['MessageChannel', 'BroadcastChannel', 'WebSocket', 'EventSource']],
  ['process.', owner(process), ['nextTick', 'hrtime', 'uptime', 'cpuUsage', 'resourceUsage', 'memoryUsage']],
  ['Promise.prototype.', owner(Promise.prototype), ['then', 'catch', 'finally']],
  ['crypto.', owner(crypto), ['randomBytes', 'randomInt', 'randomUUID', 'randomFill', 'randomFillSync']],
  ['webcrypto.', owner(Object.getPrototypeOf(crypto.webcrypto)), ['getRandomValues', 'randomUUID']],
  ['timers.', owner(timers), functionsOf(timers)],
  ['timers.promises.', owner(timers.promises), functionsOf(timers.promises)],
  ['fs.', owner(fs), functionsOf(fs)],
  ['fs.promises.', owner(fs.promises), functionsOf(fs.promises)],
  ['net.', owner(net), functionsOf(net)],
  ['tls.', owner(tls), ['connect', 'createServer']],
  ['dgram.', owner(dgram), functionsOf(dgram)],
  ['dns.', owner(dns), functionsOf(dns)],
  ['http.', owner(http), ['request', 'get', 'createServer']],
  ['http2.', owner(http2), ['connect', 'createServer', 'createSecureServer']],
  ['https.', owner(https), ['request', 'get', 'createServer']],
  ['child_process.', owner(childProcess), functionsOf(childProcess)],
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
  try {
    for (const [label, of, names] of POISONED) {
      for (const name of names) {
        // Not every version of Node has all of them.
        if (!(name in of)) continue;
        // Some are constructors.
        replace(of, name, function poison(): never {
          throw new PoisonedError(label + name);
        });
      }
    }
    replace(owner(globalThis), 'Date', poisonedDate(Date));
    syncBuiltinESMExports();
    return run();
  } finally {
    for (let i = restore.length - 1; i >= 0; i--) restore[i]?.();
    syncBuiltinESMExports();
  }
}
