/**
 * Bytes of an entry as quoted text: UTF-8 that can be printed as it is; control characters, and bytes that are no text,
 * escaped as the field's scripts have them. Never throws, whatever the bytes.
 */

const ESCAPES: Readonly<Record<number, string>> = {
  7: '\\a',
  8: '\\b',
  9: '\\t',
  10: '\\n',
  11: '\\v',
  12: '\\f',
  13: '\\r',
  34: '\\"',
  92: '\\\\',
};

export function quote(data: Uint8Array): string {
  let text = '';
  for (let at = 0; at < data.length; ) {
    const length = characterLength(data, at);
    text += length === 0 ? `\\x${hex(data[at] as number, 2)}` : quoteCharacter(codePoint(data, at, length));
    at += Math.max(1, length);
  }
  return `"${text}"`;
}

function quoteCharacter(code: number): string {
  const escaped = ESCAPES[code];
  if (escaped !== undefined) return escaped;
  if (code < 32 || code === 127) return `\\x${hex(code, 2)}`;
  const character = String.fromCodePoint(code);
  if (/^[ \p{L}\p{M}\p{N}\p{P}\p{S}]$/u.test(character)) return character;
  return code > 0xffff ? `\\U${hex(code, 8)}` : `\\u${hex(code, 4)}`;
}

/** Bytes of the UTF-8 character at `at`; 0 where there is none. */
function characterLength(data: Uint8Array, at: number): number {
  const first = data[at] as number;
  if (first < 0x80) return 1;
  const length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4 || at + length > data.length) return 0;
  for (let i = 1; i < length; i++) if (((data[at + i] as number) & 0xc0) !== 0x80) return 0;
  const code = codePoint(data, at, length);
  // Longer than need be, half a pair of UTF-16, or beyond Unicode.
  const least = length === 4 ? 0x10000 : length === 3 ? 0x800 : 0x80;
  return code < least || (code >= 0xd800 && code <= 0xdfff) || code > 0x10ffff ? 0 : length;
}

function codePoint(data: Uint8Array, at: number, length: number): number {
  let code = (data[at] as number) & (length === 1 ? 0x7f : 0xff >> (length + 1));
  for (let i = 1; i < length; i++) code = code * 64 + ((data[at + i] as number) & 0x3f);
  return code;
}

function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, '0');
}
