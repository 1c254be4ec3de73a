/** One question of a client, and what came of it. */
import type { Operation } from '../state/operation.js';

export interface KeyState {
  readonly key: string;
  readonly value: string;
  readonly modRevision: number;
  readonly createRevision: number;
  readonly version: number;
  readonly lease: number;
}

export interface ClientRequest {
  readonly number: number;
  readonly kind: 'write' | 'read' | 'stale-read';
  /** Null for a read. */
  readonly operation: Operation | null;
  /** Of a read; `end` empty: the one key. */
  readonly key: string;
  readonly end: string;
  readonly member: number;
  readonly invokedAt: number;
  /** The highest revision that any client had been told of when this was asked. */
  readonly floor: number;
}

export type ClientOutcome =
  | { readonly kind: 'done'; readonly revision: number; readonly kvs: readonly KeyState[]; readonly changed: boolean }
  | { readonly kind: 'not-applied' }
  | { readonly kind: 'unknown' };
