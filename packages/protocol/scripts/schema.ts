// Reads proto/*.proto into the plain model that the renderers work from. Only parsing is left to protobufjs; names,
// kinds and paths are decided here.
import { readFileSync } from 'node:fs';
import protobuf from 'protobufjs';
import type { FieldType } from '../src/message-type.js';
import type { MethodPermission } from '../src/service.js';
import { methodIds } from './method-ids.js';
import { permissions } from './permissions.js';

/** In the order in which the generated modules may import each other. */
const protoFiles = ['mvccpb', 'authpb', 'rpc', 'v3lockpb', 'v3electionpb', 'understudy_v1', 'health', 'reflection'];

export interface EnumModel {
  readonly tsName: string;
  readonly typeName: string;
  readonly values: readonly (readonly [name: string, number: number])[];
}

export interface FieldModel {
  readonly number: number;
  readonly name: string;
  readonly jsonName: string;
  readonly localName: string;
  readonly type: FieldType;
  readonly repeated: boolean;
  readonly oneof: string | undefined;
  /** of an enum or message field: the TypeScript name of its type */
  readonly ref: string | undefined;
  readonly comment: string | undefined;
}

export interface MessageModel {
  readonly tsName: string;
  readonly typeName: string;
  readonly fields: readonly FieldModel[];
  readonly comment: string | undefined;
  /** can hold itself, at whatever remove */
  readonly recursive: boolean;
}

export interface MethodModel {
  readonly name: string;
  readonly localName: string;
  readonly path: string;
  readonly kind: 'unary' | 'server-stream' | 'client-stream' | 'bidi';
  readonly input: string;
  readonly output: string;
  readonly http: readonly string[];
  readonly id: number;
  readonly permission: MethodPermission;
}

export interface ServiceModel {
  readonly tsName: string;
  readonly typeName: string;
  readonly methods: readonly MethodModel[];
}

export interface PackageModel {
  readonly name: string;
  readonly enums: readonly EnumModel[];
  readonly messages: readonly MessageModel[];
  readonly services: readonly ServiceModel[];
}

/** `peerURLs` → `peerUrls`, `ID` → `id`, `remaining_TTL` → `remainingTtl`. */
export function localNameOf(name: string): string {
  const words = name.match(/[A-Z]+s?(?![a-z])|[A-Z]?[a-z0-9]+/g) ?? [name];
  return words
    .map((word, at) => (at === 0 ? '' : (word[0] ?? '').toUpperCase()) + word.slice(at === 0 ? 0 : 1).toLowerCase())
    .join('');
}

/** protobuf's rule: an underscore goes, and the letter after it becomes a capital. */
export function jsonNameOf(name: string): string {
  return name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());
}

function plainName(object: protobuf.ReflectionObject): string {
  return object.fullName.replace(/^\./, '');
}

function enumName(type: protobuf.Enum): string {
  return type.name === 'Type' ? `${type.parent?.name ?? ''}Type` : type.name;
}

function fieldType(field: protobuf.Field): FieldType {
  if (field.resolvedType instanceof protobuf.Enum) return 'enum';
  if (field.resolvedType instanceof protobuf.Type) return 'message';
  if (field.options?.['(understudy.exact)'] === true) {
    if (field.type !== 'int64') throw new Error(`${field.fullName}: only an int64 can be exact, this is ${field.type}`);
    return 'exact64';
  }
  switch (field.type) {
    case 'bytes':
    case 'string':
    case 'bool':
    case 'int64':
    case 'uint64':
    case 'uint32':
      return field.type;
    default:
      throw new Error(`${field.fullName}: the generator has no ${field.type}`);
  }
}

function fieldModel(field: protobuf.Field): FieldModel {
  field.resolve();
  if (field.map) throw new Error(`${field.fullName}: the generator has no maps`);
  const resolved = field.resolvedType;
  return {
    number: field.id,
    name: field.name,
    jsonName: jsonNameOf(field.name),
    localName: localNameOf(field.name),
    type: fieldType(field),
    repeated: field.repeated,
    oneof: field.partOf?.name,
    ref: resolved instanceof protobuf.Enum ? enumName(resolved) : resolved?.name,
    comment: field.comment ?? undefined,
  };
}

/** Whether `type` can be reached from its own fields. */
function isRecursive(type: protobuf.Type): boolean {
  const seen = new Set<protobuf.Type>();
  const open = [type];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const field of next.fieldsArray) {
      const target = field.resolve().resolvedType;
      if (target === type) return true;
      if (target instanceof protobuf.Type && !seen.has(target)) {
        seen.add(target);
        open.push(target);
      }
    }
  }
  return false;
}

interface HttpRule {
  readonly post?: string;
  readonly additional_bindings?: HttpRule | readonly HttpRule[];
}

