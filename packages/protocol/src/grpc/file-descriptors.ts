// The contract as protobuf describes it to others: one google.protobuf.FileDescriptorProto a package, made from the table
// of services and the messages that it leads to. For gRPC's reflection.
import { services } from '../gen/services.js';
import type { EnumDescriptor, FieldDescriptor, FieldType, MessageType } from '../message-type.js';
import type { ServiceDescriptor } from '../service.js';
import { WireWriter } from '../wire/wire-writer.js';

export interface FileDescriptor {
  /** `etcdserverpb.proto` */
  readonly name: string;
  /** Names of files, those that it needs. */
  readonly dependencies: readonly string[];
  /** Full names of the services, methods, messages and enums in it. */
  readonly symbols: readonly string[];
  /** A google.protobuf.FileDescriptorProto. */
  readonly bytes: Uint8Array;
}

const LENGTH_DELIMITED = 2;
const OPTIONAL = 1;
const REPEATED = 3;

/** google.protobuf.FieldDescriptorProto.Type */
const TYPES: Readonly<Record<FieldType, number>> = {
  int64: 3,
  exact64: 3,
  uint64: 4,
  bool: 8,
  string: 9,
  message: 11,
  bytes: 12,
  uint32: 13,
  enum: 14,
};

/** A message or an enum with what is declared within it. */
interface Declared {
  readonly name: string;
  readonly message: MessageType<object> | undefined;
  readonly enumType: EnumDescriptor | undefined;
  readonly inner: Map<string, Declared>;
}

interface File {
  readonly packageName: string;
  readonly declared: Map<string, Declared>;
  readonly services: ServiceDescriptor[];
  readonly dependencies: Set<string>;
  readonly symbols: string[];
}

/** In no particular order. */
export function fileDescriptors(): readonly FileDescriptor[] {
  const files = new Map<string, File>();
  const seen = new Set<string>();
  for (const service of services) {
    const file = fileOf(files, service.typeName);
    file.services.push(service);
    file.symbols.push(service.typeName);
    for (const method of Object.values(service.methods)) {
      file.symbols.push(`${service.typeName}.${method.name}`);
      for (const type of [method.input, method.output]) {
        depend(file, type.typeName);
        declareMessage(files, seen, type);
      }
    }
  }
  return [...files.values()].map((file) => ({
    name: fileName(file.packageName),
    dependencies: [...file.dependencies].map(fileName),
    symbols: file.symbols,
    bytes: encodeFile(file),
  }));
}

function declareMessage(files: Map<string, File>, seen: Set<string>, type: MessageType<object>): void {
  if (seen.has(type.typeName)) return;
  seen.add(type.typeName);
  const file = fileOf(files, type.typeName);
  declare(file, type.typeName, { message: type });
  for (const { messageType, enumType } of type.fields) {
    if (messageType !== undefined) {
      const inner = messageType();
      depend(file, inner.typeName);
      declareMessage(files, seen, inner);
    }
    if (enumType !== undefined) {
      depend(file, enumType.typeName);
      if (seen.has(enumType.typeName)) continue;
      seen.add(enumType.typeName);
      declare(fileOf(files, enumType.typeName), enumType.typeName, { enumType });
    }
  }
}

function declare(
  file: File,
  typeName: string,
  { message, enumType }: { message?: MessageType<object>; enumType?: EnumDescriptor },
): void {
  file.symbols.push(typeName);
  const path = typeName.slice(file.packageName.length + 1).split('.');
  let level = file.declared;
  for (const [depth, name] of path.entries()) {
    const before = level.get(name);
    const last = depth === path.length - 1;
    const inner = before?.inner ?? new Map<string, Declared>();
    const now: Declared = {
      name,
      message: last ? message : before?.message,
      enumType: last ? enumType : before?.enumType,
      inner,
    };
    level.set(name, now);
    level = inner;
  }
}

function fileOf(files: Map<string, File>, typeName: string): File {
  const packageName = packageOf(typeName);
  const known = files.get(packageName);
  if (known !== undefined) return known;
  const file: File = { packageName, declared: new Map(), services: [], dependencies: new Set(), symbols: [] };
  files.set(packageName, file);
  return file;
}

