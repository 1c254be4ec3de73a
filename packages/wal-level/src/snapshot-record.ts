/** The records about snapshots: the one that the log begins after, and the one that is about to be installed. */
import type { ConfState, SnapshotMeta } from '@understudy/raft-core';
import type { InstallIntent } from '@understudy/raft-node';
import { NOT_A_NUMBER, readNumber, readU32, writeNumber, writeU32 } from './fields.js';
import { frameRecord, RecordKind, type RecordRead, unframeRecord } from './record.js';

/** More members than any cluster has; a count above it is a broken record, not a reason to allocate. */
const MAX_MEMBERS = 100_000;
const MAX_HASH_BYTES = 1024;

export function encodeSnapshot(meta: SnapshotMeta): Uint8Array {
  return frameRecord(RecordKind.Snapshot, encodeBody(meta, ''));
}

export function decodeSnapshot(bytes: Uint8Array): RecordRead<SnapshotMeta> {
  const read = decodeBody(RecordKind.Snapshot, bytes);
  if (!read.ok) return read;
  const { index, term, confState } = read.value;
  return { ok: true, value: { index, term, confState } };
}

export function encodeInstall(intent: InstallIntent): Uint8Array {
  return frameRecord(RecordKind.Install, encodeBody(intent, intent.hash));
}

export function decodeInstall(bytes: Uint8Array): RecordRead<InstallIntent> {
  return decodeBody(RecordKind.Install, bytes);
}

function memberLists(confState: ConfState): readonly (readonly number[])[] {
  return [confState.voters, confState.votersOutgoing, confState.learners, confState.learnersNext];
}

/** index, term, autoLeave, four lists of member ids each behind its count, the hash behind its length. */
function encodeBody(meta: SnapshotMeta, hash: string): Uint8Array {
  const lists = memberLists(meta.confState);
  const hashBytes = new TextEncoder().encode(hash);
  const members = lists.reduce((count, list) => count + list.length, 0);
  const body = new Uint8Array(20 + 4 * lists.length + 8 * members + 4 + hashBytes.length);
  writeNumber(body, 0, meta.index);
  writeNumber(body, 8, meta.term);
  body[16] = meta.confState.autoLeave ? 1 : 0;
  let at = 20;
  for (const list of lists) {
    writeU32(body, at, list.length);
    at += 4;
    for (const id of list) {
      writeNumber(body, at, id);
      at += 8;
    }
  }
  writeU32(body, at, hashBytes.length);
  body.set(hashBytes, at + 4);
  return body;
}

function decodeBody(kind: RecordKind, bytes: Uint8Array): RecordRead<InstallIntent> {
  const record = unframeRecord(kind, bytes);
  if (!record.ok) return record;
  const body = record.value;
  if (body.length < 20) return { ok: false, reason: 'length' };
  const lists: number[][] = [];
  let at = 20;
  for (let list = 0; list < 4; list++) {
    const count = at + 4 <= body.length ? readU32(body, at) : NOT_A_NUMBER;
    at += 4;
    if (count > MAX_MEMBERS || at + 8 * count > body.length) return { ok: false, reason: 'length' };
    lists.push(Array.from({ length: count }, (_, i) => readNumber(body, at + 8 * i)));
    at += 8 * count;
  }
  const hashLength = at + 4 <= body.length ? readU32(body, at) : NOT_A_NUMBER;
  at += 4;
  if (hashLength > MAX_HASH_BYTES || at + hashLength !== body.length) return { ok: false, reason: 'length' };
  const index = readNumber(body, 0);
  const term = readNumber(body, 8);
  if (index === NOT_A_NUMBER || term === NOT_A_NUMBER) return { ok: false, reason: 'field' };
  if (lists.some((list) => list.includes(NOT_A_NUMBER))) return { ok: false, reason: 'field' };
  const [voters = [], votersOutgoing = [], learners = [], learnersNext = []] = lists;
  const confState = { voters, votersOutgoing, learners, learnersNext, autoLeave: body[16] === 1 };
  return { ok: true, value: { index, term, confState, hash: new TextDecoder().decode(body.subarray(at)) } };
}
