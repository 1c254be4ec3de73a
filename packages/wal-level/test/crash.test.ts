import fc from 'fast-check';
import { expect, test } from 'vitest';
import { EMPTY_MODEL, type ModelLog, outline, perform, someWork } from './log-model.js';
import { MemoryDisk, MemoryProcess, readWhole } from './memory-log.js';

const OPTIONS = { tailBytes: 64 * 1024, reclaimStepEntries: 16 };

function outlineOf(process: MemoryProcess): string {
  const { log } = process;
  const anchorIndex = log.firstIndex() - 1;
  const anchorTerm = Number(log.term(anchorIndex));
  return outline({ anchorIndex, anchorTerm, entries: readWhole(process), hardState: log.hardState });
}

/**
 * Runs random work in random steps, stops the process (or the power) anywhere, starts again, and so on. The log found
 * must be one that the work had made it, at or after the last acknowledgement; it must never look damaged.
 */
function crashProperty(powerCut: boolean, paranoid: boolean) {
  const life = fc.record({
    work: fc.array(fc.record({ work: someWork, steps: fc.nat(6) }), { maxLength: 15 }),
    kept: fc.nat(4),
    highWaterSynced: fc.boolean(),
  });
  return fc.property(fc.array(life, { minLength: 1, maxLength: 5 }), (lives) => {
    const disk = new MemoryDisk();
    let process = new MemoryProcess(disk).open({ ...OPTIONS, paranoid });
    let model: ModelLog = EMPTY_MODEL;
    for (const { work, kept, highWaterSynced } of lives) {
      // models[i] is the log once the first i writes are done.
      const models = [model];
      let acknowledged = 0;
      for (const { work: next, steps } of work) {
        model = perform(process.log, model, next, (error) => {
          expect(error).toBeNull();
          acknowledged += 1;
        });
        models.push(model);
        for (let step = 0; step < steps; step++) process.queue.step();
      }
      process.kill();
      if (powerCut) {
        disk.medium.crash(kept);
        if (highWaterSynced) disk.highWater.sync();
        disk.highWater.crash();
      }
      process = new MemoryProcess(disk).open({ ...OPTIONS, paranoid, rebooted: powerCut });
      expect(process.error).toBeNull();
      expect(process.loaded?.verdict).toBe('clean');
      const found = outlineOf(process);
      const at = models.findIndex((candidate, i) => i >= acknowledged && outline(candidate) === found);
      expect(at, `log ${found} after ${acknowledged} of ${models.length - 1}`).toBeGreaterThanOrEqual(0);
      const { hardState } = process.log;
      expect(hardState.commit).toBeLessThanOrEqual(models.at(-1)?.hardState.commit ?? 0);
      model = { ...(models[at] as ModelLog), hardState };
    }
  });
}

test('a log survives crashes of its process at any step', () => {
  fc.assert(crashProperty(false, false), { numRuns: 300 });
});

test('a log survives power cuts at any step', () => {
  fc.assert(crashProperty(true, false), { numRuns: 300 });
});

test('a paranoid log survives power cuts at any step', () => {
  fc.assert(crashProperty(true, true), { numRuns: 150 });
});

test('a batch that a crash kept before it was acknowledged is part of the log', () => {
  const disk = new MemoryDisk();
  const process = new MemoryProcess(disk).open();
  const work = { kind: 'append', count: 3, back: 0, size: 10 } as const;
  let acknowledged = false;
  perform(process.log, EMPTY_MODEL, work, () => {
    acknowledged = true;
  });
  process.queue.step();
  process.queue.step();
  process.kill();
  expect(acknowledged).toBe(false);
  expect(new MemoryProcess(disk).open().log.lastIndex()).toBe(3);
});
