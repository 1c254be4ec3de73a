/** The transcripts that take minutes. */
import { describe, test } from 'vitest';
import { etcdctlIsInstalled, readTranscripts } from '../../src/etcdctl/transcripts.js';
import { compare, kind } from '../compare.js';

describe.skipIf(!etcdctlIsInstalled())(`etcdctl against ${kind} prints what it prints against etcd`, () => {
  test.each(readTranscripts('long'))('%s', { timeout: 400_000 }, (_name, transcript) => compare(transcript));
});
