// Renders one package's enums and messages: types, and straight-line code to size, write and read them.
import type { EnumModel, FieldModel, MessageModel, PackageModel } from './schema.js';

const wireTypes = {
  bytes: 2,
  string: 2,
  message: 2,
  bool: 0,
  int64: 0,
  uint64: 0,
  exact64: 0,
  uint32: 0,
  enum: 0,
} as const;

// By field type: the TypeScript type, the default, the methods of reader and writer, the size function.
const kinds = {
  bytes: { ts: 'Uint8Array', zero: 'EMPTY_BYTES', read: 'bytes', size: '' },
  string: { ts: 'string', zero: "''", read: 'string', size: 'sizeOfString' },
  bool: { ts: 'boolean', zero: 'false', read: 'bool', size: '' },
  int64: { ts: 'number', zero: '0', read: 'int64', size: 'sizeOfInt64' },
  uint64: { ts: 'number', zero: '0', read: 'uint64', size: 'sizeOfUint64' },
  exact64: { ts: 'bigint', zero: '0n', read: 'bigint64', size: 'sizeOfBigint' },
  uint32: { ts: 'number', zero: '0', read: 'uint32', size: 'sizeOfUint32' },
  enum: { ts: '', zero: '0', read: 'int32', size: 'sizeOfInt32' },
  message: { ts: '', zero: 'undefined', read: '', size: '' },
} as const;

function isPresenceTracked(field: FieldModel): boolean {
  return !field.repeated && (field.oneof !== undefined || field.type === 'message');
}

function elementType(field: FieldModel): string {
  return field.ref ?? kinds[field.type].ts;
}

function tsType(field: FieldModel): string {
  if (field.repeated) return `${elementType(field)}[]`;
  return isPresenceTracked(field) ? `${elementType(field)} | undefined` : elementType(field);
}

function zeroOf(field: FieldModel): string {
  if (field.repeated) return '[]';
  return isPresenceTracked(field) ? 'undefined' : kinds[field.type].zero;
}

function tagOf(field: FieldModel): number {
  const packed = field.repeated && field.type === 'enum';
  return field.number * 8 + (packed ? 2 : wireTypes[field.type]);
}

function varintSize(value: number): number {
  return value < 0x80 ? 1 : value < 0x4000 ? 2 : 3;
}

function writeTag(tag: number): string {
  return tag < 0x80 ? `w.byte(${tag});` : `w.varint32(${tag});`;
}

/** Size of one value, its tag included. */
function sizeExpression(field: FieldModel, value: string): string {
  const tag = varintSize(tagOf(field));
  switch (field.type) {
    case 'bytes':
      return `${tag} + sizeOfLength(${value}.length)`;
    case 'message':
      return `${tag} + sizeOfLength(size${field.ref ?? ''}(${value}))`;
    case 'bool':
      return `${tag + 1}`;
    default:
      return `${tag} + ${kinds[field.type].size}(${value})`;
  }
}

/** Statements that write one value with its tag. */
function writeStatements(field: FieldModel, value: string): string {
  const tag = writeTag(tagOf(field));
  if (field.type === 'message') {
    return `${tag} w.varint32(size${field.ref ?? ''}(${value})); write${field.ref ?? ''}(${value}, w);`;
  }
  return `${tag} w.${kinds[field.type].read}(${value});`;
}

/** The condition under which a value goes on the wire. */
function presence(field: FieldModel, value: string): string {
  if (isPresenceTracked(field)) return `${value} !== undefined`;
  if (field.type === 'bytes') return `${value}.length > 0`;
  if (field.type === 'bool') return value;
  return `${value} !== ${kinds[field.type].zero}`;
}

function renderSizeField(field: FieldModel): string {
  const value = `m.${field.localName}`;
  if (!field.repeated) return `if (${presence(field, value)}) n += ${sizeExpression(field, value)};`;
  if (field.type === 'enum')
    return `if (${value}.length > 0) n += ${varintSize(tagOf(field))} + sizeOfLength(sizeOfPacked(${value}));`;
  return `for (const item of ${value}) n += ${sizeExpression(field, 'item')};`;
}

