/**
 * The policy of the automation. A value out of range is refused with its field's name; nothing is clamped in silence,
 * since an operator who asked for 20 and got 9 would plan for failures that the cluster cannot take.
 */
import type { PromoteTriggers } from './cluster-view.js';
import { formatDuration } from './duration.js';

export interface Policy {
  /**
   * How many voters the cluster wants, 1 to 9, or `auto`: as many as there are. While it is `auto`, nothing is removed for
   * size or for a long silence. Odd numbers are best: an even one needs a larger quorum and tolerates no more failures.
   */
  readonly activeSize: number | 'auto';
  /** When `auto` learners become voters; a learner's own triggers go before these. */
  readonly autoPromote: PromoteTriggers;
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
  /** How long a voter is silent before another takes its place, milliseconds; 100 ms to an hour. */
  readonly failoverAfterMs: number;
  /** How long a member is silent before it is removed, milliseconds; a second to 30 days, at least `failoverAfterMs`. */
  readonly removeDelayMs: number;
  /**
   * How long a learner may make no progress: the automation removes its own, and raises an alarm for the operator's;
   * milliseconds, a second to 30 days.
   */
  readonly learnerStallMs: number;
  /** How many members the automation removes within `removalWindowMs`, 0 to 9. 0: it removes nobody. */
  readonly maxAutoRemovals: number;
  /** Milliseconds, a second to 30 days. */
  readonly removalWindowMs: number;
  /** How often a standby checks in when there are few, milliseconds; 100 ms to an hour, at most a third of `removeDelayMs`. */
  readonly standbySyncIntervalMs: number;
  /** Whether the standby that is reserved for a silent voter is activated at once, and not only at `failoverAfterMs`. */
  readonly warmReserve: boolean;
  /** What voters are spread over when there is a choice. */
  readonly spreadBy: 'zone' | 'none';
}

/** What was set of a policy; the rest are defaults. This is what is replicated. */
export type PolicySettings = Partial<Policy>;

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

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const MONTH_MS = 30 * 24 * HOUR_MS;

/** Fills in defaults and checks ranges and relations. */
export function resolvePolicy(given: PolicySettings = {}, basis: PolicyBasis = DEFAULT_POLICY_BASIS): PolicyResult {
  const policy: Policy = {
    activeSize: given.activeSize ?? 'auto',
    autoPromote: given.autoPromote ?? { join: true, size: true, failover: true },
    paused: given.paused ?? false,
    stabilizationTimeMs: given.stabilizationTimeMs ?? 10 * SECOND_MS,
    promoteMaxLag: given.promoteMaxLag ?? defaultPromoteMaxLag(basis),
    maxLearners: given.maxLearners ?? 4,
    maxReaders: given.maxReaders ?? 8,
    failoverAfterMs: given.failoverAfterMs ?? 15 * SECOND_MS,
    removeDelayMs: given.removeDelayMs ?? 30 * MINUTE_MS,
    learnerStallMs: given.learnerStallMs ?? 5 * MINUTE_MS,
    maxAutoRemovals: given.maxAutoRemovals ?? 1,
    removalWindowMs: given.removalWindowMs ?? 5 * MINUTE_MS,
    standbySyncIntervalMs: given.standbySyncIntervalMs ?? 5 * SECOND_MS,
    warmReserve: given.warmReserve ?? false,
    spreadBy: given.spreadBy ?? 'zone',
  };
  return refuseBasis(basis) ?? refuseField(policy, basis) ?? refuseRelation(policy) ?? { ok: true, policy };
}

function defaultPromoteMaxLag(basis: PolicyBasis): number {
  return Math.max(1, Math.floor(Math.min(basis.snapshotCount / 10, basis.catchUpEntries / 2)));
}

function refuseBasis(basis: PolicyBasis): PolicyResult | undefined {
  return (
    refuseNumber('snapshotCount', basis.snapshotCount, 1, Number.MAX_SAFE_INTEGER) ??
    refuseNumber('catchUpEntries', basis.catchUpEntries, 1, Number.MAX_SAFE_INTEGER)
  );
}

