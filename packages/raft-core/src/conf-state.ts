/** A configuration as it is written down: in snapshots and in the host's applied record. */

export interface ConfState {
  /** Voters of the incoming (or only) configuration, ascending. */
  readonly voters: readonly number[];
  /** Voters of the outgoing configuration; empty unless joint. */
  readonly votersOutgoing: readonly number[];
  readonly learners: readonly number[];
  /** Voters of the outgoing configuration that become learners when the joint configuration is left. */
  readonly learnersNext: readonly number[];
  /** Leave the joint configuration automatically once its entry is applied. */
  readonly autoLeave: boolean;
}

export const EMPTY_CONF_STATE: ConfState = Object.freeze({
  voters: [],
  votersOutgoing: [],
  learners: [],
  learnersNext: [],
  autoLeave: false,
});
