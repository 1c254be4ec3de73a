/**
 * What the planner asks for: a closed union. An executor carries out one at a time and in the order given; before each it
 * compares term and config index with the cluster's, and drops the rest of the plan when either has moved.
 */
import type { AlarmKind } from './alarm.js';
import type { PromoteTriggers, PromotionKind } from './cluster-view.js';
import type { StandbyPurpose } from './standby-view.js';

interface Planned {
  /** The executor acts only while the cluster still has this term and this configuration. */
  readonly term: number;
  readonly configIndex: number;
  /** What and why, for an operator. */
  readonly text: string;
}

/** Make these learners voters, in one change: simple for one, joint for two. Changes the configuration. */
export interface PromoteAction extends Planned {
  readonly type: 'promote';
  /** Ascending. */
  readonly memberIds: readonly number[];
}

/** Make the learner a voter and the silent voter a learner, in one joint change. Changes the configuration. */
export interface SwapAction extends Planned {
  readonly type: 'swap';
  readonly promoteId: number;
  readonly demoteId: number;
}

export type RemovalCause =
  /** There are more voters than `activeSize`. */
  | 'over-size'
  /** It was silent for `removeDelayMs`. */
  | 'silent'
  /** Its machine is back without its data: it never answers again. */
  | 'lost'
  /** An operator drains it. */
  | 'drained'
  /** Its replacement votes. */
  | 'replaced'
  /** The automation's own learner made no progress for `learnerStallMs`. */
  | 'stalled'
  /** It was added and has never started. */
  | 'never-started'
  /** The automation's own learner is not needed any more. */
  | 'surplus';

/** Take these members out of the configuration; they become standbys. Simple for one, joint for two. Changes the configuration. */
export interface RemoveAction extends Planned {
  readonly type: 'remove';
  /** Ascending; never the leader. */
  readonly memberIds: readonly number[];
  readonly cause: RemovalCause;
  /** It counts against `maxAutoRemovals`: the executor notes it in `ClusterView.removals`. */
  readonly automatic: boolean;
}

/**
 * Add the standby to the configuration as a learner with a fresh member id. The entry names the token; at apply it is
 * refused unless the registry still has that token for that standby. Changes the configuration.
 */
export interface ActivateAction extends Planned {
  readonly type: 'activate';
  readonly registrationId: number;
  readonly token: number;
  readonly purpose: StandbyPurpose;
  readonly forMemberId: number;
  /** What the new member's view is to say; its origin is the automation. */
  readonly promotion: PromotionKind;
  readonly triggers: Partial<PromoteTriggers>;
}

/** Keep this standby for a purpose; the executor makes the token. Changes the registry. */
export interface ReserveAction extends Planned {
  readonly type: 'reserve';
  readonly registrationId: number;
  readonly purpose: StandbyPurpose;
  readonly forMemberId: number;
}

/** Let go of a reservation. Changes the registry. */
export interface ReleaseAction extends Planned {
  readonly type: 'release';
  readonly registrationId: number;
  readonly token: number;
}

/** Drop standbys that were not heard of for `removeDelayMs`. Changes the registry. */
export interface ForgetAction extends Planned {
  readonly type: 'forget';
  /** Ascending. */
  readonly registrationIds: readonly number[];
}

/** Hand over, since this leader is the next to be removed; its successor removes it. */
export interface TransferAction extends Planned {
  readonly type: 'transfer-leadership';
  readonly toId: number;
}

/** Raise an alarm, or lower one whose cause is gone. */
export interface AlarmAction extends Planned {
  readonly type: 'alarm';
  readonly alarm: AlarmKind;
  readonly memberId: number;
  readonly raised: boolean;
}

/** Set `activeSize`, which was `auto`, since the first standby registered. Changes the policy. */
export interface FixSizeAction extends Planned {
  readonly type: 'fix-active-size';
  readonly size: number;
}

export type Action =
  | PromoteAction
  | SwapAction
  | RemoveAction
  | ActivateAction
  | ReserveAction
  | ReleaseAction
  | ForgetAction
  | TransferAction
  | AlarmAction
  | FixSizeAction;

/** The actions of which a plan has at most one, and none beside a handing over. */
export type ConfigAction = PromoteAction | SwapAction | RemoveAction | ActivateAction;

export function changesConfig(action: Action): action is ConfigAction {
  return action.type === 'promote' || action.type === 'swap' || action.type === 'remove' || action.type === 'activate';
}
