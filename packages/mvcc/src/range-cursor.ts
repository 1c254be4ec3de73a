/** A range in pieces, at one revision. */
import type { KeyValue } from './key-value.js';

export interface RangeCursor {
  /** The revision that is read. */
  readonly revision: number;
  /** Keys in the range at that revision. */
  readonly count: number;
  /** The next ones, at most `maxKeys` and about `maxBytes`; an empty list is the end. */
  next(maxKeys: number, maxBytes: number): KeyValue[];
  /** More keys than the limit. Known at the end. */
  readonly more: boolean;
  close(): void;
}
