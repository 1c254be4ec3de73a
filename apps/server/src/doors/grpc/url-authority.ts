/**
 * etcd's own clients name a whole URL in `:authority` (`http://10.0.0.1:2379`) on connections that they make for one
 * endpoint: status, hash, defragment, alarms, snapshot. RFC 9113 wants a host there, and node's HTTP/2 refuses the stream
 * before anybody is asked. So the first request of a connection is looked at before node gets it: where its authority is
 * an URL, the connection goes through a stream that takes it out of every request; all others are handed over as they
 * are, with nothing in between.
 *
 * Those clients say nothing before the server's settings have come. They get empty settings from here, and what they
 * answer to them is kept from node, which did not send them.
 */
import { Duplex, Transform, type TransformCallback } from 'node:stream';

const PREFACE_BYTES = 24;
const FRAME_HEADER_BYTES = 9;
/** More than any client sends before its first request. */
const MAX_HELD_BYTES = 64 * 1024;

const FrameType = { Headers: 1, Priority: 2, Settings: 4, WindowUpdate: 8 } as const;
const Flag = { Ack: 0x1, Padded: 0x8, Priority: 0x20 } as const;

const EMPTY_SETTINGS = Buffer.from([0, 0, 0, FrameType.Settings, 0, 0, 0, 0, 0]);

/** Index of `:authority` in the static table of HPACK (RFC 7541, appendix A). */
const AUTHORITY_INDEX = 1;
/** What stands for the URL: a string literal of HPACK. Nobody reads it. */
const PLAIN_AUTHORITY = Buffer.from('\x09localhost', 'latin1');
/** How a value begins that is an URL, as it is and in HPACK's Huffman code, whole bytes of it. */
const URL_BEGINNINGS = [
  { huffman: false, bytes: Buffer.from('http://') },
  { huffman: false, bytes: Buffer.from('https://') },
  { huffman: true, bytes: Buffer.from([0x9d, 0x29, 0xae, 0xe3, 0x0c]) },
  { huffman: true, bytes: Buffer.from([0x9d, 0x29, 0xad, 0x17, 0x18]) },
];

/**
 * Looks at what comes first on a connection of HTTP/2 and hands it over, itself or behind a stream that mends it. One that
 * ends before its first request is never handed over; one whose settings take longer than `handshakeTimeoutMs` is cut.
 * Returns how to hand it over at once, as it is; nothing happens where that is done already.
 */
export function admitHttp2(
  socket: Duplex,
  handOver: (connection: Duplex) => void,
  handshakeTimeoutMs: number,
): () => void {
  const timer = setTimeout(() => socket.destroy(), handshakeTimeoutMs);
  socket.once('close', () => clearTimeout(timer));
  let held: Buffer = Buffer.alloc(0);
  let at = PREFACE_BYTES;
  let greeted = false;
  let acknowledged = false;
  /** Null until the first request, or something else that node has to see. */
  let mend: boolean | null = null;

  const look = (): void => {
    while (held.length >= at + FRAME_HEADER_BYTES) {
      const frame = frameAt(held, at);
      if (frame === null) return;
      const { type, flags, end } = frame;
      if (type === FrameType.Settings && (flags & Flag.Ack) !== 0 && greeted && !acknowledged) {
        acknowledged = true;
        clearTimeout(timer);
        held = Buffer.concat([held.subarray(0, at), held.subarray(end)]);
        continue;
      }
      if (mend === null && type === FrameType.Headers) mend = namesUrl(held.subarray(at, end));
      else if (mend === null && !isPrelude(type)) mend = false;
      at = end;
    }
  };

  let done = false;
  const finish = (): void => {
    if (done || socket.destroyed) return;
    done = true;
    clearTimeout(timer);
    socket.removeListener('data', onData);
    socket.pause();
    if (held.length > 0) socket.unshift(held);
    handOver(mend === true ? mendConnection(socket) : socket);
  };

  const onData = (chunk: Buffer): void => {
    held = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
    look();
    if ((mend !== null && greeted === acknowledged) || held.length > MAX_HELD_BYTES) {
      finish();
    } else if (mend === null && !greeted && at > PREFACE_BYTES && at === held.length) {
      // Its settings are here and no request: it may be waiting for ours.
      greeted = true;
      socket.write(EMPTY_SETTINGS);
    }
  };
  socket.on('data', onData);
  socket.resume();
  return finish;
}

/** What may come before the first request and says nothing of it. */
function isPrelude(type: number): boolean {
  return type === FrameType.Settings || type === FrameType.WindowUpdate || type === FrameType.Priority;
}

function mendConnection(socket: Duplex): Duplex {
  const mended = new AuthorityMender();
  socket.once('close', () => mended.destroy());
  const connection = Duplex.from({ readable: socket.pipe(mended), writable: socket });
  connection.once('close', () => socket.destroy());
  return connection;
}

