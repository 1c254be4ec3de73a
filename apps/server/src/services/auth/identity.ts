/** Who calls, as this member has found out from a token or a certificate. */
import type { Caller } from '@understudy/mvcc';

export interface Identity extends Caller {
  /**
   * True: who it is has not changed when users and roles have, so a call may be judged again by the new ones. False: the
   * proof itself names a revision (a JWT), and a later one makes it old.
   */
  readonly renewable: boolean;
}
