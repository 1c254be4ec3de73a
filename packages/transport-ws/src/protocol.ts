/**
 * The numbers of the wire protocol: versions, message kinds, stream kinds, refusal reasons, close codes, limits.
 * They are part of what peers of other versions rely on: add, never renumber.
 */
import type { Lane } from '@understudy/raft-node';

/** First byte of every handshake message. It stays 1: later versions append fields, which older readers skip. */
export const HANDSHAKE_FORMAT = 1;

/** The protocol versions that this build speaks. Peers settle on the highest that both know. */
export const PROTOCOL_MIN = 1;
export const PROTOCOL_MAX = 1;

/** First byte after the handshake, second byte within it. */
export const MessageKind = {
  hello: 0x01,
  accept: 0x02,
  confirm: 0x03,
  refuse: 0x04,
  frames: 0x10,
  snapshotHeader: 0x20,
  snapshotChunk: 0x21,
  snapshotEnd: 0x22,
  snapshotCredit: 0x23,
  snapshotDone: 0x24,
} as const;

/** What one WebSocket connection carries: a lane, or one snapshot. */
export type StreamKind = Lane | 'snapshot';

/** Index in this list is the number on the wire. */
export const STREAM_KINDS: readonly StreamKind[] = ['control', 'bulk', 'snapshot'];

export type RefusalReason =
  /** The dialler belongs to another cluster. */
  | 'wrong-cluster'
  /** The one who answered is not the one that was meant. */
  | 'wrong-member'
  /** The member is not in the configuration, as far as the refusing side knows. It may become true. */
  | 'unknown-member'
  /** The member was removed, at the config index that comes along. Final: ids never return. */
  | 'removed'
  /** The member id is known with another data directory. */
  | 'wiped'
  /** No protocol version in common. */
  | 'protocol-range'
  /** A limit is reached; try later. */
  | 'busy'
  /** Both sides dialled at once and the other stream wins, or it is not known yet which one lives. Never surfaced. */
  | 'duplicate'
  /** Another live process has a stream under this member id, and runs on the same data directory: one is a copy. */
  | 'directory-in-use'
  /** More has been seen of this data directory than it knows itself: an older copy of it was put back. */
  | 'rolled-back';

/** Index in this list is the number on the wire; 0 is no reason. */
export const REFUSAL_REASONS: readonly (RefusalReason | null)[] = [
  null,
  'wrong-cluster',
  'wrong-member',
  'unknown-member',
  'removed',
  'wiped',
  'protocol-range',
  'busy',
  'duplicate',
  'directory-in-use',
  'rolled-back',
];

/** WebSocket close codes: 1000 and 1001 as in RFC 6455, the others in its private range. */
export const CloseCode = {
  done: 1000,
  stopping: 1001,
  notAPeer: 4001,
  replaced: 4002,
  refused: 4003,
  protocolError: 4004,
  handshakeTimeout: 4005,
  snapshotAborted: 4006,
} as const;
export type CloseCode = (typeof CloseCode)[keyof typeof CloseCode];

/** The largest frame of protocol 1, and the largest snapshot header. Larger entries cannot travel. */
export const MAX_FRAME_BYTES = 32 * 1024 * 1024;

/** A handshake message is small; more than this before the handshake is over is an attack or a mistake. */
export const MAX_HANDSHAKE_BYTES = 4096;

/** A directory id, in UTF-8. */
export const MAX_DIRECTORY_ID_BYTES = 64;

/** The largest chunk of a snapshot that a receiver takes. */
export const MAX_SNAPSHOT_CHUNK_BYTES = 4 * 1024 * 1024;
