// Generated from proto/ by scripts/generate.ts; edit those instead. Messages of the package understudy-v1.
import { describeField, type EnumDescriptor, type MessageType } from '../message-type.js';
import { WireReader } from '../wire/wire-reader.js';
import { sizeOfInt32, sizeOfInt64, sizeOfLength, sizeOfString, sizeOfUint64 } from '../wire/wire-size.js';
import { beginMessage, type WireWriter } from '../wire/wire-writer.js';

import {
  ResponseHeader,
  readResponseHeader,
  sizeResponseHeader,
  writeResponseHeader,
  Member,
  readMember,
  sizeMember,
  writeMember,
} from './etcdserverpb.js';

/** `understudy.v1.AddMemberRequest.AddedRole`. A decoded message may hold any other 32-bit number that its sender chose. */
export const AddedRole = { JOIN: 0, LEARNER: 1, READER: 2, VOTER: 3 } as const;
export type AddedRole = (typeof AddedRole)[keyof typeof AddedRole];
export const AddedRoleEnum: EnumDescriptor = {
  typeName: 'understudy.v1.AddMemberRequest.AddedRole',
  numberByName: AddedRole,
  nameByNumber: new Map([
    [0, 'JOIN'],
    [1, 'LEARNER'],
    [2, 'READER'],
    [3, 'VOTER'],
  ]),
};

export type ClusterStatusRequest = Record<never, never>;

export function sizeClusterStatusRequest(_m: ClusterStatusRequest): number {
  return 0;
}

export function writeClusterStatusRequest(_m: ClusterStatusRequest, _w: WireWriter): void {}

export function readClusterStatusRequest(r: WireReader, end: number): ClusterStatusRequest {
  while (r.pos < end) {
    const tag = r.tag(end);
    r.unexpected(tag, end, 'understudy.v1.ClusterStatusRequest', ClusterStatusRequest.fields);
  }

  return {};
}

export const ClusterStatusRequest: MessageType<ClusterStatusRequest> = {
  typeName: 'understudy.v1.ClusterStatusRequest',
  fields: [],
  create(): ClusterStatusRequest {
    return {};
  },
  sizeOf: sizeClusterStatusRequest,
  encode(m: ClusterStatusRequest): Uint8Array {
    const w = beginMessage(sizeClusterStatusRequest(m));
    writeClusterStatusRequest(m, w);
    return w.take();
  },
  write: writeClusterStatusRequest,
  encodeInto(m: ClusterStatusRequest, w: WireWriter): void {
    w.reserve(sizeClusterStatusRequest(m));
    writeClusterStatusRequest(m, w);
  },
  decode(bytes: Uint8Array): ClusterStatusRequest {
    const r = new WireReader(bytes);
    return readClusterStatusRequest(r, r.end);
  },
};

export interface ClusterStatusResponse {
  header: ResponseHeader | undefined;
  leader: number;
  term: number;
  configIndex: number;
  /** a change is under way, or the configuration is joint */
  configInFlight: boolean;
  voters: number;
  answeringVoters: number;
  quorum: number;
  /** answering voters less the quorum */
  slack: number;
  /** how many more voters may fail now; the slack, and never below 0 */
  failureTolerance: number;
  paused: boolean;
  policyVersion: number;
  lastIndex: number;
  members: LadderMember[];
  /** what the leader is about to do */
  actions: PlannedAction[];
  /** what it does not do, and why */
  holds: PlanHold[];
  /** the plan in words */
  explain: string[];
  /** from now; 0: only when something changes */
  nextCheckMs: number;
  /** what this leader did, oldest first */
  decisions: Decision[];
  standbys: number;
}

export function sizeClusterStatusResponse(m: ClusterStatusResponse): number {
  let n = 0;
  if (m.header !== undefined) n += 1 + sizeOfLength(sizeResponseHeader(m.header));
  if (m.leader !== 0) n += 1 + sizeOfUint64(m.leader);
  if (m.term !== 0) n += 1 + sizeOfUint64(m.term);
  if (m.configIndex !== 0) n += 1 + sizeOfUint64(m.configIndex);
  if (m.configInFlight) n += 2;
  if (m.voters !== 0) n += 1 + sizeOfUint64(m.voters);
  if (m.answeringVoters !== 0) n += 1 + sizeOfUint64(m.answeringVoters);
  if (m.quorum !== 0) n += 1 + sizeOfUint64(m.quorum);
  if (m.slack !== 0) n += 1 + sizeOfInt64(m.slack);
  if (m.failureTolerance !== 0) n += 1 + sizeOfUint64(m.failureTolerance);
  if (m.paused) n += 2;
  if (m.policyVersion !== 0) n += 1 + sizeOfUint64(m.policyVersion);
  if (m.lastIndex !== 0) n += 1 + sizeOfUint64(m.lastIndex);
  for (const item of m.members) n += 1 + sizeOfLength(sizeLadderMember(item));
  for (const item of m.actions) n += 1 + sizeOfLength(sizePlannedAction(item));
  for (const item of m.holds) n += 2 + sizeOfLength(sizePlanHold(item));
  for (const item of m.explain) n += 2 + sizeOfString(item);
  if (m.nextCheckMs !== 0) n += 2 + sizeOfUint64(m.nextCheckMs);
  for (const item of m.decisions) n += 2 + sizeOfLength(sizeDecision(item));
  if (m.standbys !== 0) n += 2 + sizeOfUint64(m.standbys);
  return n;
}

export function writeClusterStatusResponse(m: ClusterStatusResponse, w: WireWriter): void {
  if (m.header !== undefined) {
    w.byte(10);
    w.varint32(sizeResponseHeader(m.header));
    writeResponseHeader(m.header, w);
  }
  if (m.leader !== 0) {
    w.byte(16);
    w.uint64(m.leader);
  }
  if (m.term !== 0) {
    w.byte(24);
    w.uint64(m.term);
  }
  if (m.configIndex !== 0) {
    w.byte(32);
    w.uint64(m.configIndex);
  }
  if (m.configInFlight) {
    w.byte(40);
    w.bool(m.configInFlight);
  }
  if (m.voters !== 0) {
    w.byte(48);
    w.uint64(m.voters);
  }
  if (m.answeringVoters !== 0) {
    w.byte(56);
    w.uint64(m.answeringVoters);
  }
  if (m.quorum !== 0) {
    w.byte(64);
    w.uint64(m.quorum);
  }
  if (m.slack !== 0) {
    w.byte(72);
    w.int64(m.slack);
  }
  if (m.failureTolerance !== 0) {
    w.byte(80);
    w.uint64(m.failureTolerance);
  }
  if (m.paused) {
    w.byte(88);
    w.bool(m.paused);
  }
  if (m.policyVersion !== 0) {
    w.byte(96);
    w.uint64(m.policyVersion);
  }
  if (m.lastIndex !== 0) {
    w.byte(104);
    w.uint64(m.lastIndex);
  }
  for (const item of m.members) {
    w.byte(114);
    w.varint32(sizeLadderMember(item));
    writeLadderMember(item, w);
  }
  for (const item of m.actions) {
    w.byte(122);
    w.varint32(sizePlannedAction(item));
    writePlannedAction(item, w);
  }
  for (const item of m.holds) {
    w.varint32(130);
    w.varint32(sizePlanHold(item));
    writePlanHold(item, w);
  }
  for (const item of m.explain) {
    w.varint32(138);
    w.string(item);
  }
  if (m.nextCheckMs !== 0) {
    w.varint32(144);
    w.uint64(m.nextCheckMs);
  }
  for (const item of m.decisions) {
    w.varint32(154);
    w.varint32(sizeDecision(item));
    writeDecision(item, w);
  }
  if (m.standbys !== 0) {
    w.varint32(160);
    w.uint64(m.standbys);
  }
}

export function readClusterStatusResponse(r: WireReader, end: number): ClusterStatusResponse {
  let header: ResponseHeader | undefined = undefined;
  let leader: number = 0;
  let term: number = 0;
  let configIndex: number = 0;
  let configInFlight: boolean = false;
  let voters: number = 0;
  let answeringVoters: number = 0;
  let quorum: number = 0;
  let slack: number = 0;
  let failureTolerance: number = 0;
  let paused: boolean = false;
  let policyVersion: number = 0;
  let lastIndex: number = 0;
  const members: LadderMember[] = [];
  const actions: PlannedAction[] = [];
  const holds: PlanHold[] = [];
  const explain: string[] = [];
  let nextCheckMs: number = 0;
  const decisions: Decision[] = [];
  let standbys: number = 0;

  while (r.pos < end) {
    const tag = r.tag(end);
    switch (tag) {
      case 10:
        header = readResponseHeader(r, r.nested(end));
        break;
      case 16:
        leader = r.uint64(end);
        break;
      case 24:
        term = r.uint64(end);
        break;
      case 32:
        configIndex = r.uint64(end);
        break;
      case 40:
        configInFlight = r.bool(end);
        break;
      case 48:
        voters = r.uint64(end);
        break;
      case 56:
        answeringVoters = r.uint64(end);
        break;
      case 64:
        quorum = r.uint64(end);
        break;
      case 72:
        slack = r.int64(end);
        break;
      case 80:
        failureTolerance = r.uint64(end);
        break;
      case 88:
        paused = r.bool(end);
        break;
      case 96:
        policyVersion = r.uint64(end);
        break;
      case 104:
        lastIndex = r.uint64(end);
        break;
      case 114:
        members.push(readLadderMember(r, r.nested(end)));
        break;
      case 122:
        actions.push(readPlannedAction(r, r.nested(end)));
        break;
      case 130:
        holds.push(readPlanHold(r, r.nested(end)));
        break;
      case 138:
        explain.push(r.string(end));
        break;
      case 144:
        nextCheckMs = r.uint64(end);
        break;
      case 154:
        decisions.push(readDecision(r, r.nested(end)));
        break;
      case 160:
        standbys = r.uint64(end);
        break;
      default:
        r.unexpected(tag, end, 'understudy.v1.ClusterStatusResponse', ClusterStatusResponse.fields);
    }
  }

  return {
    header,
    leader,
    term,
    configIndex,
    configInFlight,
    voters,
    answeringVoters,
    quorum,
    slack,
    failureTolerance,
    paused,
    policyVersion,
    lastIndex,
    members,
    actions,
    holds,
    explain,
    nextCheckMs,
    decisions,
    standbys,
  };
}

export const ClusterStatusResponse: MessageType<ClusterStatusResponse> = {
  typeName: 'understudy.v1.ClusterStatusResponse',
  fields: [
    describeField(1, 'header', 'header', 'header', 'message', { messageType: () => ResponseHeader }),
    describeField(2, 'leader', 'leader', 'leader', 'uint64'),
    describeField(3, 'term', 'term', 'term', 'uint64'),
    describeField(4, 'config_index', 'configIndex', 'configIndex', 'uint64'),
    describeField(5, 'config_in_flight', 'configInFlight', 'configInFlight', 'bool'),
    describeField(6, 'voters', 'voters', 'voters', 'uint64'),
    describeField(7, 'answering_voters', 'answeringVoters', 'answeringVoters', 'uint64'),
    describeField(8, 'quorum', 'quorum', 'quorum', 'uint64'),
    describeField(9, 'slack', 'slack', 'slack', 'int64'),
    describeField(10, 'failure_tolerance', 'failureTolerance', 'failureTolerance', 'uint64'),
    describeField(11, 'paused', 'paused', 'paused', 'bool'),
    describeField(12, 'policy_version', 'policyVersion', 'policyVersion', 'uint64'),
    describeField(13, 'last_index', 'lastIndex', 'lastIndex', 'uint64'),
    describeField(14, 'members', 'members', 'members', 'message', { repeated: true, messageType: () => LadderMember }),
    describeField(15, 'actions', 'actions', 'actions', 'message', { repeated: true, messageType: () => PlannedAction }),
    describeField(16, 'holds', 'holds', 'holds', 'message', { repeated: true, messageType: () => PlanHold }),
    describeField(17, 'explain', 'explain', 'explain', 'string', { repeated: true }),
    describeField(18, 'next_check_ms', 'nextCheckMs', 'nextCheckMs', 'uint64'),
    describeField(19, 'decisions', 'decisions', 'decisions', 'message', {
      repeated: true,
      messageType: () => Decision,
    }),
    describeField(20, 'standbys', 'standbys', 'standbys', 'uint64'),
  ],
  create(init?: Partial<ClusterStatusResponse>): ClusterStatusResponse {
    return {
      header: init?.header,
      leader: init?.leader ?? 0,
      term: init?.term ?? 0,
      configIndex: init?.configIndex ?? 0,
      configInFlight: init?.configInFlight ?? false,
      voters: init?.voters ?? 0,
      answeringVoters: init?.answeringVoters ?? 0,
      quorum: init?.quorum ?? 0,
      slack: init?.slack ?? 0,
      failureTolerance: init?.failureTolerance ?? 0,
      paused: init?.paused ?? false,
      policyVersion: init?.policyVersion ?? 0,
      lastIndex: init?.lastIndex ?? 0,
      members: init?.members ?? [],
      actions: init?.actions ?? [],
      holds: init?.holds ?? [],
      explain: init?.explain ?? [],
      nextCheckMs: init?.nextCheckMs ?? 0,
      decisions: init?.decisions ?? [],
      standbys: init?.standbys ?? 0,
    };
  },
  sizeOf: sizeClusterStatusResponse,
  encode(m: ClusterStatusResponse): Uint8Array {
    const w = beginMessage(sizeClusterStatusResponse(m));
    writeClusterStatusResponse(m, w);
    return w.take();
  },
  write: writeClusterStatusResponse,
  encodeInto(m: ClusterStatusResponse, w: WireWriter): void {
    w.reserve(sizeClusterStatusResponse(m));
    writeClusterStatusResponse(m, w);
  },
  decode(bytes: Uint8Array): ClusterStatusResponse {
    const r = new WireReader(bytes);
    return readClusterStatusResponse(r, r.end);
  },
};

export interface LadderMember {
  id: number;
  name: string;
  /** voter, learner or reader */
  role: string;
  peerUrls: string[];
  clientUrls: string[];
  isLeader: boolean;
  started: boolean;
  answers: boolean;
  /** the last index that is durable there */
  match: number;
  /** entries behind the leader's last one */
  lag: number;
  /** probe, replicate or snapshot */
  replication: string;
  /** bytes */
  snapshotSent: number;
  /** bytes, as estimated; 0: none is on its way */
  snapshotSize: number;
  /** how long its down-time is; 0: none */
  silentMs: number;
  /** how long it has been close enough to be promoted */
  closeMs: number;
  /** how long its last round of catching up took; 0: none is finished */
  lastRoundMs: number;
  zone: string;
  /** of a learner: join, manual, auto or failover */
  promotion: string;
  /** operator or automation */
  origin: string;
  draining: boolean;
  /** of the standby that it was */
  registration: string;
  /** why it is not promoted, in words; empty for voters */
  hold: string;
  /** the member whose place it takes; 0: none */
  replaces: number;
  /** it has lost data and refetches it */
  recovering: boolean;
  minProtocol: number;
  maxProtocol: number;
  /** of an auto learner: join, size, failover */
  promotionTriggers: string[];
  /** an operator made it a voter: it is never removed as one too many */
  pinned: boolean;
}

