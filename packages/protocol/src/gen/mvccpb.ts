// Generated from proto/ by scripts/generate.ts; edit those instead. Messages of the package mvccpb.
import { describeField, type EnumDescriptor, type MessageType } from '../message-type.js';
import { EMPTY_BYTES, WireReader } from '../wire/wire-reader.js';
import { sizeOfBigint, sizeOfInt32, sizeOfInt64, sizeOfLength } from '../wire/wire-size.js';
import { beginMessage, type WireWriter } from '../wire/wire-writer.js';

/** `mvccpb.Event.EventType`. A decoded message may hold any other 32-bit number that its sender chose. */
export const EventType = { PUT: 0, DELETE: 1 } as const;
export type EventType = (typeof EventType)[keyof typeof EventType];
export const EventTypeEnum: EnumDescriptor = {
  typeName: 'mvccpb.Event.EventType',
  numberByName: EventType,
  nameByNumber: new Map([
    [0, 'PUT'],
    [1, 'DELETE'],
  ]),
};

/** One version of one key. */
export interface KeyValue {
  /** never empty */
  key: Uint8Array;
  /** of the put that made the key, since its last delete */
  createRevision: number;
  /** of the newest change */
  modRevision: number;
  /** puts since the creation; 1 is the first */
  version: number;
  value: Uint8Array;
  /** 0: no lease */
  lease: bigint;
}

export function sizeKeyValue(m: KeyValue): number {
  let n = 0;
  if (m.key.length > 0) n += 1 + sizeOfLength(m.key.length);
  if (m.createRevision !== 0) n += 1 + sizeOfInt64(m.createRevision);
  if (m.modRevision !== 0) n += 1 + sizeOfInt64(m.modRevision);
  if (m.version !== 0) n += 1 + sizeOfInt64(m.version);
  if (m.value.length > 0) n += 1 + sizeOfLength(m.value.length);
  if (m.lease !== 0n) n += 1 + sizeOfBigint(m.lease);
  return n;
}

export function writeKeyValue(m: KeyValue, w: WireWriter): void {
  if (m.key.length > 0) {
    w.byte(10);
    w.bytes(m.key);
  }
  if (m.createRevision !== 0) {
    w.byte(16);
    w.int64(m.createRevision);
  }
  if (m.modRevision !== 0) {
    w.byte(24);
    w.int64(m.modRevision);
  }
  if (m.version !== 0) {
    w.byte(32);
    w.int64(m.version);
  }
  if (m.value.length > 0) {
    w.byte(42);
    w.bytes(m.value);
  }
  if (m.lease !== 0n) {
    w.byte(48);
    w.bigint64(m.lease);
  }
}

export function readKeyValue(r: WireReader, end: number): KeyValue {
  let key: Uint8Array = EMPTY_BYTES;
  let createRevision: number = 0;
  let modRevision: number = 0;
  let version: number = 0;
  let value: Uint8Array = EMPTY_BYTES;
  let lease: bigint = 0n;

  while (r.pos < end) {
    const tag = r.tag(end);
    switch (tag) {
      case 10:
        key = r.bytes(end);
        break;
      case 16:
        createRevision = r.int64(end);
        break;
      case 24:
        modRevision = r.int64(end);
        break;
      case 32:
        version = r.int64(end);
        break;
      case 42:
        value = r.bytes(end);
        break;
      case 48:
        lease = r.bigint64(end);
        break;
      default:
        r.unexpected(tag, end, 'mvccpb.KeyValue', KeyValue.fields);
    }
  }

  return { key, createRevision, modRevision, version, value, lease };
}

