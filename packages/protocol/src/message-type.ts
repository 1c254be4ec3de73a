// The shape of the generated message types, and of what they tell about their fields.
import type { WireWriter } from './wire/wire-writer.js';

/**
 * How a field's value is held and sent.
 * `int64` and `uint64` are numbers that saturate at ±(2^53 - 1); `exact64` is an int64 held as a bigint.
 */
export type FieldType = 'bytes' | 'string' | 'bool' | 'int64' | 'uint64' | 'exact64' | 'uint32' | 'enum' | 'message';

export interface EnumDescriptor {
  /** `etcdserverpb.RangeRequest.SortOrder` */
  readonly typeName: string;
  /** Number by name; nothing else, so it is safe to ask with `Object.hasOwn`. */
  readonly numberByName: Readonly<Record<string, number>>;
  readonly nameByNumber: ReadonlyMap<number, string>;
}

export interface FieldDescriptor {
  readonly number: number;
  /** as in the .proto: `prev_kv`, `ID` */
  readonly name: string;
  /** protobuf's JSON name: `prevKv`, `ID` */
  readonly jsonName: string;
  /** the property in TypeScript: `prevKv`, `id` */
  readonly localName: string;
  readonly type: FieldType;
  readonly repeated: boolean;
  /** the oneof it belongs to */
  readonly oneof: string | undefined;
  /** of an enum field */
  readonly enumType: EnumDescriptor | undefined;
  /** of a message field; a function, since messages refer to each other in circles */
  readonly messageType: (() => MessageType<object>) | undefined;
}

/** One message of the contract: how to make, encode and decode it. */
export interface MessageType<T extends object> {
  /** `etcdserverpb.PutRequest` */
  readonly typeName: string;
  readonly fields: readonly FieldDescriptor[];
  /** A message with every field: those of `init`, and defaults for the others. */
  create(init?: Partial<T>): T;
  /** Bytes on the wire. */
  sizeOf(message: T): number;
  /** Encoded bytes that nobody else writes to. Numbers out of range saturate, fractions are cut off. */
  encode(message: T): Uint8Array;
  /** Appends the encoded bytes to a writer that has `sizeOf(message)` bytes reserved. */
  write(message: T, writer: WireWriter): void;
  /** Appends the encoded bytes to a writer, growing it. */
  encodeInto(message: T, writer: WireWriter): void;
  /**
   * Byte fields of the result are views into `bytes`. Unknown fields are skipped, of a field given twice the last
   * value counts.
   * @throws ProtocolError on malformed input
   */
  decode(bytes: Uint8Array): T;
}

interface FieldTraits {
  readonly repeated?: boolean;
  readonly oneof?: string;
  readonly enumType?: EnumDescriptor;
  readonly messageType?: () => MessageType<object>;
}

/** One field's description; for generated code. */
export function describeField(
  number: number,
  name: string,
  jsonName: string,
  localName: string,
  type: FieldType,
  traits: FieldTraits = {},
): FieldDescriptor {
  const { repeated = false, oneof, enumType, messageType } = traits;
  return { number, name, jsonName, localName, type, repeated, oneof, enumType, messageType };
}