export function sizeLadderMember(m: LadderMember): number {
  let n = 0;
  if (m.id !== 0) n += 1 + sizeOfUint64(m.id);
  if (m.name !== '') n += 1 + sizeOfString(m.name);
  if (m.role !== '') n += 1 + sizeOfString(m.role);
  for (const item of m.peerUrls) n += 1 + sizeOfString(item);
  for (const item of m.clientUrls) n += 1 + sizeOfString(item);
  if (m.isLeader) n += 2;
  if (m.started) n += 2;
  if (m.answers) n += 2;
  if (m.match !== 0) n += 1 + sizeOfUint64(m.match);
  if (m.lag !== 0) n += 1 + sizeOfUint64(m.lag);
  if (m.replication !== '') n += 1 + sizeOfString(m.replication);
  if (m.snapshotSent !== 0) n += 1 + sizeOfUint64(m.snapshotSent);
  if (m.snapshotSize !== 0) n += 1 + sizeOfUint64(m.snapshotSize);
  if (m.silentMs !== 0) n += 1 + sizeOfUint64(m.silentMs);
  if (m.closeMs !== 0) n += 1 + sizeOfUint64(m.closeMs);
  if (m.lastRoundMs !== 0) n += 2 + sizeOfUint64(m.lastRoundMs);
  if (m.zone !== '') n += 2 + sizeOfString(m.zone);
  if (m.promotion !== '') n += 2 + sizeOfString(m.promotion);
  if (m.origin !== '') n += 2 + sizeOfString(m.origin);
  if (m.draining) n += 3;
  if (m.registration !== '') n += 2 + sizeOfString(m.registration);
  if (m.hold !== '') n += 2 + sizeOfString(m.hold);
  if (m.replaces !== 0) n += 2 + sizeOfUint64(m.replaces);
  if (m.recovering) n += 3;
  if (m.minProtocol !== 0) n += 2 + sizeOfUint64(m.minProtocol);
  if (m.maxProtocol !== 0) n += 2 + sizeOfUint64(m.maxProtocol);
  for (const item of m.promotionTriggers) n += 2 + sizeOfString(item);
  if (m.pinned) n += 3;
  return n;
}

export function writeLadderMember(m: LadderMember, w: WireWriter): void {
  if (m.id !== 0) {
    w.byte(8);
    w.uint64(m.id);
  }
  if (m.name !== '') {
    w.byte(18);
    w.string(m.name);
  }
  if (m.role !== '') {
    w.byte(26);
    w.string(m.role);
  }
  for (const item of m.peerUrls) {
    w.byte(34);
    w.string(item);
  }
  for (const item of m.clientUrls) {
    w.byte(42);
    w.string(item);
  }
  if (m.isLeader) {
    w.byte(48);
    w.bool(m.isLeader);
  }
  if (m.started) {
    w.byte(56);
    w.bool(m.started);
  }
  if (m.answers) {
    w.byte(64);
    w.bool(m.answers);
  }
  if (m.match !== 0) {
    w.byte(72);
    w.uint64(m.match);
  }
  if (m.lag !== 0) {
    w.byte(80);
    w.uint64(m.lag);
  }
  if (m.replication !== '') {
    w.byte(90);
    w.string(m.replication);
  }
  if (m.snapshotSent !== 0) {
    w.byte(96);
    w.uint64(m.snapshotSent);
  }
  if (m.snapshotSize !== 0) {
    w.byte(104);
    w.uint64(m.snapshotSize);
  }
  if (m.silentMs !== 0) {
    w.byte(112);
    w.uint64(m.silentMs);
  }
  if (m.closeMs !== 0) {
    w.byte(120);
    w.uint64(m.closeMs);
  }
  if (m.lastRoundMs !== 0) {
    w.varint32(128);
    w.uint64(m.lastRoundMs);
  }
  if (m.zone !== '') {
    w.varint32(138);
    w.string(m.zone);
  }
  if (m.promotion !== '') {
    w.varint32(146);
    w.string(m.promotion);
  }
  if (m.origin !== '') {
    w.varint32(154);
    w.string(m.origin);
  }
  if (m.draining) {
    w.varint32(160);
    w.bool(m.draining);
  }
  if (m.registration !== '') {
    w.varint32(170);
    w.string(m.registration);
  }
  if (m.hold !== '') {
    w.varint32(178);
    w.string(m.hold);
  }
  if (m.replaces !== 0) {
    w.varint32(184);
    w.uint64(m.replaces);
  }
  if (m.recovering) {
    w.varint32(192);
    w.bool(m.recovering);
  }
  if (m.minProtocol !== 0) {
    w.varint32(200);
    w.uint64(m.minProtocol);
  }
  if (m.maxProtocol !== 0) {
    w.varint32(208);
    w.uint64(m.maxProtocol);
  }
  for (const item of m.promotionTriggers) {
    w.varint32(218);
    w.string(item);
  }
  if (m.pinned) {
    w.varint32(224);
    w.bool(m.pinned);
  }
}

export function readLadderMember(r: WireReader, end: number): LadderMember {
  let id: number = 0;
  let name: string = '';
  let role: string = '';
  const peerUrls: string[] = [];
  const clientUrls: string[] = [];
  let isLeader: boolean = false;
  let started: boolean = false;
  let answers: boolean = false;
  let match: number = 0;
  let lag: number = 0;
  let replication: string = '';
  let snapshotSent: number = 0;
  let snapshotSize: number = 0;
  let silentMs: number = 0;
  let closeMs: number = 0;
  let lastRoundMs: number = 0;
  let zone: string = '';
  let promotion: string = '';
  let origin: string = '';
  let draining: boolean = false;
  let registration: string = '';
  let hold: string = '';
  let replaces: number = 0;
  let recovering: boolean = false;
  let minProtocol: number = 0;
  let maxProtocol: number = 0;
  const promotionTriggers: string[] = [];
  let pinned: boolean = false;

  while (r.pos < end) {
    const tag = r.tag(end);
    switch (tag) {
      case 8:
        id = r.uint64(end);
        break;
      case 18:
        name = r.string(end);
        break;
      case 26:
        role = r.string(end);
        break;
      case 34:
        peerUrls.push(r.string(end));
        break;
      case 42:
        clientUrls.push(r.string(end));
        break;
      case 48:
        isLeader = r.bool(end);
        break;
      case 56:
        started = r.bool(end);
        break;
      case 64:
        answers = r.bool(end);
        break;
      case 72:
        match = r.uint64(end);
        break;
      case 80:
        lag = r.uint64(end);
        break;
      case 90:
        replication = r.string(end);
        break;
      case 96:
        snapshotSent = r.uint64(end);
        break;
      case 104:
        snapshotSize = r.uint64(end);
        break;
      case 112:
        silentMs = r.uint64(end);
        break;
      case 120:
        closeMs = r.uint64(end);
        break;
      case 128:
        lastRoundMs = r.uint64(end);
        break;
      case 138:
        zone = r.string(end);
        break;
      case 146:
        promotion = r.string(end);
        break;
      case 154:
        origin = r.string(end);
        break;
      case 160:
        draining = r.bool(end);
        break;
      case 170:
        registration = r.string(end);
        break;
      case 178:
        hold = r.string(end);
        break;
      case 184:
        replaces = r.uint64(end);
        break;
      case 192:
        recovering = r.bool(end);
        break;
      case 200:
        minProtocol = r.uint64(end);
        break;
      case 208:
        maxProtocol = r.uint64(end);
        break;
      case 218:
        promotionTriggers.push(r.string(end));
        break;
      case 224:
        pinned = r.bool(end);
        break;
      default:
        r.unexpected(tag, end, 'understudy.v1.LadderMember', LadderMember.fields);
    }
  }

  return {
    id,
    name,
    role,
    peerUrls,
    clientUrls,
    isLeader,
    started,
    answers,
    match,
    lag,
    replication,
    snapshotSent,
    snapshotSize,
    silentMs,
    closeMs,
    lastRoundMs,
    zone,
    promotion,
    origin,
    draining,
    registration,
    hold,
    replaces,
    recovering,
    minProtocol,
    maxProtocol,
    promotionTriggers,
    pinned,
  };
}

export const LadderMember: MessageType<LadderMember> = {
  typeName: 'understudy.v1.LadderMember',
  fields: [
    describeField(1, 'ID', 'ID', 'id', 'uint64'),
    describeField(2, 'name', 'name', 'name', 'string'),
    describeField(3, 'role', 'role', 'role', 'string'),
    describeField(4, 'peerURLs', 'peerURLs', 'peerUrls', 'string', { repeated: true }),
    describeField(5, 'clientURLs', 'clientURLs', 'clientUrls', 'string', { repeated: true }),
    describeField(6, 'is_leader', 'isLeader', 'isLeader', 'bool'),
    describeField(7, 'started', 'started', 'started', 'bool'),
    describeField(8, 'answers', 'answers', 'answers', 'bool'),
    describeField(9, 'match', 'match', 'match', 'uint64'),
    describeField(10, 'lag', 'lag', 'lag', 'uint64'),
    describeField(11, 'replication', 'replication', 'replication', 'string'),
    describeField(12, 'snapshot_sent', 'snapshotSent', 'snapshotSent', 'uint64'),
    describeField(13, 'snapshot_size', 'snapshotSize', 'snapshotSize', 'uint64'),
    describeField(14, 'silent_ms', 'silentMs', 'silentMs', 'uint64'),
    describeField(15, 'close_ms', 'closeMs', 'closeMs', 'uint64'),
    describeField(16, 'last_round_ms', 'lastRoundMs', 'lastRoundMs', 'uint64'),
    describeField(17, 'zone', 'zone', 'zone', 'string'),
    describeField(18, 'promotion', 'promotion', 'promotion', 'string'),
    describeField(19, 'origin', 'origin', 'origin', 'string'),
    describeField(20, 'draining', 'draining', 'draining', 'bool'),
    describeField(21, 'registration', 'registration', 'registration', 'string'),
    describeField(22, 'hold', 'hold', 'hold', 'string'),
    describeField(23, 'replaces', 'replaces', 'replaces', 'uint64'),
    describeField(24, 'recovering', 'recovering', 'recovering', 'bool'),
    describeField(25, 'min_protocol', 'minProtocol', 'minProtocol', 'uint64'),
    describeField(26, 'max_protocol', 'maxProtocol', 'maxProtocol', 'uint64'),
    describeField(27, 'promotion_triggers', 'promotionTriggers', 'promotionTriggers', 'string', { repeated: true }),
    describeField(28, 'pinned', 'pinned', 'pinned', 'bool'),
  ],
  create(init?: Partial<LadderMember>): LadderMember {
    return {
      id: init?.id ?? 0,
      name: init?.name ?? '',
      role: init?.role ?? '',
      peerUrls: init?.peerUrls ?? [],
      clientUrls: init?.clientUrls ?? [],
      isLeader: init?.isLeader ?? false,
      started: init?.started ?? false,
      answers: init?.answers ?? false,
      match: init?.match ?? 0,
      lag: init?.lag ?? 0,
      replication: init?.replication ?? '',
      snapshotSent: init?.snapshotSent ?? 0,
      snapshotSize: init?.snapshotSize ?? 0,
      silentMs: init?.silentMs ?? 0,
      closeMs: init?.closeMs ?? 0,
      lastRoundMs: init?.lastRoundMs ?? 0,
      zone: init?.zone ?? '',
      promotion: init?.promotion ?? '',
      origin: init?.origin ?? '',
      draining: init?.draining ?? false,
      registration: init?.registration ?? '',
      hold: init?.hold ?? '',
      replaces: init?.replaces ?? 0,
      recovering: init?.recovering ?? false,
      minProtocol: init?.minProtocol ?? 0,
      maxProtocol: init?.maxProtocol ?? 0,
      promotionTriggers: init?.promotionTriggers ?? [],
      pinned: init?.pinned ?? false,
    };
  },
  sizeOf: sizeLadderMember,
  encode(m: LadderMember): Uint8Array {
    const w = beginMessage(sizeLadderMember(m));
    writeLadderMember(m, w);
    return w.take();
  },
  write: writeLadderMember,
  encodeInto(m: LadderMember, w: WireWriter): void {
    w.reserve(sizeLadderMember(m));
    writeLadderMember(m, w);
  },
  decode(bytes: Uint8Array): LadderMember {
    const r = new WireReader(bytes);
    return readLadderMember(r, r.end);
  },
};

export interface MemberRef {
  id: number;
  name: string;
}

export function sizeMemberRef(m: MemberRef): number {
  let n = 0;
  if (m.id !== 0) n += 1 + sizeOfUint64(m.id);
  if (m.name !== '') n += 1 + sizeOfString(m.name);
  return n;
}

export function writeMemberRef(m: MemberRef, w: WireWriter): void {
  if (m.id !== 0) {
    w.byte(8);
    w.uint64(m.id);
  }
  if (m.name !== '') {
    w.byte(18);
    w.string(m.name);
  }
}

export function readMemberRef(r: WireReader, end: number): MemberRef {
  let id: number = 0;
  let name: string = '';

  while (r.pos < end) {
    const tag = r.tag(end);
    switch (tag) {
      case 8:
        id = r.uint64(end);
        break;
      case 18:
        name = r.string(end);
        break;
      default:
        r.unexpected(tag, end, 'understudy.v1.MemberRef', MemberRef.fields);
    }
  }

  return { id, name };
}

export const MemberRef: MessageType<MemberRef> = {
  typeName: 'understudy.v1.MemberRef',
  fields: [describeField(1, 'ID', 'ID', 'id', 'uint64'), describeField(2, 'name', 'name', 'name', 'string')],
  create(init?: Partial<MemberRef>): MemberRef {
    return { id: init?.id ?? 0, name: init?.name ?? '' };
  },
  sizeOf: sizeMemberRef,
  encode(m: MemberRef): Uint8Array {
    const w = beginMessage(sizeMemberRef(m));
    writeMemberRef(m, w);
    return w.take();
  },
  write: writeMemberRef,
  encodeInto(m: MemberRef, w: WireWriter): void {
    w.reserve(sizeMemberRef(m));
    writeMemberRef(m, w);
  },
  decode(bytes: Uint8Array): MemberRef {
    const r = new WireReader(bytes);
    return readMemberRef(r, r.end);
  },
};

export interface PlannedAction {
  type: string;
  text: string;
  members: MemberRef[];
  /** of the standby that it is about */
  registration: string;
}

export function sizePlannedAction(m: PlannedAction): number {
  let n = 0;
  if (m.type !== '') n += 1 + sizeOfString(m.type);
  if (m.text !== '') n += 1 + sizeOfString(m.text);
  for (const item of m.members) n += 1 + sizeOfLength(sizeMemberRef(item));
  if (m.registration !== '') n += 1 + sizeOfString(m.registration);
  return n;
}

export function writePlannedAction(m: PlannedAction, w: WireWriter): void {
  if (m.type !== '') {
    w.byte(10);
    w.string(m.type);
  }
  if (m.text !== '') {
    w.byte(18);
    w.string(m.text);
  }
  for (const item of m.members) {
    w.byte(26);
    w.varint32(sizeMemberRef(item));
    writeMemberRef(item, w);
  }
  if (m.registration !== '') {
    w.byte(34);
    w.string(m.registration);
  }
}

export function readPlannedAction(r: WireReader, end: number): PlannedAction {
  let type: string = '';
  let text: string = '';
  const members: MemberRef[] = [];
  let registration: string = '';

  while (r.pos < end) {
    const tag = r.tag(end);
    switch (tag) {
      case 10:
        type = r.string(end);
        break;
      case 18:
        text = r.string(end);
        break;
      case 26:
        members.push(readMemberRef(r, r.nested(end)));
        break;
      case 34:
        registration = r.string(end);
        break;
      default:
        r.unexpected(tag, end, 'understudy.v1.PlannedAction', PlannedAction.fields);
    }
  }

  return { type, text, members, registration };
}

