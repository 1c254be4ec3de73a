/** Opens what makes a member: its data, its log and state, its transport and its node. */
import { setTimeout } from 'node:timers/promises';
import { RaftNode } from '@understudy/raft-node';
import { type PeerHello, type Verdict, WsTransport } from '@understudy/transport-ws';
import { WalLevel } from '@understudy/wal-level';
import { type ClusterReport, findCluster } from './bootstrap/discovery.js';
import { formatId } from './bootstrap/member-id.js';
import {
  type MemberPlan,
  otherUrls,
  planRestart,
  planStart,
  type StandbyPlan,
  type StartPlanDeps,
} from './bootstrap/start-plan.js';
import type { Config } from './config/config.js';
import { ConfigError } from './config/config-error.js';
import { type DataDirectory, openDataDirectory } from './data-directory.js';
import { endWith, httpWords } from './doors/last-words.js';
import { pathOf } from './doors/http-request.js';
import type { PeerBackend, PeerDoor } from './doors/peer-door.js';
import { type KnownMembers, KnownMembersFile, knownMembers, readKnownMembers } from './recovery/known-members.js';
import { knownPeers } from './known-peers.js';
import { PeerAddresses } from './peer-addresses.js';
import { Ballast, explainDiskFull } from './recovery/ballast.js';
import { forceByFlag } from './recovery/force-by-flag.js';
import { type Acknowledged, whatReportsRemember } from './recovery/judge-life.js';
import { forgetVote, lifeClaim } from './recovery/life-claim.js';
import { LifeWitness } from './recovery/life-witness.js';
import { openKnownLog } from './recovery/open-log.js';
import { openState } from './recovery/open-state.js';
import { REGISTER_PATH } from './standby/registration-link.js';
import { readStandbyInfo } from './standby/standby-info.js';
import { clusterReport } from './state/cluster-report.js';
import { encodeConfChangeContext } from './state/conf-change-context.js';
import type { PublishedLife } from './state/member-record.js';
import type { ApplyResult, LocalRequest } from './state/apply-command.js';
import type { ReplicatedState } from './state/replicated-state.js';
import { DiskTimings } from './telemetry/disk-timings.js';
import { type Logger, libraryLogger } from './telemetry/logger.js';

/** Why the cluster does not want this member, or not as it is. */
export type Expulsion =
  | 'removed'
  /** Its id was seen with another data directory. */
  | 'other-directory'
  /** Another process that lives runs on a copy of its data directory, or on the one that its own is a copy of. */
  | 'directory-in-use'
  /** Its data directory is an older copy of itself. */
  | 'rolled-back';

export interface OpenMemberDeps {
  readonly logger: Logger;
  readonly peerDoor: PeerDoor;
  /** Another member says so when it refuses a stream: the news may not have come through the log. */
  readonly onExpelled: (why: Expulsion) => void;
}

/** What this process turned out to be. */
export type StartedMember =
  | { readonly kind: 'member'; readonly member: OpenMember }
  /** No member, and there is no log; null where no cluster answers yet. */
  | { readonly kind: 'standby'; readonly cluster: ClusterReport | null }
  /** Its own state says that it was removed. */
  | { readonly kind: 'removed'; readonly cluster: ClusterReport | null; readonly memberId: number };

export interface OpenMember {
  readonly id: number;
  readonly clusterId: number;
  readonly directoryId: string;
  /** This run. */
  readonly life: PublishedLife;
  readonly node: MemberNode;
  readonly state: ReplicatedState;
  readonly log: WalLevel;
  readonly transport: WsTransport;
  readonly disk: DiskTimings;
  readonly ballast: Ballast;
  readonly knownFile: KnownMembersFile;
  /** Answers what other members ask of the leader; absent until the services are there. */
  setPeerCallHandler(handler: (body: Uint8Array) => Promise<Uint8Array>): void;
  /** Takes the connections on which standbys register; refused until the services are there. */
  setStandbyHandler(handler: PeerBackend['onUpgrade']): void;
}

/** Half of a request's bytes more, for a transaction's own structure and the headers around it. */
const PROPOSAL_HEADROOM = 1.5;
const JOIN_RETRY_MS = 1000;

/** A follower that lags by less is fed from memory: some 10,000 small entries. */
const LOG_TAIL_BYTES = 4 * 1024 * 1024;

/** How this start came about; both null where directory and flags say all. */
export interface Occasion {
  /** How to begin in an empty directory. */
  readonly activation: MemberPlan | null;
  /** In words, why the directory is known to be an older copy of itself. */
  readonly rolledBack: string | null;
}

export async function openMember(deps: OpenMemberDeps, config: Config, occasion: Occasion): Promise<StartedMember> {
  const directory = await openDataDirectory(config.dataDir);
  if (config.forceNewCluster) await forceByFlag(config, deps.logger);
  const disk = new DiskTimings();
  const ballast = new Ballast(config.dataDir, config.ballastBytes, deps.logger);
  try {
    return await openParts(deps, config, occasion, { directory, disk, ballast });
  } catch (error) {
    await ballast.stop();
    throw await explainDiskFull(error, config.dataDir, ballast);
  }
}

