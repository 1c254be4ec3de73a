import { describe, it } from 'vitest';
import { fuzzTargets } from './fuzz-targets.js';

describe('a decoder takes anything and breaks nothing', () => {
  it.each(fuzzTargets.map((target) => [target.name, target] as const))('%s', (_name, target) => target.run(300));
});
