/**
 * What a leader and a member that sends a snapshot in its place say to each other, in frames on the control lane:
 * `ask` (leader to source), `told` (source to leader, now and then and at the end), `stop` and `pace` (leader to source).
 */
import { ByteReader, ByteWriter, MAX_VARINT_BYTES } from './bytes.js';

const ASK = 1;
const TOLD = 2;
const STOP = 3;
const PACE = 4;

export interface SourceAsk {
  /** The leader's own number of this request. */
  readonly id: number;
  /** The leader's term, and the replication session of the learner. */
  readonly term: number;
  readonly session: number;
  readonly learner: number;
  /** The snapshot must reach this index: the leader keeps its log from there. */
  readonly index: number;
}

export interface SourceTold {
  readonly id: number;
  readonly state: 'sending' | 'finished' | 'failed';
  readonly sentBytes: number;
  readonly totalBytes: number;
  /** Why it failed. */
  readonly reason: string;
}

export interface SourceSink {
  onAsk(from: number, ask: SourceAsk): void;
  onTold(from: number, told: SourceTold): void;
  onStop(from: number, id: number): void;
  onPace(from: number, id: number, bytesPerSecond: number): void;
}

// The position is the byte on the wire: only ever append.
const STATES: readonly SourceTold['state'][] = ['sending', 'finished', 'failed'];
const MAX_REASON_BYTES = 500;

export function askWords({ id, term, session, learner, index }: SourceAsk): Uint8Array {
  const writer = new ByteWriter(1 + 5 * MAX_VARINT_BYTES);
  writer.u8(ASK);
  for (const value of [id, term, session, learner, index]) writer.varint(value);
  return writer.finish();
}

export function toldWords({ id, state, sentBytes, totalBytes, reason }: SourceTold): Uint8Array {
  const text = Buffer.from(reason, 'utf8').subarray(0, MAX_REASON_BYTES);
  const writer = new ByteWriter(2 + 4 * MAX_VARINT_BYTES + text.length);
  writer.u8(TOLD);
  writer.varint(id);
  writer.u8(STATES.indexOf(state));
  for (const value of [sentBytes, totalBytes, text.length]) writer.varint(value);
  writer.bytes(text);
  return writer.finish();
}

export function stopWords(id: number): Uint8Array {
  const writer = new ByteWriter(1 + MAX_VARINT_BYTES);
  writer.u8(STOP);
  writer.varint(id);
  return writer.finish();
}

/** How fast it may be sent from now on. */
export function paceWords(id: number, bytesPerSecond: number): Uint8Array {
  const writer = new ByteWriter(1 + 2 * MAX_VARINT_BYTES);
  writer.u8(PACE);
  writer.varint(id);
  writer.varint(bytesPerSecond);
  return writer.finish();
}

/** Throws `malformed-frame`. */
export function readSourceWords(from: number, words: Uint8Array, sink: SourceSink): void {
  const reader = new ByteReader(words);
  const kind = reader.u8();
  const id = reader.varint();
  if (kind === ASK) {
    const term = reader.varint();
    const session = reader.varint();
    const learner = reader.varint();
    sink.onAsk(from, { id, term, session, learner, index: reader.varint() });
  } else if (kind === TOLD) {
    const state = STATES[reader.u8()] ?? reader.fail('tells a state of a snapshot that is not known');
    const sentBytes = reader.varint();
    const totalBytes = reader.varint();
    const reason = Buffer.from(reader.view(reader.varint())).toString('utf8');
    sink.onTold(from, { id, state, sentBytes, totalBytes, reason });
  } else if (kind === STOP) {
    sink.onStop(from, id);
  } else if (kind === PACE) {
    sink.onPace(from, id, reader.varint());
  } else {
    reader.fail(`has words of kind ${kind} about a snapshot`);
  }
}
