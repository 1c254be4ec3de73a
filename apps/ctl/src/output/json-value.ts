// Messages as etcdctl's JSON. Its numbers are exact 64-bit integers, which `JSON.stringify` cannot write, so this has a
// writer of its own.
import type { MessageType } from '@understudy/protocol';

export type JsonValue =
  | string
  | number
  | bigint
  | boolean
  | null
  | readonly JsonValue[]
  | { readonly [name: string]: JsonValue };

export function stringify(value: JsonValue): string {
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'string') return quote(value);
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (isList(value)) return `[${value.map(stringify).join(',')}]`;
  const fields = Object.entries(value).map(([name, field]) => `${quote(name)}:${stringify(field)}`);
  return `{${fields.join(',')}}`;
}

// Go's encoder also escapes what HTML would read as markup.
function quote(text: string): string {
  return JSON.stringify(text).replace(/[<>&\u2028\u2029]/g, (char) => {
    return `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}

export function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}

/** A message under the names of its .proto; empty fields are left out, a oneof is an object named after it. */
export function messageValue<T extends object>(type: MessageType<T>, message: T): { [name: string]: JsonValue } {
  const values = message as Readonly<Record<string, unknown>>;
  const out: { [name: string]: JsonValue } = {};
  for (const field of type.fields) {
    const given = values[field.localName];
    if (isEmpty(given)) continue;
    const nested = field.messageType?.();
    const one = (item: unknown): JsonValue =>
      nested === undefined ? scalar(item) : messageValue(nested, item as object);
    const value = Array.isArray(given) ? given.map(one) : one(given);
    if (field.oneof === undefined) out[field.name] = value;
    else out[capitalized(field.oneof)] = { [camelCase(field.name)]: value };
  }
  return out;
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === false || value === 0 || value === 0n || value === '') return true;
  return (Array.isArray(value) || value instanceof Uint8Array) && value.length === 0;
}

function scalar(value: unknown): JsonValue {
  return value instanceof Uint8Array ? base64(value) : (value as JsonValue);
}

function isList(value: object): value is readonly JsonValue[] {
  return Array.isArray(value);
}

function capitalized(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}

function camelCase(name: string): string {
  return name.split('_').map(capitalized).join('');
}
