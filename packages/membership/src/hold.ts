/** Why something is not done: a closed reason and a text for the operator. */
import type { RefusalReason } from './member-check.js';

export type HoldReason =
  | RefusalReason
  /** The automation is paused by policy. */
  | 'paused'
  /** No trigger of the learner allows it: it waits for an operator's command. */
  | 'manual'
  /** It is kept for a voter that falls silent. */
  | 'spare'
  /** No quorum has just answered this leader, or it is handing over. */
  | 'leadership-unconfirmed'
  /** The leader has committed nothing in its own term yet. */
  | 'nothing-committed'
  /** Another change of the configuration is under way. */
  | 'config-in-flight'
  /** It has not been close for the stabilization time. */
  | 'not-stable'
  /** Its last round of catching up took longer than an election timeout, or none is finished. */
  | 'slow'
  /** The cluster's protocol version is not among those that it speaks. */
  | 'protocol'
  /** The cluster has as many voters as it wants, or `activeSize` does not let it act. */
  | 'size'
  /** It would make two voters, and two stop when either fails. */
  | 'two-voters'
  /** It could go, and another change goes first. */
  | 'next'
  /** It would lower the slack further than the rules allow. */
  | 'slack'
  /** A voter is silent, and not yet for `failoverAfterMs`. */
  | 'suspect'
  /** A member is silent, and not yet for `removeDelayMs` or `learnerStallMs`. */
  | 'silent-delay'
  /** A voter falls silent again and again. */
  | 'flapping'
  /** A trigger that this would need is off by policy. */
  | 'trigger-off'
  /** Nobody is there to take the place. */
  | 'no-standby'
  /** The one that is to take the place is on its way. */
  | 'replacing'
  /** As many automatic removals as are allowed happened within the window. */
  | 'removal-limit'
  /** There is nobody to hand over to. */
  | 'no-successor';

export interface Hold {
  /** The member that is held back; 0 when it is a standby, or the whole plan. */
  readonly memberId: number;
  /** The standby that is held back; 0 otherwise. */
  readonly registrationId: number;
  readonly reason: HoldReason;
  readonly text: string;
  /** When time alone may end it, milliseconds; null when something must happen first. */
  readonly untilMs: number | null;
}
