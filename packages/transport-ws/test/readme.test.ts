import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const example = fileURLToPath(new URL('../examples/two-members.ts', import.meta.url));

test('the README shows the example as it is', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  const block = /```ts\n([\s\S]*?)```/.exec(readme)?.[1];
  expect(block).toBe(readFileSync(example, 'utf8'));
});

test('the example of the README does what the README says', async () => {
  const tsx = createRequire(import.meta.url).resolve('tsx');
  const child = spawn(process.execPath, ['--conditions=@understudy/source', '--import', tsx, example], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let printed = '';
  try {
    child.stdout.on('data', (chunk: Buffer) => {
      printed += chunk.toString();
    });
    while (printed.split('\n').length <= 4) await once(child.stdout, 'data');
    expect(printed.trim().split('\n').sort()).toEqual([
      '1 heard from 2: hello on bulk (bulk)',
      '1 heard from 2: hello on control (control)',
      '2 heard from 1: hello on bulk (bulk)',
      '2 heard from 1: hello on control (control)',
    ]);
  } finally {
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
});
