/** What /metrics reads of a running member. */
import { formatId } from '../bootstrap/member-id.js';
import type { Config } from '../config/config.js';
import type { OpenMember } from '../open-member.js';
import { isLearner } from '../state/member-view.js';
import type { MetricsSource, PeerFigures } from './metrics.js';

export function metricsSource({ id, node, state }: OpenMember, config: Config): MetricsSource {
  const status = node.status();
  const stats = state.mvcc.stats();
  return {
    hasLeader: status.leader !== 0,
    isLeader: node.isLeader,
    isLearner: isLearner(status.confState, id),
    term: status.term,
    commitIndex: status.commit,
    appliedIndex: status.applied,
    durableIndex: status.durable,
    pendingProposals: status.pendingProposals,
    revision: state.mvcc.revision,
    compactedRevision: state.mvcc.compactedRevision,
    keys: stats.keys,
    watchers: stats.watches,
    leases: stats.leases,
    diskBytes: state.diskUsage.bytes,
    recordBytes: stats.bytes,
    watchersBehind: stats.watchesBehind + stats.watchesBlocked,
    authRevision: state.mvcc.auth.revision,
    installing: status.installing,
    quotaBytes: config.quotaBackendBytes,
    memberId: formatId(id),
    applied: state.counts,
  };
}

export function peerFigures({ id, node, state, transport }: OpenMember): PeerFigures[] {
  const lags = new Map(node.status().peers.map((peer) => [peer.id, peer.lag]));
  return state.members
    .list()
    .filter((member) => member.id !== id)
    .map((member) => {
      const peer = transport.peerDetails(member.id);
      const counters = peer?.counters;
      const disconnects = Object.values(counters?.disconnects ?? {});
      return {
        peer: formatId(member.id),
        connected: peer?.connected === true,
        rttSeconds: peer?.rttMs === null || peer === null ? null : peer.rttMs / 1000,
        lagEntries: lags.get(member.id) ?? null,
        sentBytes: (counters?.bytesOut ?? 0) + (counters?.snapshotBytesOut ?? 0),
        receivedBytes: (counters?.bytesIn ?? 0) + (counters?.snapshotBytesIn ?? 0),
        failedFrames: (counters?.framesTurnedAway ?? 0) + (counters?.framesDropped ?? 0),
        disconnects: disconnects.reduce((sum, count) => sum + count, 0),
      };
    });
}
