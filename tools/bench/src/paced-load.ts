/**
 * A load process at a fixed rate: a put is sent when its time has come, whether or not the ones before are answered, and
 * its latency counts from that time. Each line on standard input ends a phase, whose summary is printed as one JSON line;
 * the end of the input ends the load. Arguments: DOOR ENDPOINTS PUTS_PER_SECOND VALUE_BYTES.
 */
import { createInterface } from 'node:readline';
import { type LatencySummary, summarize } from './latencies.js';
import { openPutter } from './putter.js';

export interface Phase extends LatencySummary {
  readonly puts: number;
  readonly failures: number;
  /** Sent and not answered when the phase ended. */
  readonly waiting: number;
}

const TICK_MS = 2;

const [door = '', endpoints = '', rate = '', valueBytes = ''] = process.argv.slice(2);
const putter = await openPutter(door, endpoints.split(','));
const value = new Uint8Array(Number(valueBytes)).fill(0x76);
const everyMs = 1000 / Number(rate);
let samples: number[] = [];
let failures = 0;
let waiting = 0;
let sent = 0;
const began = performance.now();

const timer = setInterval(() => {
  const due = Math.floor((performance.now() - began) / everyMs);
  for (; sent < due; sent += 1) {
    const dueMs = began + sent * everyMs;
    waiting += 1;
    putter.put(`paced/${sent}`, value, (error) => {
      waiting -= 1;
      if (error !== null) failures += 1;
      samples.push(performance.now() - dueMs);
    });
  }
}, TICK_MS);

for await (const _mark of createInterface({ input: process.stdin })) {
  const phase: Phase = { puts: samples.length, failures, waiting, ...summarize(Float64Array.from(samples)) };
  samples = [];
  failures = 0;
  process.stdout.write(`${JSON.stringify(phase)}\n`);
}
clearInterval(timer);
await putter.close();
process.exit();
