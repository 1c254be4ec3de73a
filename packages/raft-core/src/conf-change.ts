/**
 * A change of the configuration, as proposed. Dissertation, section 4; joint consensus, section 4.3.
 */

export const ConfChangeType = { AddNode: 0, RemoveNode: 1, UpdateNode: 2, AddLearnerNode: 3 } as const;
export type ConfChangeType = (typeof ConfChangeType)[keyof typeof ConfChangeType];

export const ConfChangeTransition = {
  /** A simple change where that is enough, else joint with automatic leave. */
  Auto: 0,
  /** Joint, left automatically. */
  JointImplicit: 1,
  /** Joint, left by proposing an empty change. */
  JointExplicit: 2,
} as const;
export type ConfChangeTransition = (typeof ConfChangeTransition)[keyof typeof ConfChangeTransition];

export interface ConfChangeSingle {
  readonly type: ConfChangeType;
  /** A change of member 0 is ignored. */
  readonly nodeId: number;
}

export interface ConfChange {
  readonly transition: ConfChangeTransition;
  readonly changes: readonly ConfChangeSingle[];
  /** The host's own bytes, carried along: for instance the new member's addresses. */
  readonly context: Uint8Array;
}
