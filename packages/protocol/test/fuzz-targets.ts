// One target a decoder: whatever it is given, it ends with a value or a ProtocolError, and with nothing else. A few runs of
// each are in the quick tier, many in the long one.
import fc from 'fast-check';
import {
  ClientSession,
  FrameWriter,
  GrpcMessageReader,
  KVService,
  type MessageType,
  ProtocolError,
  parseJson,
  PutRequest,
  readFrame,
  ServerSession,
  stringifyJson,
  WatchService,
} from '../src/index.js';
import { messageArbitrary, messageTypes } from './arbitrary-messages.js';

export interface FuzzTarget {
  readonly name: string;
  run(numRuns: number): void;
}

function endsWell(act: () => void): void {
  try {
    act();
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
  }
}

const anyType = fc.constantFrom(...messageTypes);
const noise = fc.uint8Array({ maxLength: 200 });
const edits = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 6 });

function edited(bytes: Uint8Array, changes: readonly (readonly [number, number])[]): Uint8Array {
  const copy = new Uint8Array(bytes);
  for (const [at, value] of changes) if (copy.length > 0) copy[at % copy.length] = value;
  return copy;
}

/** A message of some type, in one of its forms, with a few bytes changed. */
function damaged(form: (type: MessageType<object>, message: object) => Uint8Array) {
  return anyType.chain((type) =>
    fc.tuple(fc.constant(type), messageArbitrary(type), edits, fc.nat()).map(([of, pair, changes, cut]) => {
      const bytes = edited(form(of, pair.ours as object), changes);
      return [of, cut % 3 === 0 ? bytes.subarray(0, cut % (bytes.length + 1)) : bytes] as const;
    }),
  );
}

const messages: FuzzTarget = {
  name: 'protobuf',
  run: (numRuns) =>
    fc.assert(
      fc.property(
        fc.oneof(
          fc.tuple(anyType, noise),
          damaged((type, message) => type.encode(message)),
        ),
        ([type, bytes]) => endsWell(() => type.decode(bytes)),
      ),
      { numRuns },
    ),
};

const json: FuzzTarget = {
  name: 'JSON',
  run: (numRuns) => {
    const text = new TextDecoder();
    const whole = fc.tuple(anyType, fc.oneof(fc.json({ maxDepth: 6 }), fc.string({ unit: 'binary' })));
    const broken = damaged((type, message) => new TextEncoder().encode(stringifyJson(type, message)));
    fc.assert(
      fc.property(
        fc.oneof(
          whole,
          broken.map(([type, bytes]) => [type, text.decode(bytes)] as const),
        ),
        ([type, given]) => endsWell(() => parseJson(type, given)),
      ),
      { numRuns },
    );
  },
};

const grpc: FuzzTarget = {
  name: 'gRPC framing',
  run: (numRuns) =>
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 10 }), fc.nat(300), (chunks, limit) => {
        const reader = new GrpcMessageReader(limit);
        let total = 0;
        endsWell(() => {
          for (const chunk of chunks) {
            reader.push(chunk, (payload) => {
              if (payload.length > limit) throw new Error(`a message of ${payload.length} bytes above ${limit}`);
              total += payload.length;
            });
          }
        });
        const given = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
        if (total > given || reader.heldBytes > limit) throw new Error('more came out than went in');
      }),
      { numRuns },
    ),
};

/** Frames that make sense, as a basis. */
function basicFrame(): Uint8Array {
  const frames: Uint8Array[] = [];
  const writer = new FrameWriter(1 << 20);
  writer.request(1, KVService.methods.put, PutRequest.create({ key: Uint8Array.of(1) }), { timeoutMs: 5 });
  writer.open(2, WatchService.methods.watch.id, {});
  writer.flush((frame) => frames.push(frame));
  return Buffer.concat(frames);
}

const NOTHING = new Proxy({}, { get: () => () => undefined });

const nativeFrames: FuzzTarget = {
  name: 'native frames',
  run: (numRuns) => {
    const basis = basicFrame();
    const given = fc.oneof(
      noise,
      fc.tuple(edits, fc.nat()).map(([changes, cut]) => edited(basis, changes).subarray(0, cut)),
    );
    const transport = { send: () => undefined, schedule: () => undefined, fail: () => undefined };
    fc.assert(
      fc.property(given, (frame) => {
        endsWell(() => readFrame(frame, NOTHING as never));
        const handler = { unary: () => undefined, open: () => undefined };
        new ServerSession({ transport, handler }, { memberId: 1, clusterId: 1 }).receive(frame);
        new ClientSession({ transport }).receive(frame);
      }),
      { numRuns },
    );
  },
};

export const fuzzTargets: readonly FuzzTarget[] = [messages, json, grpc, nativeFrames];
