/** Reads a range as plain values. */
import type { Mvcc } from '@understudy/mvcc';
import { rangeOf } from '../state/simulated-state.js';
import type { KeyState } from './request.js';

export function keyStates(mvcc: Mvcc, key: string, end: string, revision: number): KeyState[] {
  const outcome = mvcc.range(rangeOf(key, end, revision));
  if (!outcome.ok) throw new Error(`a read of ${key} at ${revision} is refused: ${outcome.reason}`);
  return outcome.kvs.map((kv) => ({
    key: text(kv.key),
    value: text(kv.value),
    modRevision: kv.modRevision,
    createRevision: kv.createRevision,
    version: kv.version,
    lease: Number(kv.lease),
  }));
}

function text(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
}