export const PlannedAction: MessageType<PlannedAction> = {
  typeName: 'understudy.v1.PlannedAction',
  fields: [
    describeField(1, 'type', 'type', 'type', 'string'),
    describeField(2, 'text', 'text', 'text', 'string'),
    describeField(3, 'members', 'members', 'members', 'message', { repeated: true, messageType: () => MemberRef }),
    describeField(4, 'registration', 'registration', 'registration', 'string'),
  ],
  create(init?: Partial<PlannedAction>): PlannedAction {
    return {
      type: init?.type ?? '',
      text: init?.text ?? '',
      members: init?.members ?? [],
      registration: init?.registration ?? '',
    };
  },
  sizeOf: sizePlannedAction,
  encode(m: PlannedAction): Uint8Array {
    const w = beginMessage(sizePlannedAction(m));
    writePlannedAction(m, w);
    return w.take();
  },
  write: writePlannedAction,
  encodeInto(m: PlannedAction, w: WireWriter): void {
    w.reserve(sizePlannedAction(m));
    writePlannedAction(m, w);
  },
  decode(bytes: Uint8Array): PlannedAction {
    const r = new WireReader(bytes);
    return readPlannedAction(r, r.end);
  },
};

export interface PlanHold {
  /** 0: everything is held */
  memberId: number;
  reason: string;
  text: string;
  /** when time alone may end it; 0: something must happen first */
  waitMs: number;
  /** of the standby that is held */
  registration: string;
}

export function sizePlanHold(m: PlanHold): number {
  let n = 0;
  if (m.memberId !== 0) n += 1 + sizeOfUint64(m.memberId);
  if (m.reason !== '') n += 1 + sizeOfString(m.reason);
  if (m.text !== '') n += 1 + sizeOfString(m.text);
  if (m.waitMs !== 0) n += 1 + sizeOfUint64(m.waitMs);
  if (m.registration !== '') n += 1 + sizeOfString(m.registration);
  return n;
}

export function writePlanHold(m: PlanHold, w: WireWriter): void {
  if (m.memberId !== 0) {
    w.byte(8);
    w.uint64(m.memberId);
  }
  if (m.reason !== '') {
    w.byte(18);
    w.string(m.reason);
  }
  if (m.text !== '') {
    w.byte(26);
    w.string(m.text);
  }
  if (m.waitMs !== 0) {
    w.byte(32);
    w.uint64(m.waitMs);
  }
  if (m.registration !== '') {
    w.byte(42);
    w.string(m.registration);
  }
}

export function readPlanHold(r: WireReader, end: number): PlanHold {
  let memberId: number = 0;
  let reason: string = '';
  let text: string = '';
  let waitMs: number = 0;
  let registration: string = '';

  while (r.pos < end) {
    const tag = r.tag(end);
    switch (tag) {
      case 8:
        memberId = r.uint64(end);
        break;
      case 18:
        reason = r.string(end);
        break;
      case 26:
        text = r.string(end);
        break;
      case 32:
        waitMs = r.uint64(end);
        break;
      case 42:
        registration = r.string(end);
        break;
      default:
        r.unexpected(tag, end, 'understudy.v1.PlanHold', PlanHold.fields);
    }
  }

  return { memberId, reason, text, waitMs, registration };
}

export const PlanHold: MessageType<PlanHold> = {
  typeName: 'understudy.v1.PlanHold',
  fields: [
    describeField(1, 'member_ID', 'memberID', 'memberId', 'uint64'),
    describeField(2, 'reason', 'reason', 'reason', 'string'),
    describeField(3, 'text', 'text', 'text', 'string'),
    describeField(4, 'wait_ms', 'waitMs', 'waitMs', 'uint64'),
    describeField(5, 'registration', 'registration', 'registration', 'string'),
  ],
  create(init?: Partial<PlanHold>): PlanHold {
    return {
      memberId: init?.memberId ?? 0,
      reason: init?.reason ?? '',
      text: init?.text ?? '',
      waitMs: init?.waitMs ?? 0,
      registration: init?.registration ?? '',
    };
  },
  sizeOf: sizePlanHold,
  encode(m: PlanHold): Uint8Array {
    const w = beginMessage(sizePlanHold(m));
    writePlanHold(m, w);
    return w.take();
  },
  write: writePlanHold,
  encodeInto(m: PlanHold, w: WireWriter): void {
    w.reserve(sizePlanHold(m));
    writePlanHold(m, w);
  },
  decode(bytes: Uint8Array): PlanHold {
    const r = new WireReader(bytes);
    return readPlanHold(r, r.end);
  },
};

export interface Decision {
  /** since 1970, by the leader's clock */
  timeMs: number;
  term: number;
  type: string;
  text: string;
  /** done, refused, failed or dropped */
  outcome: string;
  /** what stood in the way */
  detail: string;
  /** of the configuration that it led to; 0: of none */
  configIndex: number;
}

export function sizeDecision(m: Decision): number {
  let n = 0;
  if (m.timeMs !== 0) n += 1 + sizeOfUint64(m.timeMs);
  if (m.term !== 0) n += 1 + sizeOfUint64(m.term);
  if (m.type !== '') n += 1 + sizeOfString(m.type);
  if (m.text !== '') n += 1 + sizeOfString(m.text);
  if (m.outcome !== '') n += 1 + sizeOfString(m.outcome);
  if (m.detail !== '') n += 1 + sizeOfString(m.detail);
  if (m.configIndex !== 0) n += 1 + sizeOfUint64(m.configIndex);
  return n;
}

export function writeDecision(m: Decision, w: WireWriter): void {
  if (m.timeMs !== 0) {
    w.byte(8);
    w.uint64(m.timeMs);
  }
  if (m.term !== 0) {
    w.byte(16);
    w.uint64(m.term);
  }
  if (m.type !== '') {
    w.byte(26);
    w.string(m.type);
  }
  if (m.text !== '') {
    w.byte(34);
    w.string(m.text);
  }
  if (m.outcome !== '') {
    w.byte(42);
    w.string(m.outcome);
  }
  if (m.detail !== '') {
    w.byte(50);
    w.string(m.detail);
  }
  if (m.configIndex !== 0) {
    w.byte(56);
    w.uint64(m.configIndex);
  }
}

export function readDecision(r: WireReader, end: number): Decision {
  let timeMs: number = 0;
  let term: number = 0;
  let type: string = '';
  let text: string = '';
  let outcome: string = '';
  let detail: string = '';
  let configIndex: number = 0;

  while (r.pos < end) {
    const tag = r.tag(end);
    switch (tag) {
      case 8:
        timeMs = r.uint64(end);
        break;
      case 16:
        term = r.uint64(end);
        break;
      case 26:
        type = r.string(end);
        break;
      case 34:
        text = r.string(end);
        break;
      case 42:
        outcome = r.string(end);
        break;
      case 50:
        detail = r.string(end);
        break;
      case 56:
        configIndex = r.uint64(end);
        break;
      default:
        r.unexpected(tag, end, 'understudy.v1.Decision', Decision.fields);
    }
  }

  return { timeMs, term, type, text, outcome, detail, configIndex };
}

export const Decision: MessageType<Decision> = {
  typeName: 'understudy.v1.Decision',
  fields: [
    describeField(1, 'time_ms', 'timeMs', 'timeMs', 'uint64'),
    describeField(2, 'term', 'term', 'term', 'uint64'),
    describeField(3, 'type', 'type', 'type', 'string'),
    describeField(4, 'text', 'text', 'text', 'string'),
    describeField(5, 'outcome', 'outcome', 'outcome', 'string'),
    describeField(6, 'detail', 'detail', 'detail', 'string'),
    describeField(7, 'config_index', 'configIndex', 'configIndex', 'uint64'),
  ],
  create(init?: Partial<Decision>): Decision {
    return {
      timeMs: init?.timeMs ?? 0,
      term: init?.term ?? 0,
      type: init?.type ?? '',
      text: init?.text ?? '',
      outcome: init?.outcome ?? '',
      detail: init?.detail ?? '',
      configIndex: init?.configIndex ?? 0,
    };
  },
  sizeOf: sizeDecision,
  encode(m: Decision): Uint8Array {
    const w = beginMessage(sizeDecision(m));
    writeDecision(m, w);
    return w.take();
  },
  write: writeDecision,
  encodeInto(m: Decision, w: WireWriter): void {
    w.reserve(sizeDecision(m));
    writeDecision(m, w);
  },
  decode(bytes: Uint8Array): Decision {
    const r = new WireReader(bytes);
    return readDecision(r, r.end);
  },
};

export interface PlanRequest {
  /** tried in place of the policy's own */
  policy: PolicyField[];
  ignorePaused: boolean;
}

export function sizePlanRequest(m: PlanRequest): number {
  let n = 0;
  for (const item of m.policy) n += 1 + sizeOfLength(sizePolicyField(item));
  if (m.ignorePaused) n += 2;
  return n;
}

export function writePlanRequest(m: PlanRequest, w: WireWriter): void {
  for (const item of m.policy) {
    w.byte(10);
    w.varint32(sizePolicyField(item));
    writePolicyField(item, w);
  }
  if (m.ignorePaused) {
    w.byte(16);
    w.bool(m.ignorePaused);
  }
}

export function readPlanRequest(r: WireReader, end: number): PlanRequest {
  const policy: PolicyField[] = [];
  let ignorePaused: boolean = false;

  while (r.pos < end) {
    const tag = r.tag(end);
    switch (tag) {
      case 10:
        policy.push(readPolicyField(r, r.nested(end)));
        break;
      case 16:
        ignorePaused = r.bool(end);
        break;
      default:
        r.unexpected(tag, end, 'understudy.v1.PlanRequest', PlanRequest.fields);
    }
  }

  return { policy, ignorePaused };
}

export const PlanRequest: MessageType<PlanRequest> = {
  typeName: 'understudy.v1.PlanRequest',
  fields: [
    describeField(1, 'policy', 'policy', 'policy', 'message', { repeated: true, messageType: () => PolicyField }),
    describeField(2, 'ignore_paused', 'ignorePaused', 'ignorePaused', 'bool'),
  ],
  create(init?: Partial<PlanRequest>): PlanRequest {
    return { policy: init?.policy ?? [], ignorePaused: init?.ignorePaused ?? false };
  },
  sizeOf: sizePlanRequest,
  encode(m: PlanRequest): Uint8Array {
    const w = beginMessage(sizePlanRequest(m));
    writePlanRequest(m, w);
    return w.take();
  },
  write: writePlanRequest,
  encodeInto(m: PlanRequest, w: WireWriter): void {
    w.reserve(sizePlanRequest(m));
    writePlanRequest(m, w);
  },
  decode(bytes: Uint8Array): PlanRequest {
    const r = new WireReader(bytes);
    return readPlanRequest(r, r.end);
  },
};

export interface PlanResponse {
  header: ResponseHeader | undefined;
  actions: PlannedAction[];
  holds: PlanHold[];
  slack: number;
  explain: string[];
  nextCheckMs: number;
}

export function sizePlanResponse(m: PlanResponse): number {
  let n = 0;
  if (m.header !== undefined) n += 1 + sizeOfLength(sizeResponseHeader(m.header));
  for (const item of m.actions) n += 1 + sizeOfLength(sizePlannedAction(item));
  for (const item of m.holds) n += 1 + sizeOfLength(sizePlanHold(item));
  if (m.slack !== 0) n += 1 + sizeOfInt64(m.slack);
  for (const item of m.explain) n += 1 + sizeOfString(item);
  if (m.nextCheckMs !== 0) n += 1 + sizeOfUint64(m.nextCheckMs);
  return n;
}

export function writePlanResponse(m: PlanResponse, w: WireWriter): void {
  if (m.header !== undefined) {
    w.byte(10);
    w.varint32(sizeResponseHeader(m.header));
    writeResponseHeader(m.header, w);
  }
  for (const item of m.actions) {
    w.byte(18);
    w.varint32(sizePlannedAction(item));
    writePlannedAction(item, w);
  }
  for (const item of m.holds) {
    w.byte(26);
    w.varint32(sizePlanHold(item));
    writePlanHold(item, w);
  }
  if (m.slack !== 0) {
    w.byte(32);
    w.int64(m.slack);
  }
  for (const item of m.explain) {
    w.byte(42);
    w.string(item);
  }
  if (m.nextCheckMs !== 0) {
    w.byte(48);
    w.uint64(m.nextCheckMs);
  }
}

export function readPlanResponse(r: WireReader, end: number): PlanResponse {
  let header: ResponseHeader | undefined = undefined;
  const actions: PlannedAction[] = [];
  const holds: PlanHold[] = [];
  let slack: number = 0;
  const explain: string[] = [];
  let nextCheckMs: number = 0;

  while (r.pos < end) {
    const tag = r.tag(end);
    switch (tag) {
      case 10:
        header = readResponseHeader(r, r.nested(end));
        break;
      case 18:
        actions.push(readPlannedAction(r, r.nested(end)));
        break;
      case 26:
        holds.push(readPlanHold(r, r.nested(end)));
        break;
      case 32:
        slack = r.int64(end);
        break;
      case 42:
        explain.push(r.string(end));
        break;
      case 48:
        nextCheckMs = r.uint64(end);
        break;
      default:
        r.unexpected(tag, end, 'understudy.v1.PlanResponse', PlanResponse.fields);
    }
  }

  return { header, actions, holds, slack, explain, nextCheckMs };
}

export const PlanResponse: MessageType<PlanResponse> = {
  typeName: 'understudy.v1.PlanResponse',
  fields: [
    describeField(1, 'header', 'header', 'header', 'message', { messageType: () => ResponseHeader }),
    describeField(2, 'actions', 'actions', 'actions', 'message', { repeated: true, messageType: () => PlannedAction }),
    describeField(3, 'holds', 'holds', 'holds', 'message', { repeated: true, messageType: () => PlanHold }),
    describeField(4, 'slack', 'slack', 'slack', 'int64'),
    describeField(5, 'explain', 'explain', 'explain', 'string', { repeated: true }),
    describeField(6, 'next_check_ms', 'nextCheckMs', 'nextCheckMs', 'uint64'),
  ],
  create(init?: Partial<PlanResponse>): PlanResponse {
    return {
      header: init?.header,
      actions: init?.actions ?? [],
      holds: init?.holds ?? [],
      slack: init?.slack ?? 0,
      explain: init?.explain ?? [],
      nextCheckMs: init?.nextCheckMs ?? 0,
    };
  },
  sizeOf: sizePlanResponse,
  encode(m: PlanResponse): Uint8Array {
    const w = beginMessage(sizePlanResponse(m));
    writePlanResponse(m, w);
    return w.take();
  },
  write: writePlanResponse,
  encodeInto(m: PlanResponse, w: WireWriter): void {
    w.reserve(sizePlanResponse(m));
    writePlanResponse(m, w);
  },
  decode(bytes: Uint8Array): PlanResponse {
    const r = new WireReader(bytes);
    return readPlanResponse(r, r.end);
  },
};

/** Values are written as on the command line: `2s`, `5`, `auto`, `true`. */
export interface PolicyField {
  name: string;
  value: string;
}

export function sizePolicyField(m: PolicyField): number {
  let n = 0;
  if (m.name !== '') n += 1 + sizeOfString(m.name);
  if (m.value !== '') n += 1 + sizeOfString(m.value);
  return n;
}

export function writePolicyField(m: PolicyField, w: WireWriter): void {
  if (m.name !== '') {
    w.byte(10);
    w.string(m.name);
  }
  if (m.value !== '') {
    w.byte(18);
    w.string(m.value);
  }
}

export function readPolicyField(r: WireReader, end: number): PolicyField {
  let name: string = '';
  let value: string = '';

  while (r.pos < end) {
    const tag = r.tag(end);
    switch (tag) {
      case 10:
        name = r.string(end);
        break;
      case 18:
        value = r.string(end);
        break;
      default:
        r.unexpected(tag, end, 'understudy.v1.PolicyField', PolicyField.fields);
    }
  }

  return { name, value };
}

