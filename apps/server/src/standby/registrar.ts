/**
 * The leader's side of the standbys: who of them is connected, who is to be written into the register, and what each is
 * told. The register is replicated; what is here, connections and when each was heard of last, is this leader's own. A
 * member that does not lead says who does, and ends the stream.
 */
import { performance } from 'node:perf_hooks';
import { type Policy, type StandbyPurpose, type StandbyView, standbyCheckIntervalMs } from '@understudy/membership';
import { StandbyInstruction, type StandbyReport } from '@understudy/protocol';
import { formatId } from '../bootstrap/member-id.js';
import type { NewReservation, StandbyRegistry } from '../ladder/standby-registry.js';
import type { StreamSink, TypedStreamHandler } from '../services/rpc.js';
import type { Member } from '../services/member.js';
import { CommandKind } from '../state/command.js';
import {
  type StandbyCommand,
  encodeStandbyCommand,
  type StandbyRecord,
  type StandbyReportRecord,
} from '../state/standby-record.js';
import type { StandbyOutcome } from '../state/standby-table.js';
import { LostMembers } from './lost-members.js';
import { sameReport, validateReport } from './standby-report.js';

interface Connected {
  readonly sink: { send(message: StandbyInstruction): boolean; end(error?: unknown): void };
  /** Null until it has reported. */
  report: StandbyReportRecord | null;
  /** As it was told last. */
  reserved: boolean;
}

/** Reports that are written together: a thousand machines that start at once are a few entries of the log. */
const BATCH_MS = 100;
const BATCH_SIZE = 256;
/** Instructions pushed in one turn of the event loop. */
const PUSHES_A_TURN = 64;
/** A machine that may not register yet asks again within the policy's sync interval; a claim outlives so many of them. */
const CLAIM_INTERVALS = 3;
const NO_TIMEOUT = { raw: null, timeoutMs: undefined };

export class Registrar implements StandbyRegistry {
  readonly #member: Member;
  readonly #policy: () => Policy;
  readonly #streams = new Set<Connected>();
  readonly #byRegistration = new Map<string, Connected>();
  /** When each was heard of last, on the clock of `performance.now()`; kept for those that are gone. */
  readonly #heardAtMs = new Map<string, number>();
  readonly #waiting = new Map<string, StandbyReportRecord>();
  readonly #lost: LostMembers;
  #writing: Promise<void> | null = null;
  #leadingSinceMs = performance.now();
  readonly #toPush = new Set<Connected>();
  #toldPolicy = '';
  #wasLeader = false;
  #stopped = false;
  #connectionsChanged: () => void = () => undefined;

