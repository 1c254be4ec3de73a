/**
 * The high-water record: what was acknowledged, kept outside LevelDB so that LevelDB's losses show. Two slots, written in
 * turn: a torn write spoils the one that was not acknowledged yet. Pure: format and choice only.
 */
import { CHAIN_START, type Chain } from './chain.js';
import { NOT_A_NUMBER, readNumber, readU32, writeNumber, writeU32 } from './fields.js';
import { frameRecord, RecordKind, type RecordRead, unframeRecord } from './record.js';

export interface HighWater {
  /** The last acknowledged batch. */
  readonly counter: number;
  readonly lastIndex: number;
  /** The chain at `lastIndex`. */
  readonly chain: Chain;
  readonly term: number;
  readonly vote: number;
  readonly bootCount: number;
  /** The operating system's id of its own boot, 32 hex digits; all zero where it is not known. */
  readonly systemBootId: string;
  /** Each record was synced before its batch was acknowledged. */
  readonly paranoid: boolean;
  /** The log is recovering without proof of how its member voted; kept here too, in case the state record is lost. */
  readonly voteLost: boolean;
}

export const UNKNOWN_BOOT_ID = '0'.repeat(32);

/** Slots are this far apart, so that a damaged sector or page is one slot's only. */
export const SLOT_BYTES = 4096;

export type HighWaterSlot = 0 | 1;

export type HighWaterRead =
  | { readonly kind: 'absent' }
  | { readonly kind: 'unreadable' }
  | {
      readonly kind: 'read';
      readonly highWater: HighWater;
      readonly slot: HighWaterSlot;
      /** Both slots are intact: nothing newer than this one was written and is lost. */
      readonly complete: boolean;
    };

const BODY_BYTES = 68;

export function encodeHighWater(highWater: HighWater): Uint8Array {
  const body = new Uint8Array(BODY_BYTES);
  writeNumber(body, 0, highWater.counter);
  writeNumber(body, 8, highWater.lastIndex);
  writeU32(body, 16, highWater.chain.lo);
  writeU32(body, 20, highWater.chain.hi);
  writeNumber(body, 24, highWater.term);
  writeNumber(body, 32, highWater.vote);
  writeNumber(body, 40, highWater.bootCount);
  body[48] = highWater.paranoid ? 1 : 0;
  body[49] = highWater.voteLost ? 1 : 0;
  body.set(Buffer.from(highWater.systemBootId, 'hex'), 52);
  return frameRecord(RecordKind.HighWater, body);
}

export function decodeHighWater(bytes: Uint8Array): RecordRead<HighWater> {
  const record = unframeRecord(RecordKind.HighWater, bytes);
  if (!record.ok) return record;
  const body = record.value;
  if (body.length !== BODY_BYTES) return { ok: false, reason: 'length' };
  const highWater: HighWater = {
    counter: readNumber(body, 0),
    lastIndex: readNumber(body, 8),
    chain: { hi: readU32(body, 20), lo: readU32(body, 16) },
    term: readNumber(body, 24),
    vote: readNumber(body, 32),
    bootCount: readNumber(body, 40),
    systemBootId: Buffer.from(body.subarray(52)).toString('hex'),
    paranoid: body[48] === 1,
    voteLost: body[49] === 1,
  };
  const numbers = [highWater.counter, highWater.lastIndex, highWater.term, highWater.vote, highWater.bootCount];
  return numbers.includes(NOT_A_NUMBER) ? { ok: false, reason: 'field' } : { ok: true, value: highWater };
}

/** The content of a new file: nothing was acknowledged. */
export function newHighWaterFile(): Uint8Array {
  const file = new Uint8Array(2 * SLOT_BYTES);
  const nothing: HighWater = {
    counter: 0,
    lastIndex: 0,
    chain: CHAIN_START,
    term: 0,
    vote: 0,
    bootCount: 0,
    systemBootId: UNKNOWN_BOOT_ID,
    paranoid: false,
    voteLost: false,
  };
  const record = encodeHighWater(nothing);
  file.set(record);
  file.set(record, SLOT_BYTES);
  return file;
}

/** The file's content, or null where there is no file. The slot with the higher counter is the newer. */
export function readHighWater(file: Uint8Array | null): HighWaterRead {
  if (file === null) return { kind: 'absent' };
  const first = decodeHighWater(file.subarray(0, SLOT_BYTES));
  const second = decodeHighWater(file.subarray(SLOT_BYTES, 2 * SLOT_BYTES));
  const complete = first.ok && second.ok;
  if (first.ok && (!second.ok || first.value.counter >= second.value.counter)) {
    return { kind: 'read', highWater: first.value, slot: 0, complete };
  }
  return second.ok ? { kind: 'read', highWater: second.value, slot: 1, complete } : { kind: 'unreadable' };
}

/**
 * Whether the record is the newest that was written. A process crash loses no write that the system took; after a boot
 * of the system itself, only records that were each synced are the newest for certain.
 */
export function isExact(highWater: HighWater, systemBootId: string): boolean {
  return highWater.paranoid || (systemBootId !== UNKNOWN_BOOT_ID && highWater.systemBootId === systemBootId);
}
