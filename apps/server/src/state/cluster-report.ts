/** What a member says of its cluster to whoever asks. */
import type { ClusterReport } from '../bootstrap/discovery.js';
import { formatId } from '../bootstrap/member-id.js';
import { memberView } from './member-view.js';
import type { ReplicatedState } from './replicated-state.js';

type KnownState = Pick<ReplicatedState, 'members' | 'confState' | 'applied'>;

/** Null until a configuration is applied: a member that only waits for its leader cannot vouch for a cluster. */
export function clusterReport(clusterId: number, state: KnownState, leader: number): ClusterReport | null {
  const members = state.members.list();
  if (members.length === 0) return null;
  return {
    clusterId: formatId(clusterId),
    members: members.map((record) => memberView(record, state.confState)),
    leaderId: leader === 0 ? '' : formatId(leader),
    appliedIndex: state.applied.index,
  };
}