function refuseField(policy: Policy, basis: PolicyBasis): PolicyResult | undefined {
  const number = (field: NumberField, min: number, max: number): PolicyResult | undefined =>
    refuseNumber(field, policy[field], min, max);
  return (
    (policy.activeSize === 'auto' ? undefined : refuseNumber('activeSize', policy.activeSize, 1, 9)) ??
    refuseTriggers(policy.autoPromote) ??
    refuseFlag('paused', policy.paused) ??
    number('stabilizationTimeMs', 0, HOUR_MS) ??
    number('promoteMaxLag', 1, basis.catchUpEntries) ??
    number('maxLearners', 1, 64) ??
    number('maxReaders', 0, 64) ??
    number('failoverAfterMs', 100, HOUR_MS) ??
    number('removeDelayMs', SECOND_MS, MONTH_MS) ??
    number('learnerStallMs', SECOND_MS, MONTH_MS) ??
    number('maxAutoRemovals', 0, 9) ??
    number('removalWindowMs', SECOND_MS, MONTH_MS) ??
    number('standbySyncIntervalMs', 100, HOUR_MS) ??
    refuseFlag('warmReserve', policy.warmReserve) ??
    refuseSpread(policy.spreadBy)
  );
}

type NumberField = Exclude<keyof Policy, 'activeSize' | 'autoPromote' | 'paused' | 'warmReserve' | 'spreadBy'>;

/** Fields that only make sense together; the one that is named is the one to change. */
function refuseRelation(policy: Policy): PolicyResult | undefined {
  const { removeDelayMs, failoverAfterMs, standbySyncIntervalMs } = policy;
  if (removeDelayMs < failoverAfterMs) {
    const least = `at least failoverAfter, which is ${formatDuration(failoverAfterMs)}`;
    const text = `removeDelay is ${formatDuration(removeDelayMs)}, and must be ${least}`;
    return { ok: false, field: 'removeDelayMs', text };
  }
  // A standby that checks in more rarely would be forgotten in between.
  if (standbySyncIntervalMs > removeDelayMs / 3) {
    const limit = `at most a third of removeDelay, which is ${formatDuration(removeDelayMs)}`;
    const text = `standbySyncInterval is ${formatDuration(standbySyncIntervalMs)}, and must be ${limit}`;
    return { ok: false, field: 'standbySyncIntervalMs', text };
  }
  return undefined;
}

function refuseNumber(
  field: keyof Policy | keyof PolicyBasis,
  value: unknown,
  min: number,
  max: number,
): PolicyResult | undefined {
  const whole = Number.isInteger(value);
  if (whole && (value as number) >= min && (value as number) <= max) return undefined;
  if (!field.endsWith('Ms')) {
    return { ok: false, field, text: `${field} must be an integer from ${min} to ${max}, not ${String(value)}` };
  }
  // As an operator writes it: he set 99h, and knows of no milliseconds.
  const given = whole && (value as number) >= 0 ? formatDuration(value as number) : `${String(value)} ms`;
  const range = `from ${formatDuration(min)} to ${formatDuration(max)}, in whole milliseconds`;
  return { ok: false, field, text: `${field.slice(0, -'Ms'.length)} must be ${range}, not ${given}` };
}

function refuseFlag(field: keyof Policy, value: unknown): PolicyResult | undefined {
  if (typeof value === 'boolean') return undefined;
  return { ok: false, field, text: `${field} must be true or false, not ${String(value)}` };
}

function refuseTriggers(value: unknown): PolicyResult | undefined {
  const triggers = (value ?? {}) as Record<string, unknown>;
  const known = ['join', 'size', 'failover'];
  const right = typeof value === 'object' && known.every((name) => typeof triggers[name] === 'boolean');
  if (right && Object.keys(triggers).length === known.length) return undefined;
  return {
    ok: false,
    field: 'autoPromote',
    text: 'autoPromote must say true or false for each of join, size and failover, and nothing else',
  };
}

function refuseSpread(value: unknown): PolicyResult | undefined {
  if (value === 'zone' || value === 'none') return undefined;
  return { ok: false, field: 'spreadBy', text: `spreadBy must be zone or none, not ${String(value)}` };
}
