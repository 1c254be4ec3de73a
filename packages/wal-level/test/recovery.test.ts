import { cp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { completed } from '@understudy/store/testing';
import { describe, expect, test } from 'vitest';
import { STATE_KEY } from '../src/keys.js';
import type { WalLevel } from '../src/index.js';
import { closedLog, filesOf } from './closed-log.js';
import { appendOf, hardStateOf, MemoryDisk, MemoryProcess, writeOf } from './memory-log.js';
import { append, close, imageOf, openLog, readWholeLog, temporaryDirectory } from './wal-directory.js';

const recover = (directory: string): Promise<WalLevel> => openLog(directory, { recover: true });
const endRecovery = (log: WalLevel): Promise<void> => completed((done) => log.endRecovery(done));

/** The newest of LevelDB's own logs, less its last `bytes`. */
async function cutLevelLog(directory: string, bytes: number): Promise<void> {
  const file =
    (await filesOf(directory))
      .filter((name) => name.endsWith('.log'))
      .sort()
      .at(-1) ?? '';
  await truncate(file, (await readFile(file)).length - bytes);
}

describe('a damaged log, opened to recover', () => {
  test('keeps what passes every check, its term and vote, and says how far it had acknowledged', async () => {
    const directory = await temporaryDirectory();
    const log = await openLog(directory);
    await append(log, writeOf({ hardState: hardStateOf(3, 5, 0) }));
    for (let i = 1; i <= 20; i++) await append(log, appendOf(i, 1, 3));
    const copy = await imageOf(directory);
    await cutLevelLog(copy, 200);
    const found = await recover(copy);
    expect(found.verdict).toBe('recovering');
    expect(found.recovering).toMatchObject({ highWaterIndex: 20, highWaterTerm: 3, voteProven: true });
    expect(found.recovering?.reason).toContain('lost-tail entry at index');
    expect(found.hardState).toEqual(hardStateOf(3, 5, 0));
    expect(found.lastIndex()).toBeGreaterThan(10);
    expect(found.lastIndex()).toBeLessThan(20);
    expect((await readWholeLog(found)).map(({ index }) => index)).toEqual(
      Array.from({ length: found.lastIndex() }, (_, i) => i + 1),
    );
  });

  test('is recovering at every start until it is told that it has everything back', async () => {
    const directory = await closedLog();
    const table = (await filesOf(directory)).find((file) => file.endsWith('.ldb')) ?? '';
    const bytes = await readFile(table);
    await writeFile(table, bytes.fill(0xa5, 100, 400));
    const first = await recover(directory);
    expect([first.firstIndex(), first.lastIndex()]).toEqual([1, 0]);
    expect(first.recovering).toMatchObject({ highWaterIndex: 120, voteProven: true });
    expect(first.hardState).toEqual(hardStateOf(1, 5, 0));
    await append(first, appendOf(1, 30));
    await close(first);
    const second = await openLog(directory);
    expect(second.verdict).toBe('clean');
    expect(second.recovering).toEqual({
      highWaterIndex: 120,
      highWaterTerm: 1,
      voteProven: true,
      reason: 'an earlier start found damage',
    });
    await endRecovery(second);
    expect(second.recovering).toBeNull();
    await close(second);
    const third = await openLog(directory);
    expect([third.recovering, third.lastIndex()]).toEqual([null, 30]);
  });

  test('that LevelDB cannot open is set aside, and its identity kept', async () => {
    const directory = await closedLog();
    const manifest = (await filesOf(directory)).find((file) => file.includes('MANIFEST')) ?? '';
    await writeFile(manifest, (await readFile(manifest)).fill(0xff, 0, 40));
    const log = await recover(directory);
    expect(log.recovering).toMatchObject({ highWaterIndex: 120, voteProven: true });
    expect(log.recovering?.reason).toContain('unreadable store');
    expect([log.bootCount, log.hardState.vote, log.lastIndex()]).toEqual([4, 5, 0]);
    expect(await readdir(directory)).toContain('log.damaged');
  });

  test('is refused where the other copy of the identity is lost with it, and left as it is', async () => {
    const directory = await closedLog();
    const manifest = (await filesOf(directory)).find((file) => file.includes('MANIFEST')) ?? '';
    await writeFile(manifest, (await readFile(manifest)).fill(0xff, 0, 40));
    await rm(join(directory, 'identity'));
    const before = await readdir(join(directory, 'log'));
    await expect(recover(directory)).rejects.toMatchObject({ code: 'identity-lost' });
    expect(await readdir(join(directory, 'log'))).toEqual(before);
    await rm(join(directory, 'log'), { recursive: true });
    await expect(recover(directory)).rejects.toMatchObject({ code: 'identity-lost' });
  });

  test('without its high-water files never votes again, also when the log is lost later', async () => {
    const directory = await closedLog();
    for (const name of ['high-water.0', 'high-water.1']) await rm(join(directory, name));
    const log = await recover(directory);
    expect(log.recovering).toMatchObject({ voteProven: false, highWaterIndex: 120 });
    expect(log.lastIndex()).toBe(120);
    expect(() => log.endRecovery(() => {})).toThrow('no end');
    await close(log);
    await rm(join(directory, 'log'), { recursive: true });
    const again = await recover(directory);
    expect(again.recovering).toMatchObject({ voteProven: false, highWaterIndex: 120 });
  });

  test('takes term and vote from the high-water files where the log is an older copy', async () => {
    const directory = await closedLog();
    const old = await temporaryDirectory();
    await cp(directory, old, { recursive: true });
    const log = await openLog(directory);
    await append(log, writeOf({ hardState: hardStateOf(7, 3, 120) }));
    await append(log, appendOf(121, 2, 7));
    await close(log);
    await rm(join(directory, 'log'), { recursive: true });
    await cp(join(old, 'log'), join(directory, 'log'), { recursive: true });
    const found = await recover(directory);
    expect(found.hardState).toMatchObject({ term: 7, vote: 3 });
    expect(found.recovering).toMatchObject({ highWaterIndex: 122, voteProven: true });
    expect(found.lastIndex()).toBe(120);
  });
});

test('a log that others say is too old recovers from now on, and a weaker proof stays the weaker one', async () => {
  const directory = await closedLog();
  const log = await openLog(directory);
  const told = { reason: 'the state is at 130', highWaterIndex: 130, highWaterTerm: 2, voteProven: false };
  await completed((done) => log.beginRecovery(told, done));
  expect(log.recovering).toEqual(told);
  const more = { reason: 'again', highWaterIndex: 90, highWaterTerm: 3, voteProven: true };
  await completed((done) => log.beginRecovery(more, done));
  await close(log);
  const again = await openLog(directory);
  expect(again.recovering).toMatchObject({ highWaterIndex: 130, highWaterTerm: 3, voteProven: false });
  expect(again.lastIndex()).toBe(120);
});

test('a log that is closed is closed, however often it is asked', async () => {
  const log = await openLog(await closedLog());
  await Promise.all([close(log), close(log)]);
  await close(log);
});

test('a vote is in the high-water record on disk before it is acknowledged: a power cut and a lost log leave it', () => {
  const disk = new MemoryDisk();
  const process = new MemoryProcess(disk).open();
  process.append(appendOf(1, 5));
  expect(process.append(writeOf({ hardState: hardStateOf(9, 4, 0) }))).toBeNull();
  process.append(appendOf(6, 5, 9));
  process.kill();
  disk.highWater.crash();
  disk.medium.damage(STATE_KEY, null);
  const again = new MemoryProcess(disk).open({ rebooted: true, recover: true });
  expect(again.log.hardState).toEqual(hardStateOf(9, 4, 0));
  expect(again.log.recovering).toMatchObject({ voteProven: true, highWaterIndex: 5 });
});
