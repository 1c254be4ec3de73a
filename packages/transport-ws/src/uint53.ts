/** Safe integers as 8 bytes, big-endian. Reading gives -1 for what is above 2^53 - 1: ids are never negative. */
const HIGH = 0x1_0000_0000;

export function writeUint53(target: Buffer, value: number, offset: number): void {
  target.writeUInt32BE(Math.floor(value / HIGH), offset);
  target.writeUInt32BE(value % HIGH, offset + 4);
}

export function readUint53(source: Buffer, offset: number): number {
  const value = source.readUInt32BE(offset) * HIGH + source.readUInt32BE(offset + 4);
  return Number.isSafeInteger(value) ? value : -1;
}