function depend(file: File, typeName: string): void {
  const other = packageOf(typeName);
  if (other !== file.packageName) file.dependencies.add(other);
}

/** Packages are in small letters, types begin with a capital. */
function packageOf(typeName: string): string {
  return (/^(?:[a-z0-9_]+\.)+/.exec(typeName)?.[0] ?? '').slice(0, -1);
}

function fileName(packageName: string): string {
  return `${packageName}.proto`;
}

// ---- encoding: google/protobuf/descriptor.proto ----

function encodeFile(file: File): Uint8Array {
  const types = [...file.declared.values()];
  return encode((writer) => {
    text(writer, 1, fileName(file.packageName));
    text(writer, 2, file.packageName);
    for (const dependency of file.dependencies) text(writer, 3, fileName(dependency));
    writeDeclared(writer, types, 4, 5);
    for (const service of file.services) bytes(writer, 6, encodeService(service));
    text(writer, 12, 'proto3');
  });
}

function writeDeclared(writer: WireWriter, types: readonly Declared[], messageField: number, enumField: number): void {
  for (const type of types) if (type.enumType === undefined) bytes(writer, messageField, encodeMessage(type));
  for (const { name, enumType } of types) {
    if (enumType !== undefined) bytes(writer, enumField, encodeEnum(name, enumType));
  }
}

function encodeMessage({ name, message, inner }: Declared): Uint8Array {
  const fields = message?.fields ?? [];
  const oneofs = [...new Set(fields.flatMap(({ oneof }) => oneof ?? []))];
  return encode((writer) => {
    text(writer, 1, name);
    for (const field of fields) bytes(writer, 2, encodeField(field, oneofs));
    writeDeclared(writer, [...inner.values()], 3, 4);
    for (const oneof of oneofs)
      bytes(
        writer,
        8,
        encode((one) => text(one, 1, oneof)),
      );
  });
}

function encodeField(field: FieldDescriptor, oneofs: readonly string[]): Uint8Array {
  const typeName = field.enumType?.typeName ?? field.messageType?.().typeName;
  return encode((writer) => {
    text(writer, 1, field.name);
    number(writer, 3, field.number);
    number(writer, 4, field.repeated ? REPEATED : OPTIONAL);
    number(writer, 5, TYPES[field.type]);
    if (typeName !== undefined) text(writer, 6, `.${typeName}`);
    if (field.oneof !== undefined) number(writer, 9, oneofs.indexOf(field.oneof));
    text(writer, 10, field.jsonName);
  });
}

function encodeEnum(name: string, { nameByNumber }: EnumDescriptor): Uint8Array {
  return encode((writer) => {
    text(writer, 1, name);
    for (const [value, valueName] of nameByNumber) {
      bytes(
        writer,
        2,
        encode((one) => {
          text(one, 1, valueName);
          number(one, 2, value);
        }),
      );
    }
  });
}

function encodeService({ typeName, methods }: ServiceDescriptor): Uint8Array {
  return encode((writer) => {
    text(writer, 1, typeName.slice(typeName.lastIndexOf('.') + 1));
    for (const { name, input, output, kind } of Object.values(methods)) {
      bytes(
        writer,
        2,
        encode((one) => {
          text(one, 1, name);
          text(one, 2, `.${input.typeName}`);
          text(one, 3, `.${output.typeName}`);
          if (kind === 'client-stream' || kind === 'bidi') number(one, 5, 1);
          if (kind === 'server-stream' || kind === 'bidi') number(one, 6, 1);
        }),
      );
    }
  });
}

function encode(write: (writer: WireWriter) => void): Uint8Array {
  const writer = new WireWriter(1024);
  write(writer);
  return writer.take();
}

const MAX_VARINT_BYTES = 5;

function number(writer: WireWriter, field: number, value: number): void {
  writer.reserve(2 * MAX_VARINT_BYTES);
  writer.varint32(field << 3);
  writer.varint32(value);
}

function text(writer: WireWriter, field: number, value: string): void {
  bytes(writer, field, new TextEncoder().encode(value));
}

function bytes(writer: WireWriter, field: number, value: Uint8Array): void {
  writer.reserve(2 * MAX_VARINT_BYTES + value.length);
  writer.varint32((field << 3) | LENGTH_DELIMITED);
  writer.bytes(value);
}