/** Passes a client's bytes on, frame by frame; in requests an authority that is an URL becomes a plain one. */
class AuthorityMender extends Transform {
  #held: Buffer = Buffer.alloc(0);
  /** Where the next frame begins in `#held`. */
  #at = PREFACE_BYTES;

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.#held = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk]);
    const pieces: Buffer[] = [];
    let passed = 0;
    while (this.#held.length >= this.#at + FRAME_HEADER_BYTES) {
      const frame = frameAt(this.#held, this.#at);
      if (frame === null) break;
      const bytes = this.#held.subarray(passed, frame.end);
      pieces.push(frame.type === FrameType.Headers ? mendRequest(bytes, this.#at - passed) : bytes);
      passed = frame.end;
      this.#at = frame.end;
    }
    this.#held = this.#held.subarray(passed);
    this.#at -= passed;
    done(null, pieces.length === 0 ? undefined : Buffer.concat(pieces));
  }
}

interface Frame {
  readonly type: number;
  readonly flags: number;
  readonly end: number;
}

/** Null where it is not complete. */
function frameAt(bytes: Buffer, at: number): Frame | null {
  const end = at + FRAME_HEADER_BYTES + bytes.readUIntBE(at, 3);
  if (end > bytes.length) return null;
  return { type: bytes[at + 3] as number, flags: bytes[at + 4] as number, end };
}

function namesUrl(frame: Buffer): boolean {
  return urlAuthority(frame) !== null;
}

/** A HEADERS frame at `at` of `bytes`, with its authority mended; the same bytes where there is nothing to mend. */
function mendRequest(bytes: Buffer, at: number): Buffer {
  const found = urlAuthority(bytes.subarray(at));
  if (found === null) return bytes;
  const mended = Buffer.concat([bytes.subarray(0, at + found.from), PLAIN_AUTHORITY, bytes.subarray(at + found.to)]);
  mended.writeUIntBE(mended.length - at - FRAME_HEADER_BYTES, at, 3);
  return mended;
}

/**
 * Where in a HEADERS frame the literal of an authority stands that is an URL; null where there is none. The entry that
 * it makes in the decoder's table is smaller than the client believes: the table forgets later than the client does, and
 * the client never asks for what it has forgotten itself.
 */
function urlAuthority(frame: Buffer): { readonly from: number; readonly to: number } | null {
  const flags = frame[4] as number;
  const padded = (flags & Flag.Padded) !== 0;
  const end = frame.length - (padded ? (frame[FRAME_HEADER_BYTES] ?? 0) : 0);
  let at = FRAME_HEADER_BYTES + (padded ? 1 : 0) + ((flags & Flag.Priority) !== 0 ? 5 : 0);
  while (at < end) {
    const first = frame[at] as number;
    // An indexed field, or a change of the table's size.
    if ((first & 0x80) !== 0 || (first & 0xe0) === 0x20) {
      at = readInteger(frame, at, (first & 0x80) !== 0 ? 7 : 5).end;
      continue;
    }
    const name = readInteger(frame, at, (first & 0x40) !== 0 ? 6 : 4);
    const from = name.value === 0 ? readString(frame, name.end).end : name.end;
    const value = readString(frame, from);
    if (name.value === AUTHORITY_INDEX && isUrl(frame, value) && value.end <= end) return { from, to: value.end };
    at = value.end;
  }
  return null;
}

interface StringLiteral {
  readonly huffman: boolean;
  readonly begin: number;
  readonly end: number;
}

function isUrl(bytes: Buffer, { huffman, begin, end }: StringLiteral): boolean {
  const value = bytes.subarray(begin, end);
  return URL_BEGINNINGS.some(
    (beginning) => beginning.huffman === huffman && value.subarray(0, beginning.bytes.length).equals(beginning.bytes),
  );
}

/** RFC 7541, section 5.2. */
function readString(bytes: Buffer, at: number): StringLiteral {
  const length = readInteger(bytes, at, 7);
  return { huffman: ((bytes[at] ?? 0) & 0x80) !== 0, begin: length.end, end: length.end + length.value };
}

/** RFC 7541, section 5.1: the low `bits` of the first byte, and more where they are all ones. */
function readInteger(bytes: Buffer, at: number, bits: number): { readonly value: number; readonly end: number } {
  const most = 2 ** bits - 1;
  let value = (bytes[at] ?? 0) & most;
  if (value < most) return { value, end: at + 1 };
  let end = at + 1;
  for (let shift = 0; shift < 28 && end < bytes.length; shift += 7) {
    const next = bytes[end] as number;
    end += 1;
    value += (next & 0x7f) * 2 ** shift;
    if ((next & 0x80) === 0) return { value, end };
  }
  // Not complete, or far too large: node will say so.
  return { value, end: bytes.length };
}
