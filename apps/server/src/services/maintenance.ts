/** etcdserverpb.Maintenance: status, alarms, hashes, disk space, moving the leader. Snapshots are in `snapshot-save.ts`. */
import {
  AlarmAction,
  AlarmRequest,
  type AlarmResponse,
  type AlarmType,
  type DefragmentResponse,
  etcdErrors,
  type HashResponse,
  MaintenanceService,
  type MoveLeaderRequest,
  type MoveLeaderResponse,
  StatusResponse,
} from '@understudy/protocol';

import type { AlarmsChanged } from '../state/apply-client.js';
import { CommandKind } from '../state/command.js';
import { ETCD_API_VERSION } from '../version.js';
import { textOfAlarm } from './alarm-text.js';
import { timed } from '../telemetry/member-metrics.js';
import { failure, fromRaft, refused } from './failures.js';
import { hashKv } from './hash-kv.js';
import type { LeaderCalls } from './leader-calls.js';
import type { Member } from './member.js';
import type { Call, ServiceTableBuilder } from './rpc.js';

export function addMaintenanceService(table: ServiceTableBuilder, member: Member, peers: LeaderCalls): void {
  const { methods } = MaintenanceService;
  const defragmentation = new Defragmentation(member);
  table.add(methods.status, () => status(member));
  table.add(methods.alarm, (request, call) => alarm(member, request, call));
  table.add(methods.defragment, () => defragmentation.run());
  table.add(methods.moveLeader, (request) => moveLeader(member, request));
  table.add(methods.hash, () => timed(member.metrics.works.hash, () => hash(member)));
  table.add(methods.hashKV, (request) => hashKv(member, request));
  peers.serve(methods.hashKV, (request) => hashKv(member, request));
}

async function status(member: Member): Promise<StatusResponse> {
  const dbSize = await member.state.diskUsage.look();
  const raft = member.node.status();
  const { mvcc } = member.state;
  const { bytes } = mvcc.stats();
  return StatusResponse.create({
    header: member.header(),
    version: ETCD_API_VERSION,
    dbSize,
    dbSizeInUse: bytes,
    leader: raft.leader,
    raftIndex: raft.commit,
    raftTerm: raft.term,
    raftAppliedIndex: raft.applied,
    errors: [...(raft.leader === 0 ? [etcdErrors.noLeader.text] : []), ...mvcc.alarms.list().map(textOfAlarm)],
    isLearner: member.isLearner,
    dbSizeQuota: member.config.quotaBackendBytes,
  });
}

async function alarm(member: Member, request: AlarmRequest, call: Call): Promise<AlarmResponse> {
  const answer = (alarms: AlarmsChanged['alarms']): AlarmResponse => ({
    // As etcd: none.
    header: undefined,
    alarms: alarms.map(({ memberId, type }) => ({ memberId, alarm: type as AlarmType })),
  });
  if (request.action === AlarmAction.GET) {
    await member.readBarrier(call);
    return answer(member.state.mvcc.alarms.list(request.alarm));
  }
  if (request.action !== AlarmAction.ACTIVATE && request.action !== AlarmAction.DEACTIVATE) return answer([]);
  const raw = call.raw ?? AlarmRequest.encode(request);
  const result = await member.propose(CommandKind.ChangeAlarms, raw, undefined, call);
  if (!result.ok) throw refused((result as { reason: Parameters<typeof refused>[0] }).reason);
  const changed = result as AlarmsChanged;
  member.logger.warn({ alarms: changed.alarms, action: request.action }, 'alarms were changed by a client');
  return answer(changed.alarms);
}

/** One at a time: who asks meanwhile waits for the one that runs. */
class Defragmentation {
  readonly #member: Member;
  #running: Promise<void> | null = null;

  constructor(member: Member) {
    this.#member = member;
  }

  async run(): Promise<DefragmentResponse> {
    const { state, logger } = this.#member;
    const began = performance.now();
    const { counts, works } = this.#member.metrics;
    counts.defragmenting = 1;
    this.#running ??= timed(works.defragment, () => state.defragment())
      .then(() => logger.info({ ms: Math.round(performance.now() - began) }, 'gave disk space back'))
      .finally(() => {
        this.#running = null;
        counts.defragmenting = 0;
      });
    await this.#running;
    // As etcd: none.
    return { header: undefined };
  }
}

async function moveLeader(member: Member, { targetId }: MoveLeaderRequest): Promise<MoveLeaderResponse> {
  if (!member.node.isLeader) throw failure(etcdErrors.notLeader);
  const { voters } = member.state.confState;
  if (!voters.includes(targetId)) throw failure(etcdErrors.badLeaderTransferee);
  try {
    await member.node.transferLeadership(targetId);
  } catch (error) {
    const failed = fromRaft(error);
    throw failed.text === etcdErrors.timeout.text ? failure(etcdErrors.timeoutLeaderTransfer) : failed;
  }
  return { header: member.header() };
}

/** Over every record that is on disk: not to be compared between members, whose compactions have come as far as they have. */
async function hash(member: Member): Promise<HashResponse> {
  const exported = await member.state.openExport();
  exported.close();
  const { high, low } = exported.sum;
  return { header: member.header(exported.revision), hash: (high ^ low) >>> 0 };
}
