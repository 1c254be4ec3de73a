/**
 * A frame: what one member sends to another at a time, on one lane. A version byte, then items, each with a kind byte:
 * Raft messages, peer calls and their answers, and refusals of proposals.
 */
import { type Message, MessageType } from '@understudy/raft-core';
import { ByteReader, ByteWriter, MAX_VARINT_BYTES } from './bytes.js';
import { messageBound, readMessage, writeMessage } from './message-codec.js';

const FRAME_VERSION = 1;

const KIND_MESSAGE = 1;
const KIND_CALL = 2;
const KIND_ANSWER = 3;
const KIND_REFUSAL = 4;
const KIND_SOURCE = 5;

export type RefusalReason = 'no-leader' | 'transferring' | 'overloaded' | 'not-member';
// The position in this list is the byte on the wire: only ever append to it.
const REFUSAL_REASONS: readonly RefusalReason[] = ['no-leader', 'transferring', 'overloaded', 'not-member'];

export interface FrameSink {
  onMessage(message: Message): void;
  onCall(from: number, callId: number, body: Uint8Array): void;
  /** `failure` is null on success. */
  onAnswer(from: number, callId: number, failure: string | null, body: Uint8Array): void;
  /** About a snapshot that a member sends in the leader's place; see `source-words`. */
  onSourceWords(from: number, words: Uint8Array): void;
  /** A proposal of this member's was refused by the leader; it was not appended. */
  onRefusal(run: number, sequence: number, reason: RefusalReason): void;
}

/** Throws `malformed-frame`; items before the fault are delivered. */
export function readFrame(frame: Uint8Array, from: number, self: number, sink: FrameSink): void {
  const reader = new ByteReader(frame);
  const version = reader.u8();
  if (version !== FRAME_VERSION) reader.fail(`has version ${version}; version ${FRAME_VERSION} is spoken here`);
  while (reader.remaining > 0) {
    const kind = reader.u8();
    switch (kind) {
      case KIND_MESSAGE: {
        const message = readMessage(reader, from, self);
        if (message.type === MessageType.Snap) reader.fail('has a snapshot outside of a snapshot stream');
        sink.onMessage(message);
        break;
      }
      case KIND_CALL:
        sink.onCall(from, reader.varint(), reader.view(reader.varint()));
        break;
      case KIND_ANSWER: {
        const callId = reader.varint();
        const ok = reader.u8() === 0;
        const body = reader.view(reader.varint());
        sink.onAnswer(from, callId, ok ? null : Buffer.from(body).toString('utf8'), body);
        break;
      }
      case KIND_SOURCE:
        sink.onSourceWords(from, reader.view(reader.varint()));
        break;
      case KIND_REFUSAL: {
        const run = reader.varint();
        const sequence = reader.varint();
        const reason = REFUSAL_REASONS[reader.u8()];
        if (reason === undefined) {
          reader.fail('has a refusal without a known reason');
          return;
        }
        sink.onRefusal(run, sequence, reason);
        break;
      }
      default:
        reader.fail(`has an item of kind ${kind}`);
    }
  }
}

/** The header of a snapshot stream: a frame with the MsgSnap alone. */
export function readSnapshotHeader(header: Uint8Array, from: number, self: number): Message {
  const reader = new ByteReader(header);
  const version = reader.u8();
  if (version !== FRAME_VERSION) reader.fail(`has version ${version}; version ${FRAME_VERSION} is spoken here`);
  if (reader.u8() !== KIND_MESSAGE) reader.fail('has no message');
  const message = readMessage(reader, from, self);
  if (message.type !== MessageType.Snap) reader.fail(`has type ${message.type} at the head of a snapshot stream`);
  if (reader.remaining > 0) reader.fail(`has ${reader.remaining} bytes too many`);
  return message;
}

/** One frame of messages [lo, hi) and of items that are bytes already. */
export function writeFrame(
  messages: readonly Message[],
  lo: number,
  hi: number,
  items: readonly Uint8Array[],
  sender: number,
): Uint8Array {
  let bound = 1;
  for (let i = lo; i < hi; i++) bound += 1 + messageBound(messages[i] as Message);
  for (let i = 0; i < items.length; i++) bound += (items[i] as Uint8Array).length;
  const writer = new ByteWriter(bound);
  writer.u8(FRAME_VERSION);
  for (let i = lo; i < hi; i++) {
    writer.u8(KIND_MESSAGE);
    writeMessage(writer, messages[i] as Message, sender);
  }
  for (let i = 0; i < items.length; i++) writer.bytes(items[i] as Uint8Array);
  return writer.finish();
}

export function callItem(callId: number, body: Uint8Array): Uint8Array {
  const writer = new ByteWriter(1 + 2 * MAX_VARINT_BYTES + body.length);
  writer.u8(KIND_CALL);
  writer.varint(callId);
  writer.varint(body.length);
  writer.bytes(body);
  return writer.finish();
}

export function answerItem(callId: number, failure: string | null, body: Uint8Array): Uint8Array {
  const bytes = failure === null ? body : Buffer.from(failure.slice(0, 1_000), 'utf8');
  const writer = new ByteWriter(2 + 2 * MAX_VARINT_BYTES + bytes.length);
  writer.u8(KIND_ANSWER);
  writer.varint(callId);
  writer.u8(failure === null ? 0 : 1);
  writer.varint(bytes.length);
  writer.bytes(bytes);
  return writer.finish();
}

export function sourceItem(words: Uint8Array): Uint8Array {
  const writer = new ByteWriter(1 + MAX_VARINT_BYTES + words.length);
  writer.u8(KIND_SOURCE);
  writer.varint(words.length);
  writer.bytes(words);
  return writer.finish();
}

export function refusalItem(run: number, sequence: number, reason: RefusalReason): Uint8Array {
  const writer = new ByteWriter(2 + 2 * MAX_VARINT_BYTES);
  writer.u8(KIND_REFUSAL);
  writer.varint(run);
  writer.varint(sequence);
  writer.u8(REFUSAL_REASONS.indexOf(reason));
  return writer.finish();
}
