import { readFileSync } from 'node:fs';
import { expect, it, vi } from 'vitest';
import { etcdErrors, FrameKind, MINIMUM_LIMITS, statusName } from '../src/index.js';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');

it('the example of the README is examples/put.ts, and runs', async () => {
  const example = readFileSync(new URL('../examples/put.ts', import.meta.url), 'utf8');
  expect(readme).toContain(`\`\`\`ts\n${example}\`\`\``);
  const log = vi.spyOn(console, 'log').mockImplementation(() => {});
  await import('../examples/put.js');
  expect(log.mock.calls).toEqual([['/etcdserverpb.KV/Put stage'], ['revision 2']]);
  log.mockRestore();
});

it('the README lists every kind of message of the framing', () => {
  for (const [name, number] of Object.entries(FrameKind)) {
    expect(readme).toMatch(new RegExp(`\\| ${number} \\| ${name.toLowerCase().replace('_', '-')} \\|`));
  }
});

it('the README lists every error of etcd with its code and text', () => {
  for (const [name, { code, text }] of Object.entries(etcdErrors)) {
    expect(readme).toContain(`| \`${name}\` | ${statusName(code)} | ${text} |`);
  }
});

it('the README has the limits that hold before hello', () => {
  const { maxFrameBytes, maxCalls, maxStreams, streamWindowBytes } = MINIMUM_LIMITS;
  expect(readme).toContain(
    `${maxFrameBytes / 2 ** 20} MiB a frame, ${maxCalls} calls, ${maxStreams} streams, ${streamWindowBytes / 1024} KiB a stream`,
  );
});
