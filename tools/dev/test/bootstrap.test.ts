import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CommandFailed, runCaptured } from '../src/captured-command.mjs';
import { installStamp } from '../src/install.mjs';
import { checkNodeVersion } from '../src/node-version.mjs';
import { startProgress } from '../src/progress.mjs';
import { outputOfFailedTasks } from '../src/turbo-build.mjs';

describe('node version', () => {
  it('accepts 20.19 and everything newer', () => {
    for (const version of ['20.19.0', '20.20.2', '22.0.0', '24.1.0']) expect(checkNodeVersion(version).ok).toBe(true);
  });

  it('refuses older ones and names both versions', () => {
    for (const version of ['18.20.0', '20.18.3']) {
      const result = checkNodeVersion(version);
      expect(result).toMatchObject({ ok: false, text: expect.stringMatching(`20\\.19.*${version}`) });
    }
  });
});

describe('install stamp', () => {
  let root: string;

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'understudy-stamp-'));
    writeFileSync(join(root, 'pnpm-lock.yaml'), 'a');
    writeFileSync(join(root, 'pnpm-workspace.yaml'), 'b');
  });

  afterEach(() => rmSync(root, { recursive: true, force: true }));

  it('is the same for the same lockfile and another one for another lockfile', () => {
    const first = installStamp(root);
    expect(installStamp(root)).toBe(first);
    writeFileSync(join(root, 'pnpm-lock.yaml'), 'c');
    expect(installStamp(root)).not.toBe(first);
  });
});

describe('progress', () => {
  function fakeOut(isTTY: boolean): { isTTY: boolean; columns: number; text: string; write(text: string): void } {
    return {
      isTTY,
      columns: 30,
      text: '',
      write(text) {
        this.text += text;
      },
    };
  }

  it('is two plain lines where there is no terminal', () => {
    let nowMs = 1000;
    const out = fakeOut(false);
    const progress = startProgress('building', out, () => nowMs);
    progress.detail('something long that nobody needs');
    nowMs = 13_400;
    progress.end(true);
    expect(out.text).toBe('building ...\nbuilding: done in 12s\n');
  });

  it('stays on one line of a terminal, however long the detail', () => {
    const out = fakeOut(true);
    const progress = startProgress('building', out, () => 0);
    progress.detail('x'.repeat(200));
    progress.end(false);
    expect(out.text.split('\n')).toHaveLength(2);
    expect(out.text).toContain('✘ building 0s\n');
    for (const drawn of out.text.split('\r\x1b[2K')) expect(drawn.length).toBeLessThan(out.columns);
  });
});

describe('captured command', () => {
  const quiet = { cwd: tmpdir(), out: { write: () => true } };

  it('gives back what was printed', async () => {
    expect(await runCaptured('printing', process.execPath, ['-e', 'console.log(41 + 1)'], quiet)).toBe('42\n');
  });

  it('fails with the output, the exit code and the command', async () => {
    const script = 'console.error("no such thing"); process.exit(3)';
    const failure = await runCaptured('asking', process.execPath, ['-e', script], quiet).catch((e) => e);
    expect(failure).toBeInstanceOf(CommandFailed);
    expect(failure.message).toMatch(/no such thing\s+asking failed \(exit code 3\): .* -e /);
  });

  it('fails when the command does not exist', async () => {
    const missing = join(tmpdir(), 'understudy-no-such-command');
    await expect(runCaptured('asking', missing, [], quiet)).rejects.toThrow(/could not be started/);
  });
});

describe('build output', () => {
  it('is reduced to the tasks that failed', () => {
    const lines = ['a:build: fine', '@x/b:build: error 1', '@x/bb:build: fine', '@x/b:build: error 2', 'c:build: bad'];
    const output = [...lines, 'Failed:    @x/b#build, c#build', ' ERROR  run failed'].join('\n');
    expect(outputOfFailedTasks(output)).toBe('@x/b:build: error 1\n@x/b:build: error 2\nc:build: bad');
  });

  it('is kept whole when no task is named', () => {
    expect(outputOfFailedTasks('turbo could not start')).toBe('turbo could not start');
  });
});

describe('tiers', () => {
  it('counts a step that could not begin as one failure', async () => {
    const { runStep } = await import('../src/tier-step.js');
    const complain = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const root = mkdtempSync(join(tmpdir(), 'understudy-step-'));
    mkdirSync(join(root, 'node_modules', '.bin'), { recursive: true });
    const result = await runStep(
      { name: 'unit tests', bin: 'missing', args: [], counted: true },
      { root, folder: root },
    );
    rmSync(root, { recursive: true, force: true });
    expect(complain).toHaveBeenCalledWith(expect.stringContaining('ENOENT'));
    complain.mockRestore();
    expect(result).toMatchObject({ ok: false, passed: 0, failed: 1 });
  });
});

describe('orphan watch', () => {
  it('ends a process whose parent was killed', async () => {
    const orphan = new URL('../src/orphan.mjs', import.meta.url).href;
    const grandchild = `
      const { endWithParent } = await import(${JSON.stringify(orphan)});
      endWithParent();
      process.on('SIGTERM', () => { console.log('told to end'); process.exit(0); });
      setInterval(() => undefined, 1000);
      console.log('ready');`;
    const child = `
      const { spawn } = await import('node:child_process');
      spawn(process.execPath, ['--input-type=module', '-e', ${JSON.stringify(grandchild)}], { stdio: 'inherit' });`;
    const parent = spawn(process.execPath, ['--input-type=module', '-e', child], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let output = '';
    const closed = new Promise((resolve) => parent.stdout.once('close', resolve));
    parent.stdout.on('data', (chunk) => {
      output += chunk;
      if (output.includes('ready')) parent.kill('SIGKILL');
    });
    // The pipe closes when the last process that holds it has ended, which is the grandchild.
    await closed;
    expect(output).toContain('told to end');
  });
});
