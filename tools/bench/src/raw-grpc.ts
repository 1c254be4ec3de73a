/**
 * The leanest gRPC client that can load an etcd server from Node: hand-made HTTP/2 frames for one unary method, so
 * that the comparison is not held back by a general client. Requests use literal headers without a dynamic table;
 * of a response only the frames are read: a DATA frame is an answer, a stream that ends without one is an error.
 * RFC 9113 (frames, flow control), RFC 7541 section 6.2.2 (literals), gRPC over HTTP/2.
 */
import { connect, type Socket } from 'node:net';

const FRAME_DATA = 0;
const FRAME_HEADERS = 1;
const FRAME_RST_STREAM = 3;
const FRAME_SETTINGS = 4;
const FRAME_PING = 6;
const FRAME_GOAWAY = 7;
const FRAME_WINDOW_UPDATE = 8;
const FLAG_ACK = 0x1;
const FLAG_END_STREAM = 0x1;
const FLAG_END_HEADERS = 0x4;
const HEADER_BYTES = 9;
const SETTINGS_INITIAL_WINDOW_SIZE = 4;
const OUR_WINDOW = 1 << 30;

interface Stream {
  readonly done: (error: Error | null) => void;
  answered: boolean;
}

export class RawGrpcClient {
  readonly #socket: Socket;
  readonly #headers: Buffer;
  readonly #streams = new Map<number, Stream>();
  #nextStream = 1;
  #inbox: Buffer = Buffer.alloc(0);
  #outbox: Buffer[] = [];
  #flushing = false;
  /** Bytes that the server still lets this connection send. */
  #window = 65_535;
  /** Calls that wait for the window. */
  #waiting: { body: Buffer; stream: Stream }[] = [];
  #unacknowledged = 0;

  static open(host: string, port: number, path: string): Promise<RawGrpcClient> {
    return new Promise((resolve, reject) => {
      const socket = connect({ host, port, noDelay: true });
      socket.once('error', reject);
      socket.once('connect', () => resolve(new RawGrpcClient(socket, `${host}:${port}`, path)));
    });
  }

