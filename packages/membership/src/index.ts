export { type AddRequest, checkAddMember } from './add-check.js';
export {
  type ClusterView,
  MemberRole,
  type MemberView,
  type ProtocolRange,
  type ReplicationState,
} from './cluster-view.js';
export type { CheckOptions, CheckResult, RefusalReason } from './member-check.js';
export { type MemberSighting, type MemberTrack, type TrackContext, trackMember } from './member-track.js';
export { type Action, type Plan, type PromoteAction, plan } from './plan.js';
export { DEFAULT_POLICY_BASIS, type Policy, type PolicyBasis, type PolicyResult, resolvePolicy } from './policy.js';
export { checkPromote } from './promote-check.js';
export type { Hold, HoldReason } from './promotion.js';
export { quorumSize, slack } from './quorum.js';
export { checkRemoveMember } from './remove-check.js';
export { pickTransferTarget, type TransferTarget } from './transfer-target.js';
export { checkUpdate } from './update-check.js';
