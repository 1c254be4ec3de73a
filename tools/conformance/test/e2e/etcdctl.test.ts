/** Every transcript prints against this server what it printed against a real etcd. */
import { describe, expect, test } from 'vitest';
import { etcdctlIsInstalled, readTranscripts } from '../../src/etcdctl/transcripts.js';
import { compare, kind } from '../compare.js';

describe.skipIf(!etcdctlIsInstalled())(`etcdctl against ${kind} prints what it prints against etcd`, () => {
  const transcripts = readTranscripts();
  test.each(transcripts)('%s', { timeout: 180_000 }, (_name, transcript) => compare(transcript));

  test('there are at least 100 commands', () => {
    const steps = transcripts.flatMap(([, transcript]) => transcript.steps);
    expect(steps.filter((step) => step.kind === 'run' || step.kind === 'start').length).toBeGreaterThanOrEqual(100);
  });
});
