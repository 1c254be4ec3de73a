/** When a member that lost entries may count as whole again. */
import { expect, test } from 'vitest';
import { Ledger } from '../src/checks/ledger.js';
import { Recovering } from '../src/checks/recovering.js';
import type { Process } from '../src/process.js';

const member = { id: 1, seen: { term: 2 } } as unknown as Process;
const whole = { term: 2, vote: 1, commit: 0, first: 1, last: 0, termAt: () => 0, recovering: null };
const lossy = { ...whole, recovering: { highWaterIndex: 3, highWaterTerm: 2, voteProven: true, reason: 'a hole' } };

function afterLoss(): { readonly check: Recovering; readonly ledger: Ledger } {
  const ledger = new Ledger();
  for (const index of [1, 2]) ledger.committed.push({ term: 2, index, type: 0, data: new Uint8Array(0) });
  const check = new Recovering(ledger);
  check.onLoaded(member, lossy);
  return { check, ledger };
}

function refetch({ durable }: ReturnType<Ledger['member']>): void {
  for (const index of [1, 2]) durable.put(index, 2);
  durable.last = 2;
}

test('a log that is whole at the next start, and was never asked to end the recovery, has forgotten it', () => {
  const { check } = afterLoss();
  expect(() => check.onLoaded(member, whole)).toThrow('has forgotten');
});

test('a log that was asked, and whose process ended before it answered, is found whole or not', () => {
  for (const found of [whole, lossy]) {
    const { check, ledger } = afterLoss();
    refetch(ledger.member(1));
    check.onRecoveryEnding(member);
    expect(() => check.onLoaded(member, found)).not.toThrow();
  }
});

test('what was asked of the log is over where it is found to recover still', () => {
  const { check, ledger } = afterLoss();
  refetch(ledger.member(1));
  check.onRecoveryEnding(member);
  check.onLoaded(member, lossy);
  expect(() => check.onLoaded(member, whole)).toThrow('has forgotten');
});

test('a log is not to be asked before everything is here that was committed', () => {
  const { check } = afterLoss();
  expect(() => check.onRecoveryEnding(member)).toThrow('2 was committed when it began');
});

test('nobody counts again whose log was not asked', () => {
  const { check } = afterLoss();
  expect(() => check.onRecovered(member)).toThrow('not asked');
});
