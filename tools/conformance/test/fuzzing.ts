/** Runs seeds of the fuzzer in a test: the first difference is the failure, with the operation that shows it. */
import { spawnSync } from 'node:child_process';
import { expect } from 'vitest';
import { fuzz } from '../src/fuzz/run.js';

/** Says so, loudly, where etcd is missing. */
export function etcdIsInstalled(): boolean {
  const installed = spawnSync('etcd', ['--version']).status === 0;
  if (!installed) console.warn('SKIPPED: the comparison with etcd needs etcd 3.4 (Debian package etcd-server)');
  return installed;
}

export async function expectEqual(seed: number, operations: number): Promise<void> {
  const { agreed, difference } = await fuzz({ seed, operations, kind: 'understudy' });
  expect(difference, `seed ${seed}, operation ${agreed}`).toBeNull();
  expect(agreed).toBe(operations);
}
