export {
  type Action,
  type ActivateAction,
  type AlarmAction,
  type ConfigAction,
  changesConfig,
  type FixSizeAction,
  type ForgetAction,
  type PromoteAction,
  type ReleaseAction,
  type RemovalCause,
  type RemoveAction,
  type ReserveAction,
  type SwapAction,
  type TransferAction,
} from './action.js';
export { type AddRequest, checkAddMember } from './add-check.js';
export type { AlarmKind, RaisedAlarm } from './alarm.js';
export {
  type ClusterView,
  MEMBER_DEFAULTS,
  MemberRole,
  type MemberView,
  type Origin,
  type PastRemoval,
  type PromoteTriggers,
  type PromotionKind,
  type ProtocolRange,
  type ReplicationState,
  type SnapshotProgress,
} from './cluster-view.js';
export { estimateCatchUpMs } from './catch-up-estimate.js';
export { formatDuration, parseDuration } from './duration.js';
export type { Hold, HoldReason } from './hold.js';
export type { CheckOptions, CheckResult, RefusalReason } from './member-check.js';
export {
  type CatchUpStart,
  type MemberSighting,
  type MemberTrack,
  type TrackContext,
  trackMember,
} from './member-track.js';
export { type Plan, plan } from './plan.js';
export {
  DEFAULT_POLICY_BASIS,
  type Policy,
  type PolicyBasis,
  type PolicyResult,
  type PolicySettings,
  resolvePolicy,
} from './policy.js';
export {
  formatPolicySettings,
  formatTriggers,
  type PolicySettingsResult,
  parsePolicySettings,
  parseTriggers,
  policySettingNames,
} from './policy-settings.js';
export { checkPromote } from './promote-check.js';
export { quorumSize, slack } from './quorum.js';
export { checkRemoveMember } from './remove-check.js';
export { checkDrain, checkReplace, checkReplaceByStandby, type ReplaceRequest } from './replace-check.js';
export { standbyCheckIntervalMs } from './standby-check.js';
export type { Reservation, StandbyPurpose, StandbyView } from './standby-view.js';
export { isTrackNews, restoreTrack, saveTrack, type TrackRecord } from './track-record.js';
export { pickTransferTarget, type TransferTarget } from './transfer-target.js';
export { checkUpdate } from './update-check.js';
