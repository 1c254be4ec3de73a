/** What must be durable before any message that depends on it leaves. Dissertation, figure 3.1. */

export interface HardState {
  /** Never goes back. */
  readonly term: number;
  /** Whom this member voted for in `term`; 0 for nobody. Fixed once set within a term. */
  readonly vote: number;
  /** commit <= last index. Lags what is known committed; losing it is safe. */
  readonly commit: number;
}

export const EMPTY_HARD_STATE: HardState = Object.freeze({ term: 0, vote: 0, commit: 0 });
