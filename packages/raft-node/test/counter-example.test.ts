import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { once } from 'node:events';
import { freePorts } from '@understudy/testbed';
import { expect, test } from 'vitest';
import { startCounter } from '../examples/counter.js';

test('the example counts on three members, survives the loss of its leader, and counts on after a restart', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'counter-'));
  const urls = (await freePorts(3)).map((port) => `http://127.0.0.1:${port}`);
  const start = (id: number) => startCounter(id, urls, join(directory, String(id)));
  let counters = await Promise.all([1, 2, 3].map(start));
  try {
    await Promise.all(
      counters.map(({ node }) => (node.leader === 0 ? once(node as never, 'leader-change') : Promise.resolve())),
    );
    const add = async (counter: (typeof counters)[number], amount: number): Promise<number> => {
      for (const endMs = performance.now() + 20_000; performance.now() < endMs; ) {
        try {
          return await counter.add(amount);
        } catch (error) {
          if ((error as { outcome?: string }).outcome !== 'not-applied') throw error;
          await new Promise((resolve) => setTimeout(resolve, 100));
        }
      }
      throw new Error('no leader for 20 s');
    };
    expect(await add(counters[0] as never, 5)).toBe(5);
    expect(await add(counters[1] as never, 7)).toBe(12);
    expect(await Promise.all(counters.map((counter) => counter.read()))).toEqual([12, 12, 12]);

    const leader = counters.find(({ node }) => node.isLeader);
    await leader?.stop();
    const left = counters.filter((counter) => counter !== leader);
    expect(await add(left[0] as never, 1)).toBe(13);
    await Promise.all(left.map((counter) => counter.stop()));

    counters = await Promise.all([1, 2, 3].map(start));
    expect(await add(counters[2] as never, 1)).toBe(14);
  } finally {
    await Promise.all(counters.map((counter) => counter.stop()));
    await rm(directory, { recursive: true });
  }
});

test('the README shows the example as it is', async () => {
  const [readme, example] = await Promise.all(
    ['README.md', 'examples/counter.ts'].map((path) => readFile(join(import.meta.dirname, '..', path), 'utf8')),
  );
  expect(readme).toContain(`\`\`\`ts\n${example}\`\`\`\n`);
});
