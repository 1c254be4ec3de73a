import { readFileSync } from 'node:fs';
import { afterEach, expect, it, vi } from 'vitest';
import { formatPolicySettings, policySettingNames } from '../src/index.js';
import { policy } from './views.js';

afterEach(() => vi.restoreAllMocks());

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8');

async function printed(name: string): Promise<unknown[]> {
  expect(read('../README.md')).toContain(`\`\`\`ts\n${read(`../examples/${name}.ts`)}\`\`\``);
  const print = vi.spyOn(console, 'log').mockImplementation(() => undefined);
  await import(`../examples/${name}.ts`);
  return print.mock.calls.map(([value]) => value);
}

it('the first example of the README is the one that runs here, and prints what it says', async () => {
  expect(await printed('promote-when-safe')).toEqual([
    'n4 (0000000000000004) has been close for 2s of 5s',
    'promote n4 (0000000000000004), 0 entries behind',
    {
      ok: false,
      reason: 'peer-url-exists',
      text: 'http://10.0.0.4:2380 is a peer URL of n4 (0000000000000004)',
    },
  ]);
});

it('the second example of the README is the one that runs here, and prints what it says', async () => {
  const lines = await printed('replace-silent-voter');
  expect(read('../README.md')).toContain(`\`\`\`text\n${lines.join('\n')}\n\`\`\``);
});

it('the README names every setting of the policy with its default', () => {
  const rows = read('../README.md').match(/^\| `\w+` \| `\w+` \|.*$/gm) ?? [];
  const named = rows.map((row) => row.split('|').map((cell) => cell.trim()));
  expect(named.map(([, , name]) => name)).toEqual(policySettingNames().map((name) => `\`${name}\``));
  for (const [, , name, value] of named) {
    const setting = formatPolicySettings(policy()).find((word) => name === `\`${word.split('=')[0]}\``);
    const written = setting?.split('=')[1] ?? '';
    expect(value?.replace(/[`\s]/g, '')).toContain(written);
  }
});
