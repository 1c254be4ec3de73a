/**
 * The figures of /metrics, in Prometheus' text form. Where a figure means the same as one of etcd's it has etcd's
 * name; gauges are read from the server when somebody asks, so that nobody pays for them otherwise.
 */
import { collectDefaultMetrics, Counter, Gauge, Registry } from 'prom-client';
import { ETCD_API_VERSION, SERVER_VERSION } from '../version.js';
import type { DiskTimings } from './disk-timings.js';
import type { EventLoopLag } from './event-loop-lag.js';
import { MemberCounts } from './member-counts.js';
import { type AppliedCounts, MemberMetrics } from './member-metrics.js';
import { type GrpcBytes, RpcCounts } from './rpc-counts.js';
import type { LadderFigures } from './ladder-figures.js';

/** What the gauges read. Indexes and counts; bytes where named so. */
export interface MetricsSource {
  readonly hasLeader: boolean;
  readonly isLeader: boolean;
  readonly isLearner: boolean;
  readonly term: number;
  readonly commitIndex: number;
  readonly appliedIndex: number;
  readonly durableIndex: number;
  readonly pendingProposals: number;
  readonly revision: number;
  readonly compactedRevision: number;
  readonly keys: number;
  readonly watchers: number;
  readonly leases: number;
  /** Of the state's files, as last looked up. */
  readonly diskBytes: number;
  /** Of its records. */
  readonly recordBytes: number;
  readonly watchersBehind: number;
  readonly authRevision: number;
  /** A snapshot from a peer is being received or put into place. */
  readonly installing: boolean;
  readonly quotaBytes: number;
  readonly memberId: string;
  /** Since the start. */
  readonly applied: AppliedCounts & { readonly puts: number; readonly deletes: number; readonly txns: number };
}

export interface PeerFigures {
  /** Hexadecimal. */
  readonly peer: string;
  readonly connected: boolean;
  readonly rttSeconds: number | null;
  /** Entries that the leader knows this peer lacks; null where we do not lead. */
  readonly lagEntries: number | null;
  /** Since the peer was added, snapshots included. */
  readonly sentBytes: number;
  readonly receivedBytes: number;
  readonly failedFrames: number;
  readonly disconnects: number;
}

/** What is measured of the process rather than read from the member. */
export interface ProcessFigures {
  readonly lag: EventLoopLag;
  readonly disk: DiskTimings;
  readonly ladder: LadderFigures;
}

const NO_BYTES: GrpcBytes = { receivedBytes: 0, sentBytes: 0 };

export class ServerMetrics {
  readonly #registry = new Registry();
  readonly leaderChanges: Counter;
  readonly proposalsFailed: Counter;
  readonly #parts: readonly Registry[];
  readonly rpcs = new RpcCounts(() => this.grpcBytes());
  /** Read of the gRPC door; nothing before there is one. */
  grpcBytes: () => GrpcBytes = () => NO_BYTES;

  readonly counts = new MemberCounts();
  readonly works: MemberMetrics;

