/** What a snapshot stands for. The bytes of the state travel by the host's own means unless they fit in `data`. */
import type { ConfState } from './conf-state.js';

export interface SnapshotMeta {
  /** Last index that the snapshot replaces. */
  readonly index: number;
  readonly term: number;
  /** The configuration as of `index`. */
  readonly confState: ConfState;
}

export interface Snapshot extends SnapshotMeta {
  /** The state itself, for hosts whose state is small; empty where the host streams it. */
  readonly data: Uint8Array;
}
