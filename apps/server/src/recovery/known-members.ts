/**
 * The members as this one knew them last, in a small file beside log and state: who there is to ask where the state that
 * says so is damaged. A copy for that case alone; it decides nothing where there is a state.
 */
import { join } from 'node:path';
import type { ConfState } from '@understudy/raft-core';
import { crc32c } from '@understudy/store';
import { readText, writeDurably } from '../durable-file.js';
import type { MemberRecord } from '../state/member-record.js';

const FILE = 'known-members';
const VERSION = 1;

export interface KnownMember {
  readonly id: number;
  readonly peerUrls: readonly string[];
  readonly voter: boolean;
}

export interface KnownMembers {
  /** Who wrote this; 0 where nobody can say who this is. */
  readonly self: number;
  readonly members: readonly KnownMember[];
}

export function knownMembers(self: number, records: readonly MemberRecord[], confState: ConfState): KnownMembers {
  const { voters, votersOutgoing } = confState;
  const members = records.map(({ id, peerUrls }) => ({
    id,
    peerUrls,
    voter: voters.includes(id) || votersOutgoing.includes(id),
  }));
  return { self, members };
}

/** Null where there is none, or none that can be trusted. */
export async function readKnownMembers(directory: string): Promise<KnownMembers | null> {
  const text = await readText(join(directory, FILE));
  if (text === undefined) return null;
  try {
    const { version, checksum, known } = JSON.parse(text) as {
      version: number;
      checksum: number;
      known: KnownMembers;
    };
    return version === VERSION && checksum === checksumOf(known) ? known : null;
  } catch {
    return null;
  }
}

export async function writeKnownMembers(directory: string, known: KnownMembers): Promise<void> {
  await writeDurably(directory, FILE, textOf(known));
}

/** Keeps the file as new as the members it is told of; one write at a time. */
export class KnownMembersFile {
  readonly #directory: string;
  readonly #onError: (error: unknown) => void;
  #written = '';
  #wanted = '';
  #writing: Promise<void> | null = null;
  #closed = false;

  constructor(directory: string, onError: (error: unknown) => void) {
    this.#directory = directory;
    this.#onError = onError;
  }

  keep(known: KnownMembers): void {
    // A state that is being built again knows nobody yet.
    if (known.members.length === 0 || this.#closed) return;
    this.#wanted = textOf(known);
    if (this.#written !== this.#wanted) this.#writing ??= this.#write();
  }

  /** Resolves when what it was told is written: nothing changes in the directory from then on. Never rejects. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#writing;
  }

  async #write(): Promise<void> {
    try {
      while (this.#written !== this.#wanted) {
        const text = this.#wanted;
        await writeDurably(this.#directory, FILE, text);
        this.#written = text;
      }
    } catch (error) {
      this.#onError(error);
    } finally {
      this.#writing = null;
    }
  }
}

function textOf(known: KnownMembers): string {
  return JSON.stringify({ version: VERSION, checksum: checksumOf(known), known });
}

function checksumOf(known: KnownMembers): number {
  return crc32c(Buffer.from(JSON.stringify(known)));
}
