// The language of `txn`: three lists of lines on stdin (comparisons, requests on success, requests on failure), each
// ended by an empty line.
//
//   mod("key") > "0"
//
//   put key "new value"
//
//   get key
//
import type { Compare } from '@understudy/protocol';
import { compare, type CompareOperator } from '@understudy/client';
import { CtlError, ExitCode } from './exit-code.js';
import { parseInt64, saturate } from './number-argument.js';
import { quoted } from './output/byte-text.js';

const QUOTED = /^"(?:[^"\\]|\\.)*"/;
const OPERATORS: readonly string[] = ['=', '!=', '>', '<'];

function invalid(message: string): CtlError {
  return new CtlError(ExitCode.invalidInput, message);
}

/** `target("key") operator "value"`, with target version, create, mod, value or lease, or their short forms. */
export function parseComparison(line: string): Compare {
  const paren = line.indexOf('(');
  if (paren < 0) throw invalid(`malformed comparison: ${line}`);
  const target = line.slice(0, paren);
  const rest = line.slice(paren + 1);
  const keyText = QUOTED.exec(rest)?.[0];
  const tail = keyText === undefined ? null : /^\)\s+(\S+)\s+(".*")\s*$/s.exec(rest.slice(keyText.length));
  const key = keyText === undefined ? undefined : unquote(keyText);
  const value = tail === null ? undefined : unquote(tail[2] as string);
  const operator = tail?.[1] ?? '';
  if (key === undefined || value === undefined || !OPERATORS.includes(operator)) {
    const nothing = new Uint8Array(0);
    const got = `${target}(${quoted(key ?? nothing)}) ${operator} ${quoted(value ?? nothing)}`;
    throw invalid(`malformed comparison: ${line}; got ${got}`);
  }
  return comparisonOf(line, target, key, operator as CompareOperator, value);
}

function comparisonOf(
  line: string,
  target: string,
  key: Uint8Array,
  operator: CompareOperator,
  value: Uint8Array,
): Compare {
  const number = (base: 10 | 16): bigint => {
    const parsed = parseInt64(Buffer.from(value).toString('utf8'), base);
    if (!parsed.ok) throw invalid(`invalid txn compare request: ${line}`);
    return parsed.value;
  };
  switch (target) {
    case 'ver':
    case 'version':
      return compare.version(key, operator, saturate(number(10)));
    case 'c':
    case 'create':
      return compare.createRevision(key, operator, saturate(number(10)));
    case 'm':
    case 'mod':
      return compare.modRevision(key, operator, saturate(number(10)));
    case 'val':
    case 'value':
      return compare.value(key, operator, value);
    case 'lease':
      return compare.lease(key, operator, number(16));
    default:
      throw invalid(`malformed comparison: ${line} (unknown target ${target})`);
  }
}

/**
 * The words of a request, as a shell would split them: quoted words may hold spaces; in double quotes escapes are read,
 * in single quotes nothing is.
 * @returns each word's bytes, one a character (latin1)
 */
export function splitWords(line: string): string[] {
  const words: string[] = [];
  for (const [word] of line.matchAll(/"(?:[^"\\]|\\.)*"|'[^']*'|\S+/g)) {
    if (word.startsWith("'") && word.endsWith("'") && word.length > 1) {
      words.push(Buffer.from(word.slice(1, -1), 'utf8').toString('latin1'));
    } else if (word.startsWith('"')) {
      const bytes = unquote(word);
      if (bytes === undefined) throw invalid(`invalid txn request: ${line}`);
      words.push(Buffer.from(bytes).toString('latin1'));
    } else {
      words.push(Buffer.from(word, 'utf8').toString('latin1'));
    }
  }
  return words;
}

const ESCAPES: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
  "'": "'",
  '"': '"',
};

const PIECE = /\\x([0-9a-fA-F]{2})|\\([0-3][0-7]{2})|\\u([0-9a-fA-F]{4})|\\U([0-9a-fA-F]{8})|\\(.)|([^\\"]+)/gsy;

/** The bytes of a double-quoted literal; undefined when it is none. */
export function unquote(literal: string): Uint8Array | undefined {
  if (literal.length < 2 || !literal.startsWith('"') || !literal.endsWith('"')) return undefined;
  const body = literal.slice(1, -1);
  const parts: Buffer[] = [];
  let at = 0;
  for (const match of body.matchAll(PIECE)) {
    const [piece, hex, octal, short, long, named, plain] = match;
    at += piece.length;
    if (plain !== undefined) parts.push(Buffer.from(plain, 'utf8'));
    else if (hex !== undefined) parts.push(Buffer.from([Number.parseInt(hex, 16)]));
    else if (octal !== undefined) parts.push(Buffer.from([Number.parseInt(octal, 8)]));
    else {
      const text = named === undefined ? codePoint((short ?? long) as string) : ESCAPES[named];
      if (text === undefined) return undefined;
      parts.push(Buffer.from(text, 'utf8'));
    }
  }
  return at === body.length ? Buffer.concat(parts) : undefined;
}

function codePoint(hex: string): string | undefined {
  const code = Number.parseInt(hex, 16);
  return code > 0x10ffff ? undefined : String.fromCodePoint(code);
}
