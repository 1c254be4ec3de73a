/**
 * While `activeSize` is `auto`, nobody could say whether a standby is needed. So the first one that registers fixes it at
 * the voters of that moment, and those that an operator has added to vote and that have started.
 */
import type { Action } from './action.js';
import type { Hold } from './hold.js';
import { holdMember, type Situation } from './situation.js';
import { stamp } from './step.js';

const MAX_ACTIVE_SIZE = 9;

export function planFixSize(situation: Situation): {
  readonly actions: readonly Action[];
  readonly holds: readonly Hold[];
} {
  const { sized, view, staying, learners } = situation;
  if (sized || view.standbys.length === 0) return { actions: [], holds: [] };
  const joining = learners.filter(({ promotion, started, draining }) => promotion === 'join' && started && !draining);
  const size = staying.length + joining.length;
  if (size < 1 || size > MAX_ACTIVE_SIZE) {
    const text = `standbys are registered, and activeSize is auto; it cannot be fixed at ${size}, set it to 1 to ${MAX_ACTIVE_SIZE}`;
    return { actions: [], holds: [holdMember({ id: 0 }, 'size', text)] };
  }
  const text = `fix activeSize at ${size}: it was auto, and standbys are registered`;
  return { actions: [{ type: 'fix-active-size', size, ...stamp(situation, text) }], holds: [] };
}
