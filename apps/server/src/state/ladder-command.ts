/** Commands on the table of the ladder, as they travel in the log: a version byte and JSON. */
import { readVersioned, withVersion } from './versioned-json.js';

const COMMAND_VERSION = 1;

/** Changes the policy. Whoever proposes it has checked the values. */
export interface SetPolicy {
  /** Refused where the policy has another version; null: whatever it is. */
  readonly version: number | null;
  readonly set: Readonly<Record<string, unknown>>;
  /** Fields that go back to their defaults. */
  readonly reset: readonly string[];
}

/** Marks a member to be replaced and removed, or takes the mark away. */
export interface SetDrain {
  readonly id: number;
  readonly draining: boolean;
}

/** How long members have been silent, by the leader of one term only. */
export interface SetSilences {
  /** In any other term the command does nothing. */
  readonly term: number;
  readonly silences: readonly Silence[];
}

export interface Silence {
  readonly id: number;
  /** How long it had not answered, without a break; null where it answered. Milliseconds, as all here. */
  readonly quietForMs: number | null;
  /** How long its down-time was; null where it had none. */
  readonly silentForMs: number | null;
  /** How long ago it fell silent, each time, the oldest first. */
  readonly fallsAgoMs: readonly number[];
}

export function encodeLadderCommand(command: SetPolicy | SetDrain | SetSilences): Uint8Array {
  return withVersion(COMMAND_VERSION, command);
}

export function decodeLadderCommand<C extends SetPolicy | SetDrain | SetSilences>(bytes: Uint8Array): C {
  return readVersioned(bytes, COMMAND_VERSION, 'command of the ladder') as C;
}
