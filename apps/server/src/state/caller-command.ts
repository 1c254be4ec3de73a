/**
 * A client's command with the name of its caller: how a command travels while authentication is enabled, so that every
 * member judges it again when it applies it. Layout: kind u8, lasting u8 (0 or 1), revision u56 big-endian, length of
 * the name u16, name, request.
 */
import type { Caller } from '@understudy/mvcc';
import { type CommandKind, checkedKind, UnknownCommandError } from './command.js';

const HEADER_BYTES = 1 + 1 + 7 + 2;
const REVISION_BITS = (1n << 56n) - 1n;
/** A name longer than this has no user: names are at most a request long, and here no longer than two bytes can say. */
export const MAX_CALLER_NAME_BYTES = 0xffff;

export interface CallerCommand {
  readonly kind: CommandKind;
  /** Null: the caller did not say who it is. */
  readonly caller: Caller | null;
  readonly request: Uint8Array;
}

export function encodeCallerCommand({ kind, caller, request }: CallerCommand): Uint8Array {
  const name = Buffer.from(caller?.user ?? '');
  const bytes = Buffer.allocUnsafe(HEADER_BYTES + name.length + request.length);
  bytes[0] = kind;
  bytes.writeBigUInt64BE(BigInt(caller?.revision ?? 0), 1);
  bytes[1] = caller?.lasting === true ? 1 : 0;
  bytes.writeUInt16BE(name.length, 9);
  bytes.set(name, HEADER_BYTES);
  bytes.set(request, HEADER_BYTES + name.length);
  return bytes;
}

export function decodeCallerCommand(bytes: Uint8Array): CallerCommand {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const nameBytes = view.length < HEADER_BYTES ? 0 : view.readUInt16BE(9);
  if (view.length < HEADER_BYTES + nameBytes) {
    throw new UnknownCommandError(`command of a caller has ${view.length} bytes, and a name of ${nameBytes}`);
  }
  const user = view.toString('utf8', HEADER_BYTES, HEADER_BYTES + nameBytes);
  const revision = Number(view.readBigUInt64BE(1) & REVISION_BITS);
  return {
    kind: checkedKind(view[0] as number),
    caller: user === '' ? null : { user, revision, lasting: view[1] === 1 },
    request: bytes.subarray(HEADER_BYTES + nameBytes),
  };
}