function renderWriteField(field: FieldModel): string {
  const value = `m.${field.localName}`;
  if (!field.repeated) return `if (${presence(field, value)}) { ${writeStatements(field, value)} }`;
  if (field.type === 'enum') {
    return `if (${value}.length > 0) { ${writeTag(tagOf(field))} w.varint32(sizeOfPacked(${value})); for (const item of ${value}) w.int32(item); }`;
  }
  return `for (const item of ${value}) { ${writeStatements(field, 'item')} }`;
}

function readExpression(field: FieldModel): string {
  if (field.type === 'message') return `read${field.ref ?? ''}(r, r.nested(end))`;
  const value = `r.${kinds[field.type].read}(end)`;
  return field.type === 'enum' ? `${value} as ${field.ref ?? ''}` : value;
}

function renderReadField(message: MessageModel, field: FieldModel): string {
  const name = field.localName;
  if (field.repeated && field.type === 'enum') {
    const one = `${name}.push(${readExpression(field)});`;
    const packed = `{ const stop = r.nested(end); while (r.pos < stop) ${one.replaceAll('(end)', '(stop)')} break; }`;
    return `case ${tagOf(field)}: ${packed} case ${field.number * 8}: ${one} break;`;
  }
  if (field.repeated) return `case ${tagOf(field)}: ${name}.push(${readExpression(field)}); break;`;
  // A oneof holds the member that came last.
  const others = message.fields.filter(
    (other) => field.oneof !== undefined && other.oneof === field.oneof && other !== field,
  );
  const cleared = others.map((other) => `${other.localName} = undefined;`).join(' ');
  return `case ${tagOf(field)}: ${name} = ${readExpression(field)}; ${cleared} break;`;
}

function renderDescriptor(field: FieldModel): string {
  const names = `'${field.name}', '${field.jsonName}', '${field.localName}'`;
  const rest = [
    field.repeated ? 'repeated: true' : '',
    field.oneof === undefined ? '' : `oneof: '${field.oneof}'`,
    field.type === 'enum' ? `enumType: ${field.ref ?? ''}Enum` : '',
    field.type === 'message' ? `messageType: () => ${field.ref ?? ''}` : '',
  ].filter((part) => part !== '');
  const last = rest.length === 0 ? '' : `, { ${rest.join(', ')} }`;
  return `describeField(${field.number}, ${names}, '${field.type}'${last}),`;
}

function renderComment(comment: string | undefined): string {
  return comment === undefined ? '' : `/** ${comment} */\n  `;
}

function renderEnum(model: EnumModel): string {
  const entries = model.values.map(([name, number]) => `${name}: ${number},`).join(' ');
  const names = model.values.map(([name, number]) => `[${number}, '${name}'],`).join(' ');
  return `
/** \`${model.typeName}\`. A decoded message may hold any other 32-bit number that its sender chose. */
export const ${model.tsName} = { ${entries} } as const;
export type ${model.tsName} = (typeof ${model.tsName})[keyof typeof ${model.tsName}];
export const ${model.tsName}Enum: EnumDescriptor = {
  typeName: '${model.typeName}', numberByName: ${model.tsName}, nameByNumber: new Map([${names}]),
};`;
}