type MemberNode = RaftNode<ApplyResult, LocalRequest>;

type Place = Pick<MemberParts, 'directory' | 'disk' | 'ballast'>;

async function openParts(deps: OpenMemberDeps, config: Config, occasion: Occasion, at: Place): Promise<StartedMember> {
  const { directory, disk } = at;
  const opened = await openLog(directory, disk, config, deps, occasion);
  if ('kind' in opened) return opened;
  const { log, plan } = opened;
  try {
    const state = await openState({ directory, disk, logger: deps.logger }, config, { log, known: opened.known });
    try {
      return await startMember(deps, config, { log, plan, state, ...at });
    } catch (error) {
      await state.close();
      throw error;
    }
  } catch (error) {
    await closeLog(log);
    throw error;
  }
}

interface MemberParts {
  readonly log: WalLevel;
  readonly plan: MemberPlan;
  readonly state: ReplicatedState;
  readonly disk: DiskTimings;
  readonly directory: DataDirectory;
  readonly ballast: Ballast;
}

async function startMember(deps: OpenMemberDeps, config: Config, parts: MemberParts): Promise<StartedMember> {
  const { logger, peerDoor } = deps;
  const { log, plan, state, disk, ballast } = parts;
  const { memberId: id, clusterId, directoryId, bootCount } = log.identity;
  if (state.members.wasRemoved(id)) {
    const cluster = clusterReport(clusterId, state, 0);
    await state.close();
    await closeLog(log);
    return { kind: 'removed', cluster, memberId: id };
  }
  let running: MemberNode | null = null;
  // Before raft-node takes anything in.
  const claim = lifeClaim(log);
  const life: PublishedLife = { bootCount, lifeId: claim.lifeId };
  const witness = new LifeWitness({
    logger,
    published: (member) => state.members.get(member)?.life ?? null,
    acknowledged: (member) => acknowledgedTo(running, member),
  });
  const transport: WsTransport = new WsTransport(
    {
      identity: { clusterId, memberId: id, directoryId, bootCount, life: claim },
      admit: (hello) => admit(state, plan, witness, hello),
      onGreeted: (hello) => witness.greeted(hello),
      onParted: (hello) => witness.parted(hello),
      onRefused: ({ by, reason }) => {
        if (by === 'peer' && reason === 'removed') deps.onExpelled('removed');
        else if (by === 'peer' && reason === 'wiped') deps.onExpelled('other-directory');
        else if (by === 'peer' && (reason === 'directory-in-use' || reason === 'rolled-back')) deps.onExpelled(reason);
      },
      logger: libraryLogger(logger),
    },
    {
      pingTimeoutMs: Math.max(5 * config.electionTimeoutMs, 5000),
      // A peer that is back is found long before an election would be over.
      backoffMaxMs: Math.min(Math.max(Math.floor(config.electionTimeoutMs / 4), 50), 2000),
      ...(peerDoor.dialTls === undefined ? {} : { tls: peerDoor.dialTls }),
    },
  );
  let onStandby: PeerBackend['onUpgrade'] | null = null;
  let onPeerCall: ((body: Uint8Array) => Promise<Uint8Array>) | null = null;
  const node: MemberNode = await RaftNode.start<ApplyResult, LocalRequest>(
    { log, transport, stateMachine: state, logger: libraryLogger(logger) },
    {
      id,
      ...(plan.bootstrap.length === 0 ? {} : { bootstrap: { members: bootstrapMembers(plan) } }),
      heartbeatIntervalMs: config.heartbeatIntervalMs,
      electionTimeoutMs: config.electionTimeoutMs,
      maxProposalBytes: Math.ceil(config.maxRequestBytes * PROPOSAL_HEADROOM),
      snapshotEntries: config.snapshotCount,
      keepEntries: config.catchUpEntries,
      learnerSource: config.learnerSource,
      learnerBytesPerSecond: config.learnerBytesPerSecond,
      validateConfChange: (change) => state.refuseConfChange(change),
      onPeerCall: (_from, body) => {
        if (onPeerCall === null) throw new Error('this member is still starting');
        return onPeerCall(body);
      },
    },
  );
  running = node;
  const peers = new PeerAddresses((all) => node.setPeerAddresses(all), config.electionTimeoutMs);
  const tellPeers = (): void => peers.set(knownPeers(plan, state.members));
  const knownFile = new KnownMembersFile(parts.directory.member, (error) => {
    logger.warn({ err: error }, 'could not write the file of known members');
  });
  state.on('members', () => {
    tellPeers();
    knownFile.keep(knownMembers(id, state.members.list(), state.confState));
  });
  tellPeers();
  peerDoor.open({
    clusterReport: () => clusterReport(clusterId, state, node.leader),
    onUpgrade: (request, socket, head) => {
      if (onStandby !== null && pathOf(request) === REGISTER_PATH) onStandby(request, socket, head);
      else if (!transport.handleUpgrade(request, socket, head))
        endWith(socket, httpWords('404 Not Found', 'not found'));
    },
  });
  const member: OpenMember = {
    id,
    clusterId,
    directoryId,
    life,
    node,
    state,
    log,
    transport,
    disk,
    ballast,
    knownFile,
    setPeerCallHandler: (handler) => {
      onPeerCall = handler;
    },
    setStandbyHandler: (handler) => {
      onStandby = handler;
    },
  };
  return { kind: 'member', member };
}

