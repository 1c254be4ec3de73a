/** What the planner wants an operator to look at. An alarm stands until its cause is gone; the executor keeps the list. */

export type AlarmKind =
  /** A voter falls silent again and again: it is neither swapped nor removed for it. */
  | 'flapping'
  /** A voter has been silent for `failoverAfterMs`, and nobody can take its place. */
  | 'no-replacement'
  /** A learner or reader has made no progress for `learnerStallMs`. */
  | 'stalled'
  /** A member was added and has never started. */
  | 'never-started';

export interface RaisedAlarm {
  readonly alarm: AlarmKind;
  readonly memberId: number;
}
