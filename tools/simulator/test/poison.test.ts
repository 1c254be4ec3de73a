import { spawn } from 'node:child_process';
import { getRandomValues, randomBytes } from 'node:crypto';
import { promises, readFileSync, statSync } from 'node:fs';
import { get } from 'node:http';
import { connect } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { expect, test } from 'vitest';
import { poisoned, PoisonedError } from '../src/poison.js';

const forbidden: readonly (readonly [string, () => unknown])[] = [
  ['Date.now', () => Date.now()],
  ['new Date()', () => new Date()],
  ['performance.now', () => performance.now()],
  ['performance.mark', () => performance.mark('now')],
  ['process.uptime', () => process.uptime()],
  ['Math.random', () => Math.random()],
  ['setTimeout', () => setTimeout(() => {}, 0)],
  ['setImmediate', () => setImmediate(() => {})],
  ['queueMicrotask', () => queueMicrotask(() => {})],
  ['process.nextTick', () => process.nextTick(() => {})],
  ['Promise.prototype.then', () => Promise.resolve(1).then(() => {})],
  ['MessageChannel', () => new MessageChannel()],
  ['fs.readFileSync', () => readFileSync('package.json')],
  ['fs.statSync', () => statSync('package.json')],
  ['fs.promises.stat', () => promises.stat('package.json')],
  ['net.connect', () => connect(1)],
  ['tls.connect', () => connectTls(1)],
  ['http.get', () => get('http://localhost:1')],
  ['child_process.spawn', () => spawn('true')],
  ['crypto.randomBytes', () => randomBytes(1)],
  ['crypto.getRandomValues', () => getRandomValues(new Uint8Array(1))],
];

test.each(forbidden)('%s is refused inside a run', (name, use) => {
  const refused = () => poisoned(() => use());
  expect(refused).toThrow(PoisonedError);
  expect(refused).toThrow(name);
});

test('what was taken away is given back, also after an error', () => {
  expect(() =>
    poisoned(() => {
      throw new Error('ended');
    }),
  ).toThrow('ended');
  expect(Date.now()).toBeGreaterThan(0);
  expect(Math.random()).toBeLessThan(1);
  expect(readFileSync(new URL(import.meta.url), 'utf8')).toContain('given back');
});

test('a date of given numbers is no clock', () => {
  expect(poisoned(() => new Date(2026, 0).getFullYear())).toBe(2026);
});