/** The log decides the mode: where it knows who it is, that is what this member is. */
async function openLog(
  directory: DataDirectory,
  disk: DiskTimings,
  config: Config,
  { logger, peerDoor }: Pick<OpenMemberDeps, 'logger' | 'peerDoor'>,
  { activation, rolledBack }: Occasion,
): Promise<{ log: WalLevel; plan: MemberPlan; known: KnownMembers } | StandbyPlan> {
  const wal = {
    directory: directory.wal,
    onSync: (durationMs: number, bytes: number) => disk.walSynced(durationMs, bytes),
  };
  const options = { paranoid: config.walParanoid, tailBytes: LOG_TAIL_BYTES };
  let reports: readonly ClusterReport[] = [];
  const deps: StartPlanDeps = {
    ask: async (urls) => {
      reports = await findCluster(urls, peerDoor.dialTls);
      return reports;
    },
    onWait: (text) => logger.info(text),
    pause: () => setTimeout(JOIN_RETRY_MS),
  };
  try {
    const memberDirectory = directory.member;
    const ask = (): Promise<readonly ClusterReport[]> => deps.ask(otherUrls(config));
    const log = await openKnownLog({ wal, memberDirectory, logger, ask }, config, options);
    try {
      const plan = await planRestart(deps, config, log.identity);
      const forgotten = rolledBack ?? whatReportsRemember(log.identity, reports);
      if (forgotten !== null) await forgetVote(log, logger, forgotten);
      const told = plan.contacts.map(({ voter = true, ...contact }) => ({ ...contact, voter }));
      const known = (await readKnownMembers(memberDirectory)) ?? { self: log.identity.memberId, members: told };
      return { log, known, plan: { ...plan, contacts: plan.contacts.length > 0 ? plan.contacts : known.members } };
    } catch (error) {
      await closeLog(log);
      throw error;
    }
  } catch (error) {
    if ((error as { code?: string }).code !== 'identity-required') throw explainLog(error, config);
  }
  const plan = activation ?? (await planStart(deps, config, await readStandbyInfo(config.dataDir)));
  if (plan.kind === 'standby') return plan;
  logger.info(
    { kind: plan.kind, member: formatId(plan.memberId), cluster: formatId(plan.clusterId), directory: directory.wal },
    'a new data directory',
  );
  try {
    const log = await WalLevel.open(wal, { ...options, identity: plan });
    return { log, plan, known: { self: plan.memberId, members: [] } };
  } catch (error) {
    throw explainLog(error, config);
  }
}

function closeLog(log: WalLevel): Promise<void> {
  return new Promise((resolve) => log.close(() => resolve()));
}

function explainLog(error: unknown, config: Config): unknown {
  if (error instanceof ConfigError || (error as Error).name !== 'WalError') return error;
  const { code, message } = error as { code: string; message: string };
  if (code === 'full') return error;
  if (code === 'locked') return new ConfigError(`--data-dir: ${config.dataDir} is in use: ${message}`);
  return new ConfigError(`--data-dir: ${config.dataDir} cannot be used (${code}): ${message}`);
}

function bootstrapMembers(plan: MemberPlan): { id: number; context: Uint8Array }[] {
  return plan.bootstrap.map((record) => ({ id: record.id, context: encodeConfChangeContext({ members: [record] }) }));
}

function acknowledgedTo(node: MemberNode | null, member: number): Acknowledged | null {
  if (node === null || !node.isLeader) return null;
  const { commit, peers, term } = node.status();
  const match = peers.find(({ id }) => id === member)?.match ?? 0;
  return match === 0 ? null : { term, match, commit };
}

function admit(state: ReplicatedState, plan: MemberPlan, witness: LifeWitness, hello: PeerHello): Verdict {
  const record = state.members.get(hello.memberId);
  if (record !== undefined) {
    const wiped = record.directoryId !== '' && record.directoryId !== hello.directoryId;
    if (wiped) return { ok: false, reason: 'wiped' };
    return witness.admits(hello) ? { ok: true } : { ok: false, reason: 'rolled-back' };
  }
  if (state.members.wasRemoved(hello.memberId)) return { ok: false, reason: 'removed' };
  const expected = knownPeers(plan, state.members).some(({ id }) => id === hello.memberId);
  if (!expected) return { ok: false, reason: 'unknown-member' };
  return witness.admits(hello) ? { ok: true } : { ok: false, reason: 'rolled-back' };
}
