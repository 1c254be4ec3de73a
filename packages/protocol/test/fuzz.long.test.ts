// The same as in the quick tier, many times as often.
import { describe, it } from 'vitest';
import { fuzzTargets } from './fuzz-targets.js';

describe('a decoder takes anything and breaks nothing, often', { timeout: 600_000 }, () => {
  it.each(fuzzTargets.map((target) => [target.name, target] as const))('%s', (_name, target) => target.run(5000));
});
