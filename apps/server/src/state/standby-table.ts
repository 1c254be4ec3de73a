/**
 * The replicated register of standbys, apart from keys and members: no revision, no watch event. A machine that is a
 * member is not in it. What is remembered of machines beyond a registration (an operator took it out; it was activated
 * and never became a voter) goes by their peer URLs. Both are bounded.
 */
import type { StoreRecord, StoreWrite } from '@understudy/store';
import type { MemberRecord } from './member-record.js';
import type { MemberTable } from './member-table.js';
import type {
  ForgetStandbys,
  RegisterStandbys,
  ReleaseStandby,
  ReserveStandby,
  StandbyRecord,
  StandbyReportRecord,
} from './standby-record.js';
import { readVersioned, withVersion } from './versioned-json.js';

/** First byte of the keys of the registrations in the state database. */
export const STANDBY_PREFIX = 0x05;
const MACHINES_PREFIX = 0x06;
/** Exclusive. */
export const STANDBY_TABLE_END = 0x07;

const ROW_VERSION = 1;
export const MAX_STANDBYS = 10_000;
/** The machines that something is remembered of; the oldest is forgotten first. */
const MAX_MACHINES = 1000;

export type StandbyOutcome =
  | { readonly ok: true }
  | { readonly ok: false; readonly reason: 'full' | 'unknown-standby' | 'reserved' | 'other-token' };

const DONE: StandbyOutcome = { ok: true };

interface PastMachine {
  readonly drained: boolean;
  readonly failedActivations: number;
  /** It has voted since it was activated. */
  readonly voted: boolean;
}

const NOTHING_PAST: PastMachine = { drained: false, failedActivations: 0, voted: false };

export class StandbyTable {
  readonly #standbys = new Map<string, StandbyRecord>();
  /** Peer URLs to registration: a machine has one. */
  readonly #byUrls = new Map<string, string>();
  /** By peer URLs, the one that changed last at the end. */
  readonly #machines = new Map<string, PastMachine>();
  /** Registrations whose row differs from the database. */
  #dirty = new Set<string>();
  #machinesDirty = false;

  get size(): number {
    return this.#standbys.size;
  }

  get(registration: string): StandbyRecord | undefined {
    return this.#standbys.get(registration);
  }

  /** Ascending by registration. */
  list(): StandbyRecord[] {
    return [...this.#standbys.values()].sort((a, b) => (a.registration < b.registration ? -1 : 1));
  }

  /** Those that are members by now are left out, and those whose peer URLs a member has; those beyond the bound, too. */
  register({ standbys }: RegisterStandbys, members: MemberTable): StandbyOutcome {
    const taken = new Set(members.list().flatMap(({ peerUrls, registration }) => [registration, ...peerUrls]));
    let outcome = DONE;
    for (const report of standbys) {
      const known = this.#standbys.get(report.registration);
      if (taken.has(report.registration) || report.peerUrls.some((url) => taken.has(url))) continue;
      const earlier = this.#byUrls.get(machineKey(report.peerUrls));
      if (earlier !== undefined && earlier !== report.registration) this.#remove(earlier);
      if (known === undefined && this.#standbys.size >= MAX_STANDBYS) outcome = { ok: false, reason: 'full' };
      else this.#put({ ...this.#pastOf(report), reservation: known?.reservation ?? null, ...report });
    }
    return outcome;
  }

  forget({ registrations }: ForgetStandbys): StandbyOutcome {
    for (const registration of registrations) this.#remove(registration);
    return DONE;
  }

  reserve({ registration, ...reservation }: ReserveStandby): StandbyOutcome {
    const known = this.#standbys.get(registration);
    if (known === undefined) return { ok: false, reason: 'unknown-standby' };
    // A reservation of an earlier leader's is void.
    if (known.reservation !== null && known.reservation.term >= reservation.term)
      return { ok: false, reason: 'reserved' };
    this.#put({ ...known, reservation });
    return DONE;
  }

  release({ registration, token }: ReleaseStandby): StandbyOutcome {
    const known = this.#standbys.get(registration);
    if (known === undefined) return { ok: false, reason: 'unknown-standby' };
    if (known.reservation?.token !== token) return { ok: false, reason: 'other-token' };
    this.#put({ ...known, reservation: null });
    return DONE;
  }

  /** Why this standby may not be made a member with this token; null where it may. */
  refuseActivation(registration: string, token: number): string | null {
    const known = this.#standbys.get(registration);
    if (known === undefined) return `standby ${registration} is not registered`;
    if (known.reservation?.token !== token) return `standby ${registration} is not reserved with token ${token}`;
    return known.standbyOnly ? `standby ${registration} is never to be a member` : null;
  }

  /** These machines are members now. */
  becameMembers(members: readonly MemberRecord[]): void {
    for (const { registration, peerUrls } of members) {
      this.#remove(registration);
      this.#remove(this.#byUrls.get(machineKey(peerUrls)) ?? '');
      // An operator who adds it by hand wants it again.
      if (registration === '') this.#remember(machineKey(peerUrls), NOTHING_PAST);
    }
  }

  /** A standby that was activated became a voter: nothing of it is held against it any more. */
  memberPromoted({ registration, peerUrls }: MemberRecord): void {
    if (registration !== '') this.#remember(machineKey(peerUrls), { ...NOTHING_PAST, voted: true });
  }

  /** A member went; `withdrawn` says whether an operator wants its machine out. */
  memberRemoved({ registration, peerUrls }: MemberRecord, withdrawn: boolean): void {
    const key = machineKey(peerUrls);
    const past = this.#machines.get(key) ?? NOTHING_PAST;
    const failed = registration !== '' && !past.voted ? 1 : 0;
    this.#remember(key, {
      drained: past.drained || withdrawn,
      failedActivations: past.failedActivations + failed,
      voted: false,
    });
  }

