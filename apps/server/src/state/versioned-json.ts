/** A version byte, then JSON: for small records that are written rarely and worth reading in a dump. */

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true });

export function withVersion(version: number, value: unknown): Uint8Array {
  const json = encoder.encode(JSON.stringify(value));
  const bytes = new Uint8Array(1 + json.length);
  bytes[0] = version;
  bytes.set(json, 1);
  return bytes;
}

export function readVersioned(bytes: Uint8Array, version: number, what: string): unknown {
  if (bytes[0] !== version) throw new Error(`${what} has version ${bytes[0]}; this server knows ${version}`);
  return JSON.parse(decoder.decode(bytes.subarray(1)));
}
