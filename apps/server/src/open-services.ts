/** What a member does for clients: the table of services, the leader's own loops, the doors' backend, the figures. */
import { type Policy, resolvePolicy } from '@understudy/membership';
import { AutoCompaction } from './auto-compaction.js';
import type { Config } from './config/config.js';
import { ConfigError } from './config/config-error.js';
import type { ClientBackend } from './doors/client-doors.js';
import { ClientHttp } from './doors/client-http.js';
import { HostGuard } from './doors/host-guard.js';
import { JsonGateway } from './doors/json-gateway.js';
import type { ProbeSource } from './doors/probes.js';
import { RpcSockets } from './doors/rpc-sockets.js';
import { LeaseExpiry } from './lease-expiry.js';
import type { OpenMember } from './open-member.js';
import { PublishLoop } from './publish-loop.js';
import { addClusterService } from './services/cluster.js';
import { Dispatcher } from './services/dispatcher.js';
import { addKvService } from './services/kv.js';
import { LeaderCalls } from './services/leader-calls.js';
import { addLeaseService } from './services/lease.js';
import { addMaintenanceService } from './services/maintenance.js';
import { Member } from './services/member.js';
import { ServiceTableBuilder } from './services/rpc.js';
import { addWatchService } from './services/watch-stream.js';
import { EventLoopLag } from './telemetry/event-loop-lag.js';
import type { Logger } from './telemetry/logger.js';
import { ServerMetrics } from './telemetry/metrics.js';
import { metricsSource, peerFigures } from './telemetry/member-figures.js';

export interface OpenServices {
  readonly backend: ClientBackend;
  readonly probes: ProbeSource;
  /** Readiness ends; clients are told to go elsewhere. */
  drain(): void;
  /** A fatal error: the process is not live any more. */
  failed(error: unknown): void;
  /** Stops timers and closes what is left of the clients. */
  stop(): void;
}

export interface ServicesDeps extends OpenMember {
  readonly logger: Logger;
  /** This member has been removed from the cluster, or must not serve. */
  readonly onEnd: (reason: string, kind: 'removed' | 'other-directory') => void;
}

export function openServices(deps: ServicesDeps, config: Config): OpenServices {
  const { logger, node, state } = deps;
  const lag = new EventLoopLag();
  lag.start();
  const metrics = new ServerMetrics(
    () => metricsSource(deps, config),
    () => peerFigures(deps),
    lag,
  );
  const member = new Member({
    id: deps.id,
    clusterId: deps.clusterId,
    config,
    node,
    state,
    metrics,
    logger,
  });
  const { dispatcher, leaderCalls } = openTable(member, config);
  deps.setPeerCallHandler((body) => leaderCalls.answer(body));
  const expiry = new LeaseExpiry(member, logger);
  const publish = new PublishLoop(member, deps.directoryId, logger, () =>
    deps.onEnd('this member has run with another data directory', 'other-directory'),
  );
  const compaction =
    config.autoCompaction.mode === 'off' ? null : new AutoCompaction(member, config.autoCompaction, logger);
  const guard = new HostGuard({
    ownHosts: ownHosts(config),
    extraHosts: config.hostWhitelist,
    origins: config.corsOrigins,
  });
  const sockets = new RpcSockets({ dispatcher, guard, member }, { maxRequestBytes: config.maxRequestBytes });
  let notReady: string | null = null;
  let live = true;
  const probes: ProbeSource = {
    health: () => ({ live, notReady: notReady ?? roleHealth(member) }),
    metrics: async () => ({ contentType: metrics.contentType, text: await metrics.text() }),
  };
  const http = new ClientHttp(guard, probes, new JsonGateway(dispatcher, config.maxRequestBytes));
  node.on('leader-change', () => {
    metrics.leaderChanges.inc();
    expiry.leadershipChanged();
    publish.poke();
  });
  state.on('installed', () => {
    logger.info({ index: state.durable.index }, 'took over a snapshot from a peer');
    expiry.leadershipChanged();
  });
  state.on('members', () => {
    publish.poke();
    if (state.members.wasRemoved(deps.id)) deps.onEnd('this member was removed from the cluster', 'removed');
  });
  expiry.leadershipChanged();
  return {
    backend: {
      onRequest: (request, response) => http.handle(request, response),
      onUpgrade: (request, socket, head) => sockets.upgrade(request, socket, head),
      drain: () => sockets.drain(),
    },
    probes,
    drain: () => {
      notReady = 'stopping';
    },
    failed: () => {
      live = false;
    },
    stop: () => {
      lag.stop();
      expiry.stop();
      publish.stop();
      compaction?.stop();
      sockets.close();
    },
  };
}

function openTable(member: Member, config: Config): { dispatcher: Dispatcher; leaderCalls: LeaderCalls } {
  const table = new ServiceTableBuilder();
  const leaderCalls = new LeaderCalls(member);
  addKvService(table, member);
  addWatchService(table, member);
  addLeaseService(table, member, leaderCalls);
  addClusterService(table, member, leaderCalls, policyOf(config));
  addMaintenanceService(table, member);
  return { dispatcher: new Dispatcher(member, table), leaderCalls };
}

function policyOf(config: Config): Policy {
  const basis = { snapshotCount: config.snapshotCount, catchUpEntries: config.catchUpEntries };
  const result = resolvePolicy({ maxLearners: config.maxLearners }, basis);
  if (!result.ok) throw new ConfigError(`membership policy: ${result.text}`);
  return result.policy;
}

/** Whether a write would be served from here now; why not, else null. */
function roleHealth(member: Member): string | null {
  if (member.node.leader === 0) return 'RAFT NO LEADER';
  if (member.isLearner) return 'LEARNER';
  return null;
}

function ownHosts(config: Config): string[] {
  const urls = [...config.listenClientUrls, ...config.advertiseClientUrls, ...config.listenMetricsUrls];
  return urls.map((url) => new URL(url).hostname.replace(/^\[|\]$/g, ''));
}