export const PolicyField: MessageType<PolicyField> = {
  typeName: 'understudy.v1.PolicyField',
  fields: [describeField(1, 'name', 'name', 'name', 'string'), describeField(2, 'value', 'value', 'value', 'string')],
  create(init?: Partial<PolicyField>): PolicyField {
    return { name: init?.name ?? '', value: init?.value ?? '' };
  },
  sizeOf: sizePolicyField,
  encode(m: PolicyField): Uint8Array {
    const w = beginMessage(sizePolicyField(m));
    writePolicyField(m, w);
    return w.take();
  },
  write: writePolicyField,
  encodeInto(m: PolicyField, w: WireWriter): void {
    w.reserve(sizePolicyField(m));
    writePolicyField(m, w);
  },
  decode(bytes: Uint8Array): PolicyField {
    const r = new WireReader(bytes);
    return readPolicyField(r, r.end);
  },
};

export interface PolicySetting {
  name: string;
  value: string;
  defaultValue: string;
  /** by somebody; else it is the default */
  isSet: boolean;
}

export function sizePolicySetting(m: PolicySetting): number {
  let n = 0;
  if (m.name !== '') n += 1 + sizeOfString(m.name);
  if (m.value !== '') n += 1 + sizeOfString(m.value);
  if (m.defaultValue !== '') n += 1 + sizeOfString(m.defaultValue);
  if (m.isSet) n += 2;
  return n;
}

export function writePolicySetting(m: PolicySetting, w: WireWriter): void {
  if (m.name !== '') {
    w.byte(10);
    w.string(m.name);
  }
  if (m.value !== '') {
    w.byte(18);
    w.string(m.value);
  }
  if (m.defaultValue !== '') {
    w.byte(26);
    w.string(m.defaultValue);
  }
  if (m.isSet) {
    w.byte(32);
    w.bool(m.isSet);
  }
}

export function readPolicySetting(r: WireReader, end: number): PolicySetting {
  let name: string = '';
  let value: string = '';
  let defaultValue: string = '';
  let isSet: boolean = false;

  while (r.pos < end) {
    const tag = r.tag(end);
    switch (tag) {
      case 10:
        name = r.string(end);
        break;
      case 18:
        value = r.string(end);
        break;
      case 26:
        defaultValue = r.string(end);
        break;
      case 32:
        isSet = r.bool(end);
        break;
      default:
        r.unexpected(tag, end, 'understudy.v1.PolicySetting', PolicySetting.fields);
    }
  }

  return { name, value, defaultValue, isSet };
}

export const PolicySetting: MessageType<PolicySetting> = {
  typeName: 'understudy.v1.PolicySetting',
  fields: [
    describeField(1, 'name', 'name', 'name', 'string'),
    describeField(2, 'value', 'value', 'value', 'string'),
    describeField(3, 'default_value', 'defaultValue', 'defaultValue', 'string'),
    describeField(4, 'is_set', 'isSet', 'isSet', 'bool'),
  ],
  create(init?: Partial<PolicySetting>): PolicySetting {
    return {
      name: init?.name ?? '',
      value: init?.value ?? '',
      defaultValue: init?.defaultValue ?? '',
      isSet: init?.isSet ?? false,
    };
  },
  sizeOf: sizePolicySetting,
  encode(m: PolicySetting): Uint8Array {
    const w = beginMessage(sizePolicySetting(m));
    writePolicySetting(m, w);
    return w.take();
  },
  write: writePolicySetting,
  encodeInto(m: PolicySetting, w: WireWriter): void {
    w.reserve(sizePolicySetting(m));
    writePolicySetting(m, w);
  },
  decode(bytes: Uint8Array): PolicySetting {
    const r = new WireReader(bytes);
    return readPolicySetting(r, r.end);
  },
};

export type PolicyGetRequest = Record<never, never>;

export function sizePolicyGetRequest(_m: PolicyGetRequest): number {
  return 0;
}

export function writePolicyGetRequest(_m: PolicyGetRequest, _w: WireWriter): void {}

export function readPolicyGetRequest(r: WireReader, end: number): PolicyGetRequest {
  while (r.pos < end) {
    const tag = r.tag(end);
    r.unexpected(tag, end, 'understudy.v1.PolicyGetRequest', PolicyGetRequest.fields);
  }

  return {};
}

export const PolicyGetRequest: MessageType<PolicyGetRequest> = {
  typeName: 'understudy.v1.PolicyGetRequest',
  fields: [],
  create(): PolicyGetRequest {
    return {};
  },
  sizeOf: sizePolicyGetRequest,
  encode(m: PolicyGetRequest): Uint8Array {
    const w = beginMessage(sizePolicyGetRequest(m));
    writePolicyGetRequest(m, w);
    return w.take();
  },
  write: writePolicyGetRequest,
  encodeInto(m: PolicyGetRequest, w: WireWriter): void {
    w.reserve(sizePolicyGetRequest(m));
    writePolicyGetRequest(m, w);
  },
  decode(bytes: Uint8Array): PolicyGetRequest {
    const r = new WireReader(bytes);
    return readPolicyGetRequest(r, r.end);
  },
};

export interface PolicyGetResponse {
  header: ResponseHeader | undefined;
  /** counts the changes */
  version: number;
  settings: PolicySetting[];
}

export function sizePolicyGetResponse(m: PolicyGetResponse): number {
  let n = 0;
  if (m.header !== undefined) n += 1 + sizeOfLength(sizeResponseHeader(m.header));
  if (m.version !== 0) n += 1 + sizeOfUint64(m.version);
  for (const item of m.settings) n += 1 + sizeOfLength(sizePolicySetting(item));
  return n;
}

export function writePolicyGetResponse(m: PolicyGetResponse, w: WireWriter): void {
  if (m.header !== undefined) {
    w.byte(10);
    w.varint32(sizeResponseHeader(m.header));
    writeResponseHeader(m.header, w);
  }
  if (m.version !== 0) {
    w.byte(16);
    w.uint64(m.version);
  }
  for (const item of m.settings) {
    w.byte(26);
    w.varint32(sizePolicySetting(item));
    writePolicySetting(item, w);
  }
}

export function readPolicyGetResponse(r: WireReader, end: number): PolicyGetResponse {
  let header: ResponseHeader | undefined = undefined;
  let version: number = 0;
  const settings: PolicySetting[] = [];

  while (r.pos < end) {
    const tag = r.tag(end);
    switch (tag) {
      case 10:
        header = readResponseHeader(r, r.nested(end));
        break;
      case 16:
        version = r.uint64(end);
        break;
      case 26:
        settings.push(readPolicySetting(r, r.nested(end)));
        break;
      default:
        r.unexpected(tag, end, 'understudy.v1.PolicyGetResponse', PolicyGetResponse.fields);
    }
  }

  return { header, version, settings };
}

export const PolicyGetResponse: MessageType<PolicyGetResponse> = {
  typeName: 'understudy.v1.PolicyGetResponse',
  fields: [
    describeField(1, 'header', 'header', 'header', 'message', { messageType: () => ResponseHeader }),
    describeField(2, 'version', 'version', 'version', 'uint64'),
    describeField(3, 'settings', 'settings', 'settings', 'message', {
      repeated: true,
      messageType: () => PolicySetting,
    }),
  ],
  create(init?: Partial<PolicyGetResponse>): PolicyGetResponse {
    return { header: init?.header, version: init?.version ?? 0, settings: init?.settings ?? [] };
  },
  sizeOf: sizePolicyGetResponse,
  encode(m: PolicyGetResponse): Uint8Array {
    const w = beginMessage(sizePolicyGetResponse(m));
    writePolicyGetResponse(m, w);
    return w.take();
  },
  write: writePolicyGetResponse,
  encodeInto(m: PolicyGetResponse, w: WireWriter): void {
    w.reserve(sizePolicyGetResponse(m));
    writePolicyGetResponse(m, w);
  },
  decode(bytes: Uint8Array): PolicyGetResponse {
    const r = new WireReader(bytes);
    return readPolicyGetResponse(r, r.end);
  },
};

export interface PolicySetRequest {
  fields: PolicyField[];
  /** names of fields that go back to their defaults */
  reset: string[];
  /** refused where the policy has another one; 0: whatever it is */
  version: number;
}

export function sizePolicySetRequest(m: PolicySetRequest): number {
  let n = 0;
  for (const item of m.fields) n += 1 + sizeOfLength(sizePolicyField(item));
  for (const item of m.reset) n += 1 + sizeOfString(item);
  if (m.version !== 0) n += 1 + sizeOfUint64(m.version);
  return n;
}

export function writePolicySetRequest(m: PolicySetRequest, w: WireWriter): void {
  for (const item of m.fields) {
    w.byte(10);
    w.varint32(sizePolicyField(item));
    writePolicyField(item, w);
  }
  for (const item of m.reset) {
    w.byte(18);
    w.string(item);
  }
  if (m.version !== 0) {
    w.byte(24);
    w.uint64(m.version);
  }
}

export function readPolicySetRequest(r: WireReader, end: number): PolicySetRequest {
  const fields: PolicyField[] = [];
  const reset: string[] = [];
  let version: number = 0;

  while (r.pos < end) {
    const tag = r.tag(end);
    switch (tag) {
      case 10:
        fields.push(readPolicyField(r, r.nested(end)));
        break;
      case 18:
        reset.push(r.string(end));
        break;
      case 24:
        version = r.uint64(end);
        break;
      default:
        r.unexpected(tag, end, 'understudy.v1.PolicySetRequest', PolicySetRequest.fields);
    }
  }

  return { fields, reset, version };
}

export const PolicySetRequest: MessageType<PolicySetRequest> = {
  typeName: 'understudy.v1.PolicySetRequest',
  fields: [
    describeField(1, 'fields', 'fields', 'fields', 'message', { repeated: true, messageType: () => PolicyField }),
    describeField(2, 'reset', 'reset', 'reset', 'string', { repeated: true }),
    describeField(3, 'version', 'version', 'version', 'uint64'),
  ],
  create(init?: Partial<PolicySetRequest>): PolicySetRequest {
    return { fields: init?.fields ?? [], reset: init?.reset ?? [], version: init?.version ?? 0 };
  },
  sizeOf: sizePolicySetRequest,
  encode(m: PolicySetRequest): Uint8Array {
    const w = beginMessage(sizePolicySetRequest(m));
    writePolicySetRequest(m, w);
    return w.take();
  },
  write: writePolicySetRequest,
  encodeInto(m: PolicySetRequest, w: WireWriter): void {
    w.reserve(sizePolicySetRequest(m));
    writePolicySetRequest(m, w);
  },
  decode(bytes: Uint8Array): PolicySetRequest {
    const r = new WireReader(bytes);
    return readPolicySetRequest(r, r.end);
  },
};

export interface PolicySetResponse {
  header: ResponseHeader | undefined;
  version: number;
  settings: PolicySetting[];
}

export function sizePolicySetResponse(m: PolicySetResponse): number {
  let n = 0;
  if (m.header !== undefined) n += 1 + sizeOfLength(sizeResponseHeader(m.header));
  if (m.version !== 0) n += 1 + sizeOfUint64(m.version);
  for (const item of m.settings) n += 1 + sizeOfLength(sizePolicySetting(item));
  return n;
}

export function writePolicySetResponse(m: PolicySetResponse, w: WireWriter): void {
  if (m.header !== undefined) {
    w.byte(10);
    w.varint32(sizeResponseHeader(m.header));
    writeResponseHeader(m.header, w);
  }
  if (m.version !== 0) {
    w.byte(16);
    w.uint64(m.version);
  }
  for (const item of m.settings) {
    w.byte(26);
    w.varint32(sizePolicySetting(item));
    writePolicySetting(item, w);
  }
}

export function readPolicySetResponse(r: WireReader, end: number): PolicySetResponse {
  let header: ResponseHeader | undefined = undefined;
  let version: number = 0;
  const settings: PolicySetting[] = [];

  while (r.pos < end) {
    const tag = r.tag(end);
    switch (tag) {
      case 10:
        header = readResponseHeader(r, r.nested(end));
        break;
      case 16:
        version = r.uint64(end);
        break;
      case 26:
        settings.push(readPolicySetting(r, r.nested(end)));
        break;
      default:
        r.unexpected(tag, end, 'understudy.v1.PolicySetResponse', PolicySetResponse.fields);
    }
  }

  return { header, version, settings };
}

export const PolicySetResponse: MessageType<PolicySetResponse> = {
  typeName: 'understudy.v1.PolicySetResponse',
  fields: [
    describeField(1, 'header', 'header', 'header', 'message', { messageType: () => ResponseHeader }),
    describeField(2, 'version', 'version', 'version', 'uint64'),
    describeField(3, 'settings', 'settings', 'settings', 'message', {
      repeated: true,
      messageType: () => PolicySetting,
    }),
  ],
  create(init?: Partial<PolicySetResponse>): PolicySetResponse {
    return { header: init?.header, version: init?.version ?? 0, settings: init?.settings ?? [] };
  },
  sizeOf: sizePolicySetResponse,
  encode(m: PolicySetResponse): Uint8Array {
    const w = beginMessage(sizePolicySetResponse(m));
    writePolicySetResponse(m, w);
    return w.take();
  },
  write: writePolicySetResponse,
  encodeInto(m: PolicySetResponse, w: WireWriter): void {
    w.reserve(sizePolicySetResponse(m));
    writePolicySetResponse(m, w);
  },
  decode(bytes: Uint8Array): PolicySetResponse {
    const r = new WireReader(bytes);
    return readPolicySetResponse(r, r.end);
  },
};

export interface AddMemberRequest {
  peerUrls: string[];
  role: AddedRole;
  /** of a learner: manual, auto, or some of join,size,failover; empty: manual */
  promote: string;
  zone: string;
}

export function sizeAddMemberRequest(m: AddMemberRequest): number {
  let n = 0;
  for (const item of m.peerUrls) n += 1 + sizeOfString(item);
  if (m.role !== 0) n += 1 + sizeOfInt32(m.role);
  if (m.promote !== '') n += 1 + sizeOfString(m.promote);
  if (m.zone !== '') n += 1 + sizeOfString(m.zone);
  return n;
}

export function writeAddMemberRequest(m: AddMemberRequest, w: WireWriter): void {
  for (const item of m.peerUrls) {
    w.byte(10);
    w.string(item);
  }
  if (m.role !== 0) {
    w.byte(16);
    w.int32(m.role);
  }
  if (m.promote !== '') {
    w.byte(26);
    w.string(m.promote);
  }
  if (m.zone !== '') {
    w.byte(34);
    w.string(m.zone);
  }
}

export function readAddMemberRequest(r: WireReader, end: number): AddMemberRequest {
  const peerUrls: string[] = [];
  let role: AddedRole = 0;
  let promote: string = '';
  let zone: string = '';

  while (r.pos < end) {
    const tag = r.tag(end);
    switch (tag) {
      case 10:
        peerUrls.push(r.string(end));
        break;
      case 16:
        role = r.int32(end) as AddedRole;
        break;
      case 26:
        promote = r.string(end);
        break;
      case 34:
        zone = r.string(end);
        break;
      default:
        r.unexpected(tag, end, 'understudy.v1.AddMemberRequest', AddMemberRequest.fields);
    }
  }

  return { peerUrls, role, promote, zone };
}

