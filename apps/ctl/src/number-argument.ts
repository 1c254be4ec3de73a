// Ids and numbers in arguments: hexadecimal ids, decimal numbers, refused with the words that etcdctl's users know.
import { badArgs, CtlError, ExitCode } from './exit-code.js';

const MAX_INT64 = (1n << 63n) - 1n;
const MAX_UINT64 = (1n << 64n) - 1n;

export type ParsedNumber =
  | { readonly ok: true; readonly value: bigint }
  | { readonly ok: false; readonly reason: string };

/** A signed 64-bit integer in decimal or hexadecimal, without a prefix. */
export function parseInt64(text: string, base: 10 | 16): ParsedNumber {
  const digits = base === 16 ? /^([+-]?)([0-9a-f]+)$/i.exec(text) : /^([+-]?)(\d+)$/.exec(text);
  const quoted = JSON.stringify(text);
  if (digits === null) return { ok: false, reason: `strconv.ParseInt: parsing ${quoted}: invalid syntax` };
  const size = BigInt(base === 16 ? `0x${digits[2]}` : (digits[2] as string));
  const value = digits[1] === '-' ? -size : size;
  if (value > MAX_INT64 || value < -MAX_INT64 - 1n) {
    return { ok: false, reason: `strconv.ParseInt: parsing ${quoted}: value out of range` };
  }
  return { ok: true, value };
}

/** An unsigned 64-bit integer in hexadecimal. */
export function parseUint64Hex(text: string): ParsedNumber {
  const quoted = JSON.stringify(text);
  if (!/^[0-9a-f]+$/i.test(text)) {
    return { ok: false, reason: `strconv.ParseUint: parsing ${quoted}: invalid syntax` };
  }
  const value = BigInt(`0x${text}`);
  if (value > MAX_UINT64) return { ok: false, reason: `strconv.ParseUint: parsing ${quoted}: value out of range` };
  return { ok: true, value };
}

/** A member id as a command's one argument. One beyond 2^53 saturates: no member has it. */
export function memberIdArgument(words: readonly string[]): number {
  const [word] = words;
  if (word === undefined || words.length > 1) throw badArgs('member ID is not provided');
  const parsed = parseUint64Hex(word);
  if (!parsed.ok) throw badArgs(`bad member ID arg (${parsed.reason}), expecting ID in Hex`);
  return saturate(parsed.value);
}

/** A bigint as a safe integer, clamped. */
export function saturate(value: bigint): number {
  const max = BigInt(Number.MAX_SAFE_INTEGER);
  if (value > max) return Number.MAX_SAFE_INTEGER;
  return value < -max ? -Number.MAX_SAFE_INTEGER : Number(value);
}

/** The value of a numeric flag. */
export function integerFlag(flag: string): (text: string) => number {
  return (text) => {
    const parsed = parseInt64(text, 10);
    if (!parsed.ok) {
      throw new CtlError(
        ExitCode.error,
        `invalid argument ${JSON.stringify(text)} for "--${flag}" flag: ${parsed.reason}`,
      );
    }
    return saturate(parsed.value);
  };
}
