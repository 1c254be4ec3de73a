import { cp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { WalLevel } from '../src/index.js';
import { closedLog, filesOf, flipBits, outcomeOf } from './closed-log.js';
import { appendOf, MEMBER } from './memory-log.js';
import { append, close, imageOf, openLog, temporaryDirectory } from './wal-directory.js';

describe('damage on disk', () => {
  test('the undamaged log is as expected', async () => {
    expect(await outcomeOf(await closedLog())).toEqual({ error: null, same: true });
  });

  test('a flipped bit anywhere in any file is noticed, or changes nothing', async () => {
    const noticed = await flipBits(12);
    expect(noticed.get('damaged')).toBeGreaterThan(10);
  });

  test('a lost tail is noticed by the high-water record, though LevelDB opens', async () => {
    const directory = await temporaryDirectory();
    const log = await openLog(directory);
    for (let i = 1; i <= 20; i++) await append(log, appendOf(i, 1));
    const copy = await imageOf(directory);
    const logFile = (await filesOf(copy)).find((file) => file.endsWith('.log')) ?? '';
    const { length } = await readFile(logFile);
    await truncate(logFile, length - 200);
    await expect(openLog(copy)).rejects.toMatchObject({
      name: 'WalError',
      code: 'damaged',
      damage: { what: 'lost-tail', where: 'entry' },
    });
    const again = await imageOf(directory);
    await rm(join(again, 'log'), { recursive: true });
    await expect(openLog(again)).rejects.toMatchObject({
      code: 'damaged',
      damage: { what: 'missing', where: 'state' },
    });
  });

  test('a log older than its high-water record is noticed, as after a restore from a copy', async () => {
    const directory = await temporaryDirectory();
    const log = await openLog(directory);
    await append(log, appendOf(1, 5));
    const old = await imageOf(directory);
    await append(log, appendOf(6, 5));
    for (const name of ['high-water.0', 'high-water.1']) await cp(join(directory, name), join(old, name));
    await expect(openLog(old)).rejects.toMatchObject({ code: 'damaged', damage: { what: 'lost-tail', index: 6 } });
  });

  test('one missing high-water file is made up for; both are damage, and so is an emptied directory', async () => {
    const directory = await closedLog();
    for (const lost of ['high-water.0', 'high-water.1']) {
      await rm(join(directory, lost));
      expect(await outcomeOf(directory)).toEqual({ error: null, same: true });
    }
    for (const lost of ['high-water.0', 'high-water.1']) await rm(join(directory, lost));
    await expect(openLog(directory)).rejects.toMatchObject({
      code: 'damaged',
      damage: { what: 'missing', where: 'high-water' },
    });
    await rm(join(directory, 'log'), { recursive: true });
    await expect(openLog(directory)).rejects.toMatchObject({
      code: 'damaged',
      damage: { what: 'missing', where: 'state' },
    });
  });

  test('a database that LevelDB itself refuses is damage', async () => {
    const directory = await closedLog();
    const manifest = (await filesOf(directory)).find((file) => file.includes('MANIFEST')) ?? '';
    await writeFile(manifest, (await readFile(manifest)).fill(0xff, 0, 40));
    await expect(openLog(directory)).rejects.toMatchObject({
      code: 'damaged',
      damage: { what: 'unreadable', where: 'store' },
    });
  });

  test('a refused open changes neither identity nor high-water record', async () => {
    const directory = await closedLog();
    const table = (await filesOf(directory)).find((file) => file.endsWith('.ldb')) ?? '';
    const bytes = await readFile(table);
    await writeFile(table, bytes.fill(0xa5, 100, 400));
    const before = await Promise.all(
      ['identity', 'high-water.0', 'high-water.1'].map((name) => readFile(join(directory, name))),
    );
    for (let attempt = 0; attempt < 2; attempt++) {
      await expect(openLog(directory)).rejects.toMatchObject({ code: 'damaged' });
    }
    const after = await Promise.all(
      ['identity', 'high-water.0', 'high-water.1'].map((name) => readFile(join(directory, name))),
    );
    expect(after).toEqual(before);
  });
});

describe('identity', () => {
  test('a new directory needs one, and a known one can be opened without', async () => {
    const directory = await temporaryDirectory();
    await expect(WalLevel.open({ directory })).rejects.toMatchObject({ code: 'identity-required' });
    const log = await openLog(directory);
    expect(log.identity).toMatchObject({ ...MEMBER, bootCount: 1 });
    expect(log.identity.directoryId).toMatch(/^[0-9a-f]{32}$/);
    await close(log);
    const again = await WalLevel.open({ directory });
    expect(again.identity).toEqual({ ...log.identity, bootCount: 2 });
    await close(again);
  });

  test('another member is refused', async () => {
    const directory = await closedLog();
    const identity = { memberId: 6, clusterId: 7 };
    await expect(openLog(directory, { identity })).rejects.toMatchObject({ code: 'identity-mismatch' });
  });

  test.each(['absent', 'damaged'])('a file that is %s is written again from the record', async (how) => {
    const directory = await closedLog();
    const file = join(directory, 'identity');
    const bytes = await readFile(file);
    if (how === 'absent') await rm(file);
    else await writeFile(file, bytes.subarray(0, 20));
    const log = await openLog(directory);
    expect(log.restoredIdentity).toBe('file');
    expect((await readFile(file)).length).toBe(bytes.length);
  });

  test('the file of another directory is a conflict', async () => {
    const [directory, other] = [await closedLog(), await closedLog()];
    await cp(join(other, 'identity'), join(directory, 'identity'));
    await expect(openLog(directory)).rejects.toMatchObject({ code: 'identity-conflict' });
  });
});
