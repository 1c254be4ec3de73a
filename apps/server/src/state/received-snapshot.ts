/**
 * A snapshot from a peer, written to a database of its own and checked whole before anybody relies on it: damage of the
 * sender's disk shows here, where the snapshot can still be refused, and not once it is the state.
 */
import { createHash } from 'node:crypto';
import type { MvccOptions } from '@understudy/mvcc';
import type { SnapshotMeta } from '@understudy/raft-core';
import { openLevelStore } from '@understudy/store';
import { APPLIED_KEY } from './applied-record.js';
import { RecordDecoder, SnapshotStreamError } from './snapshot-stream.js';
import { openStateDatabase, type StateDatabase, type StateEvents } from './state-database.js';
import { closeStore, writeBatch } from './store-calls.js';

export interface ReceivedSnapshot {
  /** Of the stream's bytes, hex. */
  readonly hash: string;
  /** As it was read back from the disk. */
  readonly database: StateDatabase;
}

/** Resolves once the database is durable. After an error nothing of it is open. */
export async function receiveSnapshot(
  directory: string,
  meta: SnapshotMeta,
  chunks: AsyncIterable<Uint8Array>,
  options: MvccOptions,
  events: StateEvents,
): Promise<ReceivedSnapshot> {
  const hash = await writeRecords(directory, chunks);
  const database = await openStateDatabase(directory, options, events);
  const { durable } = database;
  if (durable.index === meta.index && durable.term === meta.term) return { hash, database };
  await closeStore(database.store);
  throw new SnapshotStreamError(
    `snapshot stands for index ${durable.index} of term ${durable.term}, not for ${meta.index} of ${meta.term}, as its sender says`,
  );
}

/** What piles up in memory goes to the disk all at once, and every sync on that disk waits for it. */
const SYNC_BYTES = 1024 * 1024;

async function writeRecords(directory: string, chunks: AsyncIterable<Uint8Array>): Promise<string> {
  const store = await openLevelStore(directory);
  try {
    const decoder = new RecordDecoder();
    const hash = createHash('sha256');
    let unsynced = 0;
    for await (const chunk of chunks) {
      hash.update(chunk);
      unsynced += chunk.length;
      const records = decoder.push(chunk);
      if (records.length > 0) {
        const writes = records.map(({ key, value }) => ({ type: 'put' as const, key, value }));
        const sync = unsynced >= SYNC_BYTES;
        if (sync) unsynced = 0;
        await writeBatch(store, writes, sync);
      }
    }
    decoder.end();
    const applied = store.getSync(APPLIED_KEY);
    if (applied === undefined) throw new SnapshotStreamError('snapshot does not say what it stands for');
    // One synced write makes everything before it durable too.
    await writeBatch(store, [{ type: 'put', key: APPLIED_KEY, value: applied }], true);
    return hash.digest('hex');
  } finally {
    await closeStore(store);
  }
}