export const AddMemberRequest: MessageType<AddMemberRequest> = {
  typeName: 'understudy.v1.AddMemberRequest',
  fields: [
    describeField(1, 'peerURLs', 'peerURLs', 'peerUrls', 'string', { repeated: true }),
    describeField(2, 'role', 'role', 'role', 'enum', { enumType: AddedRoleEnum }),
    describeField(3, 'promote', 'promote', 'promote', 'string'),
    describeField(4, 'zone', 'zone', 'zone', 'string'),
  ],
  create(init?: Partial<AddMemberRequest>): AddMemberRequest {
    return {
      peerUrls: init?.peerUrls ?? [],
      role: init?.role ?? 0,
      promote: init?.promote ?? '',
      zone: init?.zone ?? '',
    };
  },
  sizeOf: sizeAddMemberRequest,
  encode(m: AddMemberRequest): Uint8Array {
    const w = beginMessage(sizeAddMemberRequest(m));
    writeAddMemberRequest(m, w);
    return w.take();
  },
  write: writeAddMemberRequest,
  encodeInto(m: AddMemberRequest, w: WireWriter): void {
    w.reserve(sizeAddMemberRequest(m));
    writeAddMemberRequest(m, w);
  },
  decode(bytes: Uint8Array): AddMemberRequest {
    const r = new WireReader(bytes);
    return readAddMemberRequest(r, r.end);
  },
};

export interface AddMemberResponse {
  header: ResponseHeader | undefined;
  member: LadderMember | undefined;
  members: LadderMember[];
}

export function sizeAddMemberResponse(m: AddMemberResponse): number {
  let n = 0;
  if (m.header !== undefined) n += 1 + sizeOfLength(sizeResponseHeader(m.header));
  if (m.member !== undefined) n += 1 + sizeOfLength(sizeLadderMember(m.member));
  for (const item of m.members) n += 1 + sizeOfLength(sizeLadderMember(item));
  return n;
}

export function writeAddMemberResponse(m: AddMemberResponse, w: WireWriter): void {
  if (m.header !== undefined) {
    w.byte(10);
    w.varint32(sizeResponseHeader(m.header));
    writeResponseHeader(m.header, w);
  }
  if (m.member !== undefined) {
    w.byte(18);
    w.varint32(sizeLadderMember(m.member));
    writeLadderMember(m.member, w);
  }
  for (const item of m.members) {
    w.byte(26);
    w.varint32(sizeLadderMember(item));
    writeLadderMember(item, w);
  }
}

export function readAddMemberResponse(r: WireReader, end: number): AddMemberResponse {
  let header: ResponseHeader | undefined = undefined;
  let member: LadderMember | undefined = undefined;
  const members: LadderMember[] = [];

  while (r.pos < end) {
    const tag = r.tag(end);
    switch (tag) {
      case 10:
        header = readResponseHeader(r, r.nested(end));
        break;
      case 18:
        member = readLadderMember(r, r.nested(end));
        break;
      case 26:
        members.push(readLadderMember(r, r.nested(end)));
        break;
      default:
        r.unexpected(tag, end, 'understudy.v1.AddMemberResponse', AddMemberResponse.fields);
    }
  }

  return { header, member, members };
}

export const AddMemberResponse: MessageType<AddMemberResponse> = {
  typeName: 'understudy.v1.AddMemberResponse',
  fields: [
    describeField(1, 'header', 'header', 'header', 'message', { messageType: () => ResponseHeader }),
    describeField(2, 'member', 'member', 'member', 'message', { messageType: () => LadderMember }),
    describeField(3, 'members', 'members', 'members', 'message', { repeated: true, messageType: () => LadderMember }),
  ],
  create(init?: Partial<AddMemberResponse>): AddMemberResponse {
    return { header: init?.header, member: init?.member, members: init?.members ?? [] };
  },
  sizeOf: sizeAddMemberResponse,
  encode(m: AddMemberResponse): Uint8Array {
    const w = beginMessage(sizeAddMemberResponse(m));
    writeAddMemberResponse(m, w);
    return w.take();
  },
  write: writeAddMemberResponse,
  encodeInto(m: AddMemberResponse, w: WireWriter): void {
    w.reserve(sizeAddMemberResponse(m));
    writeAddMemberResponse(m, w);
  },
  decode(bytes: Uint8Array): AddMemberResponse {
    const r = new WireReader(bytes);
    return readAddMemberResponse(r, r.end);
  },
};

export interface PromoteMemberRequest {
  id: number;
}

export function sizePromoteMemberRequest(m: PromoteMemberRequest): number {
  let n = 0;
  if (m.id !== 0) n += 1 + sizeOfUint64(m.id);
  return n;
}

export function writePromoteMemberRequest(m: PromoteMemberRequest, w: WireWriter): void {
  if (m.id !== 0) {
    w.byte(8);
    w.uint64(m.id);
  }
}

export function readPromoteMemberRequest(r: WireReader, end: number): PromoteMemberRequest {
  let id: number = 0;

  while (r.pos < end) {
    const tag = r.tag(end);
    switch (tag) {
      case 8:
        id = r.uint64(end);
        break;
      default:
        r.unexpected(tag, end, 'understudy.v1.PromoteMemberRequest', PromoteMemberRequest.fields);
    }
  }

  return { id };
}

export const PromoteMemberRequest: MessageType<PromoteMemberRequest> = {
  typeName: 'understudy.v1.PromoteMemberRequest',
  fields: [describeField(1, 'ID', 'ID', 'id', 'uint64')],
  create(init?: Partial<PromoteMemberRequest>): PromoteMemberRequest {
    return { id: init?.id ?? 0 };
  },
  sizeOf: sizePromoteMemberRequest,
  encode(m: PromoteMemberRequest): Uint8Array {
    const w = beginMessage(sizePromoteMemberRequest(m));
    writePromoteMemberRequest(m, w);
    return w.take();
  },
  write: writePromoteMemberRequest,
  encodeInto(m: PromoteMemberRequest, w: WireWriter): void {
    w.reserve(sizePromoteMemberRequest(m));
    writePromoteMemberRequest(m, w);
  },
  decode(bytes: Uint8Array): PromoteMemberRequest {
    const r = new WireReader(bytes);
    return readPromoteMemberRequest(r, r.end);
  },
};

export interface PromoteMemberResponse {
  header: ResponseHeader | undefined;
  members: LadderMember[];
  /** false: it was a voter already */
  changed: boolean;
}

export function sizePromoteMemberResponse(m: PromoteMemberResponse): number {
  let n = 0;
  if (m.header !== undefined) n += 1 + sizeOfLength(sizeResponseHeader(m.header));
  for (const item of m.members) n += 1 + sizeOfLength(sizeLadderMember(item));
  if (m.changed) n += 2;
  return n;
}

export function writePromoteMemberResponse(m: PromoteMemberResponse, w: WireWriter): void {
  if (m.header !== undefined) {
    w.byte(10);
    w.varint32(sizeResponseHeader(m.header));
    writeResponseHeader(m.header, w);
  }
  for (const item of m.members) {
    w.byte(18);
    w.varint32(sizeLadderMember(item));
    writeLadderMember(item, w);
  }
  if (m.changed) {
    w.byte(24);
    w.bool(m.changed);
  }
}

export function readPromoteMemberResponse(r: WireReader, end: number): PromoteMemberResponse {
  let header: ResponseHeader | undefined = undefined;
  const members: LadderMember[] = [];
  let changed: boolean = false;

  while (r.pos < end) {
    const tag = r.tag(end);
    switch (tag) {
      case 10:
        header = readResponseHeader(r, r.nested(end));
        break;
      case 18:
        members.push(readLadderMember(r, r.nested(end)));
        break;
      case 24:
        changed = r.bool(end);
        break;
      default:
        r.unexpected(tag, end, 'understudy.v1.PromoteMemberResponse', PromoteMemberResponse.fields);
    }
  }

  return { header, members, changed };
}

export const PromoteMemberResponse: MessageType<PromoteMemberResponse> = {
  typeName: 'understudy.v1.PromoteMemberResponse',
  fields: [
    describeField(1, 'header', 'header', 'header', 'message', { messageType: () => ResponseHeader }),
    describeField(2, 'members', 'members', 'members', 'message', { repeated: true, messageType: () => LadderMember }),
    describeField(3, 'changed', 'changed', 'changed', 'bool'),
  ],
  create(init?: Partial<PromoteMemberResponse>): PromoteMemberResponse {
    return { header: init?.header, members: init?.members ?? [], changed: init?.changed ?? false };
  },
  sizeOf: sizePromoteMemberResponse,
  encode(m: PromoteMemberResponse): Uint8Array {
    const w = beginMessage(sizePromoteMemberResponse(m));
    writePromoteMemberResponse(m, w);
    return w.take();
  },
  write: writePromoteMemberResponse,
  encodeInto(m: PromoteMemberResponse, w: WireWriter): void {
    w.reserve(sizePromoteMemberResponse(m));
    writePromoteMemberResponse(m, w);
  },
  decode(bytes: Uint8Array): PromoteMemberResponse {
    const r = new WireReader(bytes);
    return readPromoteMemberResponse(r, r.end);
  },
};

export interface DemoteMemberRequest {
  id: number;
}

export function sizeDemoteMemberRequest(m: DemoteMemberRequest): number {
  let n = 0;
  if (m.id !== 0) n += 1 + sizeOfUint64(m.id);
  return n;
}

export function writeDemoteMemberRequest(m: DemoteMemberRequest, w: WireWriter): void {
  if (m.id !== 0) {
    w.byte(8);
    w.uint64(m.id);
  }
}

export function readDemoteMemberRequest(r: WireReader, end: number): DemoteMemberRequest {
  let id: number = 0;

  while (r.pos < end) {
    const tag = r.tag(end);
    switch (tag) {
      case 8:
        id = r.uint64(end);
        break;
      default:
        r.unexpected(tag, end, 'understudy.v1.DemoteMemberRequest', DemoteMemberRequest.fields);
    }
  }

  return { id };
}

export const DemoteMemberRequest: MessageType<DemoteMemberRequest> = {
  typeName: 'understudy.v1.DemoteMemberRequest',
  fields: [describeField(1, 'ID', 'ID', 'id', 'uint64')],
  create(init?: Partial<DemoteMemberRequest>): DemoteMemberRequest {
    return { id: init?.id ?? 0 };
  },
  sizeOf: sizeDemoteMemberRequest,
  encode(m: DemoteMemberRequest): Uint8Array {
    const w = beginMessage(sizeDemoteMemberRequest(m));
    writeDemoteMemberRequest(m, w);
    return w.take();
  },
  write: writeDemoteMemberRequest,
  encodeInto(m: DemoteMemberRequest, w: WireWriter): void {
    w.reserve(sizeDemoteMemberRequest(m));
    writeDemoteMemberRequest(m, w);
  },
  decode(bytes: Uint8Array): DemoteMemberRequest {
    const r = new WireReader(bytes);
    return readDemoteMemberRequest(r, r.end);
  },
};

export interface DemoteMemberResponse {
  header: ResponseHeader | undefined;
  members: LadderMember[];
  /** false: it did not vote */
  changed: boolean;
}

export function sizeDemoteMemberResponse(m: DemoteMemberResponse): number {
  let n = 0;
  if (m.header !== undefined) n += 1 + sizeOfLength(sizeResponseHeader(m.header));
  for (const item of m.members) n += 1 + sizeOfLength(sizeLadderMember(item));
  if (m.changed) n += 2;
  return n;
}

export function writeDemoteMemberResponse(m: DemoteMemberResponse, w: WireWriter): void {
  if (m.header !== undefined) {
    w.byte(10);
    w.varint32(sizeResponseHeader(m.header));
    writeResponseHeader(m.header, w);
  }
  for (const item of m.members) {
    w.byte(18);
    w.varint32(sizeLadderMember(item));
    writeLadderMember(item, w);
  }
  if (m.changed) {
    w.byte(24);
    w.bool(m.changed);
  }
}

export function readDemoteMemberResponse(r: WireReader, end: number): DemoteMemberResponse {
  let header: ResponseHeader | undefined = undefined;
  const members: LadderMember[] = [];
  let changed: boolean = false;

  while (r.pos < end) {
    const tag = r.tag(end);
    switch (tag) {
      case 10:
        header = readResponseHeader(r, r.nested(end));
        break;
      case 18:
        members.push(readLadderMember(r, r.nested(end)));
        break;
      case 24:
        changed = r.bool(end);
        break;
      default:
        r.unexpected(tag, end, 'understudy.v1.DemoteMemberResponse', DemoteMemberResponse.fields);
    }
  }

  return { header, members, changed };
}

export const DemoteMemberResponse: MessageType<DemoteMemberResponse> = {
  typeName: 'understudy.v1.DemoteMemberResponse',
  fields: [
    describeField(1, 'header', 'header', 'header', 'message', { messageType: () => ResponseHeader }),
    describeField(2, 'members', 'members', 'members', 'message', { repeated: true, messageType: () => LadderMember }),
    describeField(3, 'changed', 'changed', 'changed', 'bool'),
  ],
  create(init?: Partial<DemoteMemberResponse>): DemoteMemberResponse {
    return { header: init?.header, members: init?.members ?? [], changed: init?.changed ?? false };
  },
  sizeOf: sizeDemoteMemberResponse,
  encode(m: DemoteMemberResponse): Uint8Array {
    const w = beginMessage(sizeDemoteMemberResponse(m));
    writeDemoteMemberResponse(m, w);
    return w.take();
  },
  write: writeDemoteMemberResponse,
  encodeInto(m: DemoteMemberResponse, w: WireWriter): void {
    w.reserve(sizeDemoteMemberResponse(m));
    writeDemoteMemberResponse(m, w);
  },
  decode(bytes: Uint8Array): DemoteMemberResponse {
    const r = new WireReader(bytes);
    return readDemoteMemberResponse(r, r.end);
  },
};

export interface ReplaceMemberRequest {
  id: number;
  /** of the machine that comes; none: a standby is taken */
  peerUrls: string[];
  zone: string;
}

export function sizeReplaceMemberRequest(m: ReplaceMemberRequest): number {
  let n = 0;
  if (m.id !== 0) n += 1 + sizeOfUint64(m.id);
  for (const item of m.peerUrls) n += 1 + sizeOfString(item);
  if (m.zone !== '') n += 1 + sizeOfString(m.zone);
  return n;
}

export function writeReplaceMemberRequest(m: ReplaceMemberRequest, w: WireWriter): void {
  if (m.id !== 0) {
    w.byte(8);
    w.uint64(m.id);
  }
  for (const item of m.peerUrls) {
    w.byte(18);
    w.string(item);
  }
  if (m.zone !== '') {
    w.byte(26);
    w.string(m.zone);
  }
}

export function readReplaceMemberRequest(r: WireReader, end: number): ReplaceMemberRequest {
  let id: number = 0;
  const peerUrls: string[] = [];
  let zone: string = '';

  while (r.pos < end) {
    const tag = r.tag(end);
    switch (tag) {
      case 8:
        id = r.uint64(end);
        break;
      case 18:
        peerUrls.push(r.string(end));
        break;
      case 26:
        zone = r.string(end);
        break;
      default:
        r.unexpected(tag, end, 'understudy.v1.ReplaceMemberRequest', ReplaceMemberRequest.fields);
    }
  }

  return { id, peerUrls, zone };
}

export const ReplaceMemberRequest: MessageType<ReplaceMemberRequest> = {
  typeName: 'understudy.v1.ReplaceMemberRequest',
  fields: [
    describeField(1, 'ID', 'ID', 'id', 'uint64'),
    describeField(2, 'peerURLs', 'peerURLs', 'peerUrls', 'string', { repeated: true }),
    describeField(3, 'zone', 'zone', 'zone', 'string'),
  ],
  create(init?: Partial<ReplaceMemberRequest>): ReplaceMemberRequest {
    return { id: init?.id ?? 0, peerUrls: init?.peerUrls ?? [], zone: init?.zone ?? '' };
  },
  sizeOf: sizeReplaceMemberRequest,
  encode(m: ReplaceMemberRequest): Uint8Array {
    const w = beginMessage(sizeReplaceMemberRequest(m));
    writeReplaceMemberRequest(m, w);
    return w.take();
  },
  write: writeReplaceMemberRequest,
  encodeInto(m: ReplaceMemberRequest, w: WireWriter): void {
    w.reserve(sizeReplaceMemberRequest(m));
    writeReplaceMemberRequest(m, w);
  },
  decode(bytes: Uint8Array): ReplaceMemberRequest {
    const r = new WireReader(bytes);
    return readReplaceMemberRequest(r, r.end);
  },
};

