// One version of one key, as this client hands it out: the bytes, and the usual readings of them.
import type { KeyValue as WireKeyValue } from '@understudy/protocol';

/** `key` and `value` are views of the answer they came in; `slice()` what is kept for long. Do not write to them. */
export class KeyValue {
  readonly key: Uint8Array;
  readonly value: Uint8Array;
  /** Of the put that made the key, since its last delete. */
  readonly createRevision: number;
  /** Of the newest change. As a fencing token use `createRevision`. */
  readonly modRevision: number;
  /** Puts since the creation; 1 is the first, 0 a delete. */
  readonly version: number;
  /** 0n: none. */
  readonly lease: bigint;

  constructor(wire: WireKeyValue) {
    this.key = wire.key;
    this.value = wire.value;
    this.createRevision = wire.createRevision;
    this.modRevision = wire.modRevision;
    this.version = wire.version;
    this.lease = wire.lease;
  }

  /** The value as UTF-8; bytes that are not UTF-8 read as U+FFFD. */
  text(): string {
    return utf8(this.value);
  }

  /** The key as UTF-8. */
  keyText(): string {
    return utf8(this.key);
  }

  /**
   * The value parsed as JSON; the caller vouches for its type.
   * @throws SyntaxError
   */
  json<T = unknown>(): T {
    return JSON.parse(this.text()) as T;
  }
}

function utf8(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
}

export function wrapKeyValue(wire: WireKeyValue | undefined): KeyValue | undefined {
  return wire === undefined ? undefined : new KeyValue(wire);
}