  constructor(source: () => MetricsSource, peers: () => readonly PeerFigures[], process: ProcessFigures) {
    this.works = new MemberMetrics(
      this.counts,
      () => source().applied,
      () => process.disk.walBytes,
    );
    this.#parts = [this.#registry, this.rpcs, this.works, process.disk, process.ladder].map((part) =>
      part instanceof Registry ? part : part.registry,
    );
    const registers = [this.#registry];
    collectDefaultMetrics({ register: this.#registry });
    const counter = (name: string, help: string): Counter => new Counter({ name, help, registers });
    this.leaderChanges = counter('etcd_server_leader_changes_seen_total', 'Changes of leader seen by this member.');
    this.proposalsFailed = counter('etcd_server_proposals_failed_total', 'Proposals that failed on this member.');
    this.#applyCounters(source, registers);
    this.#gauges(source, registers);
    this.#peerGauges(peers, registers);
    this.#peerCounters(peers, registers);
    this.#lagGauge(process.lag, registers);
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  text(): Promise<string> {
    return Registry.merge([...this.#parts]).metrics();
  }

  /** Counted elsewhere as plain numbers, and read when somebody asks. */
  #applyCounters(source: () => MetricsSource, registers: Registry[]): void {
    const counter = (name: string, help: string, read: (from: MetricsSource) => number): void => {
      new Counter({
        name,
        help,
        registers,
        collect() {
          this.reset();
          this.inc(read(source()));
        },
      });
    };
    counter('etcd_mvcc_put_total', 'Puts applied, also in transactions.', (from) => from.applied.puts);
    counter('etcd_mvcc_delete_total', 'Deletes applied, also in transactions.', (from) => from.applied.deletes);
    counter('etcd_debugging_mvcc_put_total', 'As etcd_mvcc_put_total.', (from) => from.applied.puts);
    counter('etcd_debugging_mvcc_delete_total', 'As etcd_mvcc_delete_total.', (from) => from.applied.deletes);
    counter('etcd_debugging_mvcc_txn_total', 'As etcd_mvcc_txn_total.', (from) => from.applied.txns);
    counter('etcd_mvcc_txn_total', 'Transactions applied.', (from) => from.applied.txns);
  }

  #gauges(source: () => MetricsSource, registers: Registry[]): void {
    const gauge = (name: string, help: string, read: (from: MetricsSource) => number): void => {
      new Gauge({
        name,
        help,
        registers,
        collect() {
          this.set(read(source()));
        },
      });
    };
    gauge('etcd_server_has_leader', '1 when a leader is known.', (from) => Number(from.hasLeader));
    gauge('etcd_server_is_leader', '1 when this member leads.', (from) => Number(from.isLeader));
    gauge('etcd_server_is_learner', '1 when this member is a learner.', (from) => Number(from.isLearner));
    gauge('etcd_server_proposals_committed_total', 'The commit index.', (from) => from.commitIndex);
    gauge('etcd_server_proposals_applied_total', 'The applied index.', (from) => from.appliedIndex);
    gauge('etcd_server_proposals_pending', 'Proposals waiting for a result.', (from) => from.pendingProposals);
    gauge('etcd_server_quota_backend_bytes', 'Size at which writes are refused.', (from) => from.quotaBytes);
    gauge('etcd_mvcc_db_total_size_in_bytes', 'Size of the state on disk.', (from) => from.diskBytes);
    gauge('etcd_mvcc_db_total_size_in_use_in_bytes', 'Size of its records.', (from) => from.recordBytes);
    gauge(
      'etcd_debugging_mvcc_db_total_size_in_bytes',
      'As etcd_mvcc_db_total_size_in_bytes.',
      (from) => from.diskBytes,
    );
    gauge('etcd_debugging_mvcc_slow_watcher_total', 'Watchers that read history.', (from) => from.watchersBehind);
    gauge('etcd_debugging_auth_revision', 'The revision of users and roles.', (from) => from.authRevision);
    gauge('etcd_server_snapshot_apply_in_progress_total', '1 while a snapshot is installed.', (from) =>
      Number(from.installing),
    );
    gauge('etcd_debugging_mvcc_keys_total', 'Live keys.', (from) => from.keys);
    gauge('etcd_debugging_mvcc_watcher_total', 'Watchers.', (from) => from.watchers);
    gauge('etcd_debugging_mvcc_current_revision', 'The revision.', (from) => from.revision);
    gauge('etcd_debugging_mvcc_compact_revision', 'The last compacted revision.', (from) => from.compactedRevision);
    gauge('understudy_leases', 'Leases.', (from) => from.leases);
    gauge('understudy_raft_term', 'The Raft term.', (from) => from.term);
    gauge('understudy_state_durable_index', 'Last index whose effect is flushed.', (from) => from.durableIndex);
    new Gauge({
      name: 'etcd_server_version',
      help: 'Versions; always 1.',
      labelNames: ['server_version', 'understudy_version'],
      registers,
    }).set({ server_version: ETCD_API_VERSION, understudy_version: SERVER_VERSION }, 1);
    new Gauge({
      name: 'etcd_cluster_version',
      help: 'Version of the API that the cluster speaks; always 1.',
      labelNames: ['cluster_version'],
      registers,
    }).set({ cluster_version: ETCD_API_VERSION.split('.').slice(0, 2).join('.') }, 1);
    new Gauge({
      name: 'etcd_server_id',
      help: 'The member id; always 1.',
      labelNames: ['server_id'],
      registers,
      collect() {
        this.reset();
        this.set({ server_id: source().memberId }, 1);
      },
    });
  }

  #peerGauges(peers: () => readonly PeerFigures[], registers: Registry[]): void {
    const gauge = (name: string, help: string, read: (peer: PeerFigures) => number | null): void => {
      new Gauge({
        name,
        help,
        labelNames: ['To'],
        registers,
        collect() {
          this.reset();
          for (const peer of peers()) {
            const value = read(peer);
            if (value !== null) this.set({ To: peer.peer }, value);
          }
        },
      });
    };
    gauge('etcd_network_active_peers', '1 when a stream to the peer is open.', (peer) => Number(peer.connected));
    gauge('understudy_peer_round_trip_time_seconds', 'Smoothed round trip of pings.', (peer) => peer.rttSeconds);
    gauge('understudy_peer_lag_entries', 'Entries that the peer lacks, on the leader.', (peer) => peer.lagEntries);
  }

  #peerCounters(peers: () => readonly PeerFigures[], registers: Registry[]): void {
    const counter = (name: string, help: string, label: 'To' | 'From', read: (peer: PeerFigures) => number): void => {
      new Counter({
        name,
        help,
        labelNames: [label],
        registers,
        collect() {
          this.reset();
          for (const peer of peers()) this.inc({ [label]: peer.peer }, read(peer));
        },
      });
    };
    counter('etcd_network_peer_sent_bytes_total', 'Bytes sent to peers.', 'To', (peer) => peer.sentBytes);
    counter(
      'etcd_network_peer_received_bytes_total',
      'Bytes received from peers.',
      'From',
      (peer) => peer.receivedBytes,
    );
    counter('etcd_network_peer_sent_failures_total', 'Frames turned away or lost.', 'To', (peer) => peer.failedFrames);
    counter('etcd_network_disconnected_peers_total', 'Streams to peers that ended.', 'To', (peer) => peer.disconnects);
  }

  #lagGauge(lag: EventLoopLag, registers: Registry[]): void {
    new Gauge({
      name: 'understudy_event_loop_lag_seconds',
      help: 'Lateness of the event loop since the last scrape.',
      labelNames: ['quantile'],
      registers,
      collect() {
        for (const percentile of [50, 99, 100]) {
          this.set({ quantile: String(percentile / 100) }, lag.seconds(percentile));
        }
        lag.reset();
      },
    });
  }
}
