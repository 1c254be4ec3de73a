// JSON to messages, as strict as the gateway of etcd 3.4 and no stricter: names of the .proto or in camel case, 64-bit
// integers as numbers or strings, enums by name or number, null as absent. Every error names its field by its path.
import type { FieldDescriptor, MessageType } from '../message-type.js';
import { ProtocolError, type ProtocolErrorCode } from '../protocol-error.js';
import { MAX_NESTING } from '../wire/wire-reader.js';
import { clampInt64 } from '../wire/int64.js';
import { parseJsonText } from './json-text.js';

export interface JsonDecodeOptions {
  /** Fields that the message does not have. Default: `ignore`, as etcd's gateway does. */
  readonly unknownFields?: 'ignore' | 'refuse';
}

type Json = Readonly<Record<string, unknown>>;
type Step = string | number;

const WHOLE = /^-?(?:0|[1-9]\d{0,19})$/;

/**
 * JSON text to a message. Empty text is the empty message, as for the gateway.
 * @throws ProtocolError `bad-json`, `unknown-field`, `too-deep`
 */
export function parseJson<T extends object>(type: MessageType<T>, text: string, options: JsonDecodeOptions = {}): T {
  return fromJson(type, text.trim() === '' ? null : parseJsonText(text), options);
}

/**
 * A parsed JSON value to a message.
 * @throws ProtocolError as `parseJson`
 */
export function fromJson<T extends object>(type: MessageType<T>, json: unknown, options: JsonDecodeOptions = {}): T {
  return decodeMessage(type, json, [], options.unknownFields === 'refuse');
}

function refuse(path: readonly Step[], text: string, code: ProtocolErrorCode = 'bad-json', cause?: unknown): never {
  const where = path.reduce<string>((dotted, step) => {
    if (typeof step === 'number') return `${dotted}[${step}]`;
    return dotted === '' ? step : `${dotted}.${step}`;
  }, '');
  throw new ProtocolError(code, where === '' ? text : `${where}: ${text}`, { cause });
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}

function decodeMessage<T extends object>(type: MessageType<T>, json: unknown, path: Step[], strict: boolean): T {
  const message = type.create();
  if (json === null) return message;
  if (typeof json !== 'object' || Array.isArray(json)) refuse(path, `an object is needed, not ${kindOf(json)}`);
  if (path.length > MAX_NESTING) refuse(path.slice(0, 8), `messages are nested deeper than ${MAX_NESTING}`, 'too-deep');
  if (strict) refuseUnknown(type, json as Json, path);
  const target = message as Record<string, unknown>;
  const chosen = new Map<string, string>();
  for (const field of type.fields) {
    const name = Object.hasOwn(json, field.name) ? field.name : field.jsonName;
    if (!Object.hasOwn(json, name)) continue;
    const value = (json as Json)[name];
    if (value === null) continue;
    path.push(name);
    if (field.oneof !== undefined) {
      const other = chosen.get(field.oneof);
      if (other !== undefined) refuse(path, `${other} is given already; only one of ${field.oneof} may be`);
      chosen.set(field.oneof, name);
    }
    target[field.localName] = field.repeated
      ? decodeList(field, value, path, strict)
      : decodeValue(field, value, path, strict);
    path.pop();
  }
  return message;
}

function refuseUnknown(type: MessageType<object>, json: Json, path: readonly Step[]): void {
  for (const name of Object.keys(json)) {
    if (type.fields.some((field) => field.name === name || field.jsonName === name)) continue;
    refuse([...path, name.slice(0, 64)], `${type.typeName} has no such field`, 'unknown-field');
  }
}

function decodeList(field: FieldDescriptor, value: unknown, path: Step[], strict: boolean): unknown[] {
  if (!Array.isArray(value)) refuse(path, `a list is needed, not ${kindOf(value)}`);
  return value.map((item: unknown, at) => {
    path.push(at);
    if (item === null) refuse(path, 'a list holds no null');
    const decoded = decodeValue(field, item, path, strict);
    path.pop();
    return decoded;
  });
}

function decodeValue(field: FieldDescriptor, value: unknown, path: Step[], strict: boolean): unknown {
  switch (field.type) {
    case 'bytes':
      return decodeBytes(value, path);
    case 'string':
      return typeof value === 'string' ? value : refuse(path, `a string is needed, not ${kindOf(value)}`);
    case 'bool':
      return typeof value === 'boolean' ? value : refuse(path, `true or false is needed, not ${kindOf(value)}`);
    case 'enum':
      return decodeEnum(field, value, path);
    case 'message':
      return field.messageType === undefined ? undefined : decodeMessage(field.messageType(), value, path, strict);
    case 'exact64':
      return decodeInteger(value, -(2n ** 63n), 2n ** 63n - 1n, path);
    case 'int64':
      return clampInt64(Number(decodeInteger(value, -(2n ** 63n), 2n ** 63n - 1n, path)));
    case 'uint64':
      return clampInt64(Number(decodeInteger(value, 0n, 2n ** 64n - 1n, path)));
    case 'uint32':
      return Number(decodeInteger(value, 0n, 2n ** 32n - 1n, path));
  }
}

function decodeBytes(value: unknown, path: readonly Step[]): Uint8Array {
  if (typeof value !== 'string') refuse(path, `base64 text is needed, not ${kindOf(value)}`);
  // Tools wrap base64; Go skips the ends of lines.
  const text = value.includes('\n') || value.includes('\r') ? value.replace(/[\r\n]+/g, '') : value;
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  const expected = (text.length / 4) * 3 - padding;
  // Node skips what is no base64 and takes the URL's alphabet too; both show here.
  const bytes = Buffer.from(text, 'base64');
  if (text.length % 4 !== 0 || bytes.length !== expected || text.includes('-') || text.includes('_')) {
    refuse(path, 'the text is not base64 with padding');
  }
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
}

function decodeEnum(field: FieldDescriptor, value: unknown, path: readonly Step[]): number {
  const { enumType } = field;
  if (typeof value === 'string') {
    const number =
      enumType !== undefined && Object.hasOwn(enumType.numberByName, value) ? enumType.numberByName[value] : undefined;
    return number ?? refuse(path, `${enumType?.typeName ?? ''} has no value ${JSON.stringify(value.slice(0, 64))}`);
  }
  if (typeof value !== 'number') refuse(path, `a name or a number is needed, not ${kindOf(value)}`);
  return Number.isInteger(value) && (value | 0) === value ? value : refuse(path, `${value} is no 32-bit integer`);
}

function decodeInteger(value: unknown, least: bigint, most: bigint, path: readonly Step[]): bigint {
  let whole: bigint;
  if (typeof value === 'number') {
    if (!Number.isInteger(value)) refuse(path, `${value} is no whole number`);
    whole = BigInt(value);
  } else if (typeof value === 'string') {
    const digits = value.trim();
    if (!WHOLE.test(digits)) refuse(path, `${JSON.stringify(value.slice(0, 64))} is no 64-bit integer`);
    whole = BigInt(digits);
  } else {
    refuse(path, `an integer, as a number or a string, is needed, not ${kindOf(value)}`);
  }
  if (whole < least || whole > most) refuse(path, `${whole} is not from ${least} to ${most}`);
  return whole;
}
