// The two values of gRPC's headers that have a grammar of their own: a timeout, and a status message.

const UNIT_MS: Readonly<Record<string, number>> = { H: 3_600_000, M: 60_000, S: 1000, m: 1, u: 1e-3, n: 1e-6 };

/** `grpc-timeout` in milliseconds, a fraction where it is finer; undefined where the text is none. */
export function parseGrpcTimeout(text: string): number | undefined {
  const unit = UNIT_MS[text.slice(-1)];
  const digits = text.slice(0, -1);
  if (unit === undefined || !/^\d{1,8}$/.test(digits)) return undefined;
  return Number(digits) * unit;
}

const NEEDS_ESCAPE = /[^\x20-\x24\x26-\x7e]/;

/** `grpc-message`: UTF-8 in which everything but printable ASCII, and the percent sign itself, is %XX. */
export function encodeGrpcStatusText(text: string): string {
  if (!NEEDS_ESCAPE.test(text)) return text;
  let encoded = '';
  for (const byte of new TextEncoder().encode(text)) {
    const plain = byte >= 0x20 && byte <= 0x7e && byte !== 0x25;
    encoded += plain ? String.fromCharCode(byte) : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }
  return encoded;
}

/** The text of a `grpc-message`; what is no valid escape stands for itself, as gRPC demands of readers. */
export function decodeGrpcStatusText(encoded: string): string {
  if (!encoded.includes('%')) return encoded;
  const bytes: number[] = [];
  for (let at = 0; at < encoded.length; at += 1) {
    const hex = encoded[at] === '%' ? /^[0-9a-fA-F]{2}/.exec(encoded.slice(at + 1, at + 3)) : null;
    if (hex === null) bytes.push(...new TextEncoder().encode(encoded[at]));
    else {
      bytes.push(Number.parseInt(hex[0], 16));
      at += 2;
    }
  }
  return new TextDecoder().decode(new Uint8Array(bytes));
}
