import { expect, it } from 'vitest';
import { capture } from './capture.js';

it.each([
  [['snap'], ['snapshot']],
  [['user', 're'], ['revoke-role']],
  [['role', 'grant-permission', '--fr'], ['--from-key']],
  [['--discovery-srv-'], ['--discovery-srv-name']],
  [['nothing-like-this'], []],
])('what may stand for the last of %j is %j', async (words, expected) => {
  const { code, stdout } = await capture(['__complete', '--', ...words]);
  expect({ code, found: stdout.split('\n').filter((line) => line !== '') }).toEqual({ code: 0, found: expected });
});

it.each(['bash', 'zsh', 'fish', 'powershell'])('%s has a script that asks this tool', async (shell) => {
  expect(await capture(['completion', shell])).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('__complete'),
    stderr: '',
  });
});
