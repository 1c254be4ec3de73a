/**
 * How a member begins, decided before it opens anything of Raft. The log decides first: a directory with an identity
 * restarts as who it was. An empty one asks the machines named by its flags: a cluster that exists is joined or
 * refused, never bootstrapped again.
 */
import { ConfigError } from '../config/config-error.js';
import type { Config } from '../config/config.js';
import type { MemberRecord } from '../state/member-record.js';
import type { MemberView } from '../state/member-view.js';
import { askCluster, type ClusterReport } from './discovery.js';
import { bootstrapClusterId, bootstrapMemberId, formatId } from './member-id.js';

export interface StoredIdentity {
  readonly memberId: number;
  readonly clusterId: number;
}

export interface StartPlan {
  readonly kind: 'restart' | 'bootstrap' | 'join';
  readonly memberId: number;
  readonly clusterId: number;
  /** The first members, in the same order on all of them; empty unless `bootstrap`. */
  readonly bootstrap: readonly MemberRecord[];
  /** Who is known before the log says so: where a joining member is reached from. */
  readonly contacts: readonly { readonly id: number; readonly peerUrls: readonly string[] }[];
}

const JOIN_ATTEMPTS = 10;
const JOIN_RETRY_MS = 1000;

export async function planStart(
  config: Config,
  stored: StoredIdentity | null,
  onWait: (text: string) => void,
): Promise<StartPlan> {
  const others = [...config.initialCluster].filter(([name]) => name !== config.name).flatMap(([, urls]) => [...urls]);
  if (stored !== null) return restart(config, stored, await askCluster(others));
  if (config.initialClusterState === 'existing') return join(config, await waitForCluster(others, onWait));
  return bootstrap(config, await askCluster(others));
}

function restart(config: Config, stored: StoredIdentity, report: ClusterReport | null): StartPlan {
  const asked = report === null ? null : Number.parseInt(report.clusterId, 16);
  if (asked !== null && asked !== stored.clusterId) {
    throw new ConfigError(
      `--data-dir: ${config.dataDir} belongs to cluster ${formatId(stored.clusterId)}, but the members of --initial-cluster are cluster ${report?.clusterId}; use the directory or the members of one cluster`,
    );
  }
  if (config.clusterTokenGiven && config.initialClusterState === 'new') {
    const described = describedCluster(config);
    if (described.clusterId !== stored.clusterId && asked === null) {
      throw new ConfigError(
        `--data-dir: ${config.dataDir} belongs to cluster ${formatId(stored.clusterId)}, but --initial-cluster and --initial-cluster-token describe cluster ${formatId(described.clusterId)}; use another directory, or --initial-cluster-state=existing if the members have changed since`,
      );
    }
  }
  return { kind: 'restart', ...stored, bootstrap: [], contacts: [] };
}

function bootstrap(config: Config, report: ClusterReport | null): StartPlan {
  const { clusterId, members } = describedCluster(config);
  const own = members.find((member) => member.name === config.name) as MemberRecord;
  if (report !== null) {
    if (report.clusterId !== formatId(clusterId)) {
      throw new ConfigError(
        `--initial-cluster: its members are cluster ${report.clusterId} already, not ${formatId(clusterId)}; to join it, run "member add" there and start with --initial-cluster-state=existing`,
      );
    }
    const known = report.members.find((member) => member.id === formatId(own.id));
    if (known === undefined)
      throw new ConfigError(`member ${formatId(own.id)} was removed from the cluster; add it again as a new member`);
    refuseWiped(config, known);
  }
  // The entries of a bootstrap are the same on every member, so a late one makes them too and is then caught up.
  return {
    kind: 'bootstrap',
    memberId: own.id,
    clusterId,
    bootstrap: members,
    contacts: members.map(({ id, peerUrls }) => ({ id, peerUrls })),
  };
}

function join(config: Config, report: ClusterReport): StartPlan {
  const own = report.members.find((member) => sameUrls(member.peerUrls, config.advertisePeerUrls));
  if (own === undefined) {
    throw new ConfigError(
      `cluster ${report.clusterId} has no member with peer URLs ${config.advertisePeerUrls.join(',')}; run "member add ${config.name} --peer-urls=${config.advertisePeerUrls.join(',')}" first`,
    );
  }
  refuseWiped(config, own);
  return {
    kind: 'join',
    memberId: Number.parseInt(own.id, 16),
    clusterId: Number.parseInt(report.clusterId, 16),
    bootstrap: [],
    contacts: report.members.map((member) => ({ id: Number.parseInt(member.id, 16), peerUrls: member.peerUrls })),
  };
}

/** A member that has had a data directory and comes without it has lost what it promised: it must not vote again. */
function refuseWiped(config: Config, known: MemberView): void {
  if (known.directoryId === '') return;
  throw new ConfigError(
    `member ${known.id} has run with another data directory; ${config.dataDir} is empty. Remove the member and add it again: it then catches up under a new id`,
  );
}

async function waitForCluster(urls: readonly string[], onWait: (text: string) => void): Promise<ClusterReport> {
  for (let attempt = 1; attempt <= JOIN_ATTEMPTS; attempt += 1) {
    const report = await askCluster(urls);
    if (report !== null) return report;
    onWait(`no member of --initial-cluster answers yet, attempt ${attempt} of ${JOIN_ATTEMPTS}`);
    await new Promise((resolve) => setTimeout(resolve, JOIN_RETRY_MS));
  }
  throw new ConfigError(
    `--initial-cluster: none of ${urls.join(', ') || 'the other members'} answers; a joining member needs one`,
  );
}

function describedCluster(config: Config): { clusterId: number; members: readonly MemberRecord[] } {
  const members = [...config.initialCluster]
    .map(([name, peerUrls]) => ({
      id: bootstrapMemberId(peerUrls, config.clusterToken),
      name,
      peerUrls: [...peerUrls],
      clientUrls: [],
      directoryId: '',
    }))
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
