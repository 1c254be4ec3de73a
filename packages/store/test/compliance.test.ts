import { join } from 'node:path';
import { describe, test } from 'vitest';
import { openLevelStore } from '../src/index.js';
import { MemoryStore, storeCases } from '../src/testing/index.js';
import { temporaryDirectory } from './temporary-directory.js';

const backends = {
  LevelStore: async () => openLevelStore(join(await temporaryDirectory(), 'db')),
  'MemoryStore at once': async () => new MemoryStore(),
  'MemoryStore in steps': async () => new MemoryStore({ dispatch: (step) => queueMicrotask(step) }),
};

for (const [name, open] of Object.entries(backends)) {
  describe(name, () => {
    for (const { title, run } of storeCases) test(title, () => run(open));
  });
}
