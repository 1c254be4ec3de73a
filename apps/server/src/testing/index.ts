/** What the simulator drives on virtual time: the decisions of a server, without its ports and its disk. */
export type { ClusterReport } from '../bootstrap/discovery.js';
export { formatId } from '../bootstrap/member-id.js';
export { type MemberPlan, planJoin, planRestart, planStart, type StoredIdentity } from '../bootstrap/start-plan.js';
export { type Ladder, openLadder } from '../ladder/ladder.js';
export { knownPeers } from '../known-peers.js';
export { PublishLoop } from '../publish-loop.js';
export { answersAsLearner } from '../services/learner-answers.js';
export { Member } from '../services/member.js';
export { Registrar } from '../standby/registrar.js';
export { RegistrationTalk, type ReportStream } from '../standby/registration-talk.js';
export { type Activation, type Link, StandbyLoop, type StandbyMachine } from '../standby/standby-loop.js';
export { machineOf } from '../standby/standby-machine.js';
export { newStandbyInfo, type StandbyInfo } from '../standby/standby-info.js';
export { clientTargets } from '../standby/client-target.js';
export {
  applyChange,
  applyLadder,
  applyPublication,
  applyRegister,
  refuseChange,
  type Tables,
} from '../state/apply-own.js';
export { clusterReport } from '../state/cluster-report.js';
export { CommandKind, commandKind, commandRequest, encodeCommand } from '../state/command.js';
export { encodeConfChangeContext } from '../state/conf-change-context.js';
export { encodeLadderCommand } from '../state/ladder-command.js';
export { LadderTable } from '../state/ladder-table.js';
export { type MemberRecord, newMemberRecord } from '../state/member-record.js';
export { MemberTable } from '../state/member-table.js';
export { StandbyTable } from '../state/standby-table.js';
export { LadderFigures } from '../telemetry/ladder-figures.js';
