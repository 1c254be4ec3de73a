/**
 * How a process begins, decided before it opens anything of Raft. The log decides first: a directory with an identity
 * restarts as who it was. An empty one asks the machines named by its flags: a cluster that exists is joined, stood by
 * for, or refused, never bootstrapped again.
 */
import { ConfigError } from '../config/config-error.js';
import type { Config } from '../config/config.js';
import type { StandbyInfo } from '../standby/standby-info.js';
import { type MemberRecord, newMemberRecord } from '../state/member-record.js';
import type { MemberView } from '../state/member-view.js';
import type { ClusterReport } from './discovery.js';
import { bootstrapClusterId, bootstrapMemberId, formatId } from './member-id.js';

export interface StoredIdentity {
  readonly memberId: number;
  readonly clusterId: number;
  /** The cluster that the directory was taken out of by force; 0 for none. */
  readonly formerClusterId: number;
}

export type StartPlan = MemberPlan | StandbyPlan;

/** It is no member. */
export interface StandbyPlan {
  readonly kind: 'standby';
  /** Null where nobody answers yet. */
  readonly cluster: ClusterReport | null;
}

export interface MemberPlan {
  readonly kind: 'restart' | 'bootstrap' | 'join';
  readonly memberId: number;
  readonly clusterId: number;
  /** The first members, in the same order on all of them; empty unless `bootstrap`. */
  readonly bootstrap: readonly MemberRecord[];
  /** Who is known before the log says so: where a joining member is reached from. */
  readonly contacts: readonly { readonly id: number; readonly peerUrls: readonly string[]; readonly voter?: boolean }[];
}

export interface StartPlanDeps {
  readonly ask: (urls: readonly string[]) => Promise<readonly ClusterReport[]>;
  /** Told before each pause of a member that waits for the others. */
  readonly onWait: (text: string) => void;
  readonly pause: () => Promise<void>;
}

/** How often a joining member asks where nobody answers. */
const JOIN_ATTEMPTS = 10;
/** How often it asks those who do not know it: they may be behind the one that added it. */
const UNKNOWN_ATTEMPTS = 3;

/** What `info` says was found in a data directory without a log: a machine that stood by. */
export async function planStart(deps: StartPlanDeps, config: Config, info: StandbyInfo | null): Promise<StartPlan> {
  if (info !== null) return comeBack(deps, config, info);
  const others = otherUrls(config);
  if (config.join.length === 0 && config.initialClusterState === 'existing') return join(deps, config, others);
  const reports = await deps.ask(others);
  return config.join.length > 0 ? takePart(config, reports) : bootstrap(config, reports);
}

/**
 * A directory with an identity: the log decides. Flags that name the members are held against it; those that only say
 * where a cluster may be found are not, and nothing waits for an answer from there.
 */
export async function planRestart(deps: StartPlanDeps, config: Config, stored: StoredIdentity): Promise<MemberPlan> {
  return restart(config, stored, config.join.length > 0 ? [] : await deps.ask(otherUrls(config)));
}

/** It never bootstraps, whatever the flags say: its cluster exists. A standby finds out for itself what it is now. */
async function comeBack(deps: StartPlanDeps, config: Config, info: StandbyInfo): Promise<StandbyPlan> {
  if (info.cluster !== null) return { kind: 'standby', cluster: info.cluster };
  const [first = null] = await deps.ask(otherUrls(config));
  return { kind: 'standby', cluster: first };
}

/** The machines that the flags name, but this one. */
export function otherUrls(config: Config): string[] {
  const urls = config.join.length > 0 ? config.join : config.initialCluster.flatMap(({ peerUrls }) => [...peerUrls]);
  return urls.filter((url) => !config.advertisePeerUrls.includes(url));
}

/** By `--join`: a member if the cluster says so, or if there is none and this is one of its first; a standby if not. */
function takePart(config: Config, reports: readonly ClusterReport[]): StartPlan {
  refuseTwoClusters('--join', reports);
  const [first] = reports;
  if (first === undefined) {
    return config.initialCluster.length > 0 ? bootstrap(config, []) : { kind: 'standby', cluster: null };
  }
  const own = reports.flatMap((report) => {
    const member = report.members.find((candidate) => isOwn(config, candidate));
    return member === undefined ? [] : [{ member, report }];
  })[0];
  if (own === undefined) return { kind: 'standby', cluster: first };
  const ours = config.initialCluster.length > 0 && first.clusterId === formatId(describedCluster(config).clusterId);
  return ours ? bootstrap(config, [own.report]) : joinAs(config, own.member, own.report);
}

/** Announced with our peer URLs, and never started. */
function isOwn(config: Config, member: MemberView): boolean {
  return member.directoryId === '' && sameUrls(member.peerUrls, config.advertisePeerUrls);
}

function restart(config: Config, stored: StoredIdentity, reports: readonly ClusterReport[]): MemberPlan {
  // Flags still name the members of a cluster that this one was taken out of: they are strangers now.
  const own = [stored.clusterId, stored.formerClusterId].map(formatId);
  const stranger = reports.find(({ clusterId }) => !own.includes(clusterId));
  if (stranger !== undefined) {
    throw new ConfigError(
      `--data-dir: ${config.dataDir} belongs to cluster ${formatId(stored.clusterId)}, but the members of --initial-cluster are cluster ${stranger.clusterId}; use the directory or the members of one cluster`,
    );
  }
  if (config.clusterTokenGiven && describesNew(config) && reports.length === 0) {
    const described = describedCluster(config);
    if (!own.includes(formatId(described.clusterId))) {
      throw new ConfigError(
        `--data-dir: ${config.dataDir} belongs to cluster ${formatId(stored.clusterId)}, but --initial-cluster and --initial-cluster-token describe cluster ${formatId(described.clusterId)}; use another directory, or --initial-cluster-state=existing if the members have changed since`,
      );
    }
  }
  // Of use where the state that says who the members are has to be built again.
  const report = reports.find(({ clusterId }) => clusterId === formatId(stored.clusterId));
  const contacts = (report?.members ?? []).map(({ id, peerUrls, isLearner }) => ({
    id: Number.parseInt(id, 16),
    peerUrls,
    voter: !isLearner,
  }));
  const { memberId, clusterId } = stored;
  return { kind: 'restart', memberId, clusterId, bootstrap: [], contacts };
}

