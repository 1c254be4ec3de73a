import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { FakeCluster } from '../../../packages/client/test/fake/fake-cluster.js';
import { capture } from './capture.js';

it('the lines of the README print what it says', async () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  const session = /```console\n([^`]*)```/.exec(readme)?.[1] as string;
  const cluster = await FakeCluster.start(1);
  const env = { UNDERSTUDYCTL_ENDPOINTS: cluster.endpoints.join(',') };
  let actual = '';
  for (const [line, words] of session.matchAll(/^\$ understudyctl (.*)\n/gm)) {
    const { stdout, stderr } = await capture((words as string).split(' '), { env });
    actual += `${line}${stdout}${stderr}`;
  }
  expect(actual).toBe(session);
  await cluster.close();
});
