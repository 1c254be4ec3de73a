/** Which standby is taken: one that can be reached and may be activated; the one that failed least and stands best. */
import type { Situation } from './situation.js';
import type { StandbyView } from './standby-view.js';
import { compareRanks } from './over-size.js';
import { crowding } from './zone-spread.js';

/** Why a standby is not to be had; undefined when it is. */
export type Unfit = 'standby-only' | 'drained' | 'not connected' | 'of another protocol';

export function unfit({ view }: Pick<Situation, 'view'>, standby: StandbyView): Unfit | undefined {
  if (standby.standbyOnly) return 'standby-only';
  if (standby.drained) return 'drained';
  if (!standby.connected) return 'not connected';
  const { protocol } = standby;
  return protocol !== null && protocol.min <= view.protocol && view.protocol <= protocol.max
    ? undefined
    : 'of another protocol';
}

/** Undefined when there is none; `insteadOf` is the voter whose place it would take, 0 for none. */
export function bestStandby(
  situation: Situation,
  free: readonly StandbyView[],
  insteadOf: number,
): StandbyView | undefined {
  const rank = (standby: StandbyView): number[] => [
    standby.failedActivations,
    crowding(situation, standby.zone, insteadOf),
    standby.registrationId,
  ];
  let best: { readonly standby: StandbyView; readonly rank: number[] } | undefined;
  for (const standby of free) {
    const own = rank(standby);
    if (best === undefined || compareRanks(own, best.rank) < 0) best = { standby, rank: own };
  }
  return best?.standby;
}

/** How many there are and what keeps them from being taken, for an operator. */
export function describeUnfit(situation: Pick<Situation, 'view'>): string {
  const { standbys } = situation.view;
  if (standbys.length === 0) return 'there is no standby';
  const counts = new Map<string, number>();
  for (const standby of standbys) {
    const why = unfit(situation, standby) ?? 'taken';
    counts.set(why, (counts.get(why) ?? 0) + 1);
  }
  const reasons = [...counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([why, count]) => `${count} ${why}`);
  return `of ${standbys.length} standbys none can be taken: ${reasons.join(', ')}`;
}
