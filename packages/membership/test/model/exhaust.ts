// Follows clusters one after another and stops at the first in which something is broken.
import { plan } from '../../src/index.js';
import { NOW_MS } from '../views.js';
import type { Cluster } from './carry-out.js';
import { follow } from './follow.js';

export interface Exhausted {
  readonly clusters: number;
  readonly plans: number;
  /** Empty, or what is broken and in which cluster. */
  readonly broken: string;
}

/** Every `healEvery`-th is also followed after everybody got well, which takes as long again. */
export function exhaust(clusters: Iterable<Cluster>, healEvery: number): Exhausted {
  let count = 0;
  let plans = 0;
  for (const cluster of clusters) {
    count++;
    const followed = follow(cluster, plan, count % healEvery === 0);
    plans += followed.plans;
    const broken = [...followed.broken, ...changesNothing(cluster)];
    if (broken.length > 0)
      return { clusters: count, plans, broken: `${broken.join('\n')}\nin ${JSON.stringify(cluster)}` };
  }
  return { clusters: count, plans, broken: '' };
}

/** While a change is under way nothing is done, whatever the cluster is like; standbys make no difference to that. */
function changesNothing({ view, policy }: Cluster): string[] {
  if (view.standbys.length > 0) return [];
  const voters = view.members.filter(({ role }) => role === 'voter').map(({ id }) => id);
  const pending = [{ configInFlight: true }, { outgoingVoters: voters }];
  return pending
    .filter((change) => plan({ ...view, ...change }, policy, NOW_MS).actions.length > 0)
    .map((change) => `acts while a change is under way: ${Object.keys(change).join()}`);
}
