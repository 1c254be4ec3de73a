/** etcdserverpb.Maintenance: status, moving the leader, the hash of the key-value state. */
import {
  etcdErrors,
  type HashKVRequest,
  type HashKVResponse,
  MaintenanceService,
  type MoveLeaderRequest,
  type MoveLeaderResponse,
  StatusResponse,
} from '@understudy/protocol';
import { ETCD_API_VERSION } from '../version.js';
import { failure, fromRaft, refused } from './failures.js';
import type { Member } from './member.js';
import type { ServiceTableBuilder } from './rpc.js';

export function addMaintenanceService(table: ServiceTableBuilder, member: Member): void {
  const { methods } = MaintenanceService;
  table.add(methods.status, async () => status(member));
  table.add(methods.moveLeader, (request) => moveLeader(member, request));
  table.add(methods.hashKV, async (request) => hashKv(member, request));
}

function status(member: Member): StatusResponse {
  const raft = member.node.status();
  const { bytes } = member.state.mvcc.stats();
  return StatusResponse.create({
    header: member.header(),
    version: ETCD_API_VERSION,
    dbSize: bytes,
    dbSizeInUse: bytes,
    leader: raft.leader,
    raftIndex: raft.commit,
    raftTerm: raft.term,
    raftAppliedIndex: raft.applied,
    errors: [
      ...(raft.leader === 0 ? [etcdErrors.noLeader.text] : []),
      ...(bytes > member.config.quotaBackendBytes ? [etcdErrors.noSpace.text] : []),
    ],
    isLearner: member.isLearner,
  });
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

function hashKv(member: Member, { revision }: HashKVRequest): HashKVResponse {
  const result = member.state.mvcc.hashKv(revision);
  if (!result.ok) throw refused(result.reason);
  return {
    header: member.header(),
    hash: result.hash,
    compactRevision: result.compactRevision,
    hashRevision: result.revision,
  };
}
