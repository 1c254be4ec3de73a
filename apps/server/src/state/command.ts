/**
 * What a normal log entry of the server carries: a version byte, a kind byte, and the request's own bytes as the
 * client sent them. Nothing is re-encoded on the way.
 */

export const COMMAND_VERSION = 1;

/** Numbers are stored in logs: never reuse one. */
export const CommandKind = {
  Put: 1,
  DeleteRange: 2,
  Txn: 3,
  Compact: 4,
  LeaseGrant: 5,
  LeaseRevoke: 6,
  /** A member tells its name, client URLs and data directory: `encodeMemberRecord`. */
  PublishMember: 7,
  /** A lease whose time is over, by the leader of one term only: `encodeExpiry`. */
  ExpireLease: 8,
  // 20 to 29: the ladder's, each encoded by `encodeLadderCommand`.
  SetPolicy: 20,
  SetDrain: 21,
  SetSilences: 22,
  // 30 to 39: the register of standbys, each encoded by `encodeStandbyCommand`.
  RegisterStandbys: 30,
  ForgetStandbys: 31,
  ReserveStandby: 32,
  ReleaseStandby: 33,
  // 40 to 79: clients' access and what watches over the state.
  /** A client's command with its caller: `encodeCallerCommand`. */
  AsCaller: 40,
  /** Users, roles, permissions: `encodeAuthCommand`. */
  ChangeAuth: 41,
  /** A user has proven who it is: `encodeTokenGrant`. */
  GrantToken: 42,
  /** A client's AlarmRequest. */
  ChangeAlarms: 43,
  /** A member's own AlarmRequest. */
  RaiseAlarm: 44,
  /** The leader's own CompactionRequest. */
  CompactByPolicy: 45,
} as const;
export type CommandKind = (typeof CommandKind)[keyof typeof CommandKind];

const HEADER_BYTES = 2;
const KNOWN_KINDS: ReadonlySet<number> = new Set(Object.values(CommandKind));

export function encodeCommand(kind: CommandKind, request: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(HEADER_BYTES + request.length);
  bytes[0] = COMMAND_VERSION;
  bytes[1] = kind;
  bytes.set(request, HEADER_BYTES);
  return bytes;
}

/** A command that this version does not know must stop the member before it applies: its state would part ways. */
export class UnknownCommandError extends Error {
  override readonly name = 'UnknownCommandError';
}

export function commandKind(bytes: Uint8Array): CommandKind {
  if (bytes.length < HEADER_BYTES || bytes[0] !== COMMAND_VERSION) {
    throw new UnknownCommandError(
      `entry of ${bytes.length} bytes has command version ${bytes[0]} and kind ${bytes[1]}; this server knows version ${COMMAND_VERSION}`,
    );
  }
  return checkedKind(bytes[1] as number);
}

export function checkedKind(kind: number): CommandKind {
  if (!KNOWN_KINDS.has(kind)) {
    throw new UnknownCommandError(
      `entry has command version ${COMMAND_VERSION} and kind ${kind}, which this server does not know`,
    );
  }
  return kind as CommandKind;
}

export function commandRequest(bytes: Uint8Array): Uint8Array {
  return bytes.subarray(HEADER_BYTES);
}

const EXPIRY_BYTES = 16;

export interface Expiry {
  readonly lease: bigint;
  /** The term of the leader whose clock says so; in any other term the command does nothing. */
  readonly term: number;
}

export function encodeExpiry(expiry: Expiry): Uint8Array {
  const bytes = new Uint8Array(EXPIRY_BYTES);
  const view = new DataView(bytes.buffer);
  view.setBigInt64(0, expiry.lease);
  view.setFloat64(8, expiry.term);
  return bytes;
}

export function decodeExpiry(bytes: Uint8Array): Expiry {
  const view = new DataView(bytes.buffer, bytes.byteOffset, EXPIRY_BYTES);
  return { lease: view.getBigInt64(0), term: view.getFloat64(8) };
}
