/**
 * A load process: puts of distinct keys, a fixed number in flight, until a count is reached. Prints one JSON line.
 * Arguments: DOOR ENDPOINTS IN_FLIGHT COUNT VALUE_BYTES FIRST_KEY, where DOOR is `native` or `grpc`.
 */
import { type LatencySummary, summarize } from './latencies.js';
import { openPutter, type Putter } from './putter.js';

export interface LoadResult extends LatencySummary {
  readonly puts: number;
  readonly seconds: number;
  readonly failures: number;
  /** User and system time of the load process itself during the load. */
  readonly cpuMs: number;
}

type Put = Putter['put'];

const KEY_DIGITS = 12;

function run(put: Put, inFlight: number, count: number, value: Uint8Array, firstKey: number): Promise<LoadResult> {
  const samples = new Float64Array(count);
  const cpuBefore = process.cpuUsage();
  const began = performance.now();
  let issued = 0;
  let finished = 0;
  let failures = 0;
  return new Promise((resolve) => {
    const issue = (): void => {
      const number = issued;
      issued += 1;
      const sent = performance.now();
      put(`bench/${String(firstKey + number).padStart(KEY_DIGITS, '0')}`, value, (error) => {
        samples[number] = performance.now() - sent;
        if (error !== null) failures += 1;
        finished += 1;
        if (issued < count) issue();
        else if (finished === count) {
          const cpu = process.cpuUsage(cpuBefore);
          resolve({
            puts: count,
            seconds: (performance.now() - began) / 1000,
            failures,
            cpuMs: (cpu.user + cpu.system) / 1000,
            ...summarize(samples),
          });
        }
      });
    };
    for (let i = 0; i < Math.min(inFlight, count); i += 1) issue();
  });
}

const [door = '', endpoints = '', inFlight = '', count = '', valueBytes = '', firstKey = '0'] = process.argv.slice(2);
const putter = await openPutter(door, endpoints.split(','));
const put: Put = (key, value, done) => putter.put(key, value, done);
const value = new Uint8Array(Number(valueBytes)).fill(0x76);
// A short warm-up, so that connections and compiled code are there when the clock starts.
const warmUp = Math.min(2000, Math.ceil(Number(count) / 10));
await run(put, Number(inFlight), warmUp, value, Number(firstKey));
const result = await run(put, Number(inFlight), Number(count), value, Number(firstKey));
process.stdout.write(`${JSON.stringify(result)}\n`);
await putter.close();