export interface ReplaceMemberResponse {
  header: ResponseHeader | undefined;
  /** the learner that was added; absent where a standby is taken */
  member: LadderMember | undefined;
  members: LadderMember[];
}

export function sizeReplaceMemberResponse(m: ReplaceMemberResponse): number {
  let n = 0;
  if (m.header !== undefined) n += 1 + sizeOfLength(sizeResponseHeader(m.header));
  if (m.member !== undefined) n += 1 + sizeOfLength(sizeLadderMember(m.member));
  for (const item of m.members) n += 1 + sizeOfLength(sizeLadderMember(item));
  return n;
}

export function writeReplaceMemberResponse(m: ReplaceMemberResponse, w: WireWriter): void {
  if (m.header !== undefined) {
    w.byte(10);
    w.varint32(sizeResponseHeader(m.header));
    writeResponseHeader(m.header, w);
  }
  if (m.member !== undefined) {
    w.byte(18);
    w.varint32(sizeLadderMember(m.member));
    writeLadderMember(m.member, w);
  }
  for (const item of m.members) {
    w.byte(26);
    w.varint32(sizeLadderMember(item));
    writeLadderMember(item, w);
  }
}

export function readReplaceMemberResponse(r: WireReader, end: number): ReplaceMemberResponse {
  let header: ResponseHeader | undefined = undefined;
  let member: LadderMember | undefined = undefined;
  const members: LadderMember[] = [];

  while (r.pos < end) {
    const tag = r.tag(end);
    switch (tag) {
      case 10:
        header = readResponseHeader(r, r.nested(end));
        break;
      case 18:
        member = readLadderMember(r, r.nested(end));
        break;
      case 26:
        members.push(readLadderMember(r, r.nested(end)));
        break;
      default:
        r.unexpected(tag, end, 'understudy.v1.ReplaceMemberResponse', ReplaceMemberResponse.fields);
    }
  }

  return { header, member, members };
}

export const ReplaceMemberResponse: MessageType<ReplaceMemberResponse> = {
  typeName: 'understudy.v1.ReplaceMemberResponse',
  fields: [
    describeField(1, 'header', 'header', 'header', 'message', { messageType: () => ResponseHeader }),
    describeField(2, 'member', 'member', 'member', 'message', { messageType: () => LadderMember }),
    describeField(3, 'members', 'members', 'members', 'message', { repeated: true, messageType: () => LadderMember }),
  ],
  create(init?: Partial<ReplaceMemberResponse>): ReplaceMemberResponse {
    return { header: init?.header, member: init?.member, members: init?.members ?? [] };
  },
  sizeOf: sizeReplaceMemberResponse,
  encode(m: ReplaceMemberResponse): Uint8Array {
    const w = beginMessage(sizeReplaceMemberResponse(m));
    writeReplaceMemberResponse(m, w);
    return w.take();
  },
  write: writeReplaceMemberResponse,
  encodeInto(m: ReplaceMemberResponse, w: WireWriter): void {
    w.reserve(sizeReplaceMemberResponse(m));
    writeReplaceMemberResponse(m, w);
  },
  decode(bytes: Uint8Array): ReplaceMemberResponse {
    const r = new WireReader(bytes);
    return readReplaceMemberResponse(r, r.end);
  },
};

export interface DrainRequest {
  id: number;
  cancel: boolean;
}

export function sizeDrainRequest(m: DrainRequest): number {
  let n = 0;
  if (m.id !== 0) n += 1 + sizeOfUint64(m.id);
  if (m.cancel) n += 2;
  return n;
}

export function writeDrainRequest(m: DrainRequest, w: WireWriter): void {
  if (m.id !== 0) {
    w.byte(8);
    w.uint64(m.id);
  }
  if (m.cancel) {
    w.byte(16);
    w.bool(m.cancel);
  }
}

export function readDrainRequest(r: WireReader, end: number): DrainRequest {
  let id: number = 0;
  let cancel: boolean = false;

  while (r.pos < end) {
    const tag = r.tag(end);
    switch (tag) {
      case 8:
        id = r.uint64(end);
        break;
      case 16:
        cancel = r.bool(end);
        break;
      default:
        r.unexpected(tag, end, 'understudy.v1.DrainRequest', DrainRequest.fields);
    }
  }

  return { id, cancel };
}

export const DrainRequest: MessageType<DrainRequest> = {
  typeName: 'understudy.v1.DrainRequest',
  fields: [describeField(1, 'ID', 'ID', 'id', 'uint64'), describeField(2, 'cancel', 'cancel', 'cancel', 'bool')],
  create(init?: Partial<DrainRequest>): DrainRequest {
    return { id: init?.id ?? 0, cancel: init?.cancel ?? false };
  },
  sizeOf: sizeDrainRequest,
  encode(m: DrainRequest): Uint8Array {
    const w = beginMessage(sizeDrainRequest(m));
    writeDrainRequest(m, w);
    return w.take();
  },
  write: writeDrainRequest,
  encodeInto(m: DrainRequest, w: WireWriter): void {
    w.reserve(sizeDrainRequest(m));
    writeDrainRequest(m, w);
  },
  decode(bytes: Uint8Array): DrainRequest {
    const r = new WireReader(bytes);
    return readDrainRequest(r, r.end);
  },
};

export interface DrainResponse {
  header: ResponseHeader | undefined;
  members: LadderMember[];
}

export function sizeDrainResponse(m: DrainResponse): number {
  let n = 0;
  if (m.header !== undefined) n += 1 + sizeOfLength(sizeResponseHeader(m.header));
  for (const item of m.members) n += 1 + sizeOfLength(sizeLadderMember(item));
  return n;
}

export function writeDrainResponse(m: DrainResponse, w: WireWriter): void {
  if (m.header !== undefined) {
    w.byte(10);
    w.varint32(sizeResponseHeader(m.header));
    writeResponseHeader(m.header, w);
  }
  for (const item of m.members) {
    w.byte(18);
    w.varint32(sizeLadderMember(item));
    writeLadderMember(item, w);
  }
}

export function readDrainResponse(r: WireReader, end: number): DrainResponse {
  let header: ResponseHeader | undefined = undefined;
  const members: LadderMember[] = [];

  while (r.pos < end) {
    const tag = r.tag(end);
    switch (tag) {
      case 10:
        header = readResponseHeader(r, r.nested(end));
        break;
      case 18:
        members.push(readLadderMember(r, r.nested(end)));
        break;
      default:
        r.unexpected(tag, end, 'understudy.v1.DrainResponse', DrainResponse.fields);
    }
  }

  return { header, members };
}

export const DrainResponse: MessageType<DrainResponse> = {
  typeName: 'understudy.v1.DrainResponse',
  fields: [
    describeField(1, 'header', 'header', 'header', 'message', { messageType: () => ResponseHeader }),
    describeField(2, 'members', 'members', 'members', 'message', { repeated: true, messageType: () => LadderMember }),
  ],
  create(init?: Partial<DrainResponse>): DrainResponse {
    return { header: init?.header, members: init?.members ?? [] };
  },
  sizeOf: sizeDrainResponse,
  encode(m: DrainResponse): Uint8Array {
    const w = beginMessage(sizeDrainResponse(m));
    writeDrainResponse(m, w);
    return w.take();
  },
  write: writeDrainResponse,
  encodeInto(m: DrainResponse, w: WireWriter): void {
    w.reserve(sizeDrainResponse(m));
    writeDrainResponse(m, w);
  },
  decode(bytes: Uint8Array): DrainResponse {
    const r = new WireReader(bytes);
    return readDrainResponse(r, r.end);
  },
};

export type PauseRequest = Record<never, never>;

export function sizePauseRequest(_m: PauseRequest): number {
  return 0;
}

export function writePauseRequest(_m: PauseRequest, _w: WireWriter): void {}

export function readPauseRequest(r: WireReader, end: number): PauseRequest {
  while (r.pos < end) {
    const tag = r.tag(end);
    r.unexpected(tag, end, 'understudy.v1.PauseRequest', PauseRequest.fields);
  }

  return {};
}

export const PauseRequest: MessageType<PauseRequest> = {
  typeName: 'understudy.v1.PauseRequest',
  fields: [],
  create(): PauseRequest {
    return {};
  },
  sizeOf: sizePauseRequest,
  encode(m: PauseRequest): Uint8Array {
    const w = beginMessage(sizePauseRequest(m));
    writePauseRequest(m, w);
    return w.take();
  },
  write: writePauseRequest,
  encodeInto(m: PauseRequest, w: WireWriter): void {
    w.reserve(sizePauseRequest(m));
    writePauseRequest(m, w);
  },
  decode(bytes: Uint8Array): PauseRequest {
    const r = new WireReader(bytes);
    return readPauseRequest(r, r.end);
  },
};

export interface PauseResponse {
  header: ResponseHeader | undefined;
  changed: boolean;
}

export function sizePauseResponse(m: PauseResponse): number {
  let n = 0;
  if (m.header !== undefined) n += 1 + sizeOfLength(sizeResponseHeader(m.header));
  if (m.changed) n += 2;
  return n;
}

export function writePauseResponse(m: PauseResponse, w: WireWriter): void {
  if (m.header !== undefined) {
    w.byte(10);
    w.varint32(sizeResponseHeader(m.header));
    writeResponseHeader(m.header, w);
  }
  if (m.changed) {
    w.byte(16);
    w.bool(m.changed);
  }
}

export function readPauseResponse(r: WireReader, end: number): PauseResponse {
  let header: ResponseHeader | undefined = undefined;
  let changed: boolean = false;

  while (r.pos < end) {
    const tag = r.tag(end);
    switch (tag) {
      case 10:
        header = readResponseHeader(r, r.nested(end));
        break;
      case 16:
        changed = r.bool(end);
        break;
      default:
        r.unexpected(tag, end, 'understudy.v1.PauseResponse', PauseResponse.fields);
    }
  }

  return { header, changed };
}

export const PauseResponse: MessageType<PauseResponse> = {
  typeName: 'understudy.v1.PauseResponse',
  fields: [
    describeField(1, 'header', 'header', 'header', 'message', { messageType: () => ResponseHeader }),
    describeField(2, 'changed', 'changed', 'changed', 'bool'),
  ],
  create(init?: Partial<PauseResponse>): PauseResponse {
    return { header: init?.header, changed: init?.changed ?? false };
  },
  sizeOf: sizePauseResponse,
  encode(m: PauseResponse): Uint8Array {
    const w = beginMessage(sizePauseResponse(m));
    writePauseResponse(m, w);
    return w.take();
  },
  write: writePauseResponse,
  encodeInto(m: PauseResponse, w: WireWriter): void {
    w.reserve(sizePauseResponse(m));
    writePauseResponse(m, w);
  },
  decode(bytes: Uint8Array): PauseResponse {
    const r = new WireReader(bytes);
    return readPauseResponse(r, r.end);
  },
};

export type ResumeRequest = Record<never, never>;

export function sizeResumeRequest(_m: ResumeRequest): number {
  return 0;
}

export function writeResumeRequest(_m: ResumeRequest, _w: WireWriter): void {}

export function readResumeRequest(r: WireReader, end: number): ResumeRequest {
  while (r.pos < end) {
    const tag = r.tag(end);
    r.unexpected(tag, end, 'understudy.v1.ResumeRequest', ResumeRequest.fields);
  }

  return {};
}

export const ResumeRequest: MessageType<ResumeRequest> = {
  typeName: 'understudy.v1.ResumeRequest',
  fields: [],
  create(): ResumeRequest {
    return {};
  },
  sizeOf: sizeResumeRequest,
  encode(m: ResumeRequest): Uint8Array {
    const w = beginMessage(sizeResumeRequest(m));
    writeResumeRequest(m, w);
    return w.take();
  },
  write: writeResumeRequest,
  encodeInto(m: ResumeRequest, w: WireWriter): void {
    w.reserve(sizeResumeRequest(m));
    writeResumeRequest(m, w);
  },
  decode(bytes: Uint8Array): ResumeRequest {
    const r = new WireReader(bytes);
    return readResumeRequest(r, r.end);
  },
};

export interface ResumeResponse {
  header: ResponseHeader | undefined;
  changed: boolean;
}

export function sizeResumeResponse(m: ResumeResponse): number {
  let n = 0;
  if (m.header !== undefined) n += 1 + sizeOfLength(sizeResponseHeader(m.header));
  if (m.changed) n += 2;
  return n;
}

export function writeResumeResponse(m: ResumeResponse, w: WireWriter): void {
  if (m.header !== undefined) {
    w.byte(10);
    w.varint32(sizeResponseHeader(m.header));
    writeResponseHeader(m.header, w);
  }
  if (m.changed) {
    w.byte(16);
    w.bool(m.changed);
  }
}

export function readResumeResponse(r: WireReader, end: number): ResumeResponse {
  let header: ResponseHeader | undefined = undefined;
  let changed: boolean = false;

  while (r.pos < end) {
    const tag = r.tag(end);
    switch (tag) {
      case 10:
        header = readResponseHeader(r, r.nested(end));
        break;
      case 16:
        changed = r.bool(end);
        break;
      default:
        r.unexpected(tag, end, 'understudy.v1.ResumeResponse', ResumeResponse.fields);
    }
  }

  return { header, changed };
}

export const ResumeResponse: MessageType<ResumeResponse> = {
  typeName: 'understudy.v1.ResumeResponse',
  fields: [
    describeField(1, 'header', 'header', 'header', 'message', { messageType: () => ResponseHeader }),
    describeField(2, 'changed', 'changed', 'changed', 'bool'),
  ],
  create(init?: Partial<ResumeResponse>): ResumeResponse {
    return { header: init?.header, changed: init?.changed ?? false };
  },
  sizeOf: sizeResumeResponse,
  encode(m: ResumeResponse): Uint8Array {
    const w = beginMessage(sizeResumeResponse(m));
    writeResumeResponse(m, w);
    return w.take();
  },
  write: writeResumeResponse,
  encodeInto(m: ResumeResponse, w: WireWriter): void {
    w.reserve(sizeResumeResponse(m));
    writeResumeResponse(m, w);
  },
  decode(bytes: Uint8Array): ResumeResponse {
    const r = new WireReader(bytes);
    return readResumeResponse(r, r.end);
  },
};

export type StandbyListRequest = Record<never, never>;

export function sizeStandbyListRequest(_m: StandbyListRequest): number {
  return 0;
}

export function writeStandbyListRequest(_m: StandbyListRequest, _w: WireWriter): void {}

export function readStandbyListRequest(r: WireReader, end: number): StandbyListRequest {
  while (r.pos < end) {
    const tag = r.tag(end);
    r.unexpected(tag, end, 'understudy.v1.StandbyListRequest', StandbyListRequest.fields);
  }

  return {};
}

export const StandbyListRequest: MessageType<StandbyListRequest> = {
  typeName: 'understudy.v1.StandbyListRequest',
  fields: [],
  create(): StandbyListRequest {
    return {};
  },
  sizeOf: sizeStandbyListRequest,
  encode(m: StandbyListRequest): Uint8Array {
    const w = beginMessage(sizeStandbyListRequest(m));
    writeStandbyListRequest(m, w);
    return w.take();
  },
  write: writeStandbyListRequest,
  encodeInto(m: StandbyListRequest, w: WireWriter): void {
    w.reserve(sizeStandbyListRequest(m));
    writeStandbyListRequest(m, w);
  },
  decode(bytes: Uint8Array): StandbyListRequest {
    const r = new WireReader(bytes);
    return readStandbyListRequest(r, r.end);
  },
};

