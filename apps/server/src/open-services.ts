/** What a member does for clients: the table of services, the leader's own loops, the doors' backend, the figures. */
import type { Policy } from '@understudy/membership';
import { AutoCompaction } from './auto-compaction.js';
import type { Config } from './config/config.js';
import { ConfigError } from './config/config-error.js';
import type { ClientBackend } from './doors/client-doors.js';
import { ClientHttp } from './doors/client-http.js';
import { GrpcDoor, type GrpcDoorOptions } from './doors/grpc/grpc-door.js';
import { CorruptionCheck } from './corruption/corruption-check.js';
import { hostGuard } from './doors/host-guard.js';
import { JsonGateway } from './doors/json-gateway.js';
import type { ProbeSource } from './doors/probes.js';
import { RpcSockets } from './doors/rpc-sockets.js';
import { type Ladder, openLadder } from './ladder/ladder.js';
import { LeaseExpiry } from './lease-expiry.js';
import type { Expulsion, OpenMember } from './open-member.js';
import { PublishLoop } from './publish-loop.js';
import { Access } from './services/auth/access.js';
import { Jwt } from './services/auth/jwt.js';
import { PasswordHash } from './services/auth/password-hash.js';
import { addAuthService } from './services/auth.js';
import { addClusterService } from './services/cluster.js';
import { addLadderService } from './services/cluster-ladder.js';
import { Dispatcher } from './services/dispatcher.js';
import { addElectionService } from './services/election.js';
import { addKvService } from './services/kv.js';
import { addHealthService } from './services/health.js';
import { LeaderCalls } from './services/leader-calls.js';
import { addLeaseService } from './services/lease.js';
import { addLockService } from './services/lock.js';
import { LockLine } from './services/lock-line.js';
import { addMaintenanceService } from './services/maintenance.js';
import { Member } from './services/member.js';
import { notReady } from './services/readiness.js';
import { addReflectionService } from './services/reflection.js';
import { ServiceTableBuilder } from './services/rpc.js';
import { addSnapshotService } from './services/snapshot-save.js';
import { addWatchService } from './services/watch-stream.js';
import type { PublishedLife } from './state/member-record.js';
import { openRegistrar } from './standby/open-registrar.js';
import { EventLoopLag } from './telemetry/event-loop-lag.js';
import { HeartbeatWatch } from './telemetry/heartbeat-watch.js';
import { LadderFigures } from './telemetry/ladder-figures.js';
import type { Logger } from './telemetry/logger.js';
import { ServerMetrics } from './telemetry/metrics.js';
import { metricsSource, peerFigures } from './telemetry/member-figures.js';

export interface OpenServices {
  readonly backend: ClientBackend;
  readonly probes: ProbeSource;
  /** Before any client is served. Throws where this member must not serve. */
  checkBeforeServing(): Promise<void>;
  /** Readiness ends. */
  drain(): void;
  /** A fatal error: the process is not live any more. */
  failed(): void;
  /** Stops the timers. */
  stop(): void;
}

export interface ServicesDeps extends OpenMember {
  readonly logger: Logger;
  /** The cluster does not want this member any more. */
  readonly onExpelled: (why: Expulsion) => void;
}