export const KeyValue: MessageType<KeyValue> = {
  typeName: 'mvccpb.KeyValue',
  fields: [
    describeField(1, 'key', 'key', 'key', 'bytes'),
    describeField(2, 'create_revision', 'createRevision', 'createRevision', 'int64'),
    describeField(3, 'mod_revision', 'modRevision', 'modRevision', 'int64'),
    describeField(4, 'version', 'version', 'version', 'int64'),
    describeField(5, 'value', 'value', 'value', 'bytes'),
    describeField(6, 'lease', 'lease', 'lease', 'exact64'),
  ],
  create(init?: Partial<KeyValue>): KeyValue {
    return {
      key: init?.key ?? EMPTY_BYTES,
      createRevision: init?.createRevision ?? 0,
      modRevision: init?.modRevision ?? 0,
      version: init?.version ?? 0,
      value: init?.value ?? EMPTY_BYTES,
      lease: init?.lease ?? 0n,
    };
  },
  sizeOf: sizeKeyValue,
  encode(m: KeyValue): Uint8Array {
    const w = beginMessage(sizeKeyValue(m));
    writeKeyValue(m, w);
    return w.take();
  },
  write: writeKeyValue,
  encodeInto(m: KeyValue, w: WireWriter): void {
    w.reserve(sizeKeyValue(m));
    writeKeyValue(m, w);
  },
  decode(bytes: Uint8Array): KeyValue {
    const r = new WireReader(bytes);
    return readKeyValue(r, r.end);
  },
};

/** One change of one key. */
export interface Event {
  type: EventType;
  /** of a DELETE: the key and the revision of the delete, nothing else */
  kv: KeyValue | undefined;
  /** only where the watcher asked for it, and not compacted */
  prevKv: KeyValue | undefined;
}

export function sizeEvent(m: Event): number {
  let n = 0;
  if (m.type !== 0) n += 1 + sizeOfInt32(m.type);
  if (m.kv !== undefined) n += 1 + sizeOfLength(sizeKeyValue(m.kv));
  if (m.prevKv !== undefined) n += 1 + sizeOfLength(sizeKeyValue(m.prevKv));
  return n;
}

export function writeEvent(m: Event, w: WireWriter): void {
  if (m.type !== 0) {
    w.byte(8);
    w.int32(m.type);
  }
  if (m.kv !== undefined) {
    w.byte(18);
    w.varint32(sizeKeyValue(m.kv));
    writeKeyValue(m.kv, w);
  }
  if (m.prevKv !== undefined) {
    w.byte(26);
    w.varint32(sizeKeyValue(m.prevKv));
    writeKeyValue(m.prevKv, w);
  }
}

export function readEvent(r: WireReader, end: number): Event {
  let type: EventType = 0;
  let kv: KeyValue | undefined = undefined;
  let prevKv: KeyValue | undefined = undefined;

  while (r.pos < end) {
    const tag = r.tag(end);
    switch (tag) {
      case 8:
        type = r.int32(end) as EventType;
        break;
      case 18:
        kv = readKeyValue(r, r.nested(end));
        break;
      case 26:
        prevKv = readKeyValue(r, r.nested(end));
        break;
      default:
        r.unexpected(tag, end, 'mvccpb.Event', Event.fields);
    }
  }

  return { type, kv, prevKv };
}

export const Event: MessageType<Event> = {
  typeName: 'mvccpb.Event',
  fields: [
    describeField(1, 'type', 'type', 'type', 'enum', { enumType: EventTypeEnum }),
    describeField(2, 'kv', 'kv', 'kv', 'message', { messageType: () => KeyValue }),
    describeField(3, 'prev_kv', 'prevKv', 'prevKv', 'message', { messageType: () => KeyValue }),
  ],
  create(init?: Partial<Event>): Event {
    return { type: init?.type ?? 0, kv: init?.kv, prevKv: init?.prevKv };
  },
  sizeOf: sizeEvent,
  encode(m: Event): Uint8Array {
    const w = beginMessage(sizeEvent(m));
    writeEvent(m, w);
    return w.take();
  },
  write: writeEvent,
  encodeInto(m: Event, w: WireWriter): void {
    w.reserve(sizeEvent(m));
    writeEvent(m, w);
  },
  decode(bytes: Uint8Array): Event {
    const r = new WireReader(bytes);
    return readEvent(r, r.end);
  },
};