  constructor(member: Member, policy: () => Policy) {
    this.#member = member;
    this.#policy = policy;
    this.#lost = new LostMembers((id) => {
      const ms = member.node.status().peers.find((peer) => peer.id === id)?.answeredMs;
      return ms == null ? null : performance.now() - ms;
    });
    const { node, state } = member;
    node.on('leader-change', () => this.#leadershipChanged());
    state.on('members', () => this.#push([...this.#byRegistration.values()]));
    state.on('standbys', () => this.#push(this.#changed()));
    state.on('ladder', () => this.#policyChanged());
    this.#leadershipChanged();
  }

  /** A stream of StandbyService.Register. */
  open(
    sink: Pick<StreamSink, 'end'> & { send(message: StandbyInstruction): boolean },
  ): TypedStreamHandler<StandbyReport> {
    const connected: Connected = { sink, report: null, reserved: false };
    this.#streams.add(connected);
    return {
      onMessage: (report) => this.#reported(connected, report),
      onDrain: () => undefined,
      onHalfClose: () => this.#end(connected),
      onClose: () => this.#forgetStream(connected),
    };
  }

  whenConnected(listener: () => void): void {
    this.#connectionsChanged = listener;
  }

  views(nowMs: number): readonly StandbyView[] {
    return this.#member.state.standbys.list().map((record) => this.#view(record, nowMs));
  }

  lostMembers(nowMs: number): ReadonlySet<number> {
    return this.#lost.since(nowMs - CLAIM_INTERVALS * this.#policy().standbySyncIntervalMs);
  }

  async reserve({ registrationId, ...reservation }: NewReservation): Promise<void> {
    const command = { registration: formatId(registrationId), ...reservation };
    await this.#propose(CommandKind.ReserveStandby, command);
  }

  async release(registrationId: number, token: number): Promise<void> {
    await this.#propose(CommandKind.ReleaseStandby, { registration: formatId(registrationId), token });
  }

  async forget(registrationIds: readonly number[]): Promise<void> {
    const registrations = registrationIds.map(formatId);
    await this.#propose(CommandKind.ForgetStandbys, { registrations });
    for (const registration of registrations) this.#heardAtMs.delete(registration);
  }

  stop(): void {
    this.#stopped = true;
    for (const connected of [...this.#streams]) this.#end(connected);
  }

  #reported(connected: Connected, raw: StandbyReport): void {
    if (!this.#member.node.isLeader) {
      connected.sink.send(this.#instruction(null));
      this.#end(connected);
      return;
    }
    const checked = validateReport(raw, this.#member.clusterId);
    if (!checked.ok) {
      this.#remove(connected, 'refused', checked.text);
      return;
    }
    const { report } = checked;
    this.#claim(connected, report);
    const known = this.#member.state.standbys.get(report.registration);
    if (raw.leaving) void this.#leave(connected, report.registration);
    else if (known !== undefined && sameReport(known, report)) this.#instruct(connected);
    else this.#enlist(report);
  }

  #view(record: StandbyRecord, nowMs: number): StandbyView {
    const { registration, reservation, drained, failedActivations } = record;
    const { name, peerUrls, clientUrls, zone, standbyOnly, protocol } = record;
    const connected = this.#byRegistration.has(registration);
    return {
      ...{ name, peerUrls, clientUrls, zone, standbyOnly, protocol, connected, drained, failedActivations },
      registrationId: Number.parseInt(registration, 16),
      lastSeenMs: connected ? nowMs : Math.max(this.#heardAtMs.get(registration) ?? 0, this.#leadingSinceMs),
      reservation: reservation === null ? null : { ...reservation, purpose: reservation.purpose as StandbyPurpose },
    };
  }

  /** A machine has one stream: the last that spoke for it. */
  #claim(connected: Connected, report: StandbyReportRecord): void {
    const { registration } = report;
    const earlier = this.#byRegistration.get(registration);
    if (earlier !== undefined && earlier !== connected) this.#end(earlier);
    connected.report = report;
    this.#byRegistration.set(registration, connected);
    this.#heardAtMs.set(registration, performance.now());
    if (earlier !== connected) this.#connectionsChanged();
  }

  #enlist(report: StandbyReportRecord): void {
    this.#waiting.set(report.registration, report);
    this.#writing ??= this.#writeWaiting().finally(() => {
      this.#writing = null;
    });
  }

  /** Who could not be written is written when it reports again. */
  async #writeWaiting(): Promise<void> {
    while (this.#waiting.size > 0 && this.#member.node.isLeader && !this.#stopped) {
      await new Promise((resolve) => setTimeout(resolve, BATCH_MS));
      const standbys = [...this.#waiting.values()].slice(0, BATCH_SIZE);
      for (const { registration } of standbys) this.#waiting.delete(registration);
      try {
        await this.#propose(CommandKind.RegisterStandbys, { standbys });
      } catch (error) {
        this.#member.logger.warn({ err: error, standbys: standbys.length }, 'could not register standbys');
      }
      for (const { registration } of standbys) this.#enlisted(registration);
    }
    this.#waiting.clear();
  }

  #enlisted(registration: string): void {
    const connected = this.#byRegistration.get(registration);
    if (connected === undefined) return;
    const { standbys, members } = this.#member.state;
    const urls = connected.report?.peerUrls ?? [];
    const owner = members.list().find(({ peerUrls }) => peerUrls.some((url) => urls.includes(url)));
    if (standbys.get(registration) !== undefined) this.#instruct(connected);
    else if (owner !== undefined && owner.directoryId !== '') {
      // A machine that lost its data: its old self has to go first, by the planner or by an operator.
      if (owner.peerUrls.length === urls.length && owner.peerUrls.every((url) => urls.includes(url))) {
        const news = this.#lost.claimed(owner.id, registration, performance.now());
        if (news) this.#connectionsChanged();
      }
      this.#remove(connected, 'refused', `member ${formatId(owner.id)} has its peer URLs; it is to be removed first`);
    }
    // It is a member by now, or the register is full: it looks for itself, and comes again if need be.
    else this.#end(connected);
  }

  async #leave(connected: Connected, registration: string): Promise<void> {
    try {
      await this.#propose(CommandKind.ForgetStandbys, { registrations: [registration] });
      this.#remove(connected, 'left', 'it said that it goes');
    } catch (error) {
      this.#member.logger.warn({ err: error, registration }, 'could not forget a standby that left');
      this.#end(connected);
    }
  }

  /** Rejects where it was not applied, and where the register refused it. */
  async #propose(kind: CommandKind, command: StandbyCommand): Promise<void> {
    const request = encodeStandbyCommand(command);
    const outcome = await this.#member.propose<StandbyOutcome>(kind, request, undefined, NO_TIMEOUT);
    if (!outcome.ok) throw new Error(`the register of standbys refused it: ${outcome.reason}`);
  }

  #leadershipChanged(): void {
    const { isLeader } = this.#member.node;
    if (isLeader && !this.#wasLeader) {
      this.#leadingSinceMs = performance.now();
      this.#lost.clear();
    }
    this.#wasLeader = isLeader;
    this.#push([...this.#byRegistration.values()]);
  }

  #policyChanged(): void {
    const policy = JSON.stringify(this.#policy());
    if (policy === this.#toldPolicy) return;
    this.#toldPolicy = policy;
    this.#push([...this.#byRegistration.values()]);
  }

  /** Those who are not registered any more, or reserved or released since they were told. */
  #changed(): Connected[] {
    const { standbys } = this.#member.state;
    return [...this.#byRegistration.values()].filter(({ report, reserved }) => {
      const known = standbys.get(report?.registration ?? '');
      return known === undefined || (known.reservation !== null) !== reserved;
    });
  }

  /** Something changed that they are to know: a bounded piece a turn, so that heartbeats never wait. */
  #push(connected: readonly Connected[]): void {
    const idle = this.#toPush.size === 0;
    for (const one of connected) this.#toPush.add(one);
    if (idle && this.#toPush.size > 0) setImmediate(() => this.#pushSome());
  }

  #pushSome(): void {
    let pushed = 0;
    for (const connected of this.#toPush) {
      if (pushed === PUSHES_A_TURN) {
        setImmediate(() => this.#pushSome());
        return;
      }
      this.#toPush.delete(connected);
      this.#pushTo(connected);
      pushed += 1;
    }
  }

  #pushTo(connected: Connected): void {
    const { report } = connected;
    if (report === null || !this.#streams.has(connected)) return;
    if (!this.#member.node.isLeader) {
      connected.sink.send(this.#instruction(null));
      this.#end(connected);
    } else if (this.#member.state.standbys.get(report.registration) !== undefined) this.#instruct(connected);
    else if (!this.#waiting.has(report.registration) && this.#writing === null) this.#unregistered(connected, report);
  }

  /** It was made a member, or forgotten by an operator. */
  #unregistered(connected: Connected, report: StandbyReportRecord): void {
    const own = this.#member.state.members.list().find(({ registration }) => registration === report.registration);
    if (own === undefined) {
      this.#remove(connected, 'expired', 'it is not in the register any more');
      return;
    }
    const activation = { memberId: own.id, token: '', configIndex: this.#member.node.status().confIndex };
    connected.sink.send({ ...this.#instruction(report), activation });
    this.#end(connected);
  }

  #instruct(connected: Connected): void {
    const instruction = this.#instruction(connected.report);
    connected.reserved = instruction.reserved;
    connected.sink.send(instruction);
  }

  #remove(connected: Connected, reason: 'refused' | 'expired' | 'left', text: string): void {
    connected.sink.send({ ...this.#instruction(connected.report), removal: { reason, text } });
    this.#end(connected);
  }

  #instruction(report: StandbyReportRecord | null): StandbyInstruction {
    const policy = this.#policy();
    const { state, node, clusterId } = this.#member;
    const known = report === null ? undefined : state.standbys.get(report.registration);
    const view = known === undefined ? undefined : this.#view(known, performance.now());
    const { learners, learnersNext } = state.confState;
    return StandbyInstruction.create({
      header: this.#member.header(),
      clusterId,
      members: state.members.list().map(({ id, name, peerUrls, clientUrls }) => ({
        ...{ id, name, peerUrls: [...peerUrls], clientUrls: [...clientUrls] },
        isLearner: learners.includes(id) || learnersNext.includes(id),
      })),
      leader: node.leader,
      policy: {
        activeSize: policy.activeSize === 'auto' ? 0 : policy.activeSize,
        syncIntervalMs: policy.standbySyncIntervalMs,
        removeDelayMs: policy.removeDelayMs,
      },
      nextCheckMs:
        view === undefined ? policy.standbySyncIntervalMs : standbyCheckIntervalMs(view, state.standbys.size, policy),
      reserved: known !== undefined && known.reservation !== null,
      configIndex: state.applied.index,
    });
  }

  #end(connected: Connected): void {
    this.#forgetStream(connected);
    connected.sink.end();
  }

  #forgetStream(connected: Connected): void {
    this.#streams.delete(connected);
    const registration = connected.report?.registration;
    if (registration === undefined || this.#byRegistration.get(registration) !== connected) return;
    this.#byRegistration.delete(registration);
    this.#heardAtMs.set(registration, performance.now());
    if (!this.#stopped) this.#connectionsChanged();
  }
}
