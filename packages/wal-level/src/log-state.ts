/**
 * The record that every batch replaces: hard state, batch counter, and where the log begins and ends. Since it goes into
 * the same batch as the entries it speaks of, entries that do not add up to it are damage.
 */
import type { HardState } from '@understudy/raft-core';
import type { LogRecovery } from '@understudy/raft-node';
import { CHAIN_START, type Chain } from './chain.js';
import { NOT_A_NUMBER, readNumber, readU32, writeNumber, writeU32 } from './fields.js';
import { frameRecord, RecordKind, type RecordRead, unframeRecord } from './record.js';

/** A position in the log, and the chain up to and including it. */
export interface LogPoint {
  readonly index: number;
  readonly term: number;
  readonly chain: Chain;
}

/** What raft-node's `LogRecovery` says, less the words. */
export type StoredRecovery = Omit<LogRecovery, 'reason'>;

export interface LogState {
  /** Grows by one with each batch, over the life of the directory. */
  readonly counter: number;
  /** commit <= last.index */
  readonly hardState: HardState;
  /** The last index that was compacted or replaced by a snapshot; the log begins after it. */
  readonly anchor: LogPoint;
  /** anchor.index <= last.index */
  readonly last: LogPoint;
  /** Index of the snapshot record; 0 where there is none. It makes a lost record show. */
  readonly snapshotIndex: number;
  /** Index of the install intent; 0 where there is none. */
  readonly installIndex: number;
  /** Null in a log that was never damaged, and once its member has everything back. */
  readonly recovery: StoredRecovery | null;
}

const START: LogPoint = Object.freeze({ index: 0, term: 0, chain: CHAIN_START });

export const NEW_LOG_STATE: LogState = Object.freeze({
  counter: 0,
  hardState: Object.freeze({ term: 0, vote: 0, commit: 0 }),
  anchor: START,
  last: START,
  snapshotIndex: 0,
  installIndex: 0,
  recovery: null,
});

const BODY_BYTES = 120;
const RECOVERING = 1;
const VOTE_PROVEN = 2;

export function encodeState(state: LogState): Uint8Array {
  const body = new Uint8Array(BODY_BYTES);
  writeNumber(body, 0, state.counter);
  writeNumber(body, 8, state.hardState.term);
  writeNumber(body, 16, state.hardState.vote);
  writeNumber(body, 24, state.hardState.commit);
  writePoint(body, 32, state.anchor);
  writePoint(body, 56, state.last);
  writeNumber(body, 80, state.snapshotIndex);
  writeNumber(body, 88, state.installIndex);
  writeNumber(body, 96, state.recovery?.highWaterIndex ?? 0);
  writeNumber(body, 104, state.recovery?.highWaterTerm ?? 0);
  if (state.recovery !== null) body[112] = RECOVERING | (state.recovery.voteProven ? VOTE_PROVEN : 0);
  return frameRecord(RecordKind.State, body);
}

export function decodeState(bytes: Uint8Array): RecordRead<LogState> {
  const record = unframeRecord(RecordKind.State, bytes);
  if (!record.ok) return record;
  const body = record.value;
  if (body.length !== BODY_BYTES) return { ok: false, reason: 'length' };
  const hardState = { term: readNumber(body, 8), vote: readNumber(body, 16), commit: readNumber(body, 24) };
  const highWaterIndex = readNumber(body, 96);
  const highWaterTerm = readNumber(body, 104);
  const flags = body[112] as number;
  const voteProven = (flags & VOTE_PROVEN) !== 0;
  const state: LogState = {
    counter: readNumber(body, 0),
    hardState,
    anchor: readPoint(body, 32),
    last: readPoint(body, 56),
    snapshotIndex: readNumber(body, 80),
    installIndex: readNumber(body, 88),
    recovery: (flags & RECOVERING) === 0 ? null : { highWaterIndex, highWaterTerm, voteProven },
  };
  return highWaterIndex !== NOT_A_NUMBER && highWaterTerm !== NOT_A_NUMBER && isConsistent(state)
    ? { ok: true, value: state }
    : { ok: false, reason: 'field' };
}

function isConsistent({ counter, hardState, anchor, last, snapshotIndex, installIndex }: LogState): boolean {
  return (
    counter !== NOT_A_NUMBER &&
    hardState.term !== NOT_A_NUMBER &&
    hardState.vote !== NOT_A_NUMBER &&
    last.index !== NOT_A_NUMBER &&
    last.term !== NOT_A_NUMBER &&
    snapshotIndex !== NOT_A_NUMBER &&
    installIndex !== NOT_A_NUMBER &&
    anchor.index <= last.index &&
    anchor.term <= last.term &&
    hardState.commit <= last.index
  );
}

function writePoint(into: Uint8Array, at: number, point: LogPoint): void {
  writeNumber(into, at, point.index);
  writeNumber(into, at + 8, point.term);
  writeU32(into, at + 16, point.chain.lo);
  writeU32(into, at + 20, point.chain.hi);
}

function readPoint(from: Uint8Array, at: number): LogPoint {
  const chain = { hi: readU32(from, at + 20), lo: readU32(from, at + 16) };
  return { index: readNumber(from, at), term: readNumber(from, at + 8), chain };
}
