/**
 * A load process: puts of distinct keys, a fixed number in flight, until a count is reached. Prints one JSON line.
 * Arguments: DOOR ENDPOINTS IN_FLIGHT COUNT VALUE_BYTES FIRST_KEY, where DOOR is `native` or `grpc`; over gRPC the first
 * endpoint is loaded alone, which is the leader's.
 */
import { Client } from '@understudy/client';
import { PutRequest } from '@understudy/protocol';
import { type LatencySummary, summarize } from './latencies.js';
import { RawGrpcClient } from './raw-grpc.js';

export interface LoadResult extends LatencySummary {
  readonly puts: number;
  readonly seconds: number;
  readonly failures: number;
  /** User and system time of the load process itself during the load. */
  readonly cpuMs: number;
}

type Put = (key: string, value: Uint8Array, done: (error: unknown) => void) => void;

const KEY_DIGITS = 12;

async function open(door: string, endpoints: readonly string[]): Promise<{ put: Put; close: () => Promise<void> }> {
  if (door === 'native') {
    const client = new Client({ endpoints });
    return {
      put: (key, value, done) => {
        client.put(key, value).then(() => done(null), done);
      },
      close: () => client.close(),
    };
  }
  const [endpoint] = endpoints as [string];
  const { hostname, port } = new URL(endpoint);
  const client = await RawGrpcClient.open(hostname, Number(port), '/etcdserverpb.KV/Put');
  const encoder = new TextEncoder();
  return {
    put: (key, value, done) => {
      client.call(PutRequest.encode(PutRequest.create({ key: encoder.encode(key), value })), done);
    },
    close: async () => client.close(),
  };
}

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
const { put, close } = await open(door, endpoints.split(','));
const value = new Uint8Array(Number(valueBytes)).fill(0x76);
// A short warm-up, so that connections and compiled code are there when the clock starts.
const warmUp = Math.min(2000, Math.ceil(Number(count) / 10));
await run(put, Number(inFlight), warmUp, value, Number(firstKey));
const result = await run(put, Number(inFlight), Number(count), value, Number(firstKey));
process.stdout.write(`${JSON.stringify(result)}\n`);
await close();
