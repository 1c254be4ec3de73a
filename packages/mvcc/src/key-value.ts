/**
 * One version of one key, and the event that made it, as the etcd wire has them. The bytes are views into the state's
 * own memory: whoever receives them reads them and never writes to them.
 */

export interface KeyValue {
  readonly key: Uint8Array;
  /** The revision that created the key, after its last deletion. */
  readonly createRevision: number;
  /** The revision of this version. createRevision <= modRevision */
  readonly modRevision: number;
  /** 1 at creation, one more with each put. 0 in the event of a deletion. */
  readonly version: number;
  readonly value: Uint8Array;
  /** 0n where no lease is attached. */
  readonly lease: bigint;
}

export const EventType = { put: 0, delete: 1 } as const;
export type EventType = (typeof EventType)[keyof typeof EventType];

export interface Event {
  readonly type: EventType;
  /** Of a deletion: only the key and the revision of the deletion (`modRevision`). */
  readonly kv: KeyValue;
  /** The version before the event's revision, where the watch asked for it and compaction has left it. */
  readonly prevKv: KeyValue | undefined;
}
