/**
 * A whole state as one file: what it stands for, and the bytes, behind a checksum. The same bytes travel as a snapshot.
 *
 *   version u8 = 1 | crc32 u32 of the rest | length of the meta u32 | meta, JSON | state: the rest
 *
 * Numbers are little-endian. A file is replaced as a whole: written aside, synced, renamed, its directory synced.
 */
import { open, readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { crc32 } from 'node:zlib';
import type { SnapshotMeta } from '@understudy/raft-core';
import { RaftNodeError } from './errors.js';

const VERSION = 1;
const CRC_AT = 1;
const META_LENGTH_AT = 5;
const META_AT = 9;

export interface StateImage {
  readonly meta: SnapshotMeta;
  readonly state: Uint8Array;
}

export function encodeImage({ meta, state }: StateImage): Buffer {
  const { index, term, confState } = meta;
  const header = Buffer.from(JSON.stringify({ index, term, confState }));
  const image = Buffer.alloc(META_AT + header.length + state.length);
  image[0] = VERSION;
  image.writeUInt32LE(header.length, META_LENGTH_AT);
  image.set(header, META_AT);
  image.set(state, META_AT + header.length);
  image.writeUInt32LE(crc32(image.subarray(META_LENGTH_AT)), CRC_AT);
  return image;
}

/** Throws `damaged`. `name` is for the message. */
export function decodeImage(image: Buffer, name: string): StateImage {
  if (image.length < META_AT) throw damaged(name, `has ${image.length} bytes`);
  if (image[0] !== VERSION) throw damaged(name, `has version ${image[0]}; version ${VERSION} is read here`);
  const crc = crc32(image.subarray(META_LENGTH_AT));
  const expected = image.readUInt32LE(CRC_AT);
  if (crc !== expected) throw damaged(name, `has checksum ${crc}; ${expected} is written in it`);
  const end = META_AT + image.readUInt32LE(META_LENGTH_AT);
  if (end > image.length) throw damaged(name, `has ${image.length} bytes; its meta ends at ${end}`);
  const meta = JSON.parse(image.toString('utf8', META_AT, end)) as SnapshotMeta;
  return { meta, state: image.subarray(end) };
}

/**
 * The image in a file; null when there is none, or none that is whole. A damaged one is set aside, for whoever looks into
 * it. One of another version is not damaged: throws `damaged` all the same, and leaves it where it is.
 */
export async function openImage(
  path: string,
): Promise<{ image: StateImage | null; bytes: Buffer | null; damage: string | null }> {
  const bytes = await readImage(path);
  if (bytes === null) return { image: null, bytes, damage: null };
  try {
    return { image: decodeImage(bytes, path), bytes, damage: null };
  } catch (error) {
    if (bytes.length > 0 && bytes[0] !== VERSION) throw error;
    await moveImage(path, `${path}.damaged`);
    return { image: null, bytes: null, damage: (error as Error).message };
  }
}

/** Null when there is no such file. */
async function readImage(path: string): Promise<Buffer | null> {
  try {
    return await readFile(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/** On disk, under its name, when it resolves; before that, the old file is. */
export async function writeImage(path: string, image: Uint8Array): Promise<void> {
  const aside = `${path}.new`;
  const file = await open(aside, 'w');
  try {
    await file.writeFile(image);
    await file.sync();
  } finally {
    await file.close();
  }
  await moveImage(aside, path);
}

export async function moveImage(from: string, to: string): Promise<void> {
  await rename(from, to);
  const directory = await open(dirname(to), 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}

function damaged(name: string, what: string): RaftNodeError {
  return new RaftNodeError('damaged', `${name} ${what}`);
}
