/**
 * Outcomes are values: a refused request changes nothing and says why with one of these words. Every member refuses
 * the same requests for the same reasons.
 */

export type Reason =
  /** The revision is older than the last compaction, or a compaction asks for one that is done. */
  | 'compacted'
  | 'future-revision'
  | 'lease-not-found'
  | 'lease-exists'
  | 'lease-ttl-too-large'
  /** `ignoreValue` or `ignoreLease` of a key that does not exist. */
  | 'key-not-found'
  /** Two writes of a transaction may meet in one key. */
  | 'duplicate-key'
  | 'empty-key'
  | 'value-provided'
  | 'lease-provided'
  | 'too-many-ops'
  /** A watch of a range that ends before it begins. */
  | 'empty-watch-range'
  /** An operation of a transaction with nothing in it; etcd answers `key not found`. */
  | 'empty-op'
  | AuthReason;

/** Of users, roles and permissions. */
export type AuthReason =
  /** Nobody is root, or the user root has not the role root: authentication is not enabled then. */
  | 'root-user-missing'
  | 'root-role-missing'
  /** Also: the caller is nobody. */
  | 'user-empty'
  | 'user-exists'
  | 'user-not-found'
  | 'role-empty'
  | 'role-exists'
  | 'role-not-found'
  | 'role-not-granted'
  | 'permission-not-given'
  | 'permission-not-granted'
  /** It would leave nobody who may manage. */
  | 'auth-management'
  | 'auth-not-enabled'
  /** The caller was judged by users and roles that have changed since. */
  | 'auth-old-revision'
  | 'permission-denied';

export interface Refusal {
  readonly ok: false;
  readonly reason: Reason;
}

export type Outcome<Success> = (Success & { readonly ok: true }) | Refusal;
