// Random messages of every type, in two forms: ours, and the one that protobufjs' dynamic codec takes.
import fc from 'fast-check';
import protobuf from 'protobufjs';
import type { FieldDescriptor, MessageType } from '../src/index.js';
import * as protocol from '../src/index.js';

/** Every message type that the package exports. */
export const messageTypes: MessageType<object>[] = Object.values(protocol).filter(
  (value): value is MessageType<object> => typeof value === 'object' && 'fields' in value && 'decode' in value,
);

function longOf(value: number | bigint, unsigned: boolean): protobuf.Long {
  const bits = BigInt.asUintN(64, BigInt(value));
  return new protobuf.util.Long(Number(bits & 0xffff_ffffn) | 0, Number(bits >> 32n) | 0, unsigned);
}

const bytes = fc.uint8Array({ maxLength: 300 });

/** A value in two forms: ours, and protobufjs'. */
export interface Pair {
  readonly ours: unknown;
  readonly theirs: unknown;
}

const same = (value: unknown): Pair => ({ ours: value, theirs: value });

function valueArbitrary(field: FieldDescriptor, depth: number): fc.Arbitrary<Pair> {
  switch (field.type) {
    case 'bytes':
      return bytes.map(same);
    case 'string':
      return fc.string({ unit: 'grapheme', maxLength: 50 }).map(same);
    case 'bool':
      return fc.boolean().map(same);
    case 'int64':
      return fc.oneof(fc.maxSafeInteger(), fc.integer()).map((n) => ({ ours: n, theirs: longOf(n, false) }));
    case 'uint64':
      return fc.oneof(fc.maxSafeNat(), fc.nat()).map((n) => ({ ours: n, theirs: longOf(n, true) }));
    case 'exact64':
      return fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n).map((n) => ({ ours: n, theirs: longOf(n, false) }));
    case 'uint32':
      return fc.nat({ max: 0xffff_ffff }).map(same);
    case 'enum':
      return fc.oneof(fc.constantFrom(...(field.enumType?.nameByNumber.keys() ?? [])), fc.integer()).map(same);
    case 'message':
      return messageArbitrary(field.messageType?.() ?? protocol.ResponseHeader, depth + 1);
  }
}

function fieldArbitrary(field: FieldDescriptor, depth: number): fc.Arbitrary<Pair | undefined> {
  if (field.type === 'message' && depth > 3) return fc.constant(undefined);
  const value = fc.constant(0).chain(() => valueArbitrary(field, depth));
  if (!field.repeated) return fc.option(value, { nil: undefined });
  return fc
    .array(value, { maxLength: 4 })
    .map((pairs) => ({ ours: pairs.map((p) => p.ours), theirs: pairs.map((p) => p.theirs) }));
}

export function messageArbitrary(type: MessageType<object>, depth = 0): fc.Arbitrary<Pair> {
  const plain = type.fields.filter((field) => field.oneof === undefined);
  const oneof = type.fields.filter((field) => field.oneof !== undefined);
  const chosen = oneof.length === 0 ? fc.constant([]) : fc.subarray(oneof, { maxLength: 1 });
  return chosen.chain((members) => {
    const fields = [...plain, ...members].sort((a, b) => a.number - b.number);
    return fc.tuple(...fields.map((field) => fieldArbitrary(field, depth))).map((pairs) => {
      const ours: Record<string, unknown> = {};
      const theirs: Record<string, unknown> = {};
      pairs.forEach((pair, at) => {
        const field = fields[at];
        if (pair === undefined || field === undefined) return;
        ours[field.localName] = pair.ours;
        // protobufjs writes whatever property is set; proto3 leaves defaults of plain fields out.
        if (!isDefault(field, pair.ours)) theirs[field.name] = pair.theirs;
      });
      return { ours: type.create(ours), theirs };
    });
  });
}

function isDefault(field: FieldDescriptor, value: unknown): boolean {
  if (field.oneof !== undefined || field.type === 'message') return false;
  if (value instanceof Uint8Array || Array.isArray(value)) return value.length === 0;
  return value === '' || value === 0 || value === 0n || value === false;
}
