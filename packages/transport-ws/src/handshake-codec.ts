/**
 * The four handshake messages as bytes: hello, accept, confirm, refuse. Pure; a message that does not parse is a value,
 * never an exception. Bytes after the last known field are skipped, so that later versions can append.
 */
import { type LifeClaim, UNKNOWN_LIFE } from './identity.js';
import {
  HANDSHAKE_FORMAT,
  MAX_DIRECTORY_ID_BYTES,
  MAX_HANDSHAKE_BYTES,
  MessageKind,
  PROTOCOL_MAX,
  PROTOCOL_MIN,
  REFUSAL_REASONS,
  type RefusalReason,
  STREAM_KINDS,
  type StreamKind,
} from './protocol.js';
import { readUint53, writeUint53 } from './uint53.js';

/** Who speaks, to whom, about what. `hello` and `accept` share it; in an accept both protocol bounds are the choice. */
export interface Greeting {
  readonly protocolMin: number;
  readonly protocolMax: number;
  readonly stream: StreamKind;
  readonly clusterId: number;
  readonly from: number;
  readonly to: number;
  /** How often the speaker's data directory was opened. */
  readonly bootCount: number;
  /** The random id of the speaker's data directory. */
  readonly directoryId: string;
  readonly life: LifeClaim;
}

export interface RefusalMessage {
  readonly reason: RefusalReason;
  /** The protocol range of the refusing side. */
  readonly protocolMin: number;
  readonly protocolMax: number;
  /** With `removed`: the index of the configuration that removed the member; else 0. */
  readonly configIndex: number;
}

export type HandshakeMessage =
  | { readonly kind: 'hello' | 'accept'; readonly greeting: Greeting }
  | { readonly kind: 'confirm' }
  | { readonly kind: 'refuse'; readonly refusal: RefusalMessage };

export type HandshakeDecoded =
  | { readonly ok: true; readonly message: HandshakeMessage }
  | { readonly ok: false; readonly reason: string };

const GREETING_BYTES = 40;
/** Behind the directory id. Versions that do not know of it send none, and skip it. */
const LIFE_BYTES = 25;
const RECOVERING = 1;
const VOTE_LOST = 2;
const REFUSE_BYTES = 16;

export function encodeGreeting(kind: 'hello' | 'accept', greeting: Greeting): Buffer {
  const directory = Buffer.from(greeting.directoryId, 'utf8');
  const bytes = Buffer.alloc(GREETING_BYTES + directory.length + LIFE_BYTES);
  bytes[0] = HANDSHAKE_FORMAT;
  bytes[1] = MessageKind[kind];
  bytes.writeUInt16BE(greeting.protocolMin, 2);
  bytes.writeUInt16BE(greeting.protocolMax, 4);
  bytes[6] = STREAM_KINDS.indexOf(greeting.stream);
  bytes[7] = directory.length;
  writeUint53(bytes, greeting.clusterId, 8);
  writeUint53(bytes, greeting.from, 16);
  writeUint53(bytes, greeting.to, 24);
  writeUint53(bytes, greeting.bootCount, 32);
  bytes.set(directory, GREETING_BYTES);
  writeLife(bytes, greeting.life, GREETING_BYTES + directory.length);
  return bytes;
}

export function encodeConfirm(): Buffer {
  return Buffer.from([HANDSHAKE_FORMAT, MessageKind.confirm]);
}

export function encodeRefusal(reason: RefusalReason, configIndex = 0): Buffer {
  const bytes = Buffer.alloc(REFUSE_BYTES);
  bytes[0] = HANDSHAKE_FORMAT;
  bytes[1] = MessageKind.refuse;
  bytes[2] = REFUSAL_REASONS.indexOf(reason);
  bytes.writeUInt16BE(PROTOCOL_MIN, 4);
  bytes.writeUInt16BE(PROTOCOL_MAX, 6);
  writeUint53(bytes, configIndex, 8);
  return bytes;
}

