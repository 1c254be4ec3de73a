import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterEach, expect, it, vi } from 'vitest';
import { FakeCluster } from './fake/fake-cluster.js';

const root = new URL('../', import.meta.url);
const example = readFileSync(new URL('examples/basics.ts', root), 'utf8');
const readme = readFileSync(new URL('README.md', root), 'utf8');
const copy = fileURLToPath(new URL('test/readme-example.generated.ts', root));

afterEach(() => {
  rmSync(copy, { force: true });
  vi.restoreAllMocks();
});

it('the README shows the example as it is', () => {
  expect(readme).toContain(`\`\`\`ts\n${example}\`\`\``);
});

it('the example runs', async () => {
  const cluster = await FakeCluster.start(1);
  const lines: string[] = [];
  vi.spyOn(console, 'log').mockImplementation((...words: unknown[]) => void lines.push(words.join(' ')));
  const endpoint = cluster.endpoints[0] as string;
  writeFileSync(copy, example.replace('127.0.0.1:2379', endpoint).replace('@understudy/client', '../src/index.js'));
  await import(/* @vite-ignore */ pathToFileURL(copy).href);
  expect(lines).toEqual(['dark 2', 'put config/theme light', 'elected']);
  await cluster.close();
});
