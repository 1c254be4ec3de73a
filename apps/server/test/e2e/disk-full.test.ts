// A real server on a small file system that fills up: it stops by itself, can start again, and serves once there is room.
import { execFile } from 'node:child_process';
import { mkdtemp, open, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { TestCluster, waitUntil } from '@understudy/testbed';
import { afterEach, describe, expect, it } from 'vitest';
import { base64, jsonCall } from '../json-call.js';

const run = promisify(execFile);
const MIB = 1024 * 1024;
const BALLAST_BYTES = 8 * MIB;

async function mountSmall(directory: string): Promise<void> {
  await run('mount', ['-t', 'tmpfs', '-o', 'size=40m', 'none', directory]);
}

async function whyNoTmpfs(): Promise<string | null> {
  const directory = await mkdtemp(join(tmpdir(), 'small-'));
  try {
    await mountSmall(directory);
    await run('umount', [directory]);
    return null;
  } catch (error) {
    return (error as Error).message.split('\n')[0] as string;
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

const obstacle = await whyNoTmpfs();
if (obstacle !== null)
  console.warn(`\n!!! A FULL DISK IS NOT TESTED: this machine cannot mount a tmpfs: ${obstacle}\n`);

let cluster: TestCluster | null = null;
afterEach(async () => {
  const members = cluster?.members ?? [];
  await Promise.all(members.map(({ process }) => (process.running ? process.end('SIGKILL') : null)));
  if (cluster !== null) await run('umount', [cluster.directory]);
  await cluster?.stop();
});

/** Takes all the room that is left. */
async function fill(path: string): Promise<void> {
  const file = await open(path, 'a');
  try {
    for (let bytes = MIB; bytes >= 512; ) {
      const written = await file.write(Buffer.alloc(bytes)).catch(() => null);
      if (written === null || written.bytesWritten < bytes) bytes /= 2;
    }
  } finally {
    await file.close();
  }
}

describe.skipIf(obstacle !== null)(`a full disk${obstacle === null ? '' : ` (NOT TESTED: ${obstacle})`}`, () => {
  it('ends the server, which starts again from its ballast and takes writes once there is room', async () => {
    cluster = await TestCluster.prepare({ voters: 1, flags: [`--ballast-bytes=${BALLAST_BYTES}`] });
    await mountSmall(cluster.directory);
    const { clientUrl: url, dataDir, process } = cluster.members[0] as (typeof cluster.members)[0];
    const ballast = join(dataDir, 'ballast');
    const ballastBytes = async (): Promise<number> => (await stat(ballast).catch(() => null))?.size ?? 0;
    const put = (key: string) => jsonCall(url, '/v3/kv/put', { key: base64(key), value: base64('x'.repeat(50_000)) });
    process.start();
    await process.answers(`${url}/health`);
    await waitUntil('the ballast is there', async () => (await ballastBytes()) === BALLAST_BYTES);

    const filler = join(cluster.directory, 'filler');
    await fill(filler);
    const acknowledged: string[] = [];
    for (let i = 0; process.running; i += 1) {
      const { status } = await put(`key/${i}`).catch(() => ({ status: 0 }));
      if (status === 200) acknowledged.push(`key/${i}`);
    }
    expect(await process.exited()).toMatchObject({ code: 1 });
    expect(process.output).toMatch(/the disk of \S+ is full, and this member stops; the ballast is released/);
    expect(await ballastBytes()).toBe(0);

    // Others want the room too: enough is left to start, and not for the ballast.
    process.start();
    await process.answers(`${url}/livez`, 60_000);
    let said = '';
    await waitUntil(
      'it says what is missing',
      async () => {
        said = (await (await fetch(`${url}/readyz`)).text()).trim();
        return said === 'DISK NOSPACE';
      },
      60_000,
    ).catch((error: Error) => {
      throw new Error(`${error.message}; it says ${said}\n${process.output}`);
    });
    expect((await put('more')).body).toMatchObject({ error: 'etcdserver: mvcc: database space exceeded' });
    for (const key of acknowledged) {
      const { body } = await jsonCall(url, '/v3/kv/range', { key: base64(key), keys_only: true });
      expect({ key, count: body['count'] }).toEqual({ key, count: '1' });
    }

    await rm(filler);
    await process.answers(`${url}/readyz`, 60_000);
    expect((await put('more')).status).toBe(200);
    expect(await ballastBytes()).toBe(BALLAST_BYTES);
  }, 240_000);
});