export interface StandbyListResponse {
  header: ResponseHeader | undefined;
  standbys: StandbyEntry[];
}

export function sizeStandbyListResponse(m: StandbyListResponse): number {
  let n = 0;
  if (m.header !== undefined) n += 1 + sizeOfLength(sizeResponseHeader(m.header));
  for (const item of m.standbys) n += 1 + sizeOfLength(sizeStandbyEntry(item));
  return n;
}

export function writeStandbyListResponse(m: StandbyListResponse, w: WireWriter): void {
  if (m.header !== undefined) {
    w.byte(10);
    w.varint32(sizeResponseHeader(m.header));
    writeResponseHeader(m.header, w);
  }
  for (const item of m.standbys) {
    w.byte(18);
    w.varint32(sizeStandbyEntry(item));
    writeStandbyEntry(item, w);
  }
}

export function readStandbyListResponse(r: WireReader, end: number): StandbyListResponse {
  let header: ResponseHeader | undefined = undefined;
  const standbys: StandbyEntry[] = [];

  while (r.pos < end) {
    const tag = r.tag(end);
    switch (tag) {
      case 10:
        header = readResponseHeader(r, r.nested(end));
        break;
      case 18:
        standbys.push(readStandbyEntry(r, r.nested(end)));
        break;
      default:
        r.unexpected(tag, end, 'understudy.v1.StandbyListResponse', StandbyListResponse.fields);
    }
  }

  return { header, standbys };
}

export const StandbyListResponse: MessageType<StandbyListResponse> = {
  typeName: 'understudy.v1.StandbyListResponse',
  fields: [
    describeField(1, 'header', 'header', 'header', 'message', { messageType: () => ResponseHeader }),
    describeField(2, 'standbys', 'standbys', 'standbys', 'message', {
      repeated: true,
      messageType: () => StandbyEntry,
    }),
  ],
  create(init?: Partial<StandbyListResponse>): StandbyListResponse {
    return { header: init?.header, standbys: init?.standbys ?? [] };
  },
  sizeOf: sizeStandbyListResponse,
  encode(m: StandbyListResponse): Uint8Array {
    const w = beginMessage(sizeStandbyListResponse(m));
    writeStandbyListResponse(m, w);
    return w.take();
  },
  write: writeStandbyListResponse,
  encodeInto(m: StandbyListResponse, w: WireWriter): void {
    w.reserve(sizeStandbyListResponse(m));
    writeStandbyListResponse(m, w);
  },
  decode(bytes: Uint8Array): StandbyListResponse {
    const r = new WireReader(bytes);
    return readStandbyListResponse(r, r.end);
  },
};

export interface StandbyEntry {
  registration: string;
  name: string;
  peerUrls: string[];
  clientUrls: string[];
  zone: string;
  /** is never activated */
  standbyOnly: boolean;
  minProtocol: number;
  maxProtocol: number;
  connected: boolean;
  /** since it was heard last; 0 while it is connected */
  silentMs: number;
  reserved: boolean;
  /** the member in whose place it would come; 0: of none */
  reservedFor: number;
  /** an operator took it out: it is never activated */
  drained: boolean;
  failedActivations: number;
  /** that it is reserved for: size, failover or drain */
  purpose: string;
}

export function sizeStandbyEntry(m: StandbyEntry): number {
  let n = 0;
  if (m.registration !== '') n += 1 + sizeOfString(m.registration);
  if (m.name !== '') n += 1 + sizeOfString(m.name);
  for (const item of m.peerUrls) n += 1 + sizeOfString(item);
  for (const item of m.clientUrls) n += 1 + sizeOfString(item);
  if (m.zone !== '') n += 1 + sizeOfString(m.zone);
  if (m.standbyOnly) n += 2;
  if (m.minProtocol !== 0) n += 1 + sizeOfUint64(m.minProtocol);
  if (m.maxProtocol !== 0) n += 1 + sizeOfUint64(m.maxProtocol);
  if (m.connected) n += 2;
  if (m.silentMs !== 0) n += 1 + sizeOfUint64(m.silentMs);
  if (m.reserved) n += 2;
  if (m.reservedFor !== 0) n += 1 + sizeOfUint64(m.reservedFor);
  if (m.drained) n += 2;
  if (m.failedActivations !== 0) n += 1 + sizeOfUint64(m.failedActivations);
  if (m.purpose !== '') n += 1 + sizeOfString(m.purpose);
  return n;
}

export function writeStandbyEntry(m: StandbyEntry, w: WireWriter): void {
  if (m.registration !== '') {
    w.byte(10);
    w.string(m.registration);
  }
  if (m.name !== '') {
    w.byte(18);
    w.string(m.name);
  }
  for (const item of m.peerUrls) {
    w.byte(26);
    w.string(item);
  }
  for (const item of m.clientUrls) {
    w.byte(34);
    w.string(item);
  }
  if (m.zone !== '') {
    w.byte(42);
    w.string(m.zone);
  }
  if (m.standbyOnly) {
    w.byte(48);
    w.bool(m.standbyOnly);
  }
  if (m.minProtocol !== 0) {
    w.byte(56);
    w.uint64(m.minProtocol);
  }
  if (m.maxProtocol !== 0) {
    w.byte(64);
    w.uint64(m.maxProtocol);
  }
  if (m.connected) {
    w.byte(72);
    w.bool(m.connected);
  }
  if (m.silentMs !== 0) {
    w.byte(80);
    w.uint64(m.silentMs);
  }
  if (m.reserved) {
    w.byte(88);
    w.bool(m.reserved);
  }
  if (m.reservedFor !== 0) {
    w.byte(96);
    w.uint64(m.reservedFor);
  }
  if (m.drained) {
    w.byte(104);
    w.bool(m.drained);
  }
  if (m.failedActivations !== 0) {
    w.byte(112);
    w.uint64(m.failedActivations);
  }
  if (m.purpose !== '') {
    w.byte(122);
    w.string(m.purpose);
  }
}

export function readStandbyEntry(r: WireReader, end: number): StandbyEntry {
  let registration: string = '';
  let name: string = '';
  const peerUrls: string[] = [];
  const clientUrls: string[] = [];
  let zone: string = '';
  let standbyOnly: boolean = false;
  let minProtocol: number = 0;
  let maxProtocol: number = 0;
  let connected: boolean = false;
  let silentMs: number = 0;
  let reserved: boolean = false;
  let reservedFor: number = 0;
  let drained: boolean = false;
  let failedActivations: number = 0;
  let purpose: string = '';

  while (r.pos < end) {
    const tag = r.tag(end);
    switch (tag) {
      case 10:
        registration = r.string(end);
        break;
      case 18:
        name = r.string(end);
        break;
      case 26:
        peerUrls.push(r.string(end));
        break;
      case 34:
        clientUrls.push(r.string(end));
        break;
      case 42:
        zone = r.string(end);
        break;
      case 48:
        standbyOnly = r.bool(end);
        break;
      case 56:
        minProtocol = r.uint64(end);
        break;
      case 64:
        maxProtocol = r.uint64(end);
        break;
      case 72:
        connected = r.bool(end);
        break;
      case 80:
        silentMs = r.uint64(end);
        break;
      case 88:
        reserved = r.bool(end);
        break;
      case 96:
        reservedFor = r.uint64(end);
        break;
      case 104:
        drained = r.bool(end);
        break;
      case 112:
        failedActivations = r.uint64(end);
        break;
      case 122:
        purpose = r.string(end);
        break;
      default:
        r.unexpected(tag, end, 'understudy.v1.StandbyEntry', StandbyEntry.fields);
    }
  }

  return {
    registration,
    name,
    peerUrls,
    clientUrls,
    zone,
    standbyOnly,
    minProtocol,
    maxProtocol,
    connected,
    silentMs,
    reserved,
    reservedFor,
    drained,
    failedActivations,
    purpose,
  };
}

export const StandbyEntry: MessageType<StandbyEntry> = {
  typeName: 'understudy.v1.StandbyEntry',
  fields: [
    describeField(1, 'registration', 'registration', 'registration', 'string'),
    describeField(2, 'name', 'name', 'name', 'string'),
    describeField(3, 'peerURLs', 'peerURLs', 'peerUrls', 'string', { repeated: true }),
    describeField(4, 'clientURLs', 'clientURLs', 'clientUrls', 'string', { repeated: true }),
    describeField(5, 'zone', 'zone', 'zone', 'string'),
    describeField(6, 'standby_only', 'standbyOnly', 'standbyOnly', 'bool'),
    describeField(7, 'min_protocol', 'minProtocol', 'minProtocol', 'uint64'),
    describeField(8, 'max_protocol', 'maxProtocol', 'maxProtocol', 'uint64'),
    describeField(9, 'connected', 'connected', 'connected', 'bool'),
    describeField(10, 'silent_ms', 'silentMs', 'silentMs', 'uint64'),
    describeField(11, 'reserved', 'reserved', 'reserved', 'bool'),
    describeField(12, 'reserved_for', 'reservedFor', 'reservedFor', 'uint64'),
    describeField(13, 'drained', 'drained', 'drained', 'bool'),
    describeField(14, 'failed_activations', 'failedActivations', 'failedActivations', 'uint64'),
    describeField(15, 'purpose', 'purpose', 'purpose', 'string'),
  ],
  create(init?: Partial<StandbyEntry>): StandbyEntry {
    return {
      registration: init?.registration ?? '',
      name: init?.name ?? '',
      peerUrls: init?.peerUrls ?? [],
      clientUrls: init?.clientUrls ?? [],
      zone: init?.zone ?? '',
      standbyOnly: init?.standbyOnly ?? false,
      minProtocol: init?.minProtocol ?? 0,
      maxProtocol: init?.maxProtocol ?? 0,
      connected: init?.connected ?? false,
      silentMs: init?.silentMs ?? 0,
      reserved: init?.reserved ?? false,
      reservedFor: init?.reservedFor ?? 0,
      drained: init?.drained ?? false,
      failedActivations: init?.failedActivations ?? 0,
      purpose: init?.purpose ?? '',
    };
  },
  sizeOf: sizeStandbyEntry,
  encode(m: StandbyEntry): Uint8Array {
    const w = beginMessage(sizeStandbyEntry(m));
    writeStandbyEntry(m, w);
    return w.take();
  },
  write: writeStandbyEntry,
  encodeInto(m: StandbyEntry, w: WireWriter): void {
    w.reserve(sizeStandbyEntry(m));
    writeStandbyEntry(m, w);
  },
  decode(bytes: Uint8Array): StandbyEntry {
    const r = new WireReader(bytes);
    return readStandbyEntry(r, r.end);
  },
};

export interface StandbyReport {
  /** random, chosen once by the machine and kept */
  registration: string;
  name: string;
  peerUrls: string[];
  clientUrls: string[];
  zone: string;
  standbyOnly: boolean;
  minProtocol: number;
  maxProtocol: number;
  /** that it belongs to; 0: it does not know */
  clusterId: number;
  /** it goes for good: forget it */
  leaving: boolean;
  /** the newest that it has heard of */
  configIndex: number;
}

export function sizeStandbyReport(m: StandbyReport): number {
  let n = 0;
  if (m.registration !== '') n += 1 + sizeOfString(m.registration);
  if (m.name !== '') n += 1 + sizeOfString(m.name);
  for (const item of m.peerUrls) n += 1 + sizeOfString(item);
  for (const item of m.clientUrls) n += 1 + sizeOfString(item);
  if (m.zone !== '') n += 1 + sizeOfString(m.zone);
  if (m.standbyOnly) n += 2;
  if (m.minProtocol !== 0) n += 1 + sizeOfUint64(m.minProtocol);
  if (m.maxProtocol !== 0) n += 1 + sizeOfUint64(m.maxProtocol);
  if (m.clusterId !== 0) n += 1 + sizeOfUint64(m.clusterId);
  if (m.leaving) n += 2;
  if (m.configIndex !== 0) n += 1 + sizeOfUint64(m.configIndex);
  return n;
}

export function writeStandbyReport(m: StandbyReport, w: WireWriter): void {
  if (m.registration !== '') {
    w.byte(10);
    w.string(m.registration);
  }
  if (m.name !== '') {
    w.byte(18);
    w.string(m.name);
  }
  for (const item of m.peerUrls) {
    w.byte(26);
    w.string(item);
  }
  for (const item of m.clientUrls) {
    w.byte(34);
    w.string(item);
  }
  if (m.zone !== '') {
    w.byte(42);
    w.string(m.zone);
  }
  if (m.standbyOnly) {
    w.byte(48);
    w.bool(m.standbyOnly);
  }
  if (m.minProtocol !== 0) {
    w.byte(56);
    w.uint64(m.minProtocol);
  }
  if (m.maxProtocol !== 0) {
    w.byte(64);
    w.uint64(m.maxProtocol);
  }
  if (m.clusterId !== 0) {
    w.byte(72);
    w.uint64(m.clusterId);
  }
  if (m.leaving) {
    w.byte(80);
    w.bool(m.leaving);
  }
  if (m.configIndex !== 0) {
    w.byte(88);
    w.uint64(m.configIndex);
  }
}

export function readStandbyReport(r: WireReader, end: number): StandbyReport {
  let registration: string = '';
  let name: string = '';
  const peerUrls: string[] = [];
  const clientUrls: string[] = [];
  let zone: string = '';
  let standbyOnly: boolean = false;
  let minProtocol: number = 0;
  let maxProtocol: number = 0;
  let clusterId: number = 0;
  let leaving: boolean = false;
  let configIndex: number = 0;

  while (r.pos < end) {
    const tag = r.tag(end);
    switch (tag) {
      case 10:
        registration = r.string(end);
        break;
      case 18:
        name = r.string(end);
        break;
      case 26:
        peerUrls.push(r.string(end));
        break;
      case 34:
        clientUrls.push(r.string(end));
        break;
      case 42:
        zone = r.string(end);
        break;
      case 48:
        standbyOnly = r.bool(end);
        break;
      case 56:
        minProtocol = r.uint64(end);
        break;
      case 64:
        maxProtocol = r.uint64(end);
        break;
      case 72:
        clusterId = r.uint64(end);
        break;
      case 80:
        leaving = r.bool(end);
        break;
      case 88:
        configIndex = r.uint64(end);
        break;
      default:
        r.unexpected(tag, end, 'understudy.v1.StandbyReport', StandbyReport.fields);
    }
  }

  return {
    registration,
    name,
    peerUrls,
    clientUrls,
    zone,
    standbyOnly,
    minProtocol,
    maxProtocol,
    clusterId,
    leaving,
    configIndex,
  };
}

