import { afterEach, expect, test } from 'vitest';
import { closeMembers, pair } from './cluster.js';

afterEach(closeMembers);

const ROUNDS = 20_000;

test('a hop of a small control frame costs far less than 100 microseconds of processor time', async () => {
  const [one, two] = await pair();
  const payload = new Uint8Array(100).fill(1);
  two.recorder.frameHook = (_from, lane, frame) => {
    two.transport.send(1, lane, frame);
  };
  const run = async (rounds: number): Promise<Float64Array> => {
    const trips = new Float64Array(rounds);
    let done = 0;
    let sentAt = 0;
    const ping = (): void => {
      sentAt = performance.now();
      one.transport.send(2, 'control', payload);
    };
    await new Promise<void>((resolve) => {
      one.recorder.frameHook = () => {
        trips[done] = performance.now() - sentAt;
        done += 1;
        if (done === rounds) resolve();
        else ping();
      };
      ping();
    });
    return trips.sort();
  };
  await run(3_000);
  const before = process.cpuUsage();
  const trips = await run(ROUNDS);
  const cpu = process.cpuUsage(before);
  const hopUs = (cpu.user + cpu.system) / ROUNDS / 2;
  const at = (share: number) => ((trips[Math.floor(ROUNDS * share)] ?? 0) * 1000).toFixed(1);
  console.log(`round trip p50 ${at(0.5)} us, p99 ${at(0.99)} us; processor ${hopUs.toFixed(1)} us per hop`);
  expect(hopUs).toBeLessThan(100);
});