function httpPaths(method: protobuf.Method): string[] {
  const options: Record<string, unknown>[] = method.parsedOptions ?? [];
  const rule = options.map((option) => option['(google.api.http)']).find((found) => found !== undefined);
  // gRPC's own services are not at the gateway.
  if (rule === undefined && plainName(method).startsWith('grpc.')) return [];
  if (rule === undefined) throw new Error(`${method.fullName}: no google.api.http option`);
  const more = (rule as HttpRule).additional_bindings ?? [];
  return [rule as HttpRule, ...(Array.isArray(more) ? more : [more as HttpRule])].map(({ post }) => {
    if (post === undefined) throw new Error(`${method.fullName}: the gateway of etcd knows only POST`);
    return post;
  });
}

export function permissionOf(method: protobuf.Method): MethodPermission {
  const options: Record<string, unknown>[] = method.parsedOptions ?? [];
  const [word, ...more] = options
    .map((option) => option['(understudy.permission)'])
    .filter((found) => found !== undefined);
  const permission = permissions.find((known) => known === word);
  if (permission === undefined || more.length > 0) {
    throw new Error(`${method.fullName}: needs one (understudy.permission), of ${permissions.join(', ')}`);
  }
  return permission;
}

function methodModel(service: protobuf.Service, method: protobuf.Method): MethodModel {
  method.resolve();
  const path = `${plainName(service)}/${method.name}`;
  const id = methodIds[path];
  if (id === undefined) throw new Error(`${path}: no number in method-ids.ts`);
  const [asks, answers] = [method.requestStream === true, method.responseStream === true];
  const oneSided = asks ? 'client-stream' : 'server-stream';
  const bothSided = asks ? 'bidi' : 'unary';
  return {
    name: method.name,
    localName: (method.name[0] ?? '').toLowerCase() + method.name.slice(1),
    path: `/${path}`,
    kind: asks === answers ? bothSided : oneSided,
    input: method.resolvedRequestType?.name ?? '',
    output: method.resolvedResponseType?.name ?? '',
    http: httpPaths(method),
    id,
    permission: permissionOf(method),
  };
}

function packageModel(namespace: protobuf.Namespace): PackageModel {
  const enums: EnumModel[] = [];
  const messages: MessageModel[] = [];
  const services: ServiceModel[] = [];
  const visit = (parent: protobuf.NamespaceBase): void => {
    for (const object of parent.nestedArray) {
      if (object instanceof protobuf.Enum) {
        enums.push({ tsName: enumName(object), typeName: plainName(object), values: Object.entries(object.values) });
      } else if (object instanceof protobuf.Type) {
        messages.push({
          tsName: object.name,
          typeName: plainName(object),
          fields: object.fieldsArray.map(fieldModel).sort((a, b) => a.number - b.number),
          comment: object.comment ?? undefined,
          recursive: isRecursive(object),
        });
        visit(object);
      } else if (object instanceof protobuf.Service) {
        const methods = object.methodsArray.map((method) => methodModel(object, method));
        services.push({ tsName: `${object.name}Service`, typeName: plainName(object), methods });
      }
    }
  };
  visit(namespace);
  // `understudy.v1` is the module `understudy-v1`.
  return { name: plainName(namespace).replaceAll('.', '-'), enums, messages, services };
}

/** The namespaces that hold types: those that only hold others are no packages. */
function packagesIn(parent: protobuf.NamespaceBase): protobuf.Namespace[] {
  return parent.nestedArray.flatMap((object) => {
    // Types and services are namespaces to protobufjs, too.
    if (object.constructor !== protobuf.Namespace) return [];
    const inner = packagesIn(object as protobuf.Namespace);
    return inner.length > 0 ? inner : [object as protobuf.Namespace];
  });
}

/** The .proto files as protobufjs sees them; tests compare its codec with ours. */
export function loadProtos(): protobuf.Root {
  const root = new protobuf.Root();
  for (const file of protoFiles) {
    const text = readFileSync(new URL(`../proto/${file}.proto`, import.meta.url), 'utf8');
    protobuf.parse(text, root, { keepCase: true, alternateCommentMode: true });
  }
  root.resolveAll();
  return root;
}

function assertUnique(what: string, names: readonly (string | number)[]): void {
  const seen = new Set<string | number>();
  for (const name of names) {
    if (seen.has(name)) throw new Error(`two ${what} are called ${name}`);
    seen.add(name);
  }
}

/** The model of everything under proto/, in dependency order. */
export function loadSchema(): PackageModel[] {
  const root = loadProtos();
  const packages = packagesIn(root).map(packageModel);
  const methods = packages.flatMap(({ services }) => services).flatMap((service) => service.methods);
  const types = packages.flatMap(({ enums, messages, services }) => [...enums, ...messages, ...services]);
  assertUnique(
    'types',
    types.map(({ tsName }) => tsName),
  );
  assertUnique('method ids', Object.values(methodIds));
  assertUnique(
    'http paths',
    methods.flatMap(({ http }) => http),
  );
  return packages;
}
