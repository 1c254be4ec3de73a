import { readFileSync } from 'node:fs';
import { afterEach, expect, it, vi } from 'vitest';

afterEach(() => vi.restoreAllMocks());

it('the example of the README is the one that runs here, and prints what it says', async () => {
  const read = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8');
  const example = read('../examples/promote-when-safe.ts');
  expect(read('../README.md')).toContain(`\`\`\`ts\n${example}\`\`\``);

  const print = vi.spyOn(console, 'log').mockImplementation(() => undefined);
  await import('../examples/promote-when-safe.js');
  expect(print.mock.calls.map(([value]) => value)).toEqual([
    'n4 (0000000000000004) has been close for 2s of 5s',
    'promote n4 (0000000000000004), 0 entries behind',
    {
      ok: false,
      reason: 'peer-url-exists',
      text: 'http://10.0.0.4:2380 is a peer URL of n4 (0000000000000004)',
    },
  ]);
});
