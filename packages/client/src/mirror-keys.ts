// The keys of a mirror: what a key of the source is called in the destination. Pure.
import { type Bytes, type KeyRange, prefixEnd, toBytes } from './key-range.js';

export class MirrorKeys {
  readonly sourceRange: KeyRange;
  readonly destinationRange: KeyRange;
  private readonly sourcePrefix: Uint8Array;
  private readonly destinationPrefix: Uint8Array;

  constructor(sourcePrefix: Bytes, destinationPrefix: Bytes) {
    this.sourcePrefix = Uint8Array.from(toBytes(sourcePrefix));
    this.destinationPrefix = Uint8Array.from(toBytes(destinationPrefix));
    this.sourceRange = { prefix: this.sourcePrefix };
    this.destinationRange = { prefix: this.destinationPrefix };
  }

  toDestination(key: Uint8Array): Uint8Array {
    return Buffer.concat([this.destinationPrefix, key.subarray(this.sourcePrefix.length)]);
  }

  /** All keys of the source from one on. */
  sourceFrom(key: Uint8Array): KeyRange {
    return rest(this.sourcePrefix, key);
  }

  destinationFrom(key: Uint8Array): KeyRange {
    return rest(this.destinationPrefix, key);
  }
}

function rest(prefix: Uint8Array, from: Uint8Array): KeyRange {
  const end = prefixEnd(prefix);
  // One zero byte as the end is every key.
  return end.length === 1 && end[0] === 0 ? { from } : { from, to: end };
}
