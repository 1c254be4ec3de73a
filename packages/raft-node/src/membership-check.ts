/**
 * Whether a configuration change makes sense as it stands, told before it is proposed and in words. What Raft itself
 * forbids (another change under way, no own-term commit) the core refuses.
 */
import { type ConfChange, ConfChangeType, type ConfState } from '@understudy/raft-core';

/** The core keeps the two highest safe integers for itself. */
const MAX_MEMBER_ID = Number.MAX_SAFE_INTEGER - 2;
/** Larger contexts belong in the state machine. */
const MAX_CONTEXT_BYTES = 64 * 1024;

/** Null when the change is fine; else what is wrong with it. `recovers`: the member's log lost something, as far as is known. */
export function checkConfChange(change: ConfChange, conf: ConfState, recovers: (id: number) => boolean): string | null {
  const joint = conf.votersOutgoing.length > 0;
  if (change.changes.length === 0)
    return joint ? null : 'it has no changes, and there is no joint configuration to leave';
  if (joint) return 'the configuration is joint; it must be left first';
  if (change.context.length > MAX_CONTEXT_BYTES) {
    return `its context has ${change.context.length} bytes; the limit is ${MAX_CONTEXT_BYTES}`;
  }
  const voters = new Set(conf.voters);
  const learners = new Set(conf.learners);
  const seen = new Set<number>();
  for (const { type, nodeId } of change.changes) {
    if (!Number.isSafeInteger(nodeId) || nodeId < 1 || nodeId > MAX_MEMBER_ID) return `${nodeId} is not a member id`;
    if (seen.has(nodeId)) return `it changes member ${nodeId} twice`;
    seen.add(nodeId);
    const member = voters.has(nodeId) || learners.has(nodeId);
    switch (type) {
      case ConfChangeType.AddNode:
        if (voters.has(nodeId)) return `member ${nodeId} is a voter already`;
        // It would count in the quorum's size and in no quorum.
        if (recovers(nodeId)) return `member ${nodeId} recovers what its log lost, and cannot vote`;
        learners.delete(nodeId);
        voters.add(nodeId);
        break;
      case ConfChangeType.AddLearnerNode:
        if (learners.has(nodeId)) return `member ${nodeId} is a learner already`;
        voters.delete(nodeId);
        learners.add(nodeId);
        break;
      case ConfChangeType.RemoveNode:
        if (!member) return `member ${nodeId} is not in the configuration`;
        voters.delete(nodeId);
        learners.delete(nodeId);
        break;
      case ConfChangeType.UpdateNode:
        if (!member) return `member ${nodeId} is not in the configuration`;
        break;
      default:
        return `it has a change of type ${type as number}`;
    }
  }
  return voters.size === 0 ? 'it would leave no voters' : null;
}