export function openServices(deps: ServicesDeps, config: Config): OpenServices {
  const { logger, node, state } = deps;
  const lag = new EventLoopLag();
  lag.start();
  const figures = new LadderFigures();
  const metrics = new ServerMetrics(
    () => metricsSource(deps, config),
    () => peerFigures(deps),
    { lag, disk: deps.disk, ladder: figures },
  );
  const member = new Member({
    id: deps.id,
    clusterId: deps.clusterId,
    config,
    node,
    state,
    metrics,
    logger,
    diskFull: () => deps.ballast.missing,
  });
  const standbys = openRegistrar(member, (): Policy => ladder.policy.policy);
  const ladder: Ladder = openLadder(member, standbys.registrar, figures);
  const { dispatcher, leaderCalls } = openTable(member, ladder, openJwt(config));
  deps.setPeerCallHandler((body) => leaderCalls.answer(body));
  deps.setStandbyHandler(standbys.onUpgrade);
  const expiry = new LeaseExpiry(member, logger);
  const publish = new PublishLoop(member, { id: deps.directoryId, life: deps.life }, logger, () =>
    deps.onExpelled('other-directory'),
  );
  const compaction =
    config.autoCompaction.mode === 'off' ? null : new AutoCompaction(member, config.autoCompaction, logger);
  const corruption = new CorruptionCheck(member, leaderCalls, config.corruptCheckIntervalMs);
  state.counts.onGranted = (ttl) => metrics.works.leaseTtl.observe(ttl);
  const heartbeats = new HeartbeatWatch(config.heartbeatIntervalMs, (missed) => {
    if (node.isLeader) metrics.counts.lateHeartbeats += missed;
  });
  const guard = hostGuard(config);
  const sockets = new RpcSockets({ dispatcher, guard, member }, { maxRequestBytes: config.maxRequestBytes });
  let stopping = false;
  let live = true;
  const probes: ProbeSource = {
    live: () => live,
    notReady: async () => (stopping ? 'stopping' : notReady(member)),
    healthAsked: (good) => {
      if (good) metrics.counts.healthSuccesses += 1;
      else metrics.counts.healthFailures += 1;
    },
    metrics: async () => {
      await state.diskUsage.look();
      return { contentType: metrics.contentType, text: await metrics.text() };
    },
  };
  const http = new ClientHttp(guard, probes, new JsonGateway(dispatcher, config.maxRequestBytes));
  const grpc = new GrpcDoor(
    { target: dispatcher, guard, logger, onRequest: (request, response) => http.handle(request, response) },
    grpcOptions(config),
  );
  metrics.grpcBytes = () => grpc.figures;
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
    if (state.members.wasRemoved(deps.id)) deps.onExpelled('removed');
    else if (isOvertaken(state.members.get(deps.id)?.life ?? null, deps.life)) deps.onExpelled('rolled-back');
  });
  expiry.leadershipChanged();
  return {
    backend: {
      onRequest: (request, response) => http.handle(request, response),
      onUpgrade: (request, socket, head, commonName) => sockets.upgrade(request, socket, head, commonName),
      onHttp2: (socket, commonName) => grpc.accept(socket, commonName),
      drain: () => {
        sockets.drain();
        grpc.drain();
      },
      close: () => {
        sockets.close();
        grpc.close();
      },
    },
    probes,
    checkBeforeServing: async () => {
      if (config.initialCorruptCheck) await corruption.beforeServing();
    },
    drain: () => {
      stopping = true;
    },
    failed: () => {
      live = false;
    },
    stop: () => {
      lag.stop();
      heartbeats.stop();
      expiry.stop();
      publish.stop();
      ladder.executor.stop();
      standbys.stop();
      compaction?.stop();
      corruption.stop();
    },
  };
}

/** Another run of this directory has published itself, of the same count or a higher one. */
function isOvertaken(published: PublishedLife | null, own: PublishedLife): boolean {
  if (published === null || published.lifeId === own.lifeId) return false;
  return published.bootCount >= own.bootCount;
}

function openTable(
  member: Member,
  ladder: Ladder,
  jwt: Jwt | null,
): { dispatcher: Dispatcher; leaderCalls: LeaderCalls } {
  const table = new ServiceTableBuilder();
  const leaderCalls = new LeaderCalls(member);
  const access = new Access(member, jwt, member.config.authTokenTtlMs);
  const kv = addKvService(table, member);
  const leases = addLeaseService(table, member, leaderCalls, access);
  addClusterService(table, member, leaderCalls, ladder.commands);
  addLadderService(table, member, leaderCalls, ladder);
  addMaintenanceService(table, member, leaderCalls);
  addHealthService(table, () => notReady(member));
  addReflectionService(table);
  addSnapshotService(table, member);
  addWatchService(table, member, access);
  const line = new LockLine({ member, txn: kv.txn, ...leases });
  addLockService(table, line, kv);
  addElectionService(table, { member, txn: kv.txn, ...leases, line, access });
  addAuthService(table, { member, access, passwords: new PasswordHash() });
  return { dispatcher: new Dispatcher(member, table, access, leaderCalls), leaderCalls };
}

function openJwt({ jwt }: Config): Jwt | null {
  if (jwt === null) return null;
  try {
    return new Jwt(jwt, jwt.ttlMs);
  } catch (error) {
    throw new ConfigError(`--auth-token: ${(error as Error).message}`);
  }
}

function grpcOptions(config: Config): GrpcDoorOptions {
  return {
    maxRequestBytes: config.maxRequestBytes,
    maxConcurrentStreams: config.maxConcurrentStreams,
    keepAliveMinTimeMs: config.grpcKeepAliveMinTimeMs,
    keepAliveIntervalMs: config.grpcKeepAliveIntervalMs,
    keepAliveTimeoutMs: config.grpcKeepAliveTimeoutMs,
  };
}
