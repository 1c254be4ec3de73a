/** Where there is a choice, voters are spread over zones, so that one that fails takes as few as possible along. */
import type { MemberView } from './cluster-view.js';
import type { Situation } from './situation.js';

/**
 * How many of the voters that stay stand in this zone, `without` one of them; 0 for all when nothing is spread. Members
 * that did not say their zone are taken to share one.
 */
export function crowding(situation: Situation, zone: string, withoutId = 0): number {
  if (situation.policy.spreadBy === 'none') return 0;
  const inZone = ({ id, zone: other }: MemberView): boolean => other === zone && id !== withoutId;
  return situation.staying.filter(inZone).length;
}
