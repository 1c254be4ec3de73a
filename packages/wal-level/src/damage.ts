/** What can be wrong with a log that was not merely interrupted. */

export type DamageKind =
  /** A record fails its own check. */
  | 'unreadable'
  /** A record that another one speaks of is not there. */
  | 'missing'
  /** A record is intact but does not follow from the one before it: an old version came back, or one was lost. */
  | 'broken-chain'
  /** A record that was deleted is there again. */
  | 'resurrected'
  /** The log is older than what was acknowledged. */
  | 'lost-tail'
  /** The log and the high-water record tell of different histories. */
  | 'contradiction';

export type DamagePlace = 'entry' | 'state' | 'snapshot' | 'install' | 'high-water' | 'store';

export interface Damage {
  readonly what: DamageKind;
  readonly where: DamagePlace;
  /** The first index that is in doubt; null where the damage has none. */
  readonly index: number | null;
  /** In words, with the numbers. */
  readonly detail: string;
}

/** `missing entry at index 17: entries go on to 40`. */
export function describeDamage({ what, where, index, detail }: Damage): string {
  return `${what} ${where}${index === null ? '' : ` at index ${index}`}: ${detail}`;
}

/** The damage, and the broken record of LevelDB's own log that it may come from. */
export function withLogFault(damage: Damage, fault: string | null): Damage {
  return fault === null ? damage : { ...damage, detail: `${damage.detail} (${fault})` };
}
