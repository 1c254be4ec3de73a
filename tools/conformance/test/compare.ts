/** Plays a transcript and compares each answer as it comes, so that the first difference names its command. */
import { expect } from 'vitest';
import { play } from '../src/etcdctl/session.js';
import { printOutcome, type Step, type Transcript } from '../src/etcdctl/transcript.js';

/** `CONFORMANCE_TARGET=etcd` plays against etcd once more, which shows that a transcript is stable. */
export const kind = process.env['CONFORMANCE_TARGET'] === 'etcd' ? 'etcd' : 'understudy';

export async function compare(transcript: Transcript): Promise<void> {
  await play(transcript, {
    kind,
    onStep: (expected, actual) => expect(printed(actual)).toEqual(printed(expected)),
  });
}

function printed(step: Step): string[] {
  switch (step.kind) {
    case 'comment':
    case 'start':
      return [];
    case 'run':
      return [`$ ${step.line}`, ...printOutcome(step.expected)];
    case 'await':
    case 'interrupt':
      return [`${step.name} ${step.kind}`, ...printOutcome(step.expected)];
  }
}
