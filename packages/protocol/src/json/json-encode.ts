// Messages as the JSON gateway of etcd 3.4 prints them: names as in the .proto, 64-bit integers as strings, bytes in
// base64, enums by name; fields at their default are left out, members of a oneof that are set are not.
import type { FieldDescriptor, MessageType } from '../message-type.js';

export type JsonValue = string | number | boolean | null | JsonValue[] | JsonObject;
export interface JsonObject {
  [name: string]: JsonValue;
}

/** A message as a value for `JSON.stringify`. */
export function toJson<T extends object>(type: MessageType<T>, message: T): JsonObject {
  const json: JsonObject = {};
  for (const field of type.fields) {
    const value = (message as Readonly<Record<string, unknown>>)[field.localName];
    if (value === undefined) continue;
    if (field.repeated) {
      const items = value as readonly unknown[];
      if (items.length > 0) json[field.name] = items.map((item) => toJsonValue(field, item));
    } else if (field.oneof !== undefined || !isDefault(value)) {
      json[field.name] = toJsonValue(field, value);
    }
  }
  return json;
}

/** A message as JSON text. */
export function stringifyJson<T extends object>(type: MessageType<T>, message: T): string {
  return JSON.stringify(toJson(type, message));
}

function isDefault(value: unknown): boolean {
  return (
    value === 0 ||
    value === '' ||
    value === false ||
    value === 0n ||
    (value instanceof Uint8Array && value.length === 0)
  );
}

function toJsonValue(field: FieldDescriptor, value: unknown): JsonValue {
  switch (field.type) {
    case 'bytes': {
      const bytes = value as Uint8Array;
      return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64');
    }
    case 'int64':
    case 'uint64':
    case 'exact64':
      return String(value);
    case 'enum':
      // A number without a name is printed as it is.
      return field.enumType?.nameByNumber.get(value as number) ?? (value as number);
    case 'message':
      return field.messageType === undefined ? null : toJson(field.messageType(), value as object);
    default:
      return value as JsonValue;
  }
}