export function decodeHandshake(bytes: Buffer): HandshakeDecoded {
  if (bytes.length < 2 || bytes.length > MAX_HANDSHAKE_BYTES) return bad(`${bytes.length} bytes`);
  if (bytes[0] !== HANDSHAKE_FORMAT) return bad(`format ${bytes[0]}, expected ${HANDSHAKE_FORMAT}`);
  switch (bytes[1]) {
    case MessageKind.hello:
      return decodeGreeting('hello', bytes);
    case MessageKind.accept:
      return decodeGreeting('accept', bytes);
    case MessageKind.confirm:
      return { ok: true, message: { kind: 'confirm' } };
    case MessageKind.refuse:
      return decodeRefusal(bytes);
    default:
      return bad(`kind ${bytes[1]}`);
  }
}

function decodeGreeting(kind: 'hello' | 'accept', bytes: Buffer): HandshakeDecoded {
  if (bytes.length < GREETING_BYTES) return bad(`${kind} of ${bytes.length} bytes`);
  const stream = STREAM_KINDS[bytes.readUInt8(6)];
  if (stream === undefined) return bad(`stream kind ${bytes[6]}`);
  const directoryBytes = bytes.readUInt8(7);
  if (directoryBytes > MAX_DIRECTORY_ID_BYTES || bytes.length < GREETING_BYTES + directoryBytes) {
    return bad(`directory id of ${directoryBytes} bytes`);
  }
  const greeting: Greeting = {
    protocolMin: bytes.readUInt16BE(2),
    protocolMax: bytes.readUInt16BE(4),
    stream,
    clusterId: readUint53(bytes, 8),
    from: readUint53(bytes, 16),
    to: readUint53(bytes, 24),
    bootCount: readUint53(bytes, 32),
    directoryId: bytes.toString('utf8', GREETING_BYTES, GREETING_BYTES + directoryBytes),
    life: readLife(bytes, GREETING_BYTES + directoryBytes),
  };
  if (greeting.protocolMin > greeting.protocolMax) {
    return bad(`protocol range ${greeting.protocolMin} to ${greeting.protocolMax}`);
  }
  if (greeting.clusterId < 0 || greeting.to < 0 || greeting.bootCount < 0) return bad('a number above 2^53');
  const { lifeId, openedTerm, openedIndex } = greeting.life;
  if (lifeId < 0 || openedTerm < 0 || openedIndex < 0) return bad('a number above 2^53');
  if (greeting.from < 1) return bad(`sender id ${greeting.from}`);
  return { ok: true, message: { kind, greeting } };
}

function writeLife(bytes: Buffer, life: LifeClaim, at: number): void {
  writeUint53(bytes, life.lifeId, at);
  writeUint53(bytes, life.openedTerm, at + 8);
  writeUint53(bytes, life.openedIndex, at + 16);
  bytes[at + 24] = (life.recovering ? RECOVERING : 0) | (life.voteLost ? VOTE_LOST : 0);
}

function readLife(bytes: Buffer, at: number): LifeClaim {
  if (bytes.length < at + LIFE_BYTES) return UNKNOWN_LIFE;
  const flags = bytes.readUInt8(at + 24);
  return {
    lifeId: readUint53(bytes, at),
    openedTerm: readUint53(bytes, at + 8),
    openedIndex: readUint53(bytes, at + 16),
    recovering: (flags & RECOVERING) !== 0,
    voteLost: (flags & VOTE_LOST) !== 0,
  };
}

function decodeRefusal(bytes: Buffer): HandshakeDecoded {
  if (bytes.length < REFUSE_BYTES) return bad(`refusal of ${bytes.length} bytes`);
  // A reason that a later version invented is treated like a limit: tried again, slowly.
  const reason = REFUSAL_REASONS[bytes.readUInt8(2)] ?? 'busy';
  const refusal: RefusalMessage = {
    reason,
    protocolMin: bytes.readUInt16BE(4),
    protocolMax: bytes.readUInt16BE(6),
    configIndex: Math.max(0, readUint53(bytes, 8)),
  };
  return { ok: true, message: { kind: 'refuse', refusal } };
}

/** The highest version in both ranges, or 0 when they are disjoint. */
export function chooseProtocol(min: number, max: number): number {
  const choice = Math.min(max, PROTOCOL_MAX);
  return choice >= Math.max(min, PROTOCOL_MIN) ? choice : 0;
}

function bad(reason: string): HandshakeDecoded {
  return { ok: false, reason };
}
