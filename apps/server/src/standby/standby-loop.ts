/**
 * What a standby does all day: it finds its cluster, registers with the leader, and follows what the leader tells it.
 * When the connection ends it asks any member who leads now. It never asks to join: it leaves only when a committed
 * configuration has it as a member. Nothing here listens on a port, so that a process can hold many.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { ClusterReport } from '../bootstrap/discovery.js';
import type { MemberView } from '../state/member-view.js';
import type { Logger } from '../telemetry/logger.js';
import { findOwnRecord } from './own-record.js';
import type { StandbyInfo } from './standby-info.js';

export interface StandbyMachine {
  readonly name: string;
  readonly peerUrls: readonly string[];
  readonly clientUrls: readonly string[];
  readonly zone: string;
  readonly standbyOnly: boolean;
  /** Ids that it had as a member; 16 hexadecimal digits. */
  readonly formerIds: readonly string[];
  /** Where the cluster may be found, besides the members that are known. */
  readonly join: readonly string[];
}

/** How a link to the leader ended. */
export interface LinkEnd {
  /** The leader took the registration before: trying again at once is no burden. */
  readonly registered: boolean;
  readonly reason: string;
}

/** Whom a link speaks for. */
export interface LinkOwner {
  readonly registration: string;
  /** As the leader tells it; `syncIntervalMs` is the policy's. */
  onCluster(cluster: ClusterReport, syncIntervalMs: number): void;
}

/** One connection to the leader, for as long as it lasts. Never rejects. */
export type Link = (cluster: ClusterReport, owner: LinkOwner, signal: AbortSignal) => Promise<LinkEnd>;

export interface StandbyLoopDeps {
  readonly logger: Logger;
  readonly link: Link;
  /** What each of the URLs says of its cluster. Never rejects. */
  readonly find: (urls: readonly string[]) => Promise<ClusterReport[]>;
  /** Made durable before anybody relies on it. */
  readonly save: (info: StandbyInfo) => Promise<void>;
}

export interface Activation {
  readonly member: MemberView;
  readonly cluster: ClusterReport;
}

/** The first pause after a link ended or nobody answered; it doubles up to the interval of the policy. */
const FIRST_PAUSE_MS = 100;
const DEFAULT_SYNC_INTERVAL_MS = 5000;

export class StandbyLoop {
  readonly #deps: StandbyLoopDeps;
  readonly #machine: StandbyMachine;
  readonly #abort = new AbortController();
  #info: StandbyInfo;
  #registered = false;
  #syncedAtMs: number | null = null;
  #syncIntervalMs = DEFAULT_SYNC_INTERVAL_MS;
  #saves: Promise<void> = Promise.resolve();

  constructor(deps: StandbyLoopDeps, machine: StandbyMachine, info: StandbyInfo) {
    this.#deps = deps;
    this.#machine = machine;
    this.#info = info;
  }

  /** As it was told last. */
  get cluster(): ClusterReport | null {
    return this.#info.cluster;
  }

  get registration(): string {
    return this.#info.registration;
  }

  /** The leader has it on a connection now. */
  get registered(): boolean {
    return this.#registered;
  }

  /** Since the cluster was heard of last, milliseconds; null where it never was. */
  get sinceSyncMs(): number | null {
    return this.#syncedAtMs === null ? null : performance.now() - this.#syncedAtMs;
  }

  stop(): void {
    this.#abort.abort();
  }

  /** Resolves when this machine is a member, or with null when it was stopped. Rejects where the disk fails. */
  async run(): Promise<Activation | null> {
    const { signal } = this.#abort;
    await this.#deps.save(this.#info);
    let pauseMs = FIRST_PAUSE_MS;
    while (!signal.aborted) {
      const cluster = await this.#sync();
      const member = cluster === null ? null : findOwnRecord(cluster, this.#own());
      if (cluster !== null && member !== null) {
        await this.#saves;
        return { member, cluster };
      }
      if (cluster !== null && cluster.leaderId !== '') {
        const end = await this.#follow(cluster, signal);
        if (end.registered) pauseMs = FIRST_PAUSE_MS;
      }
      await delay(jittered(pauseMs), undefined, { signal }).catch(() => undefined);
      pauseMs = Math.min(2 * pauseMs, this.#syncIntervalMs);
    }
    await this.#saves;
    return null;
  }

  async #follow(cluster: ClusterReport, signal: AbortSignal): Promise<LinkEnd> {
    const end = await this.#deps.link(
      cluster,
      {
        registration: this.#info.registration,
        onCluster: (told, syncIntervalMs) => {
          this.#registered = true;
          if (syncIntervalMs > 0) this.#syncIntervalMs = syncIntervalMs;
          this.#learn(told);
        },
      },
      signal,
    );
    this.#registered = false;
    if (!signal.aborted) this.#deps.logger.info({ reason: end.reason }, 'the connection to the leader ended');
    return end;
  }

  /** Members first, since they know best; where none answers, whoever the flags name. */
  async #sync(): Promise<ClusterReport | null> {
    const known = this.#info.cluster?.members.flatMap(({ peerUrls }) => [...peerUrls]) ?? [];
    let reports = this.#ours(await this.#deps.find(known));
    if (reports.length === 0) reports = this.#ours(await this.#deps.find(this.#machine.join));
    const best = newest(reports);
    if (best !== null) this.#learn(best);
    return best;
  }

  /** Where it belongs to a cluster already, no other one counts. */
  #ours(reports: readonly ClusterReport[]): readonly ClusterReport[] {
    const cluster = this.#info.cluster;
    if (cluster === null) return reports;
    const ours = reports.filter(({ clusterId }) => clusterId === cluster.clusterId);
    if (ours.length < reports.length) {
      this.#deps.logger.warn({ cluster: cluster.clusterId }, 'machines that were members answer for another cluster');
    }
    return ours;
  }

  #learn(cluster: ClusterReport): void {
    this.#syncedAtMs = performance.now();
    const changed = essence(cluster) !== essence(this.#info.cluster);
    this.#info = { ...this.#info, cluster };
    if (!changed) return;
    const info = this.#info;
    this.#saves = this.#saves
      .then(() => this.#deps.save(info))
      .catch((error: unknown) => this.#deps.logger.error({ err: error }, 'could not write the standby file'));
  }

  #own(): Parameters<typeof findOwnRecord>[1] {
    const { peerUrls, formerIds } = this.#machine;
    return { registration: this.#info.registration, peerUrls, formerIds };
  }
}

/** Of those who know a leader, if any does; then whoever has applied most. */
function newest(reports: readonly ClusterReport[]): ClusterReport | null {
  const led = reports.filter(({ leaderId }) => leaderId !== '');
  const candidates = led.length > 0 ? led : reports;
  return candidates.reduce<ClusterReport | null>(
    (best, report) => (best === null || report.appliedIndex > best.appliedIndex ? report : best),
    null,
  );
}

/** What is worth a write to the disk. */
function essence(cluster: ClusterReport | null): string {
  return cluster === null ? '' : JSON.stringify([cluster.clusterId, cluster.leaderId, cluster.members]);
}

/** Between half and whole, so that thousands do not come at once. */
function jittered(pauseMs: number): number {
  return pauseMs * (0.5 + Math.random() / 2);
}
