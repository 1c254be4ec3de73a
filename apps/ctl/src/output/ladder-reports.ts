// What the answers of `understudy.v1.Ladder` say to people.
import {
  ClusterStatusResponse,
  type Decision,
  type LadderMember,
  type PlanHold,
  PlanResponse,
  PolicyGetResponse,
  type PolicySetting,
  type StandbyEntry,
  StandbyListResponse,
} from '@understudy/protocol';
import { formatDuration } from '../go-duration.js';
import { hexId } from './byte-text.js';
import type { Report, Table } from './report.js';

export function statusReport(answer: ClusterStatusResponse): Report<ClusterStatusResponse> {
  const { answeringVoters, voters, quorum, slack, failureTolerance, paused, policyVersion } = answer;
  const leader = answer.members.find(({ isLeader }) => isLeader);
  const failures = failureTolerance === 1 ? '1 more failure' : `${failureTolerance} more failures`;
  const standbys = answer.standbys === 1 ? '1 standby' : `${answer.standbys} standbys`;
  const next = answer.actions.map(({ text }) => text);
  const lines = [
    `cluster ${hexId(answer.header?.clusterId ?? 0)}, term ${answer.term}, leader ${memberName(leader, answer.leader)}`,
    `${answeringVoters} of ${voters} voters answer; quorum ${quorum}, slack ${slack}: tolerates ${failures}`,
    `automation ${paused ? 'is paused' : 'runs'}; policy version ${policyVersion}; ${standbys}`,
    ...answer.members.map((member) => memberRow(member).join(', ')),
    ...next.map((text) => `next: ${text}`),
    ...(next.length === 0 ? ['next: nothing'] : []),
    ...answer.holds.map(holdLine),
    ...answer.decisions.map(decisionLine),
  ];
  const summary: Table = {
    titles: ['LEADER', 'TERM', 'VOTERS', 'ANSWERING', 'QUORUM', 'SLACK', 'TOLERATES', 'PAUSED', 'STANDBYS', 'NEXT'],
    rows: [
      [
        memberName(leader, answer.leader),
        ...[answer.term, voters, answeringVoters, quorum, slack, failureTolerance].map(String),
        String(paused),
        String(answer.standbys),
        next.join('; '),
      ],
    ],
  };
  const members = { titles: MEMBER_TITLES, rows: answer.members.map(memberRow) };
  return { type: ClusterStatusResponse, answer, lines, tables: [summary, members] };
}

const MEMBER_TITLES = ['ID', 'NAME', 'ROLE', 'ZONE', 'STATE', 'LAG', 'CLOSE FOR', 'HELD BACK BY'];

function memberRow(member: LadderMember): string[] {
  const { id, name, role, zone, lag, closeMs, hold } = member;
  const close = closeMs === 0 ? '' : duration(closeMs);
  return [hexId(id), name, role, zone, stateOf(member), String(lag), close, hold];
}

/** In a word or two what a member is doing. */
function stateOf(member: LadderMember): string {
  const { isLeader, started, answers, replication, snapshotSent, snapshotSize, silentMs, draining, recovering } =
    member;
  const marks = [
    ...(isLeader ? ['leader'] : []),
    ...(started ? [] : ['not started']),
    ...(answers ? [] : [silentMs === 0 ? 'silent' : `silent for ${duration(silentMs)}`]),
    ...(recovering ? ['recovering'] : []),
    ...(replication === 'snapshot' ? [`snapshot ${snapshotSent} of ${snapshotSize || '?'} bytes`] : []),
    ...(draining ? ['draining'] : []),
  ];
  return marks.length === 0 ? 'replicating' : marks.join(' + ');
}

function memberName(member: LadderMember | undefined, id: number): string {
  if (id === 0) return 'unknown';
  return member === undefined || member.name === '' ? hexId(id) : `${member.name} (${hexId(id)})`;
}

function holdLine({ reason, text, waitMs }: PlanHold): string {
  return `hold: ${text} [${reason}${waitMs === 0 ? '' : `, at least ${duration(waitMs)}`}]`;
}

function decisionLine({ timeMs, outcome, text, detail }: Decision): string {
  const why = detail === '' ? '' : `: ${detail}`;
  return `${outcome} at ${new Date(timeMs).toISOString()}: ${text}${why}`;
}

export function planReport(answer: PlanResponse, explained: boolean): Report<PlanResponse> {
  const { actions, holds, slack, nextCheckMs } = answer;
  const lines = [
    ...actions.map(({ text }) => text),
    ...(actions.length === 0 ? ['nothing to do'] : []),
    ...(explained ? holds.map(holdLine) : []),
    ...(explained ? [`slack ${slack}; ${nextCheck(nextCheckMs)}`] : []),
  ];
  const rows = [
    ...actions.map(({ type, text }) => ['do', type, text]),
    ...(explained ? holds : []).map(({ reason, text }) => ['hold', reason, text]),
  ];
  return { type: PlanResponse, answer, lines, tables: [{ titles: ['', 'WHAT', 'WHY'], rows }] };
}

function nextCheck(waitMs: number): string {
  return waitMs === 0 ? 'looked at again when something changes' : `looked at again in ${duration(waitMs)}`;
}

/** `names`: only these; none for all. */
export function policyReport(given: PolicyGetResponse, names: readonly string[] = []): Report<PolicyGetResponse> {
  const wanted = ({ name }: PolicySetting): boolean => names.length === 0 || names.includes(name);
  const answer = { ...given, settings: given.settings.filter(wanted) };
  const rows = answer.settings.map(({ name, value, defaultValue, isSet }) => [
    name,
    value,
    defaultValue,
    isSet ? 'set' : '',
  ]);
  const lines = answer.settings.map(({ name, value, defaultValue, isSet }) => {
    return `${name}=${value}${isSet && value !== defaultValue ? ` (default ${defaultValue})` : ''}`;
  });
  return { type: PolicyGetResponse, answer, lines, tables: [{ titles: ['NAME', 'VALUE', 'DEFAULT', ''], rows }] };
}

const STANDBY_TITLES = ['REGISTRATION', 'NAME', 'ZONE', 'PEER ADDRS', 'CLIENT ADDRS', 'STATE'];

export function standbyReport(answer: StandbyListResponse): Report<StandbyListResponse> {
  const rows = answer.standbys.map(standbyRow);
  const lines = rows.map((row) => row.join(', '));
  return { type: StandbyListResponse, answer, lines, tables: [{ titles: STANDBY_TITLES, rows }] };
}

function standbyRow(standby: StandbyEntry): string[] {
  const { registration, name, zone, peerUrls, clientUrls, connected, silentMs, reserved, purpose } = standby;
  const state = [
    connected ? 'connected' : `silent for ${duration(silentMs)}`,
    ...(reserved ? [`reserved for ${purpose}`] : []),
    ...(standby.standbyOnly ? ['standby only'] : []),
    ...(standby.drained ? ['drained'] : []),
    ...(standby.failedActivations === 0 ? [] : [`${standby.failedActivations} activations failed`]),
  ];
  return [registration, name, zone, peerUrls.join(','), clientUrls.join(','), state.join(' + ')];
}

function duration(ms: number): string {
  return formatDuration(ms < 1000 ? ms : Math.round(ms / 100) * 100);
}
