// The descriptors are read by protobufjs, and have to say what its own reading of proto/ says.
import protobuf from 'protobufjs';
import * as extension from 'protobufjs/ext/descriptor/index.js';
import { describe, expect, it } from 'vitest';
import { loadProtos } from '../scripts/schema.js';
import { fileDescriptors, methods, services } from '../src/index.js';

/** The module is of another kind than its declarations say. */
const descriptor = (extension as unknown as { default: Record<string, protobuf.Type> }).default;
const descriptorType = (name: string): protobuf.Type => descriptor[name] as protobuf.Type;

interface Described {
  readonly messageType: { readonly name: string; readonly field: { name: string; number: number }[] }[];
  readonly service: {
    readonly name: string;
    readonly method: { readonly name: string; readonly clientStreaming?: boolean }[];
  }[];
  readonly package: string;
  readonly dependency: string[];
  readonly syntax: string;
}

const files = fileDescriptors().map(({ bytes, ...file }) => ({
  ...file,
  read: descriptorType('FileDescriptorProto').decode(bytes) as unknown as Described,
}));

describe('file descriptors', () => {
  it('hold every service with every method', () => {
    const told = files.flatMap(({ read }) =>
      read.service.flatMap((one) => one.method.map(({ name }) => `/${read.package}.${one.name}/${name}`)),
    );
    expect(told.sort()).toEqual(methods.map(({ path }) => path).sort());
    const bidi = methods.filter(({ kind }) => kind === 'bidi').length;
    expect(
      files.flatMap(({ read }) => read.service.flatMap((one) => one.method.filter((m) => m.clientStreaming === true))),
    ).toHaveLength(bidi);
  });

  it('know their files, and name each symbol once', () => {
    const names = new Set(files.map(({ name }) => name));
    for (const { dependencies, read } of files) {
      expect(read.dependency).toEqual(dependencies);
      expect(dependencies.filter((name) => !names.has(name))).toEqual([]);
      expect(read.syntax).toBe('proto3');
    }
    const symbols = files.flatMap((file) => file.symbols);
    expect(new Set(symbols).size).toBe(symbols.length);
    expect(symbols).toEqual(expect.arrayContaining(services.map(({ typeName }) => typeName)));
  });

  it('describe messages as the .proto files do', () => {
    const root = loadProtos();
    let compared = 0;
    for (const { read } of files) {
      for (const message of read.messageType) {
        const type = root.lookupType(`${read.package}.${message.name}`);
        const fields = (list: readonly { name: string; number: number }[]) =>
          list.map(({ name, number }) => `${name}=${number}`).sort();
        expect(fields(message.field)).toEqual(fields(type.fieldsArray.map(({ name, id }) => ({ name, number: id }))));
        compared += 1;
      }
    }
    expect(compared).toBeGreaterThan(90);
  });

  it('make a root that reads messages', () => {
    const set = descriptorType('FileDescriptorSet').create({ file: files.map(({ read }) => read) } as object);
    const root = (protobuf.Root as unknown as { fromDescriptor(from: unknown): protobuf.Root }).fromDescriptor(set);
    const put = root.lookupType('etcdserverpb.PutRequest');
    expect(put.toObject(put.decode(put.encode({ key: Buffer.from('k'), ignoreLease: true }).finish()))).toMatchObject({
      ignoreLease: true,
    });
    expect(root.lookupEnum('etcdserverpb.RangeRequest.SortOrder').values).toMatchObject({
      NONE: 0,
      ASCEND: 1,
      DESCEND: 2,
    });
  });
});