export const StandbyReport: MessageType<StandbyReport> = {
  typeName: 'understudy.v1.StandbyReport',
  fields: [
    describeField(1, 'registration', 'registration', 'registration', 'string'),
    describeField(2, 'name', 'name', 'name', 'string'),
    describeField(3, 'peerURLs', 'peerURLs', 'peerUrls', 'string', { repeated: true }),
    describeField(4, 'clientURLs', 'clientURLs', 'clientUrls', 'string', { repeated: true }),
    describeField(5, 'zone', 'zone', 'zone', 'string'),
    describeField(6, 'standby_only', 'standbyOnly', 'standbyOnly', 'bool'),
    describeField(7, 'min_protocol', 'minProtocol', 'minProtocol', 'uint64'),
    describeField(8, 'max_protocol', 'maxProtocol', 'maxProtocol', 'uint64'),
    describeField(9, 'cluster_ID', 'clusterID', 'clusterId', 'uint64'),
    describeField(10, 'leaving', 'leaving', 'leaving', 'bool'),
    describeField(11, 'config_index', 'configIndex', 'configIndex', 'uint64'),
  ],
  create(init?: Partial<StandbyReport>): StandbyReport {
    return {
      registration: init?.registration ?? '',
      name: init?.name ?? '',
      peerUrls: init?.peerUrls ?? [],
      clientUrls: init?.clientUrls ?? [],
      zone: init?.zone ?? '',
      standbyOnly: init?.standbyOnly ?? false,
      minProtocol: init?.minProtocol ?? 0,
      maxProtocol: init?.maxProtocol ?? 0,
      clusterId: init?.clusterId ?? 0,
      leaving: init?.leaving ?? false,
      configIndex: init?.configIndex ?? 0,
    };
  },
  sizeOf: sizeStandbyReport,
  encode(m: StandbyReport): Uint8Array {
    const w = beginMessage(sizeStandbyReport(m));
    writeStandbyReport(m, w);
    return w.take();
  },
  write: writeStandbyReport,
  encodeInto(m: StandbyReport, w: WireWriter): void {
    w.reserve(sizeStandbyReport(m));
    writeStandbyReport(m, w);
  },
  decode(bytes: Uint8Array): StandbyReport {
    const r = new WireReader(bytes);
    return readStandbyReport(r, r.end);
  },
};

export interface StandbyInstruction {
  header: ResponseHeader | undefined;
  clusterId: number;
  members: Member[];
  /** 0: none is known */
  leader: number;
  policy: StandbyPolicy | undefined;
  /** report again after so long */
  nextCheckMs: number;
  /** may be activated any moment */
  reserved: boolean;
  activation: StandbyActivation | undefined;
  removal: StandbyRemoval | undefined;
  /** of `members` */
  configIndex: number;
}

export function sizeStandbyInstruction(m: StandbyInstruction): number {
  let n = 0;
  if (m.header !== undefined) n += 1 + sizeOfLength(sizeResponseHeader(m.header));
  if (m.clusterId !== 0) n += 1 + sizeOfUint64(m.clusterId);
  for (const item of m.members) n += 1 + sizeOfLength(sizeMember(item));
  if (m.leader !== 0) n += 1 + sizeOfUint64(m.leader);
  if (m.policy !== undefined) n += 1 + sizeOfLength(sizeStandbyPolicy(m.policy));
  if (m.nextCheckMs !== 0) n += 1 + sizeOfUint64(m.nextCheckMs);
  if (m.reserved) n += 2;
  if (m.activation !== undefined) n += 1 + sizeOfLength(sizeStandbyActivation(m.activation));
  if (m.removal !== undefined) n += 1 + sizeOfLength(sizeStandbyRemoval(m.removal));
  if (m.configIndex !== 0) n += 1 + sizeOfUint64(m.configIndex);
  return n;
}

export function writeStandbyInstruction(m: StandbyInstruction, w: WireWriter): void {
  if (m.header !== undefined) {
    w.byte(10);
    w.varint32(sizeResponseHeader(m.header));
    writeResponseHeader(m.header, w);
  }
  if (m.clusterId !== 0) {
    w.byte(16);
    w.uint64(m.clusterId);
  }
  for (const item of m.members) {
    w.byte(26);
    w.varint32(sizeMember(item));
    writeMember(item, w);
  }
  if (m.leader !== 0) {
    w.byte(32);
    w.uint64(m.leader);
  }
  if (m.policy !== undefined) {
    w.byte(42);
    w.varint32(sizeStandbyPolicy(m.policy));
    writeStandbyPolicy(m.policy, w);
  }
  if (m.nextCheckMs !== 0) {
    w.byte(48);
    w.uint64(m.nextCheckMs);
  }
  if (m.reserved) {
    w.byte(56);
    w.bool(m.reserved);
  }
  if (m.activation !== undefined) {
    w.byte(66);
    w.varint32(sizeStandbyActivation(m.activation));
    writeStandbyActivation(m.activation, w);
  }
  if (m.removal !== undefined) {
    w.byte(74);
    w.varint32(sizeStandbyRemoval(m.removal));
    writeStandbyRemoval(m.removal, w);
  }
  if (m.configIndex !== 0) {
    w.byte(80);
    w.uint64(m.configIndex);
  }
}

export function readStandbyInstruction(r: WireReader, end: number): StandbyInstruction {
  let header: ResponseHeader | undefined = undefined;
  let clusterId: number = 0;
  const members: Member[] = [];
  let leader: number = 0;
  let policy: StandbyPolicy | undefined = undefined;
  let nextCheckMs: number = 0;
  let reserved: boolean = false;
  let activation: StandbyActivation | undefined = undefined;
  let removal: StandbyRemoval | undefined = undefined;
  let configIndex: number = 0;

  while (r.pos < end) {
    const tag = r.tag(end);
    switch (tag) {
      case 10:
        header = readResponseHeader(r, r.nested(end));
        break;
      case 16:
        clusterId = r.uint64(end);
        break;
      case 26:
        members.push(readMember(r, r.nested(end)));
        break;
      case 32:
        leader = r.uint64(end);
        break;
      case 42:
        policy = readStandbyPolicy(r, r.nested(end));
        break;
      case 48:
        nextCheckMs = r.uint64(end);
        break;
      case 56:
        reserved = r.bool(end);
        break;
      case 66:
        activation = readStandbyActivation(r, r.nested(end));
        break;
      case 74:
        removal = readStandbyRemoval(r, r.nested(end));
        break;
      case 80:
        configIndex = r.uint64(end);
        break;
      default:
        r.unexpected(tag, end, 'understudy.v1.StandbyInstruction', StandbyInstruction.fields);
    }
  }

  return { header, clusterId, members, leader, policy, nextCheckMs, reserved, activation, removal, configIndex };
}

export const StandbyInstruction: MessageType<StandbyInstruction> = {
  typeName: 'understudy.v1.StandbyInstruction',
  fields: [
    describeField(1, 'header', 'header', 'header', 'message', { messageType: () => ResponseHeader }),
    describeField(2, 'cluster_ID', 'clusterID', 'clusterId', 'uint64'),
    describeField(3, 'members', 'members', 'members', 'message', { repeated: true, messageType: () => Member }),
    describeField(4, 'leader', 'leader', 'leader', 'uint64'),
    describeField(5, 'policy', 'policy', 'policy', 'message', { messageType: () => StandbyPolicy }),
    describeField(6, 'next_check_ms', 'nextCheckMs', 'nextCheckMs', 'uint64'),
    describeField(7, 'reserved', 'reserved', 'reserved', 'bool'),
    describeField(8, 'activation', 'activation', 'activation', 'message', { messageType: () => StandbyActivation }),
    describeField(9, 'removal', 'removal', 'removal', 'message', { messageType: () => StandbyRemoval }),
    describeField(10, 'config_index', 'configIndex', 'configIndex', 'uint64'),
  ],
  create(init?: Partial<StandbyInstruction>): StandbyInstruction {
    return {
      header: init?.header,
      clusterId: init?.clusterId ?? 0,
      members: init?.members ?? [],
      leader: init?.leader ?? 0,
      policy: init?.policy,
      nextCheckMs: init?.nextCheckMs ?? 0,
      reserved: init?.reserved ?? false,
      activation: init?.activation,
      removal: init?.removal,
      configIndex: init?.configIndex ?? 0,
    };
  },
  sizeOf: sizeStandbyInstruction,
  encode(m: StandbyInstruction): Uint8Array {
    const w = beginMessage(sizeStandbyInstruction(m));
    writeStandbyInstruction(m, w);
    return w.take();
  },
  write: writeStandbyInstruction,
  encodeInto(m: StandbyInstruction, w: WireWriter): void {
    w.reserve(sizeStandbyInstruction(m));
    writeStandbyInstruction(m, w);
  },
  decode(bytes: Uint8Array): StandbyInstruction {
    const r = new WireReader(bytes);
    return readStandbyInstruction(r, r.end);
  },
};

/** What a standby must know of the policy when nobody tells it anything any more. */
export interface StandbyPolicy {
  /** 0: auto */
  activeSize: number;
  syncIntervalMs: number;
  removeDelayMs: number;
}

export function sizeStandbyPolicy(m: StandbyPolicy): number {
  let n = 0;
  if (m.activeSize !== 0) n += 1 + sizeOfUint64(m.activeSize);
  if (m.syncIntervalMs !== 0) n += 1 + sizeOfUint64(m.syncIntervalMs);
  if (m.removeDelayMs !== 0) n += 1 + sizeOfUint64(m.removeDelayMs);
  return n;
}

export function writeStandbyPolicy(m: StandbyPolicy, w: WireWriter): void {
  if (m.activeSize !== 0) {
    w.byte(8);
    w.uint64(m.activeSize);
  }
  if (m.syncIntervalMs !== 0) {
    w.byte(16);
    w.uint64(m.syncIntervalMs);
  }
  if (m.removeDelayMs !== 0) {
    w.byte(24);
    w.uint64(m.removeDelayMs);
  }
}

export function readStandbyPolicy(r: WireReader, end: number): StandbyPolicy {
  let activeSize: number = 0;
  let syncIntervalMs: number = 0;
  let removeDelayMs: number = 0;

  while (r.pos < end) {
    const tag = r.tag(end);
    switch (tag) {
      case 8:
        activeSize = r.uint64(end);
        break;
      case 16:
        syncIntervalMs = r.uint64(end);
        break;
      case 24:
        removeDelayMs = r.uint64(end);
        break;
      default:
        r.unexpected(tag, end, 'understudy.v1.StandbyPolicy', StandbyPolicy.fields);
    }
  }

  return { activeSize, syncIntervalMs, removeDelayMs };
}

export const StandbyPolicy: MessageType<StandbyPolicy> = {
  typeName: 'understudy.v1.StandbyPolicy',
  fields: [
    describeField(1, 'active_size', 'activeSize', 'activeSize', 'uint64'),
    describeField(2, 'sync_interval_ms', 'syncIntervalMs', 'syncIntervalMs', 'uint64'),
    describeField(3, 'remove_delay_ms', 'removeDelayMs', 'removeDelayMs', 'uint64'),
  ],
  create(init?: Partial<StandbyPolicy>): StandbyPolicy {
    return {
      activeSize: init?.activeSize ?? 0,
      syncIntervalMs: init?.syncIntervalMs ?? 0,
      removeDelayMs: init?.removeDelayMs ?? 0,
    };
  },
  sizeOf: sizeStandbyPolicy,
  encode(m: StandbyPolicy): Uint8Array {
    const w = beginMessage(sizeStandbyPolicy(m));
    writeStandbyPolicy(m, w);
    return w.take();
  },
  write: writeStandbyPolicy,
  encodeInto(m: StandbyPolicy, w: WireWriter): void {
    w.reserve(sizeStandbyPolicy(m));
    writeStandbyPolicy(m, w);
  },
  decode(bytes: Uint8Array): StandbyPolicy {
    const r = new WireReader(bytes);
    return readStandbyPolicy(r, r.end);
  },
};

/** It is a learner of the cluster now: this is committed. */
export interface StandbyActivation {
  memberId: number;
  /** proves to the cluster's members that the right machine starts under this id */
  token: string;
  configIndex: number;
}

export function sizeStandbyActivation(m: StandbyActivation): number {
  let n = 0;
  if (m.memberId !== 0) n += 1 + sizeOfUint64(m.memberId);
  if (m.token !== '') n += 1 + sizeOfString(m.token);
  if (m.configIndex !== 0) n += 1 + sizeOfUint64(m.configIndex);
  return n;
}

export function writeStandbyActivation(m: StandbyActivation, w: WireWriter): void {
  if (m.memberId !== 0) {
    w.byte(8);
    w.uint64(m.memberId);
  }
  if (m.token !== '') {
    w.byte(18);
    w.string(m.token);
  }
  if (m.configIndex !== 0) {
    w.byte(24);
    w.uint64(m.configIndex);
  }
}

export function readStandbyActivation(r: WireReader, end: number): StandbyActivation {
  let memberId: number = 0;
  let token: string = '';
  let configIndex: number = 0;

  while (r.pos < end) {
    const tag = r.tag(end);
    switch (tag) {
      case 8:
        memberId = r.uint64(end);
        break;
      case 18:
        token = r.string(end);
        break;
      case 24:
        configIndex = r.uint64(end);
        break;
      default:
        r.unexpected(tag, end, 'understudy.v1.StandbyActivation', StandbyActivation.fields);
    }
  }

  return { memberId, token, configIndex };
}

export const StandbyActivation: MessageType<StandbyActivation> = {
  typeName: 'understudy.v1.StandbyActivation',
  fields: [
    describeField(1, 'member_ID', 'memberID', 'memberId', 'uint64'),
    describeField(2, 'token', 'token', 'token', 'string'),
    describeField(3, 'config_index', 'configIndex', 'configIndex', 'uint64'),
  ],
  create(init?: Partial<StandbyActivation>): StandbyActivation {
    return { memberId: init?.memberId ?? 0, token: init?.token ?? '', configIndex: init?.configIndex ?? 0 };
  },
  sizeOf: sizeStandbyActivation,
  encode(m: StandbyActivation): Uint8Array {
    const w = beginMessage(sizeStandbyActivation(m));
    writeStandbyActivation(m, w);
    return w.take();
  },
  write: writeStandbyActivation,
  encodeInto(m: StandbyActivation, w: WireWriter): void {
    w.reserve(sizeStandbyActivation(m));
    writeStandbyActivation(m, w);
  },
  decode(bytes: Uint8Array): StandbyActivation {
    const r = new WireReader(bytes);
    return readStandbyActivation(r, r.end);
  },
};

/** It is not registered any more. */
export interface StandbyRemoval {
  /** expired, refused or left */
  reason: string;
  text: string;
}

export function sizeStandbyRemoval(m: StandbyRemoval): number {
  let n = 0;
  if (m.reason !== '') n += 1 + sizeOfString(m.reason);
  if (m.text !== '') n += 1 + sizeOfString(m.text);
  return n;
}

export function writeStandbyRemoval(m: StandbyRemoval, w: WireWriter): void {
  if (m.reason !== '') {
    w.byte(10);
    w.string(m.reason);
  }
  if (m.text !== '') {
    w.byte(18);
    w.string(m.text);
  }
}

export function readStandbyRemoval(r: WireReader, end: number): StandbyRemoval {
  let reason: string = '';
  let text: string = '';

  while (r.pos < end) {
    const tag = r.tag(end);
    switch (tag) {
      case 10:
        reason = r.string(end);
        break;
      case 18:
        text = r.string(end);
        break;
      default:
        r.unexpected(tag, end, 'understudy.v1.StandbyRemoval', StandbyRemoval.fields);
    }
  }

  return { reason, text };
}

export const StandbyRemoval: MessageType<StandbyRemoval> = {
  typeName: 'understudy.v1.StandbyRemoval',
  fields: [
    describeField(1, 'reason', 'reason', 'reason', 'string'),
    describeField(2, 'text', 'text', 'text', 'string'),
  ],
  create(init?: Partial<StandbyRemoval>): StandbyRemoval {
    return { reason: init?.reason ?? '', text: init?.text ?? '' };
  },
  sizeOf: sizeStandbyRemoval,
  encode(m: StandbyRemoval): Uint8Array {
    const w = beginMessage(sizeStandbyRemoval(m));
    writeStandbyRemoval(m, w);
    return w.take();
  },
  write: writeStandbyRemoval,
  encodeInto(m: StandbyRemoval, w: WireWriter): void {
    w.reserve(sizeStandbyRemoval(m));
    writeStandbyRemoval(m, w);
  },
  decode(bytes: Uint8Array): StandbyRemoval {
    const r = new WireReader(bytes);
    return readStandbyRemoval(r, r.end);
  },
};