  private constructor(socket: Socket, authority: string, path: string) {
    this.#socket = socket;
    this.#headers = Buffer.concat([
      literal(':method', 'POST'),
      literal(':scheme', 'http'),
      literal(':path', path),
      literal(':authority', authority),
      literal('content-type', 'application/grpc'),
      literal('te', 'trailers'),
    ]);
    socket.on('data', (chunk: Buffer) => this.#receive(chunk));
    socket.on('close', () => this.#failAll(new Error('connection closed')));
    socket.on('error', (error) => this.#failAll(error));
    const settings = Buffer.alloc(6);
    settings.writeUInt16BE(SETTINGS_INITIAL_WINDOW_SIZE, 0);
    settings.writeUInt32BE(OUR_WINDOW, 2);
    const grow = Buffer.alloc(4);
    grow.writeUInt32BE(OUR_WINDOW - 65_535, 0);
    socket.write(
      Buffer.concat([
        Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'),
        frame(FRAME_SETTINGS, 0, 0, settings),
        frame(FRAME_WINDOW_UPDATE, 0, 0, grow),
      ]),
    );
  }

  /** Sends one request message; `done` is called once. */
  call(message: Uint8Array, done: (error: Error | null) => void): void {
    const body = Buffer.allocUnsafe(5 + message.length);
    body[0] = 0;
    body.writeUInt32BE(message.length, 1);
    body.set(message, 5);
    const stream: Stream = { done, answered: false };
    if (this.#waiting.length > 0 || body.length > this.#window) this.#waiting.push({ body, stream });
    else this.#send(body, stream);
  }

  close(): void {
    this.#socket.destroy();
  }

  #send(body: Buffer, stream: Stream): void {
    const id = this.#nextStream;
    this.#nextStream += 2;
    this.#window -= body.length;
    this.#streams.set(id, stream);
    this.#outbox.push(frame(FRAME_HEADERS, FLAG_END_HEADERS, id, this.#headers));
    this.#outbox.push(frame(FRAME_DATA, FLAG_END_STREAM, id, body));
    if (this.#flushing) return;
    this.#flushing = true;
    setImmediate(() => {
      this.#flushing = false;
      const all = Buffer.concat(this.#outbox);
      this.#outbox = [];
      this.#socket.write(all);
    });
  }

  #receive(chunk: Buffer): void {
    const bytes = this.#inbox.length === 0 ? chunk : Buffer.concat([this.#inbox, chunk]);
    let at = 0;
    while (bytes.length - at >= HEADER_BYTES) {
      const length = bytes.readUIntBE(at, 3);
      if (bytes.length - at < HEADER_BYTES + length) break;
      const body = bytes.subarray(at + HEADER_BYTES, at + HEADER_BYTES + length);
      this.#handle(bytes[at + 3] as number, bytes[at + 4] as number, bytes.readUInt32BE(at + 5) & 0x7fffffff, body);
      at += HEADER_BYTES + length;
    }
    this.#inbox = bytes.subarray(at);
  }

  #handle(type: number, flags: number, id: number, body: Buffer): void {
    switch (type) {
      case FRAME_DATA: {
        const stream = this.#streams.get(id);
        if (stream !== undefined) stream.answered = true;
        this.#acknowledge(body.length);
        if ((flags & FLAG_END_STREAM) !== 0) this.#finish(id);
        return;
      }
      case FRAME_HEADERS:
        if ((flags & FLAG_END_STREAM) !== 0) this.#finish(id);
        return;
      case FRAME_RST_STREAM:
        this.#finish(id);
        return;
      case FRAME_SETTINGS:
        if ((flags & FLAG_ACK) === 0) this.#socket.write(frame(FRAME_SETTINGS, FLAG_ACK, 0, Buffer.alloc(0)));
        return;
      case FRAME_PING:
        if ((flags & FLAG_ACK) === 0) this.#socket.write(frame(FRAME_PING, FLAG_ACK, 0, body));
        return;
      case FRAME_WINDOW_UPDATE:
        if (id === 0) this.#widen(body.readUInt32BE(0));
        return;
      case FRAME_GOAWAY:
        this.#failAll(new Error('the server sent GOAWAY'));
        return;
      default:
    }
  }

  #widen(bytes: number): void {
    this.#window += bytes;
    let sent = 0;
    for (const { body, stream } of this.#waiting) {
      if (body.length > this.#window) break;
      this.#send(body, stream);
      sent += 1;
    }
    this.#waiting = this.#waiting.slice(sent);
  }

  #acknowledge(bytes: number): void {
    this.#unacknowledged += bytes;
    if (this.#unacknowledged < OUR_WINDOW / 4) return;
    const update = Buffer.alloc(4);
    update.writeUInt32BE(this.#unacknowledged, 0);
    this.#socket.write(frame(FRAME_WINDOW_UPDATE, 0, 0, update));
    this.#unacknowledged = 0;
  }

  #finish(id: number): void {
    const stream = this.#streams.get(id);
    if (stream === undefined) return;
    this.#streams.delete(id);
    stream.done(stream.answered ? null : new Error('the call failed'));
  }

  #failAll(error: Error): void {
    const streams = [...this.#streams.values(), ...this.#waiting.map((call) => call.stream)];
    this.#streams.clear();
    this.#waiting = [];
    for (const stream of streams) stream.done(error);
  }
}

function frame(type: number, flags: number, stream: number, body: Buffer): Buffer {
  const bytes = Buffer.allocUnsafe(HEADER_BYTES + body.length);
  bytes.writeUIntBE(body.length, 0, 3);
  bytes[3] = type;
  bytes[4] = flags;
  bytes.writeUInt32BE(stream, 5);
  body.copy(bytes, HEADER_BYTES);
  return bytes;
}

/** A header field as a literal without indexing and without Huffman coding. Both parts are below 127 bytes. */
function literal(name: string, value: string): Buffer {
  return Buffer.concat([
    Buffer.from([0, name.length]),
    Buffer.from(name),
    Buffer.from([value.length]),
    Buffer.from(value),
  ]);
}
