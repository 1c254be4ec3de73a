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
import { openStateDatabase } from './state-database.js';
import { closeStore, writeBatch } from './store-calls.js';

/** Resolves with the hash of the stream's bytes, hex, once the database is durable. Leaves the directory closed. */
export async function receiveSnapshot(
  directory: string,
  meta: SnapshotMeta,
  chunks: AsyncIterable<Uint8Array>,
  options: MvccOptions,
): Promise<string> {
  const hash = await writeRecords(directory, chunks);
  const { store, durable } = await openStateDatabase(directory, options, NOBODY);
  await closeStore(store);
  if (durable.index !== meta.index || durable.term !== meta.term) {
    throw new SnapshotStreamError(
      `snapshot stands for index ${durable.index} of term ${durable.term}, not for ${meta.index} of ${meta.term}, as its sender says`,
    );
  }
  return hash;
}

/** What piles up in memory goes to the disk all at once, and every sync on that disk waits for it. */
const SYNC_BYTES = 1024 * 1024;

const NOBODY = { onWork: (): void => undefined, onFailure: (): void => undefined };

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