function renderMessage(model: MessageModel): string {
  const { tsName, fields } = model;
  const lines = (render: (field: FieldModel) => string): string => fields.map(render).join('\n  ');
  const empty = fields.length === 0;
  const members = lines(
    (field) =>
      `${renderComment(field.comment)}${field.localName}${field.oneof === undefined ? '' : '?'}: ${tsType(field)};`,
  );
  const create = lines((field) =>
    zeroOf(field) === 'undefined'
      ? `${field.localName}: init?.${field.localName},`
      : `${field.localName}: init?.${field.localName} ?? ${zeroOf(field)},`,
  );
  const locals = lines((field) => `let ${field.localName}: ${tsType(field)} = ${zeroOf(field)};`).replaceAll(
    /let (\w+: [^=]*\[\] = \[\])/g,
    'const $1',
  );
  return `
${renderComment(model.comment).trim()}
${empty ? `export type ${tsName} = Record<never, never>;` : `export interface ${tsName} {\n  ${members}\n}`}

export function size${tsName}(${empty ? '_m' : 'm'}: ${tsName}): number {
  ${empty ? 'return 0;' : `let n = 0;\n  ${lines(renderSizeField)}\n  return n;`}
}

export function write${tsName}(${empty ? '_m' : 'm'}: ${tsName}, ${empty ? '_w' : 'w'}: WireWriter): void {
  ${lines(renderWriteField)}
}

export function read${tsName}(r: WireReader, end: number): ${tsName} {
  ${locals}
  ${model.recursive ? 'r.enter();' : ''}
  while (r.pos < end) {
    const tag = r.tag(end);
    ${
      empty
        ? `r.unexpected(tag, end, '${model.typeName}', ${tsName}.fields);`
        : `switch (tag) {
      ${fields.map((field) => renderReadField(model, field)).join('\n      ')}
      default: r.unexpected(tag, end, '${model.typeName}', ${tsName}.fields);
    }`
    }
  }
  ${model.recursive ? 'r.leave();' : ''}
  return { ${fields.map((field) => field.localName).join(', ')} };
}

export const ${tsName}: MessageType<${tsName}> = {
  typeName: '${model.typeName}',
  fields: [${fields.map(renderDescriptor).join('\n')}],
  create(${empty ? '' : `init?: Partial<${tsName}>`}): ${tsName} { return { ${create} }; },
  sizeOf: size${tsName},
  encode(m: ${tsName}): Uint8Array {
    const w = beginMessage(size${tsName}(m));
    write${tsName}(m, w);
    return w.take();
  },
  write: write${tsName},
  encodeInto(m: ${tsName}, w: WireWriter): void { w.reserve(size${tsName}(m)); write${tsName}(m, w); },
  decode(bytes: Uint8Array): ${tsName} { const r = new WireReader(bytes); return read${tsName}(r, r.end); },
};`;
}

/** The import statement for those of `names` that `body` mentions. */
function importOf(body: string, module: string, names: readonly string[]): string {
  const used = names.filter((name) => new RegExp(`(?<![\\w.'])${name.replace('type ', '')}\\b`).test(body));
  return used.length === 0 ? '' : `import { ${used.join(', ')} } from '${module}';`;
}

/** The module of one package's enums and messages; `others` are the packages that it may import. */
export function renderPackage(model: PackageModel, others: readonly PackageModel[]): string {
  const body = [...model.enums.map(renderEnum), ...model.messages.map(renderMessage)].join('\n');
  const sizes = [
    'sizeOfBigint',
    'sizeOfInt32',
    'sizeOfInt64',
    'sizeOfLength',
    'sizeOfPacked',
    'sizeOfString',
    'sizeOfUint32',
    'sizeOfUint64',
  ];
  const siblings = others.map((other) => {
    const names = other.messages.flatMap(({ tsName }) => [tsName, `read${tsName}`, `size${tsName}`, `write${tsName}`]);
    return importOf(body, `./${other.name}.js`, [
      ...names,
      ...other.enums.flatMap(({ tsName }) => [tsName, `${tsName}Enum`]),
    ]);
  });
  return [
    `// Generated from proto/ by scripts/generate.ts; edit those instead. Messages of the package ${model.name}.`,
    importOf(body, '../message-type.js', ['describeField', 'type EnumDescriptor', 'type MessageType']),
    importOf(body, '../wire/wire-reader.js', ['EMPTY_BYTES', 'WireReader']),
    importOf(body, '../wire/wire-size.js', sizes),
    importOf(body, '../wire/wire-writer.js', ['beginMessage', 'type WireWriter']),
    ...siblings,
    body,
  ].join('\n');
}
