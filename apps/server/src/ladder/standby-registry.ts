/**
 * The registered standbys as the leader's executor needs them. Who carries it out keeps them in replicated state, so that
 * a new leader knows them at once.
 */
import type { StandbyPurpose, StandbyView } from '@understudy/membership';

export interface StandbyRegistry {
  /** All of them, for the planner. `nowMs` is on the clock of `performance.now()`. */
  views(nowMs: number): readonly StandbyView[];
  /** Told whenever a connection of a standby begins or ends: no entry of the log says so. One listener. */
  whenConnected(listener: () => void): void;
  /** Members whose machines ask to be registered, without the data that they had as members. */
  lostMembers(nowMs: number): ReadonlySet<number>;
  /** Resolves once it is in the replicated registry; rejects where it cannot be. */
  reserve(reservation: NewReservation): Promise<void>;
  /** Does nothing where the reservation is another by now. */
  release(registrationId: number, token: number): Promise<void>;
  forget(registrationIds: readonly number[]): Promise<void>;
}

export interface NewReservation {
  readonly registrationId: number;
  /** Never used twice. */
  readonly token: number;
  readonly term: number;
  readonly purpose: StandbyPurpose;
  readonly forMemberId: number;
}
