/**
 * Config changes as bytes of an entry, this project's own format. Both entry types share it:
 *
 *   version u8 = 1 | transition u8 | count u16 | count x (type u8, node id u64) | context: the rest
 *
 * Numbers are big-endian. Empty data is the change that leaves a joint configuration.
 */
import { type ConfChange, type ConfChangeSingle, ConfChangeTransition, ConfChangeType } from './conf-change.js';
import { type Entry, EntryType } from './entry.js';
import { RaftError } from './raft-error.js';

const VERSION = 1;
const HEADER_BYTES = 4;
const CHANGE_BYTES = 9;
const MAX_CHANGES = 0xffff;
const NO_BYTES = new Uint8Array(0);

/** The change that leaves a joint configuration. */
export const LEAVE_JOINT: ConfChange = Object.freeze({
  transition: ConfChangeTransition.Auto,
  changes: [],
  context: NO_BYTES,
});

/** `v1` holds exactly one change without a transition; see `fitsFormat`. */
export function encodeConfChange(change: ConfChange, format: 'v1' | 'v2'): Uint8Array {
  if (!fitsFormat(change, format)) {
    throw new RaftError('malformed-conf-change', `${change.changes.length} changes do not fit the format ${format}`);
  }
  const { changes, context, transition } = change;
  if (changes.length === 0 && context.length === 0 && transition === ConfChangeTransition.Auto) return NO_BYTES;
  const bytes = new Uint8Array(HEADER_BYTES + changes.length * CHANGE_BYTES + context.length);
  const view = new DataView(bytes.buffer);
  bytes[0] = VERSION;
  bytes[1] = transition;
  view.setUint16(2, changes.length);
  let at = HEADER_BYTES;
  for (const { type, nodeId } of changes) {
    bytes[at] = type;
    view.setUint32(at + 1, Math.floor(nodeId / 0x1_0000_0000));
    view.setUint32(at + 5, nodeId % 0x1_0000_0000);
    at += CHANGE_BYTES;
  }
  bytes.set(context, at);
  return bytes;
}

/** Throws `RaftError` (`malformed-conf-change`) on an unknown version or cut bytes: the member cannot apply it. */
export function decodeConfChange(entry: Entry): ConfChange {
  const change = parseConfChange(entry.data);
  if (change === null) {
    const length = entry.data.length;
    throw new RaftError('malformed-conf-change', `entry ${entry.index}: ${length} bytes are not a config change`);
  }
  return change;
}

/** Null where the bytes are not a config change. */
export function parseConfChange(data: Uint8Array): ConfChange | null {
  if (data.length === 0) return LEAVE_JOINT;
  if (data.length < HEADER_BYTES || data[0] !== VERSION) return null;
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const transition = view.getUint8(1);
  const count = view.getUint16(2);
  const end = HEADER_BYTES + count * CHANGE_BYTES;
  if (transition > ConfChangeTransition.JointExplicit || data.length < end) return null;
  const changes: ConfChangeSingle[] = [];
  for (let at = HEADER_BYTES; at < end; at += CHANGE_BYTES) {
    const type = view.getUint8(at);
    const nodeId = view.getUint32(at + 1) * 0x1_0000_0000 + view.getUint32(at + 5);
    if (type > ConfChangeType.AddLearnerNode || !Number.isSafeInteger(nodeId)) return null;
    changes.push({ type: type as ConfChangeType, nodeId });
  }
  return { transition: transition as ConfChangeTransition, changes, context: data.slice(end) };
}

/** Whether the format can hold the change. */
export function fitsFormat(change: ConfChange, format: 'v1' | 'v2'): boolean {
  const { changes, transition } = change;
  for (const { nodeId } of changes) if (!Number.isSafeInteger(nodeId) || nodeId < 0) return false;
  if (format === 'v1') return changes.length === 1 && transition === ConfChangeTransition.Auto;
  return changes.length <= MAX_CHANGES;
}

export function isConfChange(entry: Entry): boolean {
  return entry.type === EntryType.ConfChange || entry.type === EntryType.ConfChangeV2;
}
