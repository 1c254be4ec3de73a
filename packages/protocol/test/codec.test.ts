// The generated codecs against protobufjs' dynamic ones, for every message, with random content.
import fc from 'fast-check';
import protobuf from 'protobufjs';
import { describe, expect, it } from 'vitest';
import { loadProtos } from '../scripts/schema.js';
import { fromJson, parseJson, stringifyJson, toJson } from '../src/index.js';
import { messageArbitrary, messageTypes } from './arbitrary-messages.js';

const root = loadProtos();

describe.each(messageTypes.map((type) => [type.typeName, type] as const))('%s', (typeName, type) => {
  const dynamic = root.lookupType(typeName);

  it('encodes the bytes that protobufjs encodes, and decodes them to what went in', () => {
    fc.assert(
      fc.property(messageArbitrary(type), ({ ours, theirs }) => {
        const encoded = type.encode(ours as object);
        expect(Buffer.from(encoded).toString('hex')).toBe(
          Buffer.from(dynamic.encode(theirs as object).finish()).toString('hex'),
        );
        expect(type.decode(encoded)).toEqual(ours);
        expect(type.sizeOf(ours as object)).toBe(encoded.length);
      }),
      { numRuns: 25 },
    );
  });

  it('survives JSON, as a value and as text', () => {
    fc.assert(
      fc.property(messageArbitrary(type), ({ ours }) => {
        const message = ours as object;
        expect(fromJson(type, toJson(type, message), { unknownFields: 'refuse' })).toEqual(message);
        expect(parseJson(type, stringifyJson(type, message))).toEqual(message);
      }),
      { numRuns: 10 },
    );
  });

  it('ignores what follows an unknown field of any wire type', () => {
    fc.assert(
      fc.property(messageArbitrary(type), fc.integer({ min: 10_000, max: 2 ** 29 - 1 }), ({ ours }, number) => {
        const w = protobuf.Writer.create();
        w.uint32(number * 8).uint64(12345);
        w.uint32(number * 8 + 1).fixed64(5);
        w.uint32(number * 8 + 2).bytes(new Uint8Array(20));
        w.uint32(number * 8 + 5).fixed32(7);
        w.uint32(number * 8 + 3)
          .uint32(8)
          .uint32(1)
          .uint32(number * 8 + 4);
        const unknown = w.finish();
        const encoded = type.encode(ours as object);
        expect(type.decode(Buffer.concat([unknown, encoded, unknown]))).toEqual(ours);
      }),
      { numRuns: 5 },
    );
  });
});

it('covers every message of the .proto files', () => {
  const names: string[] = [];
  const visit = (namespace: protobuf.NamespaceBase): void => {
    for (const object of namespace.nestedArray) {
      if (object instanceof protobuf.Type) names.push(object.fullName.slice(1));
      if (object instanceof protobuf.Namespace) visit(object);
    }
  };
  visit(root);
  expect(messageTypes.map((type) => type.typeName).sort()).toEqual(names.sort());
});
