// Bytes and ids as text: as `\x61` escapes, quoted as Go's %q does, and ids in hexadecimal.

/** `\x61\x62`, etcdctl's `--hex`. */
export function hexEscaped(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += `\\x${byte.toString(16).padStart(2, '0')}`;
  return text;
}

/** A member or cluster id: sixteen hexadecimal digits, as everywhere in Understudy. */
export function hexId(id: number | bigint): string {
  return id.toString(16).padStart(16, '0');
}

/** A lease id: sixteen hexadecimal digits, two's complement. */
export function leaseHex(id: bigint): string {
  return BigInt.asUintN(64, id).toString(16).padStart(16, '0');
}

const NAMED: Readonly<Record<string, string>> = {
  '\x07': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
  '"': '\\"',
  '\\': '\\\\',
};

/** A double-quoted literal of the bytes read as UTF-8; what is not UTF-8 or not printable is escaped. */
export function quoted(bytes: Uint8Array): string {
  let text = '"';
  let at = 0;
  while (at < bytes.length) {
    const length = sequenceLength(bytes, at);
    const char = length === 0 ? '' : Buffer.from(bytes.subarray(at, at + length)).toString('utf8');
    text += length === 0 ? `\\x${(bytes[at] as number).toString(16).padStart(2, '0')}` : escapeChar(char);
    at += length === 0 ? 1 : length;
  }
  return `${text}"`;
}

function escapeChar(char: string): string {
  const named = Object.hasOwn(NAMED, char) ? NAMED[char] : undefined;
  if (named !== undefined) return named;
  const code = char.codePointAt(0) as number;
  if (code < 0x20 || code === 0x7f) return `\\x${code.toString(16).padStart(2, '0')}`;
  if (/[\p{L}\p{M}\p{N}\p{P}\p{S} ]/u.test(char)) return char;
  return code > 0xffff ? `\\U${code.toString(16).padStart(8, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`;
}

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

// Bytes of the valid UTF-8 sequence that starts here, 0 where there is none.
function sequenceLength(bytes: Uint8Array, at: number): number {
  const first = bytes[at] as number;
  const length = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  if (at + length > bytes.length) return 0;
  try {
    strict.decode(bytes.subarray(at, at + length));
    return length;
  } catch {
    return 0;
  }
}
