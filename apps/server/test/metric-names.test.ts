/**
 * The names of /metrics, one by one: dashboards and alerts are written by them. METRICS.md lists them, and says of those
 * that etcd 3.4.23 has and we have not why.
 */
import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { startLoneServer } from './lone-server.js';

const METRICS = new URL('../METRICS.md', import.meta.url);

/** The names in the first column of the table below a heading. */
async function namesBelow(heading: string): Promise<string[]> {
  const text = await readFile(METRICS, 'utf8');
  const section = text.split(/^## /m).find((part) => part.startsWith(heading));
  return [...(section ?? '').matchAll(/^\| `([a-z_]+)`/gm)].map(([, name]) => name as string);
}

it('a server has exactly the figures that METRICS.md lists, and those of its process', async () => {
  const lone = await startLoneServer();
  try {
    const text = await (await fetch(`${lone.clientUrl}/metrics`)).text();
    const names = [...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name as string);
    const ours = names.filter((name) => !/^(process|nodejs)_/.test(name));
    const listed = [...(await namesBelow("With etcd's names")), ...(await namesBelow('With names of our own'))];
    expect(ours.sort()).toEqual(listed.sort());
    expect(new Set(names).size).toBe(names.length);
  } finally {
    await lone.end();
  }
});

it('every name that etcd 3.4.23 shows is here, or METRICS.md says why not', async () => {
  const text = await readFile(new URL('./etcd-metric-names.txt', import.meta.url), 'utf8');
  const etcd = text.split('\n').filter((name) => name !== '');
  const known = [...(await namesBelow("With etcd's names")), ...(await namesBelow('Names of etcd that are not here'))];
  expect(etcd.filter((name) => !known.includes(name))).toEqual([]);
  const here = new Set(await namesBelow("With etcd's names"));
  expect((await namesBelow('Names of etcd that are not here')).filter((name) => here.has(name))).toEqual([]);
});
