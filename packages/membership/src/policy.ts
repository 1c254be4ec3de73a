/**
 * The policy of the automation. A value out of range is refused with its field's name; nothing is clamped in silence,
 * since an operator who asked for 20 and got 9 would plan for failures that the cluster cannot take.
 */

export interface Policy {
  /**
   * How many voters the cluster wants, 1 to 9, or `auto`: no bound of its own. A learner beyond it stays a learner.
   * Odd numbers are best: an even one needs a larger quorum and tolerates no more failures.
   */
  readonly activeSize: number | 'auto';
  /** Whether the leader promotes learners that are marked for it. Off: they wait for a command. */
  readonly autoPromote: boolean;
  /** Automation is paused: everything is still explained and nothing is done. */
  readonly paused: boolean;
  /**
   * How long a learner must have been close to the leader without a break before it is promoted, milliseconds, and how
   * long a member must answer before its down-time is forgotten; 0 to an hour. Longer than the pauses that are normal
   * for the machines, or a struggling one becomes a voter.
   */
  readonly stabilizationTimeMs: number;
  /**
   * How many entries a learner may be behind when it is promoted; 1 to `catchUpEntries`, since beyond that it may need a
   * snapshot just after it became a voter.
   */
  readonly promoteMaxLag: number;
  /** How many learners there may be at once, 1 to 64: each costs the leader a copy of the log. */
  readonly maxLearners: number;
  /** How many readers there may be at once, 0 to 64. */
  readonly maxReaders: number;
}

/** The server's settings from which the default of `promoteMaxLag` follows. */
export interface PolicyBasis {
  /** Entries between two snapshots (`--snapshot-count`). */
  readonly snapshotCount: number;
  /** Entries that are kept behind a snapshot so that a slow member can catch up without it. */
  readonly catchUpEntries: number;
}

export type PolicyResult =
  | { readonly ok: true; readonly policy: Policy }
  | { readonly ok: false; readonly field: keyof Policy | keyof PolicyBasis; readonly text: string };

export const DEFAULT_POLICY_BASIS: PolicyBasis = { snapshotCount: 100_000, catchUpEntries: 5_000 };

const HOUR_MS = 3_600_000;

/** Fills in defaults and checks ranges. */
export function resolvePolicy(given: Partial<Policy> = {}, basis: PolicyBasis = DEFAULT_POLICY_BASIS): PolicyResult {
  const policy: Policy = {
    activeSize: given.activeSize ?? 'auto',
    autoPromote: given.autoPromote ?? true,
    paused: given.paused ?? false,
    stabilizationTimeMs: given.stabilizationTimeMs ?? 10_000,
    promoteMaxLag: given.promoteMaxLag ?? defaultPromoteMaxLag(basis),
    maxLearners: given.maxLearners ?? 4,
    maxReaders: given.maxReaders ?? 8,
  };
  return (
    refuseNumber('snapshotCount', basis.snapshotCount, 1, Number.MAX_SAFE_INTEGER) ??
    refuseNumber('catchUpEntries', basis.catchUpEntries, 1, Number.MAX_SAFE_INTEGER) ??
    (policy.activeSize === 'auto' ? undefined : refuseNumber('activeSize', policy.activeSize, 1, 9)) ??
    refuseFlag('autoPromote', policy.autoPromote) ??
    refuseFlag('paused', policy.paused) ??
    refuseNumber('stabilizationTimeMs', policy.stabilizationTimeMs, 0, HOUR_MS) ??
    refuseNumber('promoteMaxLag', policy.promoteMaxLag, 1, basis.catchUpEntries) ??
    refuseNumber('maxLearners', policy.maxLearners, 1, 64) ??
    refuseNumber('maxReaders', policy.maxReaders, 0, 64) ?? { ok: true, policy }
  );
}

function defaultPromoteMaxLag(basis: PolicyBasis): number {
  return Math.max(1, Math.floor(Math.min(basis.snapshotCount / 10, basis.catchUpEntries / 2)));
}

function refuseNumber(
  field: keyof Policy | keyof PolicyBasis,
  value: unknown,
  min: number,
  max: number,
): PolicyResult | undefined {
  if (Number.isInteger(value) && (value as number) >= min && (value as number) <= max) return undefined;
  return { ok: false, field, text: `${field} must be an integer from ${min} to ${max}, not ${String(value)}` };
}

function refuseFlag(field: keyof Policy, value: unknown): PolicyResult | undefined {
  if (typeof value === 'boolean') return undefined;
  return { ok: false, field, text: `${field} must be true or false, not ${String(value)}` };
}