/** The flags say who makes a new cluster, and that it is one. */
function describesNew(config: Config): boolean {
  return config.initialClusterState === 'new' && config.initialCluster.length > 0;
}

function bootstrap(config: Config, reports: readonly ClusterReport[]): StartPlan {
  const { clusterId, members } = describedCluster(config);
  // The cast is sound: where there is an initial cluster, this member is in it.
  const own = members.find(({ peerUrls }) => sameUrls(peerUrls, config.advertisePeerUrls)) as MemberRecord;
  const stranger = reports.find((report) => report.clusterId !== formatId(clusterId));
  if (stranger !== undefined) {
    throw new ConfigError(
      `--initial-cluster: its members are cluster ${stranger.clusterId} already, not ${formatId(clusterId)}; to join it, run "member add" there and start with --initial-cluster-state=existing`,
    );
  }
  const known = reports.flatMap((report) => report.members.filter((member) => member.id === formatId(own.id)));
  const [report] = reports;
  if (report !== undefined && known.length === 0) {
    if (config.onRemoval === 'standby') return { kind: 'standby', cluster: report };
    throw new ConfigError(`member ${formatId(own.id)} was removed from the cluster; add it again as a new member`);
  }
  refuseWiped(config, known);
  // The entries of a bootstrap are the same on every member, so a late one makes them too and is then caught up.
  return {
    kind: 'bootstrap',
    memberId: own.id,
    clusterId,
    bootstrap: members,
    contacts: members.map(({ id, peerUrls }) => ({ id, peerUrls })),
  };
}

async function join(deps: StartPlanDeps, config: Config, urls: readonly string[]): Promise<MemberPlan> {
  let unknownTo: ClusterReport | undefined;
  let unknownAttempts = 0;
  for (let attempt = 1; attempt <= JOIN_ATTEMPTS && unknownAttempts < UNKNOWN_ATTEMPTS; attempt += 1) {
    const reports = await deps.ask(urls);
    refuseTwoClusters('--initial-cluster', reports);
    const [first] = reports;
    for (const report of reports) {
      const own = report.members.find((member) => sameUrls(member.peerUrls, config.advertisePeerUrls));
      if (own !== undefined) return joinAs(config, own, report);
    }
    if (first !== undefined) unknownAttempts += 1;
    unknownTo = first;
    deps.onWait(
      first === undefined
        ? `no member of --initial-cluster answers yet, attempt ${attempt} of ${JOIN_ATTEMPTS}`
        : `cluster ${first.clusterId} does not know this member yet, attempt ${unknownAttempts} of ${UNKNOWN_ATTEMPTS}`,
    );
    await deps.pause();
  }
  const own = config.advertisePeerUrls.join(',');
  throw new ConfigError(
    unknownTo === undefined
      ? `--initial-cluster: none of ${urls.join(', ') || 'the other members'} answers; a joining member needs one`
      : `cluster ${unknownTo.clusterId} has no member with peer URLs ${own}; run "member add ${config.name} --peer-urls=${own}" first`,
  );
}

function joinAs(config: Config, own: MemberView, report: ClusterReport): MemberPlan {
  refuseWiped(config, [own]);
  return planJoin(Number.parseInt(own.id, 16), report);
}

/** Of a member that a committed configuration has, and whose log is to come from the others. */
export function planJoin(memberId: number, report: ClusterReport): MemberPlan {
  return {
    kind: 'join',
    memberId,
    clusterId: Number.parseInt(report.clusterId, 16),
    bootstrap: [],
    contacts: report.members.map(({ id, peerUrls }) => ({ id: Number.parseInt(id, 16), peerUrls })),
  };
}

function refuseTwoClusters(flag: string, reports: readonly ClusterReport[]): void {
  const [first] = reports;
  const stranger = reports.find(({ clusterId }) => clusterId !== first?.clusterId);
  if (first === undefined || stranger === undefined) return;
  throw new ConfigError(
    `${flag}: its members are of two clusters, ${first.clusterId} and ${stranger.clusterId}; name those of one`,
  );
}

/** A member that has had a data directory and comes without it has lost what it promised: it must not vote again. */
function refuseWiped(config: Config, known: readonly MemberView[]): void {
  const started = known.find(({ directoryId }) => directoryId !== '');
  if (started === undefined) return;
  throw new ConfigError(
    `member ${started.id} has run with another data directory; ${config.dataDir} is empty. Remove the member and add it again: it then catches up under a new id`,
  );
}

/** What the flags describe: ids that are the same on every machine with these flags. */
export function describedCluster(config: Pick<Config, 'initialCluster' | 'clusterToken'>): {
  clusterId: number;
  members: readonly MemberRecord[];
} {
  const members = config.initialCluster
    .map(({ name, peerUrls }) =>
      newMemberRecord({ id: bootstrapMemberId(peerUrls, config.clusterToken), name, peerUrls: [...peerUrls] }),
    )
    .sort((a, b) => a.id - b.id);
  const clusterId = bootstrapClusterId(
    members.map((member) => member.id),
    config.clusterToken,
  );
  return { clusterId, members };
}

function sameUrls(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((url) => b.includes(url));
}