  /** Rows changed since the last call, for the next flush. */
  takeWrites(): StoreWrite[] {
    const writes = [...this.#dirty].map((registration): StoreWrite => {
      const record = this.#standbys.get(registration);
      const key = rowKey(registration);
      return record === undefined
        ? { type: 'del', key }
        : { type: 'put', key, value: withVersion(ROW_VERSION, record) };
    });
    if (this.#machinesDirty) {
      const value = withVersion(ROW_VERSION, [...this.#machines]);
      writes.push({ type: 'put', key: new Uint8Array([MACHINES_PREFIX]), value });
    }
    this.#dirty = new Set();
    this.#machinesDirty = false;
    return writes;
  }

  /** A row read back from the database. */
  load({ key, value }: StoreRecord): void {
    const content = readVersioned(value, ROW_VERSION, 'row of the standby register');
    if (key[0] === MACHINES_PREFIX) {
      for (const [machine, past] of content as [string, PastMachine][]) this.#machines.set(machine, past);
    } else {
      const record = content as StandbyRecord;
      this.#standbys.set(record.registration, record);
      this.#byUrls.set(machineKey(record.peerUrls), record.registration);
    }
  }

  #pastOf({ peerUrls }: StandbyReportRecord): Pick<StandbyRecord, 'drained' | 'failedActivations'> {
    const { drained, failedActivations } = this.#machines.get(machineKey(peerUrls)) ?? NOTHING_PAST;
    return { drained, failedActivations };
  }

  #remember(key: string, past: PastMachine): void {
    const known = this.#machines.delete(key);
    const worth = past.drained || past.failedActivations > 0 || past.voted;
    if (worth) this.#machines.set(key, past);
    const [oldest] = this.#machines.keys();
    if (this.#machines.size > MAX_MACHINES && oldest !== undefined) this.#machines.delete(oldest);
    this.#machinesDirty ||= known || worth;
  }

  #put(record: StandbyRecord): void {
    this.#remove(record.registration);
    this.#standbys.set(record.registration, record);
    this.#byUrls.set(machineKey(record.peerUrls), record.registration);
    this.#dirty.add(record.registration);
  }

  #remove(registration: string): void {
    const known = this.#standbys.get(registration);
    if (known === undefined) return;
    this.#standbys.delete(registration);
    this.#byUrls.delete(machineKey(known.peerUrls));
    this.#dirty.add(registration);
  }
}

function machineKey(peerUrls: readonly string[]): string {
  return [...peerUrls].sort().join();
}

function rowKey(registration: string): Uint8Array {
  return Buffer.concat([new Uint8Array([STANDBY_PREFIX]), Buffer.from(registration, 'hex')]);
}
