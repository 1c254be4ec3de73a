/**
 * What a start does about damage: a member whose peers are a quorum without it recovers from them; any other refuses,
 * with a text that says what is damaged and what to do. Pure.
 */
import { ConfigError } from '../config/config-error.js';
import type { KnownMembers } from './known-members.js';

/** Whether the others can confirm a commit index among themselves. */
export function canRefetch({ self, members }: KnownMembers): boolean {
  const voters = members.filter(({ voter }) => voter);
  const others = voters.filter(({ id }) => id !== self).length;
  return others >= Math.floor(voters.length / 2) + 1;
}

/** For a log that is damaged, where no quorum is left to refetch it from. */
export function refuseDamagedLog(dataDir: string, damage: string): ConfigError {
  return new ConfigError(
    `--data-dir: the log in ${dataDir} is damaged, and no quorum of other voters is known to refetch it from: ${damage}. Restore the directory from a copy; or keep what is intact of it with --force-new-cluster (or "understudyctl recover", which says first what is lost); or, where the cluster lives, remove this member there and add it again with an empty directory. "understudyctl wal verify ${dataDir}" says more`,
  );
}

/** For a state that is damaged, whose log does not go back to its beginning. */
export function refuseDamagedState(dataDir: string, damage: string): ConfigError {
  return new ConfigError(
    `--data-dir: the state in ${dataDir} is damaged, the log does not go back far enough to build it again, and no quorum of other voters is known to get it from: ${damage}. Restore the directory from a copy; or, where the cluster lives, remove this member there and add it again with an empty directory`,
  );
}

/** Both copies of the identity are gone: not even a peer can help, since nobody can say which member this was. */
export function refuseNameless(dataDir: string, detail: string): ConfigError {
  return new ConfigError(
    `--data-dir: nobody can say which member the log in ${dataDir} is of: ${detail}. Remove the member from its cluster, add it again, and start it with an empty directory; a cluster of one: restore the directory from a copy`,
  );
}
