/**
 * The answer of a check of an operator's command. A refusal is a value with a closed reason and a text for the operator;
 * the server turns the reason into the error that etcd's clients know.
 */

export type RefusalReason =
  /** No member has this id. */
  | 'not-found'
  /** A member with this id exists. */
  | 'id-exists'
  /** A peer URL is missing or given twice. */
  | 'peer-urls-invalid'
  /** Another member has this peer URL. */
  | 'peer-url-exists'
  | 'too-many-learners'
  | 'too-many-readers'
  /** Too few voters have ever started for the quorum that the change asks for. */
  | 'not-enough-started'
  /** Too few voters answer. */
  | 'unhealthy'
  /** Without it no voter would be left. */
  | 'last-voter'
  /** Only learners can be promoted. */
  | 'not-learner'
  /** The learner does not answer. */
  | 'silent'
  /** The learner is being sent a snapshot. */
  | 'in-snapshot'
  /** The leader does not know yet where the learner's log ends. */
  | 'probing'
  /** The learner is too far behind. */
  | 'lagging'
  /** Its log lost something, and it has not proven itself since. */
  | 'recovering'
  /** Only a voter is replaced. */
  | 'not-voter'
  /** Another member comes in its place already. */
  | 'replacing'
  /** Nobody is there to take its place. */
  | 'no-standby';

export type CheckResult =
  | { readonly ok: true }
  | { readonly ok: false; readonly reason: RefusalReason; readonly text: string };

export interface CheckOptions {
  /** etcd's `--strict-reconfig-check`: refuse what would put the quorum at risk. Default true. */
  readonly strict: boolean;
}

export const STRICT: CheckOptions = { strict: true };

export const ALLOWED: CheckResult = { ok: true };

export function refuse(reason: RefusalReason, text: string): CheckResult {
  return { ok: false, reason, text };
}
