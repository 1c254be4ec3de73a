/** What proposals and messages come to. Refusals are values: nothing that a user can do wrong throws here. */

/** Why a config change was refused. An empty entry stands in the log at its place. */
export type ConfChangeRefusal =
  /** An earlier change may be in the log and not yet applied. */
  | 'conf-change-pending'
  /** The configuration is joint: it must be left first. */
  | 'joint'
  /** There is no joint configuration to leave. */
  | 'not-joint'
  /** `requireOwnTermCommit`: this leader has not committed an entry of its term yet. */
  | 'no-own-term-commit'
  /** The configuration that would result is not a legal one, as one without voters. */
  | 'invalid-conf-change';

/** Why a proposal was dropped: nothing was appended. */
export type ProposalRefusal =
  | 'no-leader'
  | 'forwarding-disabled'
  | 'transferring'
  | 'uncommitted-limit'
  | 'not-member'
  /** The list was empty. */
  | 'empty-proposal'
  /** The old format holds one change without a transition. */
  | 'conf-change-format';

export type ProposeResult =
  /** `index` is that of the last entry appended here, in `term`; 0 when the proposal was sent on to the leader. */
  | { readonly ok: true; readonly index: number; readonly term: number }
  | { readonly ok: false; readonly reason: ProposalRefusal | ConfChangeRefusal };

export type StepRefusal =
  /** A message of local origin came from a peer. */
  | 'local-message'
  /** An answer came from somebody who is not in the configuration. */
  | 'unknown-peer';

export type StepResult =
  | { readonly ok: true }
  | { readonly ok: false; readonly reason: StepRefusal | ProposalRefusal | ConfChangeRefusal };

export type ReadIndexResult =
  | { readonly ok: true }
  /** `read-limit`: too many reads are waiting. */
  | { readonly ok: false; readonly reason: 'no-leader' | 'read-limit' };
