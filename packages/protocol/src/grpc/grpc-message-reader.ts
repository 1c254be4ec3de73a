// Cuts what DATA frames bring into messages. A message that came in one piece is handed out as a view of it; one that
// came in several is put together, and never grows beyond the limit that its own prefix is checked against first.
import { ProtocolError } from '../protocol-error.js';
import { GRPC_PREFIX_BYTES } from './grpc-message.js';

/** Takes a message; its bytes are a view that the reader does not touch again. */
export type GrpcMessageListener = (payload: Uint8Array, compressed: boolean) => void;

const FIRST_BODY_BYTES = 16 * 1024;

export class GrpcMessageReader {
  private readonly maxMessageBytes: number;
  /** the prefix of the message that is coming in; `prefixed` bytes of it are there */
  private readonly prefix = new Uint8Array(GRPC_PREFIX_BYTES);
  private prefixed = 0;
  /** what is there of a message that came in several pieces, with room for more; undefined between messages */
  private body: Uint8Array | undefined = undefined;
  private filled = 0; // filled <= body.length <= wanted
  private wanted = 0;

  constructor(maxMessageBytes: number) {
    this.maxMessageBytes = maxMessageBytes;
  }

  /** Memory held for a message that is not complete. */
  get heldBytes(): number {
    return this.body?.length ?? 0;
  }

  /** Whether the bytes so far end between two messages. */
  get complete(): boolean {
    return this.body === undefined && this.prefixed === 0;
  }

  /** @throws ProtocolError on a flag that does not exist, and on a message above the limit; the reader is of no use then */
  push(chunk: Uint8Array, listener: GrpcMessageListener): void {
    let at = 0;
    while (at < chunk.length) {
      if (this.body !== undefined) {
        at += this.fill(this.body, chunk, at, listener);
        continue;
      }
      while (this.prefixed < GRPC_PREFIX_BYTES && at < chunk.length) {
        this.prefix[this.prefixed] = chunk[at] as number;
        this.prefixed += 1;
        at += 1;
      }
      if (this.prefixed < GRPC_PREFIX_BYTES) return;
      const length = this.checkedLength();
      if (chunk.length - at >= length) {
        this.prefixed = 0;
        listener(chunk.subarray(at, at + length), this.prefix[0] === 1);
        at += length;
      } else {
        // Memory grows with what has come, not with what a prefix promises.
        this.body = new Uint8Array(Math.min(length, FIRST_BODY_BYTES));
        this.filled = 0;
        this.wanted = length;
      }
    }
  }

  private fill(room: Uint8Array, chunk: Uint8Array, at: number, listener: GrpcMessageListener): number {
    const taken = Math.min(this.wanted - this.filled, chunk.length - at);
    const body = this.filled + taken <= room.length ? room : this.grown(room, this.filled + taken);
    body.set(chunk.subarray(at, at + taken), this.filled);
    this.filled += taken;
    if (this.filled === this.wanted) {
      this.body = undefined;
      this.prefixed = 0;
      listener(body, this.prefix[0] === 1);
    }
    return taken;
  }

  private grown(room: Uint8Array, needed: number): Uint8Array {
    const body = new Uint8Array(Math.min(this.wanted, Math.max(needed, 2 * room.length)));
    body.set(room.subarray(0, this.filled));
    this.body = body;
    return body;
  }

  private checkedLength(): number {
    const [flag = 0, a = 0, b = 0, c = 0, d = 0] = this.prefix;
    if (flag > 1) throw new ProtocolError('bad-frame', `a message with the flag ${flag}; gRPC has 0 and 1`);
    const length = a * 0x100_0000 + ((b << 16) | (c << 8) | d);
    if (length > this.maxMessageBytes) {
      throw new ProtocolError(
        'too-large',
        `grpc: received message larger than max (${length} vs. ${this.maxMessageBytes})`,
      );
    }
    return length;
  }
}
