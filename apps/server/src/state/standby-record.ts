/** A machine that stands by, as the cluster has it registered, and the commands that change the register. */
import type { ProtocolRange } from './member-record.js';
import { readVersioned, withVersion } from './versioned-json.js';

/** What the machine says of itself. */
export interface StandbyReportRecord {
  /** 16 hexadecimal digits; random, made by the machine for as long as it stands by. */
  readonly registration: string;
  readonly name: string;
  readonly peerUrls: readonly string[];
  readonly clientUrls: readonly string[];
  /** Empty where nobody says. */
  readonly zone: string;
  /** It is never to be made a member. */
  readonly standbyOnly: boolean;
  readonly protocol: ProtocolRange;
}

/** What the leader keeps it for. */
export interface StandbyReservation {
  /** Never used twice: the activation has to name it. */
  readonly token: number;
  /** Of the leader that reserved it. */
  readonly term: number;
  readonly purpose: string;
  /** The member in whose place it would come; 0 for none. */
  readonly forMemberId: number;
}

export interface StandbyRecord extends StandbyReportRecord {
  /** An operator took this machine out: the automation does not bring it back. */
  readonly drained: boolean;
  /** How often it was activated and never became a voter. */
  readonly failedActivations: number;
  /** Null while nobody keeps it for anything. */
  readonly reservation: StandbyReservation | null;
}

export interface RegisterStandbys {
  readonly standbys: readonly StandbyReportRecord[];
}

export interface ForgetStandbys {
  readonly registrations: readonly string[];
}

export interface ReserveStandby extends StandbyReservation {
  readonly registration: string;
}

export interface ReleaseStandby {
  readonly registration: string;
  /** Of the reservation that is meant: another one stays. */
  readonly token: number;
}

export type StandbyCommand = RegisterStandbys | ForgetStandbys | ReserveStandby | ReleaseStandby;

const COMMAND_VERSION = 1;

export function encodeStandbyCommand(command: StandbyCommand): Uint8Array {
  return withVersion(COMMAND_VERSION, command);
}

export function decodeStandbyCommand<C extends StandbyCommand>(bytes: Uint8Array): C {
  return readVersioned(bytes, COMMAND_VERSION, 'command of the standby register') as C;
}
